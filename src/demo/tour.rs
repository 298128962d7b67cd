//! The tour: what a visitor can ask, and what is answered. The answers are written down here, not
//! asked of the service: they are what the play must have come to.

use chrono::NaiveDate;
use serde::Serialize;

use super::seasons::Outcome;
use crate::config::Config;
use crate::text::Label;

/// Somebody whom the visitor can be.
#[derive(Debug, Clone, Serialize)]
pub struct Account {
    /// The stable word of the role.
    pub role: String,
    /// Name.
    pub name: String,
    /// E-mail.
    pub email: String,
    /// Password until the next start.
    pub password: String,
}

/// One thing to try.
#[derive(Debug, Clone, Serialize)]
pub struct Step {
    /// What it shows.
    pub title: Label,
    /// Lines for a shell.
    pub run: String,
    /// The lines that it prints.
    pub expect: Vec<String>,
}

/// The tour.
#[derive(Debug, Clone, Serialize)]
pub struct Tour {
    /// The address of the service.
    pub url: String,
    /// The pages of the API.
    pub docs: String,
    /// The day that the seasons were played for.
    pub on: NaiveDate,
    /// Accounts.
    pub accounts: Vec<Account>,
    /// Lines that sign in, for the same shell.
    pub sign_in: String,
    /// What to try, in this order.
    pub steps: Vec<Step>,
}

/// Writes the tour of a play.
pub(super) fn write(
    config: &Config,
    on: NaiveDate,
    outcome: &Outcome,
    accounts: Vec<Account>,
) -> anyhow::Result<Tour> {
    let _ = outcome;
    let url = config.public_url.clone();
    Ok(Tour { docs: format!("{url}/docs/"), url, on, accounts, sign_in: String::new(), steps: Vec::new() })
}
