alter table revocations rename to revocations_after;
drop index revocations_by_certificate;
drop index revocations_by_recognition;
drop index revocations_one_open_per_certificate;
drop index revocations_one_open_per_recognition;
drop index revocations_by_due;
drop index revocations_by_decision;
create table revocations (
    id              blob        not null primary key,
    certificate_id  blob        not null references certificates (id),
    ground          text        not null,
    evidence_kind   text        not null,
    evidence_number text        not null,
    evidence_dated  text        not null,
    evidence_body   text        not null,
    inspection_id   blob,
    due_on          text        not null,
    state           text        not null,
    decision_id     blob references decisions (id),
    opened_by       blob,
    opened_at       integer not null,
    note            text        not null,
    version         integer     not null
) strict;
insert into revocations (id, certificate_id, ground, evidence_kind, evidence_number, evidence_dated, evidence_body,
    inspection_id, due_on, state, decision_id, opened_by, opened_at, note, version)
select id, certificate_id, ground, evidence_kind, evidence_number, evidence_dated, evidence_body,
    inspection_id, due_on, state, decision_id, opened_by, opened_at, note, version
from revocations_after
where certificate_id is not null;
drop table revocations_after;
create index revocations_by_certificate on revocations (certificate_id);
create unique index revocations_one_open_per_certificate on revocations (certificate_id)
    where state in ('open', 'inDecision');
create index revocations_by_due on revocations (due_on, id);
create index revocations_by_decision on revocations (decision_id);
alter table recognitions drop column revocation_ground;
alter table recognitions drop column acted_on;
drop index decision_items_by_recognition;
alter table decision_items drop column recognition_id;
