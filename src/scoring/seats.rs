//! Seats that change during a term: whoever leaves is out of the sessions from that day on, whoever joins
//! is in. What was marked before is kept.

use chrono::NaiveDate;

use super::conflicts;
use super::councils::{NewSeat, appointed};
use super::model::{CouncilRow, Seat};
use super::rounds::must_be_in_office;
use super::rules::{Office, SheetState};
use super::store;
use crate::audit::{self, Details};
use crate::auth::policy::Act;
use crate::db::Ctx;
use crate::error::{AppError, Result};
use crate::ids::{CouncilId, SeatId};

/// A decision that changes who sits in a council.
#[derive(Debug, Clone)]
pub struct SeatChange {
    /// Its number.
    pub decision_number: String,
    /// Its day.
    pub decided_on: NaiveDate,
    /// The first day on which it holds.
    pub from: NaiveDate,
    /// The seat that ends.
    pub leaves: Option<SeatId>,
    /// The appointment that begins.
    pub joins: Option<NewSeat>,
}

/// The council, locked until the deed ends, for the office that appoints it.
///
/// # Errors
/// 404, or 422 for the office of another level or territory.
pub fn hold_council(cx: &mut Ctx<'_>, id: CouncilId) -> Result<CouncilRow> {
    store::visible_council(cx, id)?.ok_or(AppError::NotFound)?;
    let row = store::lock_council(cx, id)?;
    must_be_in_office(cx, Act::AppointCouncils, row.level, row.place_id)?;
    Ok(row)
}

/// Enters a decision that changes who sits in a council.
///
/// # Errors
/// 422 for a seat that is not there, a person who has a seat, a council without its one chair, a day
/// outside the term.
pub fn change_seats(cx: &mut Ctx<'_>, mut council: CouncilRow, change: &SeatChange) -> Result<CouncilRow> {
    let field = |at: &str, code: &str, vi: &str, en: &str| AppError::field(at, code, vi, en);
    if change.leaves.is_none() && change.joins.is_none() {
        return Err(field(
            "",
            "nothing",
            "Nêu ghế thôi giữ hoặc người được bổ nhiệm.",
            "Name who leaves or who joins.",
        ));
    }
    let mut seats = store::seats(cx, council.id)?;
    if change.from <= council.valid_from || council.valid_to.is_some_and(|last| last < change.from) {
        return Err(field(
            "/from",
            "outside_term",
            "Ngày thay đổi nằm sau ngày đầu và trong nhiệm kỳ của Hội đồng.",
            "The change falls after the first day and within the council's term.",
        ));
    }
    if let Some(id) = change.leaves {
        let last = change.from.pred_opt().unwrap_or(change.from);
        let held = |s: &&mut Seat| s.id == id && s.holds(change.from) && s.valid_from <= last;
        let seat = seats.iter_mut().find(held).ok_or_else(|| {
            field("/leaves", "not_found", "Không có ghế này vào ngày đó.", "There is no such seat on that day.")
        })?;
        seat.valid_to = Some(last);
        store::end_seat(cx, id, last)?;
    }
    let joined = match &change.joins {
        None => None,
        Some(new) => {
            if seats.iter().any(|s| s.user_id == new.user_id) {
                return Err(field(
                    "/joins/userId",
                    "repeated",
                    "Người này đã có ghế.",
                    "The person has a seat already.",
                ));
            }
            let seat = appointed(cx, &council, &seats, new, change.from, "/joins")?;
            store::insert_seat(cx, &seat)?;
            seats.push(seat.clone());
            Some(seat)
        }
    };
    if seats.iter().filter(|s| s.office == Office::Chair && s.holds(change.from)).count() != 1 {
        return Err(field(
            "/leaves",
            "one_chair",
            "Hội đồng có đúng một chủ tịch.",
            "A council has exactly one chair.",
        ));
    }
    council.version += 1;
    store::save_council(cx, &council)?;
    for mut meeting in store::open_sessions(cx, council.id, change.from)? {
        if let Some(id) = change.leaves {
            let ended = [SheetState::Draft, SheetState::Submitted];
            store::end_sheets(cx, meeting.id, None, Some(id), &ended, SheetState::Void)?;
        }
        if let Some(seat) = &joined {
            conflicts::detect(cx, &meeting, std::slice::from_ref(seat), &council.rules()?)?;
        }
        meeting.version += 1;
        store::save_session(cx, &meeting)?;
    }
    let details = Details::none()
        .with("decision", &change.decision_number)
        .with("decidedOn", change.decided_on)
        .with("from", change.from)
        .with("leaves", change.leaves)
        .with("joins", joined.map(|s| s.user_id));
    audit::record(cx, "council.seats_changed", "council", council.id.0, details)?;
    Ok(council)
}
