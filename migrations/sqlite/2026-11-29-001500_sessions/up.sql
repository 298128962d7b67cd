-- Every value that a criterion of a sheet (or its eliminating ground) had. A device that was off line brings its
-- values later, in any order and more than once: the editor's moment decides which one stands, none is lost.
create table sheet_edits (
    sheet_id   blob not null references sheets (id),
    -- The criterion; knockOut for the eliminating ground.
    criterion  text not null,
    -- Empty for what was marked on line.
    device     text not null,
    -- The editor's moment as the device gave it.
    edited_at  integer not null,
    -- SHA-256 of the value: two values of one device and moment are two edits.
    digest     text not null,
    -- The moment that counts: the editor's, but no later than the arrival.
    counts_at  integer not null,
    arrived_at integer not null,
    -- Canonical JSON; null where it was taken back.
    value      text,
    primary key (sheet_id, criterion, device, edited_at, digest)
) strict;

-- What was marked before is the first value of its criterion.
insert into sheet_edits (sheet_id, criterion, device, edited_at, digest, counts_at, arrived_at, value)
    select m.sheet_id, m.criterion, '', m.updated_at, '', m.updated_at, m.updated_at,
        json_object('case', cast(m.case_code as integer), 'comment', m.comment, 'option', m.option_code)
    from sheet_marks m;
insert into sheet_edits (sheet_id, criterion, device, edited_at, digest, counts_at, arrived_at, value)
    select s.id, 'knockOut', '', s.created_at, '', s.created_at, s.created_at, s.knock_out
    from sheets s where s.knock_out is not null;

-- What the advisory team of a level makes of a dossier before the council sits (Điều 7.3 c).
create table advisory_reviews (
    dossier_id blob not null references dossiers (id),
    level      text not null,
    opinion    text not null,
    -- Remarks by criterion, canonical JSON.
    remarks    text not null,
    written_by blob,
    written_at integer not null,
    version    integer not null,
    primary key (dossier_id, level)
) strict;
