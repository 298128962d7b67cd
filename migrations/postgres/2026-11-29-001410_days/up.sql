-- What time alone has done to a recognition, or what its holder was reminded of: each thing once.
create table recognition_days (
    id             uuid    not null primary key,
    recognition_id uuid    not null references recognitions (id),
    kind           text    not null,
    on_day         date        not null,
    told_at        timestamptz not null
);
create unique index recognition_days_once on recognition_days (recognition_id, kind, on_day);
create index recognitions_by_end on recognitions (valid_through, id);
