-- What a dossier held at each submission, sending back and hand-over: frozen, signed, kept for ever.
create table dossier_manifests (
    dossier_id blob not null references dossiers (id),
    -- 1, 2, 3…
    number     integer not null,
    -- The move that froze it, and who made it.
    action     text not null,
    party      text not null,
    -- Canonical JSON (RFC 8785), exactly the bytes that are hashed and signed.
    body       text not null,
    sha256     text not null,
    -- Ed25519 over the body, base64url. None: frozen before manifests were signed.
    signature  text,
    key_id     blob,
    made_by    blob,
    made_at    integer not null,
    primary key (dossier_id, number)
) strict;

-- What the letters carried so far becomes the manifests of their dossiers.
insert into dossier_manifests (dossier_id, number, action, party, body, sha256, signature, key_id, made_by, made_at)
select e.dossier_id, row_number() over (partition by e.dossier_id order by h.created_at, h.id),
    case when h.from_level = 'commune' then 'propose' when h.from_level = 'central' then 'sendBack'
         when h.to_level = 'district' then 'handBack' else 'sendOn' end,
    h.from_level, e.manifest, e.manifest_hash, null, null, h.created_by, h.created_at
from handover_dossiers e join handovers h on h.id = e.handover_id;

-- A letter names the manifest that it hands over, by number and hash.
alter table handover_dossiers add column manifest_number integer not null default 0;
update handover_dossiers set manifest_number = (
    select m.number from (
        select e.handover_id, e.dossier_id, row_number() over (partition by e.dossier_id order by h.created_at, h.id) as number
        from handover_dossiers e join handovers h on h.id = e.handover_id
    ) m where m.handover_id = handover_dossiers.handover_id and m.dossier_id = handover_dossiers.dossier_id
);
alter table handover_dossiers drop column manifest;
