-- A submitted sheet as it is printed: frozen at its submission, canonical JSON.
create table sheet_records (
    sheet_id  blob not null primary key references sheets (id),
    content   text not null,
    frozen_at integer not null
) strict;
