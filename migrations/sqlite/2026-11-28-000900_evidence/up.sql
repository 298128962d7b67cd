-- A producer's papers live once. What an office puts into a dossier is kept the same way, but stays
-- with that dossier.
create table evidence (
    id          blob not null primary key,
    producer_id blob not null references producers (id),
    -- The type of paper (rulebook's list).
    paper       text not null,
    title       text not null,
    -- Criteria it proves: JSON list of codes.
    criteria    text not null,
    -- Products it is about: JSON list of ids; empty for all of the producer's.
    products    text not null,
    -- Put in by an office: no part of the producer's library.
    by_office   integer not null,
    created_by  blob,
    created_at  integer not null,
    retired_at  integer,
    version     integer not null
) strict;
create index evidence_by_producer on evidence (producer_id, created_at);

create table evidence_versions (
    id              blob not null primary key,
    evidence_id     blob not null references evidence (id),
    -- 1, 2, 3…
    ordinal         integer not null,
    sha256          text not null references stored_files (sha256),
    file_name       text not null,
    number          text,
    issuer          text,
    issued_on       text,
    expires_on      text,
    -- Whom it names.
    holder_name     text,
    holder_tax_code text,
    uploaded_by     blob,
    uploaded_at     integer not null,
    -- The last one: the one that counts from now on.
    newest          integer not null
) strict;
create unique index evidence_versions_in_order on evidence_versions (evidence_id, ordinal);
create index evidence_versions_by_end on evidence_versions (newest, expires_on);

-- Every paper of a dossier becomes the first version of a paper of its producer.
insert into evidence (id, producer_id, paper, title, criteria, products, by_office, created_by, created_at, retired_at, version)
select p.id, d.producer_id, p.paper, p.title, p.criteria, '[]', 0, p.uploaded_by, p.uploaded_at, null, 1
from dossier_documents p join dossiers d on d.id = p.dossier_id;
insert into evidence_versions (id, evidence_id, ordinal, sha256, file_name, number, issuer, issued_on, expires_on,
    holder_name, holder_tax_code, uploaded_by, uploaded_at, newest)
select id, id, 1, sha256, file_name, number, issuer, issued_on, expires_on, null, null, uploaded_by, uploaded_at, 1
from dossier_documents;

-- A dossier refers to versions from now on.
alter table dossier_documents rename to dossier_documents_before;
drop index dossier_documents_by_dossier;
create table dossier_documents (
    id          blob not null primary key,
    dossier_id  blob not null references dossiers (id),
    version_id  blob not null references evidence_versions (id),
    -- Criteria it proves here: JSON list of codes of the dossier's set.
    criteria    text not null,
    added_by    blob,
    added_at    integer not null,
    removed_at  integer
) strict;
create index dossier_documents_by_dossier on dossier_documents (dossier_id);
create index dossier_documents_by_version on dossier_documents (version_id);
insert into dossier_documents (id, dossier_id, version_id, criteria, added_by, added_at, removed_at)
select id, dossier_id, id, criteria, uploaded_by, uploaded_at, removed_at from dossier_documents_before;
drop table dossier_documents_before;

-- The dossier whose content this one began with (upgrade, re-evaluation).
alter table dossiers add column copied_from blob;
