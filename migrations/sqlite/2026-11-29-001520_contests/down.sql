drop table evaluation_orders;
drop table complaints;
