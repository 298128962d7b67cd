drop table decision_scans;
