-- One request to have one product evaluated.
create table dossiers (
    id                uuid        not null primary key,
    product_id        uuid        not null references products (id),
    producer_id       uuid        not null references producers (id),
    kind              text        not null,
    rulebook_id       uuid        not null references rulebooks (id),
    criteria_set_id   uuid        not null references criteria_sets (id),
    status            text        not null,
    -- The commune where it was filed (sealed records keep it), and the one whose territory it is in now.
    filed_place_id    uuid        not null references places (id),
    place_id          uuid        not null references places (id),
    -- The level that holds it now: commune, district, province, central.
    level             text        not null,
    filed_on          date,
    -- Mẫu 01 and 02 as filed, canonical JSON.
    form              text        not null,
    -- The commune's report (Mẫu 03), canonical JSON.
    commune_report    text,
    receipt_number    text,
    product_code      text,
    -- The recognition it renews or raises.
    held_recognition_id uuid,
    -- The dossier filed again under a new law.
    refiled_as        uuid references dossiers (id),
    refiled_from      uuid references dossiers (id),
    deadline_plain    date,
    deadline_paused   date,
    created_by        uuid,
    created_at        timestamptz not null,
    moved_at          timestamptz not null,
    version           integer     not null
);
create index dossiers_by_place on dossiers (place_id, status);
create index dossiers_by_producer on dossiers (producer_id);
create index dossiers_by_product on dossiers (product_id);
create index dossiers_by_move on dossiers (moved_at, id);

create table dossier_moves (
    id          uuid        not null primary key,
    dossier_id  uuid        not null references dossiers (id),
    from_status text        not null,
    action      text        not null,
    to_status   text        not null,
    party       text        not null,
    reason      text,
    -- Letter, decision, session: canonical JSON.
    details     text        not null,
    by_user     uuid,
    at          timestamptz not null,
    ordinal     integer     not null
);
create unique index dossier_moves_in_order on dossier_moves (dossier_id, ordinal);

create table dossier_documents (
    id          uuid        not null primary key,
    dossier_id  uuid        not null references dossiers (id),
    -- The type of paper (rulebook's list).
    paper       text        not null,
    title       text        not null,
    sha256      text        not null references stored_files (sha256),
    file_name   text        not null,
    number      text,
    issuer      text,
    issued_on   date,
    expires_on  date,
    -- Criteria it proves: JSON list.
    criteria    text        not null,
    uploaded_by uuid,
    uploaded_at timestamptz not null,
    removed_at  timestamptz
);
create index dossier_documents_by_dossier on dossier_documents (dossier_id);

create table self_marks (
    dossier_id  uuid        not null references dossiers (id),
    criterion   text        not null,
    option_code text,
    case_code   text,
    comment     text,
    -- Documents: JSON list of ids.
    evidence    text        not null,
    points      bigint      not null,
    updated_at  timestamptz not null,
    primary key (dossier_id, criterion)
);

create table dossier_clocks (
    id              uuid not null primary key,
    dossier_id      uuid not null references dossiers (id),
    clock           text not null,
    started_on      date not null,
    deadline_plain  date not null,
    deadline_paused date not null,
    ended_on        date
);
create index dossier_clocks_by_dossier on dossier_clocks (dossier_id);

create table dossier_pauses (
    id         uuid not null primary key,
    dossier_id uuid not null references dossiers (id),
    from_day   date not null,
    to_day     date,
    why        text not null
);
create index dossier_pauses_by_dossier on dossier_pauses (dossier_id);

-- The commune's letter to the province, the province's to the centre, the province's back to a district.
create table handovers (
    id            uuid        not null primary key,
    from_level    text        not null,
    from_place_id uuid references places (id),
    to_level      text        not null,
    to_place_id   uuid references places (id),
    number        text        not null,
    signed_on     date        not null,
    signer        text        not null,
    paper_set     boolean     not null,
    note          text        not null,
    -- The round that its date decides; null outside rounds.
    round_id      uuid,
    created_by    uuid,
    created_at    timestamptz not null,
    version       integer     not null
);
create index handovers_by_day on handovers (signed_on, id);

create table handover_dossiers (
    handover_id    uuid    not null references handovers (id),
    dossier_id     uuid    not null references dossiers (id),
    -- What was handed over: papers with hashes, self-marks, report; canonical JSON and its hash.
    manifest       text    not null,
    manifest_hash  text    not null,
    samples        integer not null,
    state          text    not null,
    received_on    date,
    refused_reason text,
    primary key (handover_id, dossier_id)
);
create index handover_dossiers_by_dossier on handover_dossiers (dossier_id);
