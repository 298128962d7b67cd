-- Notices tell of more than results: what revocations, withdrawals, extensions and corrections do to a recognition.
-- One that a list tells of has no dossier, and the record may name no commune.
alter table notices alter column dossier_id drop not null;
alter table notices alter column place_id drop not null;
-- What it tells of, where that is a recognition that stood before the decision.
alter table notices add column recognition_id uuid references recognitions (id);
-- The ground of a revocation.
alter table notices add column ground text;
-- The last day by an extension.
alter table notices add column extended_through date;
drop index notices_one_per_dossier_and_decision;
create unique index notices_one_per_product_and_decision on notices (decision_id, product_id);
