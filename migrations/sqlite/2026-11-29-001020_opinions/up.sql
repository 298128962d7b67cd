-- A question of the office that handles a dossier to a department, and the answer. Its officers see the dossier
-- while it waits.
create table opinions (
    id              blob not null primary key,
    dossier_id      blob not null references dossiers (id),
    organisation_id blob not null references organisations (id),
    -- Who asks: commune, district, province, central.
    party           text not null,
    question        text not null,
    due_on          text not null,
    -- Papers of the dossier: JSON list of ids.
    documents       text not null,
    asked_by        blob,
    asked_at        integer not null,
    answer          text,
    answered_by     blob,
    answered_at     integer,
    -- Taken back by the office.
    withdrawn_at    integer,
    version         integer not null
) strict;
create index opinions_by_dossier on opinions (dossier_id);
create index opinions_by_department on opinions (organisation_id, due_on, id);

create table opinion_files (
    id          blob not null primary key,
    opinion_id  blob not null references opinions (id),
    sha256      text not null references stored_files (sha256),
    file_name   text not null,
    uploaded_by blob,
    uploaded_at integer not null
) strict;
create index opinion_files_by_opinion on opinion_files (opinion_id);
