-- A key whose private half got out: nothing that it signed counts from here on.
alter table signing_keys add column revoked_at integer;
