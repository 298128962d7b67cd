alter table handover_dossiers add column manifest text not null default '{}';
update handover_dossiers set manifest = coalesce((
    select m.body from dossier_manifests m
    where m.dossier_id = handover_dossiers.dossier_id and m.number = handover_dossiers.manifest_number
), manifest);
alter table handover_dossiers drop column manifest_number;
drop table dossier_manifests;
