-- The result of a dossier in writing, to its producer and its commune: one for each line of a published decision
-- or notice, numbered per office and year, with the receipt of each.
create table notices (
    id                uuid    not null primary key,
    number            text    not null,
    decision_id       uuid    not null references decisions (id),
    dossier_id        uuid    not null references dossiers (id),
    product_id        uuid    not null references products (id),
    producer_id       uuid references producers (id),
    -- The commune that it goes to.
    place_id          uuid    not null references places (id),
    outcome           text    not null,
    -- 0 where no star was found.
    stars             integer not null,
    reason            text    not null,
    issued_on         date    not null,
    producer_read_at  timestamptz,
    producer_read_by  uuid,
    commune_read_at   timestamptz,
    commune_read_by   uuid,
    created_at        timestamptz not null,
    version           integer not null
);
create unique index notices_one_per_number on notices (number);
create unique index notices_one_per_dossier_and_decision on notices (decision_id, dossier_id);
create index notices_by_dossier on notices (dossier_id);
create index notices_by_producer on notices (producer_id, issued_on);
create index notices_by_day on notices (issued_on, id);
