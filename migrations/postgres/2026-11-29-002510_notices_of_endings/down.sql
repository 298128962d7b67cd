delete from notices where dossier_id is null or place_id is null;
drop index notices_one_per_product_and_decision;
create unique index notices_one_per_dossier_and_decision on notices (decision_id, dossier_id);
alter table notices drop column extended_through;
alter table notices drop column ground;
alter table notices drop column recognition_id;
alter table notices alter column place_id set not null;
alter table notices alter column dossier_id set not null;
