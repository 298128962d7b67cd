delete from revocations where certificate_id is null;
drop index revocations_one_open_per_recognition;
drop index revocations_by_recognition;
alter table revocations drop column recognition_id;
alter table revocations alter column certificate_id set not null;
alter table recognitions drop column revocation_ground;
alter table recognitions drop column acted_on;
drop index decision_items_by_recognition;
alter table decision_items drop column recognition_id;
