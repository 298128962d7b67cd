-- Who wants to be told, where, and of what. It belongs to an account and is told what that account may see.
create table webhooks (
    id               uuid not null primary key,
    user_id          uuid not null references users (id),
    -- Whether the rights of roles that decide count: it was made in a sign-in that showed a second factor.
    second_factor    boolean not null,
    name             text not null,
    url              text not null,
    topics           text not null,
    -- Sealed by the master key.
    sealed_secret    text not null,
    -- The secret before, which still signs beside the new one for a while.
    sealed_previous  text,
    previous_until   timestamptz,
    -- The last position of the outbox that was looked at.
    cursor           bigint not null,
    active           boolean not null,
    -- Why the service stopped it: gone, accountClosed.
    stopped_why      text,
    created_at       timestamptz not null,
    ended_at         timestamptz,
    version          integer not null
);
create index webhooks_of_user on webhooks (user_id, created_at);

-- One message to one address, with what came of it.
create table webhook_deliveries (
    id               uuid not null primary key,
    webhook_id       uuid not null references webhooks (id),
    -- None for a test.
    outbox_id        uuid,
    event            text not null,
    -- What is signed and sent, byte by byte.
    body             text not null,
    -- waiting, delivered, dead.
    state            text not null,
    attempts         integer not null,
    -- Not before; also the lease of whoever sends it.
    try_after        timestamptz not null,
    lease_token      uuid,
    -- What the receiver answered last, or why there was no answer.
    status           integer,
    error            text,
    created_at       timestamptz not null,
    done_at          timestamptz
);
create unique index webhook_deliveries_once on webhook_deliveries (webhook_id, outbox_id);
create index webhook_deliveries_by_turn on webhook_deliveries (state, try_after, id);
create index webhook_deliveries_listed on webhook_deliveries (webhook_id, created_at, id);
