alter table handovers add column round_id blob;
