alter table dossier_documents rename to dossier_documents_after;
drop index dossier_documents_by_dossier;
drop index dossier_documents_by_version;
create table dossier_documents (
    id          blob not null primary key,
    dossier_id  blob not null references dossiers (id),
    paper       text not null,
    title       text not null,
    sha256      text not null references stored_files (sha256),
    file_name   text not null,
    number      text,
    issuer      text,
    issued_on   text,
    expires_on  text,
    criteria    text not null,
    uploaded_by blob,
    uploaded_at integer not null,
    removed_at  integer
) strict;
create index dossier_documents_by_dossier on dossier_documents (dossier_id);
insert into dossier_documents (id, dossier_id, paper, title, sha256, file_name, number, issuer, issued_on, expires_on,
    criteria, uploaded_by, uploaded_at, removed_at)
select a.id, a.dossier_id, e.paper, e.title, v.sha256, v.file_name, v.number, v.issuer, v.issued_on, v.expires_on,
    a.criteria, a.added_by, a.added_at, a.removed_at
from dossier_documents_after a
join evidence_versions v on v.id = a.version_id
join evidence e on e.id = v.evidence_id;
drop table dossier_documents_after;
drop table evidence_versions;
drop table evidence;
alter table dossiers drop column copied_from;
