-- A submitted sheet as it is printed: frozen at its submission, canonical JSON.
create table sheet_records (
    sheet_id  uuid not null primary key references sheets (id),
    content   text not null,
    frozen_at timestamptz not null
);
