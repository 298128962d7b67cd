drop table daily_jobs;
drop table letters;
drop table evidence_notices;
drop table dossier_notices;
