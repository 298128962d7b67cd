//! For whom the caller speaks: the parties that the grants make, each as far as its grant reaches.

use super::model::Dossier;
use super::rules::Party;
use super::store;
use crate::actor::Role;
use crate::db::Ctx;
use crate::error::Result;
use crate::ids::{PlaceId, ProducerId};
use crate::places::{self, Level};

/// A party that the caller speaks for, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Voice {
    /// Which one.
    pub party: Party,
    /// For the whole instance.
    pub everywhere: bool,
    /// In the territory of these offices.
    pub offices: Vec<PlaceId>,
    /// For what these producers file.
    pub producers: Vec<ProducerId>,
}

impl Voice {
    fn of(party: Party) -> Self {
        Self { party, everywhere: false, offices: Vec::new(), producers: Vec::new() }
    }

    /// Whether it speaks where a dossier is; `reached` are the pairs of an office and a place it reaches.
    fn speaks_for(&self, dossier: &Dossier, reached: &[(PlaceId, PlaceId)]) -> bool {
        self.everywhere
            || self.producers.contains(&dossier.producer_id)
            || self.offices.iter().any(|office| reached.contains(&(*office, dossier.place_id)))
    }
}

/// Every party that the caller speaks for, in the order of the grants.
pub(super) fn of_caller(cx: &mut Ctx<'_>) -> Result<Vec<Voice>> {
    let mut voices: Vec<Voice> = Vec::new();
    for grant in cx.actor().grants.clone() {
        let party = match (grant.role, grant.place) {
            (Role::Producer | Role::Consultant, _) => Party::Producer,
            (Role::Commune, _) => Party::Commune,
            (Role::District, _) => Party::District,
            (Role::Province, _) => Party::Province,
            (Role::Central, _) | (Role::Advisory | Role::Signer, None) => Party::Central,
            (Role::Advisory | Role::Signer, Some(office)) => office_party(places::get(cx, office)?.level),
            _ => continue,
        };
        let at = voices.iter().position(|v| v.party == party).unwrap_or_else(|| {
            voices.push(Voice::of(party));
            voices.len() - 1
        });
        let voice = &mut voices[at];
        match (party, grant.producer, grant.place) {
            (Party::Producer, Some(own), _) => voice.producers.push(own),
            (Party::Producer, None, _) => {}
            (_, _, Some(office)) if grant.role != Role::Central => voice.offices.push(office),
            _ => voice.everywhere = true,
        }
    }
    Ok(voices)
}

fn office_party(level: Level) -> Party {
    match level {
        Level::Commune => Party::Commune,
        Level::District => Party::District,
        Level::Province => Party::Province,
    }
}

/// The parties of these voices where each of these dossiers is: two questions at most, however many.
pub(super) fn parties(cx: &mut Ctx<'_>, voices: &[Voice], rows: &[Dossier]) -> Result<Vec<Vec<Party>>> {
    let offices: Vec<PlaceId> = voices.iter().flat_map(|v| v.offices.iter().copied()).collect();
    let at: Vec<PlaceId> = rows.iter().map(|r| r.place_id).collect();
    let reached = store::reached(cx, &offices, &at)?;
    let of = |row: &Dossier| voices.iter().filter(|v| v.speaks_for(row, &reached)).map(|v| v.party).collect();
    Ok(rows.iter().map(of).collect())
}

/// Every party that the caller speaks for where this dossier is.
///
/// # Errors
/// When the database fails.
pub fn parties_of(cx: &mut Ctx<'_>, dossier: &Dossier) -> Result<Vec<Party>> {
    let voices = of_caller(cx)?;
    Ok(parties(cx, &voices, std::slice::from_ref(dossier))?.pop().unwrap_or_default())
}
