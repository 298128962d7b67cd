drop table session_minutes;
