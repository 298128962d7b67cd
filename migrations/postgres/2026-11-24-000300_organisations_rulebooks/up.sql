-- Agencies, departments, associations: rows with validity, because they merge and are renamed.
create table organisations (
    id         uuid    not null primary key,
    name       text    not null,
    folded     text    not null,
    name_sort  text    collate "C" not null,
    kind       text    not null,
    level      text    not null,
    place_id   uuid references places (id),
    valid_from date    not null,
    valid_to   date,
    version    integer not null
);
create index organisations_by_name on organisations (name_sort, id);

-- A decision that sets the rules, whole, as canonical JSON. Immutable once a dossier pins it.
create table rulebooks (
    id         uuid        not null primary key,
    -- The stable word of the record: 1048-781, 148, 1489, 26-2026.
    code       text        not null,
    number     text        not null,
    valid_from date        not null,
    body       text        not null,
    sha256     text        not null,
    used       boolean     not null default false,
    created_at timestamptz not null
);
create unique index rulebooks_one_per_code on rulebooks (code);

-- A published table of criteria, whole. A new wording is a new row; immutable once used.
create table criteria_sets (
    id          uuid        not null primary key,
    rulebook_id uuid        not null references rulebooks (id),
    code        text        not null,
    wording     text        not null,
    revision    integer     not null,
    name_vi     text        not null,
    name_en     text        not null,
    body        text        not null,
    sha256      text        not null,
    used        boolean     not null default false,
    created_at  timestamptz not null
);
create unique index criteria_sets_one_per_revision on criteria_sets (rulebook_id, code, wording, revision);
