-- The seat for which this one stands in, where its holder keeps away from a dossier.
alter table council_seats add column alternate_for uuid;
-- Declared, or the word of what was detected.
alter table conflicts add column basis text not null default 'declared';
-- When members may read the dossiers of the session; null: when marking is opened.
alter table council_sessions add column release_at timestamptz;
-- When the dossier is taken up: a time of the day in Việt Nam, HH:MM.
alter table session_dossiers add column starts_at text;
