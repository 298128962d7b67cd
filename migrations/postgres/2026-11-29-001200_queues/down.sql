drop index dossiers_by_status;
drop index dossiers_by_place;
create index dossiers_by_place on dossiers (place_id, status);
drop index dossiers_by_due;
drop table dossier_rounds;
