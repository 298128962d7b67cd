drop table production_ends;
