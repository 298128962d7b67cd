-- The round that the newest letter to a level reached, beside the sealed manifest that names it: lists are divided by it.
create table dossier_rounds (
    dossier_id blob    not null references dossiers (id),
    level      text    not null,
    number     integer not null,
    year       integer not null,
    primary key (dossier_id, level)
) strict;
create index dossier_rounds_by_round on dossier_rounds (level, year, number);

insert into dossier_rounds (dossier_id, level, number, year)
select d.dossier_id, h.to_level, json_extract(d.manifest, '$.round.number'), json_extract(d.manifest, '$.round.year')
from handover_dossiers d join handovers h on h.id = d.handover_id
where json_extract(d.manifest, '$.round.number') is not null
  and h.to_level <> 'commune'
  and not exists (
    select 1 from handover_dossiers o join handovers n on n.id = o.handover_id
    where o.dossier_id = d.dossier_id and n.to_level = h.to_level
      and (n.created_at > h.created_at or (n.created_at = h.created_at and n.id > h.id)));

-- Queues are read by the nearest deadline, those without one last; the expression stands so in store/filter.rs.
create index dossiers_by_due on dossiers ((coalesce(deadline_paused, '9999-12-31')), id);

-- Counts and facets are answered from these alone: the rows themselves are wide.
drop index dossiers_by_place;
create index dossiers_by_place on dossiers (place_id, status, kind, rulebook_id, level, deadline_paused, criteria_set_id);
create index dossiers_by_status on dossiers (status, kind, rulebook_id, level, deadline_paused, place_id, criteria_set_id);
