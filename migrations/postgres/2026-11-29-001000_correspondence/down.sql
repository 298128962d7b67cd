drop table correction_items;
drop table corrections;
