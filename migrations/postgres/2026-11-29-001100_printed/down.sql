drop table certificate_prints;
