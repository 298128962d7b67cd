//! Provinces, districts and communes with validity and successors; working-day calendars.

pub mod calendar; // working days, civil days and legal periods in Vietnam
pub mod rules; // levels and kinds of units; who follows whom in a reform
