-- What stands under an entry of the register that was merged belongs to the entry that stays, as from now on every
-- merge does itself. Printed papers keep the name that they bear.
update dossiers set producer_id = (select p.merged_into from producers p where p.id = dossiers.producer_id)
    where producer_id in (select id from producers where merged_into is not null);
update decision_items set producer_id = (select p.merged_into from producers p where p.id = decision_items.producer_id)
    where producer_id in (select id from producers where merged_into is not null);
update recognitions set producer_id = (select p.merged_into from producers p where p.id = recognitions.producer_id)
    where producer_id in (select id from producers where merged_into is not null);
update certificates set producer_id = (select p.merged_into from producers p where p.id = certificates.producer_id)
    where producer_id in (select id from producers where merged_into is not null);
update inspections set producer_id = (select p.merged_into from producers p where p.id = inspections.producer_id)
    where producer_id in (select id from producers where merged_into is not null);
update evidence set producer_id = (select p.merged_into from producers p where p.id = evidence.producer_id)
    where producer_id in (select id from producers where merged_into is not null);
