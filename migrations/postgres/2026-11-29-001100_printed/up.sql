-- Prints of certificates on paper, numbered for each certificate: a second print is never taken for the first.
create table certificate_prints (
    id              uuid        not null primary key,
    certificate_id  uuid        not null references certificates (id),
    ordinal         integer     not null,
    printed_on      date        not null,
    reason          text        not null,
    job_id          uuid,
    sha256          text,
    by_user         uuid,
    at              timestamptz not null
);
create unique index certificate_prints_one_per_number on certificate_prints (certificate_id, ordinal);
create index certificate_prints_by_job on certificate_prints (job_id);
