drop table test_requests;
drop table site_visit_pictures;
drop table site_visits;
