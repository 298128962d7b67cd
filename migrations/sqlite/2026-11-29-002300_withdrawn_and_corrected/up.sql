-- At which step a withdrawal takes the dossiers up again (26/2026, Điều 10.1 b), and where each went.
alter table decisions add column reopen_at text;
alter table decision_items add column reopened text;
-- What a decision of correction corrects in a certificate: fields, wording before and after; canonical JSON.
alter table decision_items add column corrections text;
-- How many times the wording of a certificate was corrected, and how many of them a print bears.
alter table certificates add column corrections integer not null default 0;
alter table certificate_prints add column corrections integer not null default 0;
create index decision_items_by_certificate on decision_items (certificate_id);
