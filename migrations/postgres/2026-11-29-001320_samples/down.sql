drop table sample_deeds;
