drop table dossier_mandates;
drop table mandates;
