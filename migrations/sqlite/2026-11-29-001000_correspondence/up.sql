-- A request for completion, item by item. What the producer had said when it was made stays with it, so that
-- the officer sees what changed since.
create table corrections (
    id           blob not null primary key,
    dossier_id   blob not null references dossiers (id),
    -- 1, 2, 3…
    ordinal      integer not null,
    -- Who asked: commune, district, province, central.
    party        text not null,
    reason       text not null,
    -- Last day to answer; none for a request in words only.
    due_on       text,
    -- Form, self-marks and papers on the day of asking: canonical JSON.
    as_asked     text not null,
    asked_by     blob,
    asked_at     integer not null,
    -- When the dossier came back.
    sent_back_at integer
) strict;
create unique index corrections_in_order on corrections (dossier_id, ordinal);

create table correction_items (
    id             blob not null primary key,
    correction_id  blob not null references corrections (id),
    ordinal        integer not null,
    -- missing, incorrect, expired, unclear
    reason         text not null,
    -- field, criterion, paper, other; and which one.
    about          text not null,
    name           text not null,
    -- The paper of the dossier that is meant, where it is one.
    document_id    blob references dossier_documents (id),
    words          text not null,
    state          text not null,
    answer         text,
    answered_party text,
    answered_by    blob,
    answered_at    integer,
    -- What the officer said when settling it.
    note           text,
    settled_by     blob,
    settled_at     integer,
    -- The item of an earlier request that it asks for again.
    again_of       blob references correction_items (id)
) strict;
create unique index correction_items_in_order on correction_items (correction_id, ordinal);
