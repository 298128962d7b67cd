create table decisions (
    id             blob        not null primary key,
    kind           text        not null,
    level          text        not null,
    place_id       blob references places (id),
    authority_name text        not null,
    number         text,
    signed_on      text,
    signer_name    text,
    signed_by      blob,
    prepared_by    blob,
    -- Everyone who wrote in the draft, JSON list: none of them signs it.
    preparers      text        not null,
    rulebook_id    blob references rulebooks (id),
    legal_bases    text        not null,
    reason         text,
    state          text        not null,
    published_on   text,
    -- From a list or scan of before this service, not made here.
    imported       integer     not null,
    created_at     integer not null,
    version        integer     not null
) strict;
create unique index decisions_one_per_number on decisions (level, place_id, number, signed_on);
-- The centre has no place, and an empty value is equal to nothing.
create unique index decisions_one_per_central_number on decisions (number, signed_on) where level = 'central';
create index decisions_by_making on decisions (created_at, id);
create index decisions_by_day on decisions (signed_on, id);

create table decision_items (
    id             blob not null primary key,
    decision_id    blob not null references decisions (id),
    ordinal        integer not null,
    product_id     blob not null references products (id),
    producer_id    blob references producers (id),
    dossier_id     blob references dossiers (id),
    result_id      blob references results (id),
    certificate_id blob,
    -- Given at signing, never for a draft; the certificate itself is issued by the publication.
    certificate_number text,
    -- What is printed on it, sealed at signing; canonical JSON.
    printed        text,
    stars          integer not null,
    mean           text,
    note           text not null
) strict;
create unique index decision_items_one_per_product on decision_items (decision_id, product_id);
create index decision_items_by_product on decision_items (product_id);
create index decision_items_by_dossier on decision_items (dossier_id);

-- A product recognised at a star by a published decision; what catalogue and statistics count.
create table recognitions (
    id             blob    not null primary key,
    product_id     blob    not null references products (id),
    producer_id    blob references producers (id),
    decision_id    blob    not null references decisions (id),
    dossier_id     blob references dossiers (id),
    certificate_id blob,
    kind           text    not null,
    stars          integer not null,
    level          text    not null,
    -- As printed in the decision, and the unit of then.
    place_id       blob references places (id),
    printed_place  text    not null,
    group_code     text    not null,
    producer_kind  text,
    recognised_on  text    not null,
    valid_through  text    not null,
    -- From this day it is expiring, by the rulebook of its decision.
    expiring_on    text    not null,
    ended_on       text,
    ended_why      text,
    -- The last recognition of its product: the one that the catalogue shows.
    newest         integer not null
) strict;
create index recognitions_by_product on recognitions (product_id, recognised_on);
create index recognitions_newest on recognitions (newest, recognised_on, product_id);
create index recognitions_by_day on recognitions (recognised_on);
create index recognitions_by_decision on recognitions (decision_id);

create table certificates (
    id                blob        not null primary key,
    number            text        not null,
    recognition_id    blob        not null references recognitions (id),
    product_id        blob        not null references products (id),
    producer_id       blob references producers (id),
    stars             integer     not null,
    issued_on         text        not null,
    valid_through     text        not null,
    expiring_on       text        not null,
    revoked_on        text,
    revocation_ground text,
    superseded_on     text,
    withdrawn_on      text,
    -- What is printed: names, places, decision, authority; canonical JSON.
    printed           text        not null,
    created_at        integer not null
) strict;
create unique index certificates_one_per_number on certificates (number);
create index certificates_by_product on certificates (product_id);
create index certificates_by_expiry on certificates (valid_through);
create index certificates_by_issue on certificates (issued_on, id);

create table revocations (
    id              blob        not null primary key,
    certificate_id  blob        not null references certificates (id),
    ground          text        not null,
    evidence_kind   text        not null,
    evidence_number text        not null,
    evidence_dated  text        not null,
    evidence_body   text        not null,
    inspection_id   blob,
    due_on          text        not null,
    state           text        not null,
    decision_id     blob references decisions (id),
    opened_by       blob,
    opened_at       integer not null,
    note            text        not null,
    version         integer     not null
) strict;
create index revocations_by_certificate on revocations (certificate_id);
create unique index revocations_one_open_per_certificate on revocations (certificate_id)
    where state in ('open', 'inDecision');
create index revocations_by_due on revocations (due_on, id);
create index revocations_by_decision on revocations (decision_id);
