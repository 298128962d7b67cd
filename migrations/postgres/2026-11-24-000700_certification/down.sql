drop table revocations;
drop table certificates;
drop table recognitions;
drop table decision_items;
drop table decisions;
