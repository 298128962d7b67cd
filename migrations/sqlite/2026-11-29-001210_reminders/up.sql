-- Each deadline of a dossier is told once when it is near and once when it is past, whoever sweeps.
create table dossier_notices (
    dossier_id blob  not null references dossiers (id),
    deadline   text not null,
    -- near, overdue.
    kind       text not null,
    told_at    integer  not null,
    primary key (dossier_id, deadline, kind)
) strict;

-- Each version of a paper is told once for each number of days before its end.
create table evidence_notices (
    version_id blob     not null references evidence_versions (id),
    days       integer not null,
    told_at    integer     not null,
    primary key (version_id, days)
) strict;

-- Letters by e-mail on their way: written in the deed's transaction, sent behind it, then forgotten.
create table letters (
    id         blob     not null primary key,
    user_id    blob     not null references users (id),
    subject    text    not null,
    body       text    not null,
    attempts   integer not null,
    -- Not before; also the lease of whoever sends it.
    try_after  integer     not null,
    created_at integer     not null
) strict;
create index letters_by_turn on letters (try_after, id);

-- Work of every day is ordered once, however many nodes there are.
create table daily_jobs (
    kind   text not null,
    on_day text not null,
    primary key (kind, on_day)
) strict;
