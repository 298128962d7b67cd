drop table advisory_reviews;
drop table sheet_edits;
