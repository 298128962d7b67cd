alter table recognitions drop column extended_through;
alter table certificates drop column extended_through;
drop table credential_entries;
