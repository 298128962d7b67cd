-- A paper by which a producer lets an officer or a consultant act for it, for a time; the grant ends with it.
create table mandates (
    id          uuid not null primary key,
    producer_id uuid not null references producers (id),
    user_id     uuid not null references users (id),
    grant_id    uuid not null references grants (id),
    number      text not null,
    signed_on   date not null,
    valid_from  date not null,
    valid_to    date not null,
    sha256      text not null references stored_files (sha256),
    file_name   text not null,
    recorded_by uuid,
    recorded_at timestamptz not null,
    ended_at    timestamptz
);
create index mandates_by_producer on mandates (producer_id);
create index mandates_by_user on mandates (user_id, producer_id);

-- By which mandate a dossier was opened or moved, and by whom.
create table dossier_mandates (
    dossier_id uuid not null references dossiers (id),
    mandate_id uuid not null references mandates (id),
    user_id    uuid not null references users (id),
    at         timestamptz not null,
    primary key (dossier_id, mandate_id)
);
