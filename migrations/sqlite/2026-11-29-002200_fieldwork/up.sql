-- What the advisory team does outside its office (Điều 7.3 c): site visits with pictures, extra tests.
create table site_visits (
    id         blob not null primary key,
    dossier_id blob not null references dossiers (id),
    level      text not null,
    visited_on text not null,
    -- Who took part, in words.
    people     text not null,
    -- What was found.
    seen       text not null,
    written_by blob,
    written_at integer not null
) strict;
create index site_visits_by_dossier on site_visits (dossier_id);

create table site_visit_pictures (
    id            blob not null primary key,
    site_visit_id blob not null references site_visits (id),
    sha256        text not null references stored_files (sha256),
    file_name     text not null,
    caption       text not null,
    uploaded_by   blob,
    uploaded_at   integer not null
) strict;
create index site_visit_pictures_by_visit on site_visit_pictures (site_visit_id);

create table test_requests (
    id          blob not null primary key,
    dossier_id  blob not null references dossiers (id),
    level       text not null,
    -- The producer, or the laboratory, in words.
    asked_of    text not null,
    wanted      text not null,
    due_on      text not null,
    asked_by    blob,
    asked_at    integer not null,
    -- What came of it, and the paper of the dossier that says so; null while it is awaited.
    result      text,
    document_id blob references dossier_documents (id),
    received_on text,
    received_by blob,
    version     integer not null
) strict;
create index test_requests_by_dossier on test_requests (dossier_id);
