alter table notices rename to notices_after;
drop index notices_one_per_number;
drop index notices_one_per_product_and_decision;
drop index notices_by_dossier;
drop index notices_by_producer;
drop index notices_by_day;
create table notices (
    id                blob    not null primary key,
    number            text    not null,
    decision_id       blob    not null references decisions (id),
    dossier_id        blob    not null references dossiers (id),
    product_id        blob    not null references products (id),
    producer_id       blob references producers (id),
    -- The commune that it goes to.
    place_id          blob    not null references places (id),
    outcome           text    not null,
    -- 0 where no star was found.
    stars             integer not null,
    reason            text    not null,
    issued_on         text    not null,
    producer_read_at  integer,
    producer_read_by  blob,
    commune_read_at   integer,
    commune_read_by   blob,
    created_at        integer not null,
    version           integer not null
) strict;
insert into notices (id, number, decision_id, dossier_id, product_id, producer_id, place_id, outcome, stars, reason,
    issued_on, producer_read_at, producer_read_by, commune_read_at, commune_read_by, created_at, version)
select id, number, decision_id, dossier_id, product_id, producer_id, place_id, outcome, stars, reason, issued_on,
    producer_read_at, producer_read_by, commune_read_at, commune_read_by, created_at, version
from notices_after
where dossier_id is not null and place_id is not null;
drop table notices_after;
create unique index notices_one_per_number on notices (number);
create unique index notices_one_per_dossier_and_decision on notices (decision_id, dossier_id);
create index notices_by_dossier on notices (dossier_id);
create index notices_by_producer on notices (producer_id, issued_on);
create index notices_by_day on notices (issued_on, id);
