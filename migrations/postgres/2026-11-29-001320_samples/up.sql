-- Samples of a dossier (Điều 6: five at each hand-over, none for tourism): handed over, received, used.
create table sample_deeds (
    id          uuid not null primary key,
    dossier_id  uuid not null references dossiers (id),
    -- The letter they went with; none for what happens at one desk.
    handover_id uuid references handovers (id),
    -- handedOver, received, used.
    deed        text not null,
    -- At whose desk.
    level       text not null,
    count       integer not null,
    on_day      date not null,
    -- good, damaged, spoiled; of what was received.
    condition   text,
    -- With whom: who handed over, received or used them.
    person      text not null,
    note        text not null,
    recorded_by uuid,
    recorded_at timestamptz not null
);
create index sample_deeds_by_dossier on sample_deeds (dossier_id, recorded_at);
create index sample_deeds_by_handover on sample_deeds (handover_id);
