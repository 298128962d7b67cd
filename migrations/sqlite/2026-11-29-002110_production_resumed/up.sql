-- A confirmation that was a mistake is annulled with a reason and kept; another one can follow.
alter table production_ends add column annulled_at integer;
alter table production_ends add column annulled_by blob;
alter table production_ends add column annulled_why text;
drop index production_ends_one_per_product;
create unique index production_ends_one_per_product on production_ends (product_id) where annulled_at is null;

-- Until when the code of a growing area was given: papers are held against it.
alter table growing_areas add column code_from text;
alter table growing_areas add column code_through text;
