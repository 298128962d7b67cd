alter table session_dossiers drop column starts_at;
alter table council_sessions drop column release_at;
alter table conflicts drop column basis;
alter table council_seats drop column alternate_for;
