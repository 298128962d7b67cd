-- Each deadline of a dossier is told once when it is near and once when it is past, whoever sweeps.
create table dossier_notices (
    dossier_id uuid  not null references dossiers (id),
    deadline   date not null,
    -- near, overdue.
    kind       text not null,
    told_at    timestamptz  not null,
    primary key (dossier_id, deadline, kind)
);

-- Each version of a paper is told once for each number of days before its end.
create table evidence_notices (
    version_id uuid     not null references evidence_versions (id),
    days       integer not null,
    told_at    timestamptz     not null,
    primary key (version_id, days)
);

-- Letters by e-mail on their way: written in the deed's transaction, sent behind it, then forgotten.
create table letters (
    id         uuid     not null primary key,
    user_id    uuid     not null references users (id),
    subject    text    not null,
    body       text    not null,
    attempts   integer not null,
    -- Not before; also the lease of whoever sends it.
    try_after  timestamptz     not null,
    created_at timestamptz     not null
);
create index letters_by_turn on letters (try_after, id);

-- Work of every day is ordered once, however many nodes there are.
create table daily_jobs (
    kind   text not null,
    on_day date not null,
    primary key (kind, on_day)
);
