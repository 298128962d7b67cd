-- A list tells of recognitions for which this service issued no certificate. They end by the same decisions as the
-- others: a line or a case names the recognition itself.
alter table decision_items add column recognition_id uuid references recognitions (id);
create index decision_items_by_recognition on decision_items (recognition_id);
-- The day of the act of the State that ended it (ended_on is the first day on which it does not count: a later
-- recognition may have taken its place before), and the ground of a revocation.
alter table recognitions add column acted_on date;
alter table recognitions add column revocation_ground text;
-- One of certificate and recognition; the second where no certificate was issued.
alter table revocations alter column certificate_id drop not null;
alter table revocations add column recognition_id uuid references recognitions (id);
create index revocations_by_recognition on revocations (recognition_id);
create unique index revocations_one_open_per_recognition on revocations (recognition_id)
    where state in ('open', 'inDecision');
