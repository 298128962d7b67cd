-- What the virus scanner says of a document: unscanned (it came while no scanner was set), pending, clean, infected.
alter table stored_files add column scan text not null default 'unscanned';
-- What was found in it.
alter table stored_files add column threat text;
-- Not before this moment does a worker take it to the scanner: a lease, and the pause after a failure.
alter table stored_files add column scan_after timestamptz not null default '1970-01-01T00:00:00Z';
create index stored_files_by_scan on stored_files (scan, scan_after);
