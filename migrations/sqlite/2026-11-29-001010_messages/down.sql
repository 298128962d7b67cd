drop table dossier_reads;
drop table dossier_messages;
