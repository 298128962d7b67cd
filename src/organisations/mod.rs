//! Agencies, departments, associations: rows with validity, never enums.
