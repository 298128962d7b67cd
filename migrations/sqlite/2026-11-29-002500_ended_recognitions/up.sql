-- A list tells of recognitions for which this service issued no certificate. They end by the same decisions as the
-- others: a line or a case names the recognition itself.
alter table decision_items add column recognition_id blob references recognitions (id);
create index decision_items_by_recognition on decision_items (recognition_id);
-- The day of the act of the State that ended it (ended_on is the first day on which it does not count: a later
-- recognition may have taken its place before), and the ground of a revocation.
alter table recognitions add column acted_on text;
alter table recognitions add column revocation_ground text;
alter table revocations rename to revocations_before;
drop index revocations_by_certificate;
drop index revocations_one_open_per_certificate;
drop index revocations_by_due;
drop index revocations_by_decision;
create table revocations (
    id              blob        not null primary key,
    -- One of these two; the second where no certificate was issued.
    certificate_id  blob references certificates (id),
    recognition_id  blob references recognitions (id),
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
from revocations_before;
drop table revocations_before;
create index revocations_by_certificate on revocations (certificate_id);
create index revocations_by_recognition on revocations (recognition_id);
create unique index revocations_one_open_per_certificate on revocations (certificate_id)
    where state in ('open', 'inDecision');
create unique index revocations_one_open_per_recognition on revocations (recognition_id)
    where state in ('open', 'inDecision');
create index revocations_by_due on revocations (due_on, id);
create index revocations_by_decision on revocations (decision_id);
