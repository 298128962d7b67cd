drop table criteria_sets;
drop table rulebooks;
drop table organisations;
