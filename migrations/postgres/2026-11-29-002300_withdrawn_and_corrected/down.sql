drop index decision_items_by_certificate;
alter table certificate_prints drop column corrections;
alter table certificates drop column corrections;
alter table decision_items drop column corrections;
alter table decision_items drop column reopened;
alter table decisions drop column reopen_at;
