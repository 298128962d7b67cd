create table lots (
    id             blob        not null primary key,
    product_id     blob        not null references products (id),
    certificate_id blob        not null references certificates (id),
    -- What the label carries; has a random part.
    code           text        not null,
    batch          text        not null,
    made_on        text,
    expires_on     text,
    -- Thousandths of the unit.
    quantity       integer,
    unit           text,
    created_by     blob,
    created_at     integer not null,
    version        integer     not null
) strict;
create unique index lots_one_per_code on lots (code);
create unique index lots_one_per_batch on lots (product_id, batch);

-- Keyed by lot first, so that the table can be partitioned.
create table trace_events (
    lot_id      blob        not null references lots (id),
    ordinal     integer     not null,
    id          blob        not null,
    kind        text        not null,
    at          integer not null,
    place_id    blob references places (id),
    place_text  text        not null,
    quantity    integer,
    unit        text,
    actor_name  text        not null,
    note        text        not null,
    recorded_by blob,
    recorded_at integer not null,
    primary key (lot_id, ordinal)
) strict;

create table inspections (
    id                blob        not null primary key,
    product_id        blob        not null references products (id),
    producer_id       blob references producers (id),
    place_id          blob references places (id),
    kind              text        not null,
    planned_on        text        not null,
    inspected_on      text,
    state             text        not null,
    -- JSON list of {criterion, finding, met}.
    findings          text        not null,
    conclusion        text,
    conclusion_number text,
    concluded_on      text,
    -- kept, notKept.
    outcome           text,
    body_name         text        not null,
    created_by        blob,
    created_at        integer not null,
    version           integer     not null
) strict;
create index inspections_by_product on inspections (product_id);
create index inspections_by_place on inspections (place_id, planned_on);

create table plans (
    id         blob        not null primary key,
    code       text        not null,
    number     text        not null,
    title      text        not null,
    place_id   blob references places (id),
    body       text        not null,
    created_at integer not null
) strict;
create unique index plans_one_per_code on plans (code);

-- A list as it was given: kept with the job that reads it, so that any worker can go on.
create table imports (
    job_id     blob        not null primary key,
    text       text        not null,
    sha256     text        not null,
    dry_run    integer     not null,
    created_at integer not null
) strict;

-- One row of an imported list, its class and what came of it.
create table import_rows (
    job_id     blob    not null,
    line       integer not null,
    class      text    not null,
    -- Reasons, candidates, plan: canonical JSON.
    report     text    not null,
    product_id blob,
    primary key (job_id, line)
) strict;

-- What an officer has to settle.
create table officer_tasks (
    id           blob        not null primary key,
    kind         text        not null,
    subject_kind text        not null,
    subject_id   blob        not null,
    place_id     blob references places (id),
    detail       text        not null,
    state        text        not null,
    created_at   integer not null,
    closed_at    integer
) strict;
create unique index officer_tasks_one_per_subject on officer_tasks (kind, subject_id);
create index officer_tasks_by_place on officer_tasks (place_id, state);
