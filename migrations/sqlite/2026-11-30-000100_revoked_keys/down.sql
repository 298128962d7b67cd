alter table signing_keys drop column revoked_at;
