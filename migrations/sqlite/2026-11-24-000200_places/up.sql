-- Provinces, districts, communes: one row per unit and period. A code alone does not name a unit.
create table places (
    id         blob not null primary key,
    code       text not null,
    level      text not null,
    kind       text not null,
    name       text not null,
    full_name  text not null,
    -- Folded for search, and with only the place of tone marks folded for exact matching.
    folded     text not null,
    tone_key   text not null,
    name_sort  text not null,
    parent_id  blob references places (id),
    regime     text not null,
    -- Null: before the records.
    valid_from text,
    -- Last day; null while in force.
    valid_to   text
) strict;
create index places_by_code on places (code, level);
create index places_by_parent on places (parent_id, name_sort);
create index places_by_level on places (level, name_sort, id);

-- Other spellings met in lists.
create table place_spellings (
    place_id blob not null references places (id),
    variant  text not null,
    tone_key text not null,
    primary key (place_id, variant)
) strict;
create index place_spellings_by_key on place_spellings (tone_key);

-- Which unit followed which, on which day.
create table place_successions (
    old_id blob not null references places (id),
    new_id blob not null references places (id),
    on_day text not null,
    kind   text not null,
    primary key (old_id, new_id, on_day)
) strict;
create index place_successions_by_new on place_successions (new_id);

-- What an office reaches: itself, its descendants, and the units that became part of them.
create table place_reach (
    office_id blob not null,
    place_id  blob not null,
    primary key (office_id, place_id)
) strict;
create index place_reach_by_place on place_reach (place_id);

-- Days off and Saturdays worked in exchange. A year without rows is refused by working-day clocks.
create table calendar_days (
    day    text not null primary key,
    kind   text not null,
    name   text not null,
    status text not null
) strict;

-- A reform of units carried out here: users' territory, open dossiers and queues moved in one job.
create table reforms (
    id         blob        not null primary key,
    on_day     text        not null,
    title      text        not null,
    state      text        not null,
    -- What was moved, what an officer must choose: canonical JSON.
    report     text        not null,
    job_id     blob,
    created_by blob,
    created_at integer not null,
    version    integer     not null
) strict;
create unique index reforms_one_per_day on reforms (on_day);

-- Where a unit was divided: what must be given to one of its successors by an officer.
create table reform_choices (
    id           blob not null primary key,
    reform_id    blob not null references reforms (id),
    subject_kind text not null,
    subject_id   blob not null,
    old_place_id blob not null references places (id),
    chosen_id    blob references places (id),
    chosen_by    blob
) strict;
