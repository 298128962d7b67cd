drop table reform_choices;
drop table reforms;
drop table calendar_days;
drop table place_reach;
drop table place_successions;
drop table place_spellings;
drop table places;
