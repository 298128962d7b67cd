-- The minutes of a session: all that they say, frozen when they are drawn up. Every print is made from this alone.
create table session_minutes (
    session_id  uuid not null primary key references council_sessions (id),
    -- Canonical JSON.
    content     text not null,
    drawn_up_by uuid,
    drawn_up_at timestamptz not null
);
