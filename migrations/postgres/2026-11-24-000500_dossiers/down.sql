drop table handover_dossiers;
drop table handovers;
drop table dossier_pauses;
drop table dossier_clocks;
drop table self_marks;
drop table dossier_documents;
drop table dossier_moves;
drop table dossiers;
