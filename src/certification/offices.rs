//! Whose office a decision is: the grant must be of the decision's level and reach its unit.

use super::store;
use crate::actor::{Reach, Role};
use crate::auth::policy::{self, Act};
use crate::db::Ctx;
use crate::error::{AppError, Result};
use crate::ids::PlaceId;
use crate::places;
use crate::rulebook::Authority;

/// The officers who prepare decisions of a level.
fn officer(level: Authority) -> Role {
    match level {
        Authority::District => Role::District,
        Authority::Province => Role::Province,
        Authority::Central => Role::Central,
    }
}

/// # Errors
/// 403 when the caller does not sit in the office that prepares it.
pub(super) fn must_prepare(cx: &mut Ctx<'_>, level: Authority, place: Option<PlaceId>) -> Result<()> {
    must_sit(cx, Act::PrepareDecision, officer(level), level, place)
}

/// # Errors
/// 403 when the caller does not sign for this office.
pub(super) fn must_sign(cx: &mut Ctx<'_>, level: Authority, place: Option<PlaceId>) -> Result<()> {
    must_sit(cx, Act::SignDecision, Role::Signer, level, place)
}

/// # Errors
/// 403 when the caller neither prepares nor signs for this office.
pub(super) fn must_publish(cx: &mut Ctx<'_>, level: Authority, place: Option<PlaceId>) -> Result<()> {
    must_sit(cx, Act::PublishDecision, officer(level), level, place)
        .or_else(|_| must_sit(cx, Act::PublishDecision, Role::Signer, level, place))
}

/// # Errors
/// 403 when the caller does not sit in the office that issued it.
pub(super) fn must_print(cx: &mut Ctx<'_>, level: Authority, place: Option<PlaceId>) -> Result<()> {
    must_sit(cx, Act::PrintCertificate, officer(level), level, place)
}

/// # Errors
/// 403 when the caller does not sit in the office that prepares it.
pub(super) fn must_scan(cx: &mut Ctx<'_>, level: Authority, place: Option<PlaceId>) -> Result<()> {
    must_sit(cx, Act::AttachDecisionScan, officer(level), level, place)
}

/// Whether what was recognised for a unit lies where the caller may do this.
///
/// # Errors
/// 403 when none of the caller's rights to it reaches there.
pub(super) fn must_reach(cx: &mut Ctx<'_>, act: Act, unit: Option<PlaceId>) -> Result<()> {
    policy::must(cx, act)?;
    let (Reach::Offices(offices), Some(unit)) = (cx.actor().reach(policy::roles(act)), unit) else { return Ok(()) };
    for office in offices {
        if places::reaches(cx, office, unit)? {
            return Ok(());
        }
    }
    Err(AppError::Forbidden(act.word()))
}

fn must_sit(cx: &mut Ctx<'_>, act: Act, role: Role, level: Authority, place: Option<PlaceId>) -> Result<()> {
    policy::must(cx, act)?;
    if cx.actor().is_system() {
        return Ok(());
    }
    let seats: Vec<Option<PlaceId>> = cx.actor().grants.iter().filter(|g| g.role == role).map(|g| g.place).collect();
    for seat in seats {
        let sits = match (seat, place) {
            // A right without a place is one for the whole instance; that to sign is the centre's.
            (None, place) => role != Role::Signer || place.is_none(),
            (Some(_), None) => false,
            (Some(seat), Some(place)) => store::is_office(cx, seat, level, place)?,
        };
        if sits {
            return Ok(());
        }
    }
    Err(AppError::Forbidden(act.word()))
}
