-- What time alone has done to a recognition, or what its holder was reminded of: each thing once.
create table recognition_days (
    id             blob    not null primary key,
    recognition_id blob    not null references recognitions (id),
    kind           text    not null,
    on_day         text    not null,
    told_at        integer not null
) strict;
create unique index recognition_days_once on recognition_days (recognition_id, kind, on_day);
create index recognitions_by_end on recognitions (valid_through, id);
