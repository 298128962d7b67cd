alter table growing_areas drop column code_through;
alter table growing_areas drop column code_from;
drop index production_ends_one_per_product;
delete from production_ends where annulled_at is not null;
create unique index production_ends_one_per_product on production_ends (product_id);
alter table production_ends drop column annulled_why;
alter table production_ends drop column annulled_by;
alter table production_ends drop column annulled_at;
