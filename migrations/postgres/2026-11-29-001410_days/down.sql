drop index recognitions_by_end;
drop table recognition_days;
