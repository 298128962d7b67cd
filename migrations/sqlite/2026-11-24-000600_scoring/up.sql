create table rounds (
    id          blob    not null primary key,
    level       text    not null,
    place_id    blob references places (id),
    rulebook_id blob    not null references rulebooks (id),
    year        integer not null,
    number      integer not null,
    name        text    not null,
    -- Dossiers proposed before this day; the round held before that day.
    cutoff      text,
    hold_before text,
    plan        text    not null,
    version     integer not null
) strict;
create unique index rounds_one_per_number on rounds (level, place_id, year, number);
-- Rows without a place are distinct in the index above: the centre needs one of its own.
create unique index rounds_one_central on rounds (year, number) where place_id is null;

create table councils (
    id              blob        not null primary key,
    level           text        not null,
    place_id        blob references places (id),
    name            text        not null,
    decision_number text        not null,
    decided_on      text        not null,
    valid_from      text        not null,
    valid_to        text,
    -- The council's regulation record, canonical JSON.
    regulation      text        not null,
    created_at      integer not null,
    version         integer     not null
) strict;
create index councils_by_place on councils (place_id);

-- Appointments: rights in a council come from here, never from a grant.
create table council_seats (
    id           blob    not null primary key,
    council_id   blob    not null references councils (id),
    user_id      blob    not null references users (id),
    -- 1, 2, …: what stands on sheets and in written reasons instead of a name.
    ordinal      integer not null,
    name         text    not null,
    title        text    not null,
    organisation text    not null,
    office       text    not null,
    -- A secretary keeps the papers and scores only where the appointment says so.
    votes        integer not null,
    valid_from   text    not null,
    valid_to     text
) strict;
create index council_seats_by_user on council_seats (user_id);
create unique index council_seats_in_order on council_seats (council_id, ordinal);

create table council_sessions (
    id          blob        not null primary key,
    council_id  blob        not null references councils (id),
    round_id    blob references rounds (id),
    held_on     text        not null,
    form        text        not null,
    state       text        not null,
    -- Seats present: JSON list; and the seat that chairs.
    attendance  text        not null,
    chaired_by  blob,
    -- The advisory team's (or the agency's) report that the session works on: number and date.
    report      text,
    opened_at   integer,
    closed_at   integer,
    created_by  blob,
    created_at  integer not null,
    version     integer     not null
) strict;
create index council_sessions_by_council on council_sessions (council_id, held_on);

create table session_dossiers (
    session_id    blob    not null references council_sessions (id),
    dossier_id    blob    not null references dossiers (id),
    ordinal       integer not null,
    state         text    not null,
    scoring_round integer not null,
    -- The chair's recorded conclusions, canonical JSON.
    conclusions   text    not null,
    -- Why it was postponed, or goes back for discussion.
    reason        text,
    primary key (session_id, dossier_id)
) strict;
create index session_dossiers_by_dossier on session_dossiers (dossier_id);

create table conflicts (
    id          blob        not null primary key,
    seat_id     blob        not null references council_seats (id),
    dossier_id  blob        not null references dossiers (id),
    reason      text        not null,
    declared_by blob,
    declared_at integer not null
) strict;
create unique index conflicts_one_per_seat on conflicts (seat_id, dossier_id);

-- One sheet per member, dossier and scoring round.
create table sheets (
    id            blob        not null primary key,
    session_id    blob        not null references council_sessions (id),
    dossier_id    blob        not null references dossiers (id),
    seat_id       blob        not null references council_seats (id),
    scoring_round integer     not null,
    state         text        not null,
    -- {at, reason} when a knock-out stopped the sheet.
    knock_out     text,
    opinion       text        not null,
    total         integer,
    submitted_at  integer,
    created_at    integer not null,
    version       integer     not null
) strict;
create unique index sheets_one_per_member on sheets (session_id, dossier_id, seat_id, scoring_round);
create index sheets_by_seat on sheets (seat_id);
create index sheets_by_dossier on sheets (dossier_id);

create table sheet_marks (
    sheet_id    blob        not null references sheets (id),
    criterion   text        not null,
    option_code text,
    case_code   text,
    comment     text,
    points      integer      not null,
    updated_at  integer not null,
    primary key (sheet_id, criterion)
) strict;

-- What a council found for a dossier at a level.
create table results (
    id             blob        not null primary key,
    dossier_id     blob        not null references dossiers (id),
    session_id     blob        not null references council_sessions (id),
    level          text        not null,
    rulebook_id    blob        not null references rulebooks (id),
    stars          integer     not null,
    stars_by_band  integer     not null,
    mean_sum       integer      not null,
    mean_sheets    integer     not null,
    rejected       integer     not null,
    sensitive      integer     not null,
    -- The whole finding and its explanation, canonical JSON.
    finding        text        not null,
    explanation    text        not null,
    recorded_by    blob,
    recorded_at    integer not null,
    -- The day of the notice or decision that makes it known; hidden from the producer before.
    published_on   text
) strict;
create unique index results_one_per_session on results (session_id, dossier_id);
create index results_by_dossier on results (dossier_id, recorded_at);
