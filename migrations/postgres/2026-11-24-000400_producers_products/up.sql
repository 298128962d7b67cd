-- The chủ thể OCOP.
create table producers (
    id                  uuid        not null primary key,
    name                text        not null,
    folded              text        not null,
    name_sort           text        collate "C" not null,
    -- Null while an imported word leaves it open.
    kind                text,
    tax_code            text,
    registration_number text,
    -- The commune, as it stood when recorded; moved by a reform.
    place_id            uuid references places (id),
    address             text        not null,
    founded_on          date,
    craft_village_id    uuid,
    -- How an import finds it again.
    import_key          text,
    merged_into         uuid references producers (id),
    created_at          timestamptz not null,
    version             integer     not null
);
create unique index producers_one_per_tax_code on producers (tax_code);
create index producers_by_name on producers (name_sort, id);
create index producers_by_place on producers (place_id);
create index producers_by_import_key on producers (import_key);

-- Personal data: leaves only to a caller with the ground for that producer, each time audited.
create table producer_private (
    producer_id         uuid    not null primary key references producers (id),
    representative_name text,
    representative_role text,
    sex                 text,
    ethnicity           text,
    disability          boolean,
    residence           text,
    phone               text,
    email               text
);

create table producer_aliases (
    id          uuid not null primary key,
    producer_id uuid not null references producers (id),
    name        text not null,
    folded      text not null
);
create unique index producer_aliases_one_per_name on producer_aliases (producer_id, folded);

create table growing_areas (
    id          uuid    not null primary key,
    producer_id uuid    not null references producers (id),
    place_id    uuid    not null references places (id),
    name        text    not null,
    -- Mã số vùng trồng, when there is one.
    code        text,
    crop        text    not null,
    -- Square metres.
    area_m2     bigint  not null,
    version     integer not null
);
create index growing_areas_by_producer on growing_areas (producer_id);

create table craft_villages (
    id            uuid    not null primary key,
    place_id      uuid    not null references places (id),
    name          text    not null,
    folded        text    not null,
    name_sort     text    collate "C" not null,
    recognised_on date,
    version       integer not null
);

create table products (
    id              uuid        not null primary key,
    producer_id     uuid references producers (id),
    name            text        not null,
    folded          text        not null,
    name_sort       text        collate "C" not null,
    -- Sector of Annex I, group of Annex I, set of Annex II; empty while unknown.
    sector          text        not null,
    group_code      text        not null,
    set_code        text        not null,
    story           text        not null,
    gtin            text,
    place_id        uuid references places (id),
    history_unknown boolean     not null,
    import_key      text,
    merged_into     uuid references products (id),
    created_at      timestamptz not null,
    version         integer     not null
);
create index products_by_name on products (name_sort, id);
create index products_by_producer on products (producer_id);
create index products_by_place on products (place_id);
create index products_by_import_key on products (import_key);

create table product_aliases (
    id         uuid not null primary key,
    product_id uuid not null references products (id),
    name       text not null,
    folded     text not null
);
create unique index product_aliases_one_per_name on product_aliases (product_id, folded);

-- Documents by the hash of their content; the bytes are in the store.
create table stored_files (
    sha256     text        not null primary key,
    bytes      bigint      not null,
    media_type text        not null,
    created_at timestamptz not null
);

create table product_photos (
    id         uuid    not null primary key,
    product_id uuid    not null references products (id),
    sha256     text    not null references stored_files (sha256),
    alt        text    not null,
    ordinal    integer not null
);
create index product_photos_by_product on product_photos (product_id, ordinal);

-- Labels with validity, never keys: a product has several over time.
create table product_codes (
    id         uuid    not null primary key,
    product_id uuid    not null references products (id),
    dossier_id uuid,
    code       text    not null,
    province   text    not null,
    district   text,
    commune    text    not null,
    sequence   bigint  not null,
    year       integer not null,
    valid_from date    not null,
    valid_to   date
);
create unique index product_codes_one_per_code on product_codes (code);
create index product_codes_by_product on product_codes (product_id);

-- merge, transfer, correct: acts with a reason.
create table register_acts (
    id           uuid        not null primary key,
    act          text        not null,
    subject_kind text        not null,
    subject_id   uuid        not null,
    other_id     uuid,
    reason       text        not null,
    details      text        not null,
    by_user      uuid,
    at           timestamptz not null
);
create index register_acts_by_subject on register_acts (subject_id);

create table registrations (
    id                  uuid        not null primary key,
    email               text        not null,
    phone               text        not null,
    name                text        not null,
    password_hash       text        not null,
    -- The imported producer that is claimed, or the particulars of a new one.
    producer_id         uuid,
    producer_name       text        not null,
    producer_kind       text,
    tax_code            text,
    registration_number text,
    place_id            uuid        not null,
    state               text        not null,
    reason              text,
    decided_by          uuid,
    decided_at          timestamptz,
    user_id             uuid,
    created_at          timestamptz not null,
    version             integer     not null
);
create index registrations_by_place on registrations (place_id, state);
