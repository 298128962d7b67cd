-- Prints of certificates on paper, numbered for each certificate: a second print is never taken for the first.
create table certificate_prints (
    id              blob        not null primary key,
    certificate_id  blob        not null references certificates (id),
    ordinal         integer     not null,
    printed_on      text        not null,
    reason          text        not null,
    job_id          blob,
    sha256          text,
    by_user         blob,
    at              integer     not null
) strict;
create unique index certificate_prints_one_per_number on certificate_prints (certificate_id, ordinal);
create index certificate_prints_by_job on certificate_prints (job_id);
