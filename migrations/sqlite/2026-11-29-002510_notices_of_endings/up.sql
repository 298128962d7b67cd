-- Notices tell of more than results: what revocations, withdrawals, extensions and corrections do to a recognition.
-- One that a list tells of has no dossier, and the record may name no commune.
alter table notices rename to notices_before;
drop index notices_one_per_number;
drop index notices_one_per_dossier_and_decision;
drop index notices_by_dossier;
drop index notices_by_producer;
drop index notices_by_day;
create table notices (
    id                blob    not null primary key,
    number            text    not null,
    decision_id       blob    not null references decisions (id),
    dossier_id        blob references dossiers (id),
    product_id        blob    not null references products (id),
    producer_id       blob references producers (id),
    -- The commune that it goes to.
    place_id          blob references places (id),
    outcome           text    not null,
    -- 0 where no star was found.
    stars             integer not null,
    reason            text    not null,
    issued_on         text    not null,
    producer_read_at  integer,
    producer_read_by  blob,
    commune_read_at   integer,
    commune_read_by   blob,
    -- What it tells of, where that is a recognition that stood before the decision.
    recognition_id    blob references recognitions (id),
    -- The ground of a revocation.
    ground            text,
    -- The last day by an extension.
    extended_through  text,
    created_at        integer not null,
    version           integer not null
) strict;
insert into notices (id, number, decision_id, dossier_id, product_id, producer_id, place_id, outcome, stars, reason,
    issued_on, producer_read_at, producer_read_by, commune_read_at, commune_read_by, created_at, version)
select id, number, decision_id, dossier_id, product_id, producer_id, place_id, outcome, stars, reason, issued_on,
    producer_read_at, producer_read_by, commune_read_at, commune_read_by, created_at, version
from notices_before;
drop table notices_before;
create unique index notices_one_per_number on notices (number);
create unique index notices_one_per_product_and_decision on notices (decision_id, product_id);
create index notices_by_dossier on notices (dossier_id);
create index notices_by_producer on notices (producer_id, issued_on);
create index notices_by_day on notices (issued_on, id);
