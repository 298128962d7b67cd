//! At which level an organisation stands.

crate::words! {
    /// The level of an organisation.
    pub enum OrganisationLevel {
        /// Commune.
        Commune = "commune",
        /// District, to 30 June 2025.
        District = "district",
        /// Province.
        Province = "province",
        /// The whole country.
        Central = "central",
    }
}
