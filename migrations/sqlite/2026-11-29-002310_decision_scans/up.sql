-- The decision as it was signed and stamped on paper, scanned: beside the record, in place of nothing.
create table decision_scans (
    id          blob not null primary key,
    decision_id blob not null references decisions (id),
    sha256      text not null references stored_files (sha256),
    file_name   text not null,
    -- A scan may bear personal data: not for everybody unless somebody says so.
    public      integer not null,
    by_user     blob,
    at          integer not null
) strict;
create index decision_scans_by_decision on decision_scans (decision_id, id);
