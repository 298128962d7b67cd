//! The minutes (biên bản) of a session as data: all that the printed page says, frozen when they are
//! drawn up. Whatever is printed later is made from this record alone.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::star::{Conclusion, KnockOutConclusion};
use super::{Bands, Conclusions, Form, Mean, MinimumFinding, Office, Regulation, SealedSheet, outcome};
use crate::rulebook::{Authority, CriteriaSet};
use crate::text::Label;

/// The minutes of a session.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Minutes {
    /// The council and its decision.
    pub council: MinutesCouncil,
    /// Day of the session.
    pub held_on: NaiveDate,
    /// When marking first began, as shown on the clock of Việt Nam.
    pub opened_at: Option<String>,
    /// When marking last ended.
    pub closed_at: Option<String>,
    /// A meeting, or written opinions.
    pub form: Form,
    /// The advisory team's report: number and day.
    pub report: Option<(String, NaiveDate)>,
    /// Attendance, by organisation.
    pub attendance: Vec<MinutesOffice>,
    /// Seats that vote, seats that must take part, seats that take part.
    pub quorum: MinutesQuorum,
    /// Who presided: number of the seat.
    pub presided_by: Option<i32>,
    /// Declared conflicts of interest.
    pub conflicts: Vec<MinutesConflict>,
    /// The dossiers, in the order of the session.
    pub dossiers: Vec<MinutesDossier>,
    /// What else is to be written down.
    pub remarks: String,
    /// The day on which they were drawn up.
    pub drawn_up_on: NaiveDate,
}

/// The council, as its decision names it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct MinutesCouncil {
    /// Its name.
    pub name: String,
    /// Its level.
    pub level: Authority,
    /// Name of the province or district.
    pub place: Option<String>,
    /// Number of the decision that set it up.
    pub decision_number: String,
    /// Its day.
    pub decided_on: NaiveDate,
}

/// The people of one organisation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct MinutesOffice {
    /// The organisation, as the decision names it.
    pub organisation: String,
    /// Its people.
    pub people: Vec<MinutesPerson>,
}

/// Somebody who sits in the council.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct MinutesPerson {
    /// Number of the seat.
    pub seat: i32,
    /// As in the decision.
    pub name: String,
    /// Position in the person's own office.
    pub title: String,
    /// Office in the council.
    pub office: Office,
    /// Whether the seat scores.
    pub votes: bool,
    /// Whether the person was there (for written opinions: gave one).
    pub present: bool,
}

/// The number that takes part.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct MinutesQuorum {
    /// Seats that vote.
    pub seats: u32,
    /// Seats that must take part.
    pub needed: u32,
    /// Seats that took part.
    pub present: u32,
}

/// A declared conflict of interest.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct MinutesConflict {
    /// Number of the seat.
    pub seat: i32,
    /// Place of the dossier in the order of the session.
    pub dossier: i32,
    /// Why.
    pub reason: String,
}

/// What was found for one dossier.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct MinutesDossier {
    /// Its place in the order of the session.
    pub ordinal: i32,
    /// Name of the product.
    pub product: String,
    /// Code of the product.
    pub product_code: Option<String>,
    /// Name of the producer.
    pub producer: String,
    /// Code of the criteria set.
    pub set: String,
    /// Which round of sheets gave the result.
    pub scoring_round: i32,
    /// The total of each seat; none for a sheet that was stopped.
    pub totals: Vec<(i32, Option<i64>)>,
    /// The result; none where the dossier was taken out.
    pub found: Option<MinutesFinding>,
    /// Why it was taken out, or went back for discussion.
    pub reason: Option<String>,
    /// Whether the reader keeps away from it: the rest is then left blank.
    #[serde(default)]
    pub withheld: bool,
}

impl MinutesDossier {
    /// The same for whoever keeps away from the dossier.
    pub fn withheld(&self) -> Self {
        Self { totals: Vec::new(), found: None, reason: None, withheld: true, ..self.clone() }
    }
}

/// The result of one dossier.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct MinutesFinding {
    /// The mean; none when rejected.
    pub mean: Option<Mean>,
    /// Highest and lowest total.
    pub spread: Option<(i64, i64)>,
    /// The star; 0 where there is none.
    pub stars: u8,
    /// The star of the band alone.
    pub stars_by_band: u8,
    /// Whether a knock-out rejects the dossier.
    pub rejected: bool,
    /// Whether one sheet decides.
    pub sensitive: bool,
    /// The minima of every star up to the band's.
    pub minima: Vec<MinimumFinding>,
    /// The chair's recorded conclusions.
    pub conclusions: Vec<Conclusion>,
    /// The chair's recorded conclusion on a knock-out.
    pub knock_out: Option<KnockOutConclusion>,
    /// The sheets that by themselves give another star.
    pub dissent: Vec<Dissent>,
    /// What follows.
    pub next_step: Label,
}

/// A sheet that by itself gives another star than the council's.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Dissent {
    /// The seat, as the reasons name it.
    pub seat: String,
    /// The star of this sheet alone; 0 where it is stopped.
    pub stars: u8,
    /// The opinion on the sheet.
    pub opinion: String,
}

/// The sheets that by themselves give another star than the council's, with their opinions.
pub fn dissent(
    set: &CriteriaSet,
    bands: &Bands,
    sheets: &[(SealedSheet, String)],
    regulation: &Regulation,
    stars: u8,
) -> Vec<Dissent> {
    let alone = |sheet: &SealedSheet| {
        let found = outcome(set, bands, std::slice::from_ref(sheet), regulation, &Conclusions::default());
        found.ok().and_then(|f| f.star).unwrap_or(0)
    };
    let all = sheets.iter().map(|(sheet, opinion)| (sheet, opinion, alone(sheet)));
    let other = all.filter(|(.., star)| *star != stars);
    other.map(|(s, opinion, stars)| Dissent { seat: s.seat.clone(), stars, opinion: opinion.clone() }).collect()
}
