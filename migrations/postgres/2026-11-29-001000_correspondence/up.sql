-- A request for completion, item by item. What the producer had said when it was made stays with it, so that
-- the officer sees what changed since.
create table corrections (
    id           uuid not null primary key,
    dossier_id   uuid not null references dossiers (id),
    -- 1, 2, 3…
    ordinal      integer not null,
    -- Who asked: commune, district, province, central.
    party        text not null,
    reason       text not null,
    -- Last day to answer; none for a request in words only.
    due_on       date,
    -- Form, self-marks and papers on the day of asking: canonical JSON.
    as_asked     text not null,
    asked_by     uuid,
    asked_at     timestamptz not null,
    -- When the dossier came back.
    sent_back_at timestamptz
);
create unique index corrections_in_order on corrections (dossier_id, ordinal);

create table correction_items (
    id             uuid not null primary key,
    correction_id  uuid not null references corrections (id),
    ordinal        integer not null,
    -- missing, incorrect, expired, unclear
    reason         text not null,
    -- field, criterion, paper, other; and which one.
    about          text not null,
    name           text not null,
    -- The paper of the dossier that is meant, where it is one.
    document_id    uuid references dossier_documents (id),
    words          text not null,
    state          text not null,
    answer         text,
    answered_party text,
    answered_by    uuid,
    answered_at    timestamptz,
    -- What the officer said when settling it.
    note           text,
    settled_by     uuid,
    settled_at     timestamptz,
    -- The item of an earlier request that it asks for again.
    again_of       uuid references correction_items (id)
);
create unique index correction_items_in_order on correction_items (correction_id, ordinal);
