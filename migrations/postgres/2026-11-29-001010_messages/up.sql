-- What the people of a dossier write to each other: messages for the producer and every office that handles it,
-- notes for the own level alone.
create table dossier_messages (
    id         uuid not null primary key,
    dossier_id uuid not null references dossiers (id),
    -- message, note
    kind       text not null,
    -- 1, 2, 3… of its kind.
    ordinal    integer not null,
    -- For whom the author speaks, and his office.
    party      text not null,
    place_id   uuid references places (id),
    words      text not null,
    -- Papers of the dossier: JSON list of ids.
    documents  text not null,
    by_user    uuid,
    at         timestamptz not null
);
create unique index dossier_messages_in_order on dossier_messages (dossier_id, kind, ordinal);

-- How far a person has read.
create table dossier_reads (
    dossier_id uuid not null references dossiers (id),
    user_id    uuid not null references users (id),
    kind       text not null,
    read_to    integer not null,
    at         timestamptz not null,
    primary key (dossier_id, user_id, kind)
);
