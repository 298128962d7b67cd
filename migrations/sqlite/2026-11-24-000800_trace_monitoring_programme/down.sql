drop table officer_tasks;
drop table import_rows;
drop table imports;
drop table plans;
drop table inspections;
drop table trace_events;
drop table lots;
