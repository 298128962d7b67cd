-- A producer's complaint about a result, and its answer.
create table complaints (
    id            uuid not null primary key,
    dossier_id    uuid not null references dossiers (id),
    result_id     uuid not null references results (id),
    grounds       text not null,
    filed_on      date not null,
    filed_by      uuid,
    filed_at      timestamptz not null,
    state         text not null,
    -- The reasons of the answer.
    answer        text,
    -- Whether whoever marked before keeps away from the new evaluation.
    other_members boolean not null,
    answered_by   uuid,
    answered_at   timestamptz,
    version       integer not null
);
create unique index complaints_one_per_result on complaints (result_id);
create index complaints_by_dossier on complaints (dossier_id);

-- The Ministry's order to evaluate a dossier again, after its check of the evaluation (Điều 10.1 b).
create table evaluation_orders (
    id                uuid not null primary key,
    dossier_id        uuid not null references dossiers (id),
    result_id         uuid not null references results (id),
    conclusion_number text not null,
    concluded_on      date not null,
    grounds           text not null,
    other_members     boolean not null,
    ordered_by        uuid,
    ordered_at        timestamptz not null
);
create unique index evaluation_orders_one_per_result on evaluation_orders (result_id);
create index evaluation_orders_by_dossier on evaluation_orders (dossier_id);
