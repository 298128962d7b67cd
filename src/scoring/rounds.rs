//! Rounds of evaluation.

use chrono::NaiveDate;

use super::model::RoundRow;
use super::rules::SessionStop;
use super::store;
use crate::actor::{Reach, Role};
use crate::audit::{self, Details};
use crate::auth::policy::{self, Act};
use crate::db::Ctx;
use crate::error::{AppError, OnConstraint, Result};
use crate::ids::{PlaceId, RoundId, RulebookId};
use crate::places::{self, Level};
use crate::rulebook::{self, Authority, DossierKind, Rulebook, rules::Round};

/// A round to set up.
#[derive(Debug, Clone)]
pub struct NewRound {
    /// The level that holds it.
    pub level: Authority,
    /// The province or district; none at the centre.
    pub place_id: Option<PlaceId>,
    /// The decision; the one in force today when not said.
    pub rulebook_id: Option<RulebookId>,
    /// The year.
    pub year: i32,
    /// 1, 2, …
    pub number: i32,
    /// Its name; made from number and year when not said.
    pub name: Option<String>,
    /// Dossiers proposed before this day; the decision's when not said.
    pub cutoff: Option<NaiveDate>,
    /// Held before this day; the decision's when not said.
    pub hold_before: Option<NaiveDate>,
    /// The plan that foresees an extra round.
    pub plan: String,
}

/// The role that works in the office of a level.
pub fn role_of(level: Authority) -> Role {
    match level {
        Authority::District => Role::District,
        Authority::Province => Role::Province,
        Authority::Central => Role::Central,
    }
}

/// Whether the caller works in the office of this level for this place.
pub(super) fn in_office(cx: &mut Ctx<'_>, act: Act, level: Authority, place: Option<PlaceId>) -> Result<bool> {
    if !policy::may(cx, act) {
        return Ok(false);
    }
    match (cx.actor().reach(&[role_of(level)]), place) {
        (Reach::Everywhere, _) => Ok(true),
        (Reach::Offices(_), None) => Ok(false),
        (Reach::Offices(offices), Some(place)) => {
            for office in offices {
                if places::reaches(cx, office, place)? {
                    return Ok(true);
                }
            }
            Ok(false)
        }
    }
}

/// The place of an office, checked: it exists, it is a unit of this level, the caller works for it.
pub(super) fn must_be_in_office(cx: &mut Ctx<'_>, act: Act, level: Authority, place: Option<PlaceId>) -> Result<()> {
    let wrong = || {
        AppError::field(
            "/placeId",
            "wrong_place",
            "Chọn tỉnh hoặc huyện của cấp này; cấp trung ương thì bỏ trống.",
            "Name a province or district of this level; nothing at the centre.",
        )
    };
    let kind = match place {
        None => None,
        Some(id) => match places::get(cx, id) {
            Err(AppError::NotFound) => return Err(wrong()),
            found => Some(found?.level),
        },
    };
    let fits = matches!(
        (level, kind),
        (Authority::Central, None)
            | (Authority::Province, Some(Level::Province))
            | (Authority::District, Some(Level::District))
    );
    if !fits {
        return Err(wrong());
    }
    match in_office(cx, act, level, place)? {
        true => Ok(()),
        false => Err(AppError::field(
            "/placeId",
            "outside_territory",
            "Nơi này không thuộc địa bàn và cấp của bạn.",
            "This is not an office of your level and territory.",
        )),
    }
}

/// Sets up a round.
///
/// # Errors
/// 422 for a place outside the caller's office, 409 where it exists or needs a plan.
pub fn add_round(cx: &mut Ctx<'_>, new: NewRound) -> Result<RoundRow> {
    must_be_in_office(cx, Act::ManageRounds, new.level, new.place_id)?;
    let book = match new.rulebook_id {
        Some(id) => rulebook::get(cx, id).map_err(|e| match e {
            AppError::NotFound => {
                AppError::field("/rulebookId", "not_found", "Không có quyết định này.", "There is no such rulebook.")
            }
            e => e,
        })?,
        None => {
            let today = cx.today();
            rulebook::for_filing(cx, DossierKind::First, today)?
        }
    };
    let fixed = fixed_round(&book.book, new.level, new.year, new.number);
    if fixed.is_none() && !book.book.rounds.is_empty() && new.plan.trim().is_empty() {
        return Err(SessionStop::RoundPlanMissing { number: new.number }.into());
    }
    let row = RoundRow {
        id: RoundId::new(),
        level: new.level,
        place_id: new.place_id,
        rulebook_id: book.id,
        year: new.year,
        number: new.number,
        name: new.name.unwrap_or_else(|| format!("Đợt {} năm {}", new.number, new.year)),
        cutoff: new.cutoff.or(fixed.map(|r| r.cutoff)),
        hold_before: new.hold_before.or(fixed.map(|r| r.hold_before)),
        plan: new.plan,
        version: 1,
    };
    let taken = || SessionStop::RoundExists { year: row.year, number: row.number };
    cx.try_step(|cx| store::insert_round(cx, &row))
        .on_constraint("rounds_one_per_number", taken)
        .on_constraint("rounds_one_central", taken)?;
    let details = Details::none()
        .with("level", row.level)
        .with("place", row.place_id)
        .with("year", row.year)
        .with("number", row.number)
        .with("cutoff", row.cutoff)
        .with("holdBefore", row.hold_before)
        .with("plan", &row.plan);
    audit::record(cx, "round.added", "round", row.id.0, details)?;
    Ok(row)
}

/// The round that the decision itself fixes under this number.
fn fixed_round(book: &Rulebook, level: Authority, year: i32, number: i32) -> Option<Round> {
    let mut day = NaiveDate::from_ymd_opt(year - 1, 12, 31)?;
    for _ in 0..24 {
        let round = book.round_of(level, day)?;
        if round.year == year && i32::from(round.number) == number {
            return Some(round);
        }
        day = round.cutoff.succ_opt()?;
    }
    None
}

/// A round; rounds are known to everybody who signed in.
///
/// # Errors
/// 404.
pub fn round(cx: &mut Ctx<'_>, id: RoundId) -> Result<RoundRow> {
    store::round(cx, id)?.ok_or(AppError::NotFound)
}

/// What a list of rounds is narrowed to.
#[derive(Debug, Default)]
pub struct RoundFilter {
    /// Only of this level.
    pub level: Option<Authority>,
    /// Only of this province or district.
    pub place: Option<PlaceId>,
    /// Only of this year.
    pub year: Option<i32>,
}

/// Rounds after a row, newest year first.
///
/// # Errors
/// When the database fails.
pub fn rounds(
    cx: &mut Ctx<'_>,
    filter: &RoundFilter,
    after: Option<(i32, RoundId)>,
    limit: i64,
) -> Result<Vec<RoundRow>> {
    store::rounds(cx, filter, after, limit)
}
