-- Which rows were moved is not kept; the entry that stays is right for them before and after.
select 1;
