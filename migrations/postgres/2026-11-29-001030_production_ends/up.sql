-- The commune confirms that a product is made no more (26/2026, Điều 8, ground đ).
create table production_ends (
    id         uuid not null primary key,
    product_id uuid not null references products (id),
    ended_on   date not null,
    -- The commune's paper.
    number     text not null,
    issued_on  date not null,
    reason     text not null,
    by_user    uuid,
    at         timestamptz not null
);
create unique index production_ends_one_per_product on production_ends (product_id);
