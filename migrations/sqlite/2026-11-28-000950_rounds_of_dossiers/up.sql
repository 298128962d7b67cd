-- One letter carries dossiers of several kinds, and only some kinds go by rounds: the round belongs to each dossier
-- (its sealed manifest names it), never to the letter. This column was never filled.
alter table handovers drop column round_id;
