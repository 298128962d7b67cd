-- The bit of each certificate in the status lists: a running number from 1. Which list and which bit of it
-- follow from the number by a fixed permutation, so that neighbours of a list are not neighbours of a decision.
create table credential_entries (
    certificate_id blob    not null primary key references certificates (id),
    entry          integer not null
) strict;
create unique index credential_entries_one_per_bit on credential_entries (entry);

-- Điều 12.3: the last day of a certificate whose re-evaluation could not be filed in time, by decision.
alter table certificates add column extended_through text;
alter table recognitions add column extended_through text;
