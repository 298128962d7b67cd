-- A question of the office that handles a dossier to a department, and the answer. Its officers see the dossier
-- while it waits.
create table opinions (
    id              uuid not null primary key,
    dossier_id      uuid not null references dossiers (id),
    organisation_id uuid not null references organisations (id),
    -- Who asks: commune, district, province, central.
    party           text not null,
    question        text not null,
    due_on          date not null,
    -- Papers of the dossier: JSON list of ids.
    documents       text not null,
    asked_by        uuid,
    asked_at        timestamptz not null,
    answer          text,
    answered_by     uuid,
    answered_at     timestamptz,
    -- Taken back by the office.
    withdrawn_at    timestamptz,
    version         integer not null
);
create index opinions_by_dossier on opinions (dossier_id);
create index opinions_by_department on opinions (organisation_id, due_on, id);

create table opinion_files (
    id          uuid not null primary key,
    opinion_id  uuid not null references opinions (id),
    sha256      text not null references stored_files (sha256),
    file_name   text not null,
    uploaded_by uuid,
    uploaded_at timestamptz not null
);
create index opinion_files_by_opinion on opinion_files (opinion_id);
