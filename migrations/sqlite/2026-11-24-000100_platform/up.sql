-- What every deed needs: people, keys, the audit, messages, jobs, retries.

-- Facts about this database itself: the instance's name, whether it is a demonstration.
create table instance (
    name  text not null primary key,
    value text not null
) strict;

-- Who holds a piece of background work, and until when. A holder that lost its token writes nothing.
create table leases (
    name         text        not null primary key,
    token        blob        not null,
    leased_until integer not null
) strict;

-- The last number given per scope (kind, issuing place, year). Drawn as the last step before commit.
create table counters (
    scope text   not null primary key,
    last  integer not null
) strict;

-- Every number that was given, and what became of it: issued, reserved, or void with a reason.
create table numbers (
    id       blob        not null primary key,
    scope    text        not null,
    number   integer      not null,
    state    text        not null,
    subject  blob,
    reason   text,
    at       integer not null
) strict;
create unique index numbers_one_per_scope on numbers (scope, number);

create table users (
    id            blob        not null primary key,
    email         text        not null,
    phone         text,
    name          text        not null,
    -- Argon2id; null until the person has chosen one by a one-time link or code.
    password_hash text,
    -- Sealed by the master key; null until set up.
    totp_secret   text,
    -- The last time step that was accepted: a code works once.
    totp_last_step integer     not null default 0,
    totp_confirmed integer    not null default 0,
    -- A new secret that waits for its first code; the old one works until then. Sealed.
    totp_pending   text,
    disabled_at   integer,
    created_at    integer not null,
    version       integer     not null
) strict;
create unique index users_one_per_email on users (email);

-- A dated right: role, and the place, producer or organisation it is for.
create table grants (
    id              blob        not null primary key,
    user_id         blob        not null references users (id),
    role            text        not null,
    place_id        blob,
    producer_id     blob,
    organisation_id blob,
    valid_from      text        not null,
    -- Last day; null while open.
    valid_to        text,
    -- The decision or reason it rests on.
    basis           text        not null,
    granted_by      blob,
    created_at      integer not null,
    -- Taken away before its last day: it holds no more from this moment.
    ended_at        integer,
    ended_by        blob
) strict;
create index grants_by_user on grants (user_id);
create index grants_by_producer on grants (producer_id);

-- One sign-in: the family of its refresh tokens. Reuse of an old token ends the family.
create table sessions (
    id           blob        not null primary key,
    user_id      blob        not null references users (id),
    -- SHA-256 of the refresh token that works now.
    refresh_hash text        not null,
    -- Those that came before, to detect reuse (JSON list of hashes, newest last).
    spent_hashes text        not null,
    -- Whether a second factor was shown.
    with_totp    integer     not null,
    created_at   integer not null,
    expires_at   integer not null,
    ended_at     integer,
    ended_why    text
) strict;
create index sessions_by_user on sessions (user_id);

-- Failed attempts per (account, network): they delay, they never lock an account to the world.
-- The account is hashed: what strangers typed is not kept.
create table sign_in_failures (
    account  text        not null,
    network  text        not null,
    failures integer     not null,
    last_at  integer not null,
    primary key (account, network)
) strict;

-- One-time secrets: a printed code for a reset, the first administrator's link (which has no user yet).
create table one_time_codes (
    id         blob        not null primary key,
    user_id    blob        references users (id),
    purpose    text        not null,
    -- SHA-256; the code itself is shown once.
    code_hash  text        not null,
    made_by    blob,
    expires_at integer not null,
    used_at    integer,
    created_at integer not null
) strict;
create unique index one_time_codes_one_per_hash on one_time_codes (code_hash);

-- Key pairs of this instance, by use (token, audit, certificate). Private halves are sealed by the
-- master key; retired public halves stay published.
create table signing_keys (
    id         blob        not null primary key,
    purpose    text        not null,
    public_key text        not null,
    sealed_key text        not null,
    created_at integer not null,
    retired_at integer
) strict;

-- Who did what to what, when, before and after; written in the deed's transaction, without order.
-- The recorder gives consecutive positions behind the commits.
create table audit (
    id           blob        not null primary key,
    at           integer not null,
    actor        text        not null,
    actor_user   blob,
    deed         text        not null,
    subject_kind text        not null,
    subject_id   blob        not null,
    -- Canonical JSON; values only of fields that are not private.
    details      text        not null,
    trace        text        not null,
    position     integer
) strict;
create unique index audit_one_per_position on audit (position);
create index audit_unsealed on audit (at) where position is null;
create index audit_by_subject on audit (subject_id, position);

-- Sealed runs of audit rows: each block signs its rows and the block before it.
create table audit_blocks (
    number         integer      not null primary key,
    first_position integer      not null,
    last_position  integer      not null,
    previous_hash  text        not null,
    root           text        not null,
    hash           text        not null,
    signature      text        not null,
    key_id         blob        not null,
    sealed_at      integer not null
) strict;

-- The hash of each row as it was sealed, so that a changed row can be named.
create table audit_leaves (
    position integer not null primary key,
    hash     text   not null
) strict;

-- What the outside world must learn; written in the deed's transaction, ordered by the recorder.
create table outbox (
    id         blob        not null primary key,
    at         integer not null,
    topic      text        not null,
    subject_id blob        not null,
    body       text        not null,
    position   integer
) strict;
create unique index outbox_one_per_position on outbox (position);
create index outbox_unordered on outbox (at) where position is null;
create index outbox_by_topic on outbox (topic, position);

-- Long work in short deeds.
create table jobs (
    id           blob        not null primary key,
    kind         text        not null,
    params       text        not null,
    state        text        not null,
    total        integer      not null,
    done         integer      not null,
    -- Where to go on: canonical JSON written with each chunk.
    resume       text        not null,
    result       text,
    error        text,
    attempts     integer     not null,
    run_after    integer not null,
    lease_token  blob,
    leased_until integer,
    created_by   blob,
    created_at   integer not null,
    finished_at  integer
) strict;
create index jobs_waiting on jobs (run_after) where finished_at is null;

-- One row per creating call that carried an Idempotency-Key; kept 48 hours.
create table idempotency (
    scope       text        not null,
    key         text        not null,
    fingerprint text        not null,
    status      integer     not null,
    subject_id  blob        not null,
    at          integer not null,
    primary key (scope, key)
) strict;
create index idempotency_by_age on idempotency (at);
