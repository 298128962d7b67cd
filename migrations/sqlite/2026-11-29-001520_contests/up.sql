-- A producer's complaint about a result, and its answer.
create table complaints (
    id            blob not null primary key,
    dossier_id    blob not null references dossiers (id),
    result_id     blob not null references results (id),
    grounds       text not null,
    filed_on      text not null,
    filed_by      blob,
    filed_at      integer not null,
    state         text not null,
    -- The reasons of the answer.
    answer        text,
    -- Whether whoever marked before keeps away from the new evaluation.
    other_members integer not null,
    answered_by   blob,
    answered_at   integer,
    version       integer not null
) strict;
create unique index complaints_one_per_result on complaints (result_id);
create index complaints_by_dossier on complaints (dossier_id);

-- The Ministry's order to evaluate a dossier again, after its check of the evaluation (Điều 10.1 b).
create table evaluation_orders (
    id                blob not null primary key,
    dossier_id        blob not null references dossiers (id),
    result_id         blob not null references results (id),
    conclusion_number text not null,
    concluded_on      text not null,
    grounds           text not null,
    other_members     integer not null,
    ordered_by        blob,
    ordered_at        integer not null
) strict;
create unique index evaluation_orders_one_per_result on evaluation_orders (result_id);
create index evaluation_orders_by_dossier on evaluation_orders (dossier_id);
