-- Every value that a criterion of a sheet (or its eliminating ground) had. A device that was off line brings its
-- values later, in any order and more than once: the editor's moment decides which one stands, none is lost.
create table sheet_edits (
    sheet_id   uuid not null references sheets (id),
    -- The criterion; knockOut for the eliminating ground.
    criterion  text not null,
    -- Empty for what was marked on line.
    device     text not null,
    -- The editor's moment as the device gave it.
    edited_at  timestamptz not null,
    -- SHA-256 of the value: two values of one device and moment are two edits.
    digest     text not null,
    -- The moment that counts: the editor's, but no later than the arrival.
    counts_at  timestamptz not null,
    arrived_at timestamptz not null,
    -- Canonical JSON; null where it was taken back.
    value      text,
    primary key (sheet_id, criterion, device, edited_at, digest)
);

-- What was marked before is the first value of its criterion.
insert into sheet_edits (sheet_id, criterion, device, edited_at, digest, counts_at, arrived_at, value)
    select m.sheet_id, m.criterion, '', m.updated_at, '', m.updated_at, m.updated_at,
        json_build_object('case', m.case_code::integer, 'comment', m.comment, 'option', m.option_code)::text
    from sheet_marks m;
insert into sheet_edits (sheet_id, criterion, device, edited_at, digest, counts_at, arrived_at, value)
    select s.id, 'knockOut', '', s.created_at, '', s.created_at, s.created_at, s.knock_out
    from sheets s where s.knock_out is not null;

-- What the advisory team of a level makes of a dossier before the council sits (Điều 7.3 c).
create table advisory_reviews (
    dossier_id uuid not null references dossiers (id),
    level      text not null,
    opinion    text not null,
    -- Remarks by criterion, canonical JSON.
    remarks    text not null,
    written_by uuid,
    written_at timestamptz not null,
    version    integer not null,
    primary key (dossier_id, level)
);
