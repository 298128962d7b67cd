-- The commune confirms that a product is made no more (26/2026, Điều 8, ground đ).
create table production_ends (
    id         blob not null primary key,
    product_id blob not null references products (id),
    ended_on   text not null,
    -- The commune's paper.
    number     text not null,
    issued_on  text not null,
    reason     text not null,
    by_user    blob,
    at         integer not null
) strict;
create unique index production_ends_one_per_product on production_ends (product_id);
