drop table sheet_records;
