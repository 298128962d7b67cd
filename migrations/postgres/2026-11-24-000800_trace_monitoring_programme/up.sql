create table lots (
    id             uuid        not null primary key,
    product_id     uuid        not null references products (id),
    certificate_id uuid        not null references certificates (id),
    -- What the label carries; has a random part.
    code           text        not null,
    batch          text        not null,
    made_on        date,
    expires_on     date,
    -- Thousandths of the unit.
    quantity       bigint,
    unit           text,
    created_by     uuid,
    created_at     timestamptz not null,
    version        integer     not null
);
create unique index lots_one_per_code on lots (code);
create unique index lots_one_per_batch on lots (product_id, batch);

-- Keyed by lot first, so that the table can be partitioned.
create table trace_events (
    lot_id      uuid        not null references lots (id),
    ordinal     integer     not null,
    id          uuid        not null,
    kind        text        not null,
    at          timestamptz not null,
    place_id    uuid references places (id),
    place_text  text        not null,
    quantity    bigint,
    unit        text,
    actor_name  text        not null,
    note        text        not null,
    recorded_by uuid,
    recorded_at timestamptz not null,
    primary key (lot_id, ordinal)
);

create table inspections (
    id                uuid        not null primary key,
    product_id        uuid        not null references products (id),
    producer_id       uuid references producers (id),
    place_id          uuid references places (id),
    kind              text        not null,
    planned_on        date        not null,
    inspected_on      date,
    state             text        not null,
    -- JSON list of {criterion, finding, met}.
    findings          text        not null,
    conclusion        text,
    conclusion_number text,
    concluded_on      date,
    -- kept, notKept.
    outcome           text,
    body_name         text        not null,
    created_by        uuid,
    created_at        timestamptz not null,
    version           integer     not null
);
create index inspections_by_product on inspections (product_id);
create index inspections_by_place on inspections (place_id, planned_on);

create table plans (
    id         uuid        not null primary key,
    code       text        not null,
    number     text        not null,
    title      text        not null,
    place_id   uuid references places (id),
    body       text        not null,
    created_at timestamptz not null
);
create unique index plans_one_per_code on plans (code);

-- A list as it was given: kept with the job that reads it, so that any worker can go on.
create table imports (
    job_id     uuid        not null primary key,
    text       text        not null,
    sha256     text        not null,
    dry_run    boolean     not null,
    created_at timestamptz not null
);

-- One row of an imported list, its class and what came of it.
create table import_rows (
    job_id     uuid    not null,
    line       integer not null,
    class      text    not null,
    -- Reasons, candidates, plan: canonical JSON.
    report     text    not null,
    product_id uuid,
    primary key (job_id, line)
);

-- What an officer has to settle.
create table officer_tasks (
    id           uuid        not null primary key,
    kind         text        not null,
    subject_kind text        not null,
    subject_id   uuid        not null,
    place_id     uuid references places (id),
    detail       text        not null,
    state        text        not null,
    created_at   timestamptz not null,
    closed_at    timestamptz
);
create unique index officer_tasks_one_per_subject on officer_tasks (kind, subject_id);
create index officer_tasks_by_place on officer_tasks (place_id, state);
