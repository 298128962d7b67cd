drop index stored_files_by_scan;
alter table stored_files drop column scan_after;
alter table stored_files drop column threat;
alter table stored_files drop column scan;
