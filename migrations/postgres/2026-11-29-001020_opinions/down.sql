drop table opinion_files;
drop table opinions;
