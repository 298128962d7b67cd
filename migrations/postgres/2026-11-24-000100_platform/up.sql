-- What every deed needs: people, keys, the audit, messages, jobs, retries.

-- Facts about this database itself: the instance's name, whether it is a demonstration.
create table instance (
    name  text not null primary key,
    value text not null
);

-- Who holds a piece of background work, and until when. A holder that lost its token writes nothing.
create table leases (
    name         text        not null primary key,
    token        uuid        not null,
    leased_until timestamptz not null
);

-- The last number given per scope (kind, issuing place, year). Drawn as the last step before commit.
create table counters (
    scope text   not null primary key,
    last  bigint not null
);

-- Every number that was given, and what became of it: issued, reserved, or void with a reason.
create table numbers (
    id       uuid        not null primary key,
    scope    text        not null,
    number   bigint      not null,
    state    text        not null,
    subject  uuid,
    reason   text,
    at       timestamptz not null
);
create unique index numbers_one_per_scope on numbers (scope, number);

create table users (
    id            uuid        not null primary key,
    email         text        not null,
    phone         text,
    name          text        not null,
    -- Argon2id; null until the person has chosen one by a one-time link or code.
    password_hash text,
    -- Sealed by the master key; null until set up.
    totp_secret   text,
    -- The last time step that was accepted: a code works once.
    totp_last_step bigint     not null default 0,
    totp_confirmed boolean    not null default false,
    -- A new secret that waits for its first code; the old one works until then. Sealed.
    totp_pending   text,
    disabled_at   timestamptz,
    created_at    timestamptz not null,
    version       integer     not null
);
create unique index users_one_per_email on users (email);

-- A dated right: role, and the place, producer or organisation it is for.
create table grants (
    id              uuid        not null primary key,
    user_id         uuid        not null references users (id),
    role            text        not null,
    place_id        uuid,
    producer_id     uuid,
    organisation_id uuid,
    valid_from      date        not null,
    -- Last day; null while open.
    valid_to        date,
    -- The decision or reason it rests on.
    basis           text        not null,
    granted_by      uuid,
    created_at      timestamptz not null,
    -- Taken away before its last day: it holds no more from this moment.
    ended_at        timestamptz,
    ended_by        uuid
);
create index grants_by_user on grants (user_id);
create index grants_by_producer on grants (producer_id);

-- One sign-in: the family of its refresh tokens. Reuse of an old token ends the family.
create table sessions (
    id           uuid        not null primary key,
    user_id      uuid        not null references users (id),
    -- SHA-256 of the refresh token that works now.
    refresh_hash text        not null,
    -- Those that came before, to detect reuse (JSON list of hashes, newest last).
    spent_hashes text        not null,
    -- Whether a second factor was shown.
    with_totp    boolean     not null,
    created_at   timestamptz not null,
    expires_at   timestamptz not null,
    ended_at     timestamptz,
    ended_why    text
);
create index sessions_by_user on sessions (user_id);

-- Failed attempts per (account, network): they delay, they never lock an account to the world.
-- The account is hashed: what strangers typed is not kept.
create table sign_in_failures (
    account  text        not null,
    network  text        not null,
    failures integer     not null,
    last_at  timestamptz not null,
    primary key (account, network)
);

-- One-time secrets: a printed code for a reset, the first administrator's link (which has no user yet).
create table one_time_codes (
    id         uuid        not null primary key,
    user_id    uuid        references users (id),
    purpose    text        not null,
    -- SHA-256; the code itself is shown once.
    code_hash  text        not null,
    made_by    uuid,
    expires_at timestamptz not null,
    used_at    timestamptz,
    created_at timestamptz not null
);
create unique index one_time_codes_one_per_hash on one_time_codes (code_hash);

-- Key pairs of this instance, by use (token, audit, certificate). Private halves are sealed by the
-- master key; retired public halves stay published.
create table signing_keys (
    id         uuid        not null primary key,
    purpose    text        not null,
    public_key text        not null,
    sealed_key text        not null,
    created_at timestamptz not null,
    retired_at timestamptz
);

-- Who did what to what, when, before and after; written in the deed's transaction, without order.
-- The recorder gives consecutive positions behind the commits.
create table audit (
    id           uuid        not null primary key,
    at           timestamptz not null,
    actor        text        not null,
    actor_user   uuid,
    deed         text        not null,
    subject_kind text        not null,
    subject_id   uuid        not null,
    -- Canonical JSON; values only of fields that are not private.
    details      text        not null,
    trace        text        not null,
    position     bigint
);
create unique index audit_one_per_position on audit (position);
create index audit_unsealed on audit (at) where position is null;
create index audit_by_subject on audit (subject_id, position);

-- Sealed runs of audit rows: each block signs its rows and the block before it.
create table audit_blocks (
    number         bigint      not null primary key,
    first_position bigint      not null,
    last_position  bigint      not null,
    previous_hash  text        not null,
    root           text        not null,
    hash           text        not null,
    signature      text        not null,
    key_id         uuid        not null,
    sealed_at      timestamptz not null
);

-- The hash of each row as it was sealed, so that a changed row can be named.
create table audit_leaves (
    position bigint not null primary key,
    hash     text   not null
);

-- What the outside world must learn; written in the deed's transaction, ordered by the recorder.
create table outbox (
    id         uuid        not null primary key,
    at         timestamptz not null,
    topic      text        not null,
    subject_id uuid        not null,
    body       text        not null,
    position   bigint
);
create unique index outbox_one_per_position on outbox (position);
create index outbox_unordered on outbox (at) where position is null;
create index outbox_by_topic on outbox (topic, position);

-- Long work in short deeds.
create table jobs (
    id           uuid        not null primary key,
    kind         text        not null,
    params       text        not null,
    state        text        not null,
    total        bigint      not null,
    done         bigint      not null,
    -- Where to go on: canonical JSON written with each chunk.
    resume       text        not null,
    result       text,
    error        text,
    attempts     integer     not null,
    run_after    timestamptz not null,
    lease_token  uuid,
    leased_until timestamptz,
    created_by   uuid,
    created_at   timestamptz not null,
    finished_at  timestamptz
);
create index jobs_waiting on jobs (run_after) where finished_at is null;

-- One row per creating call that carried an Idempotency-Key; kept 48 hours.
create table idempotency (
    scope       text        not null,
    key         text        not null,
    fingerprint text        not null,
    status      integer     not null,
    subject_id  uuid        not null,
    at          timestamptz not null,
    primary key (scope, key)
);
create index idempotency_by_age on idempotency (at);
