-- A paper by which a producer lets an officer or a consultant act for it, for a time; the grant ends with it.
create table mandates (
    id          blob not null primary key,
    producer_id blob not null references producers (id),
    user_id     blob not null references users (id),
    grant_id    blob not null references grants (id),
    number      text not null,
    signed_on   text not null,
    valid_from  text not null,
    valid_to    text not null,
    sha256      text not null references stored_files (sha256),
    file_name   text not null,
    recorded_by blob,
    recorded_at integer not null,
    ended_at    integer
) strict;
create index mandates_by_producer on mandates (producer_id);
create index mandates_by_user on mandates (user_id, producer_id);

-- By which mandate a dossier was opened or moved, and by whom.
create table dossier_mandates (
    dossier_id blob not null references dossiers (id),
    mandate_id blob not null references mandates (id),
    user_id    blob not null references users (id),
    at         integer not null,
    primary key (dossier_id, mandate_id)
) strict;
