//! One move of a dossier: who may make it, and what it writes.

use serde_json::Value;

use super::model::{Dossier, MoveRow};
use super::rules::{Action, Desk, Moment, Move, Party, Stop};
use super::voices::parties_of;
use super::{clocks, corrections, store, untold};
use crate::audit::{self, Details};
use crate::auth::policy::Act;
use crate::db::{Ctx, Doc};
use crate::error::{AppError, Result};
use crate::ids::RowId;
use crate::outbox::{self, Topic};
use crate::rulebook::{self, Rulebook};

/// What goes with a move.
#[derive(Debug, Clone, Default)]
pub struct Deed {
    /// Why; the producer reads it.
    pub reason: Option<String>,
    /// Letter, decision, session.
    pub details: Value,
}

impl Deed {
    /// Only facts.
    pub fn with(details: Value) -> Self {
        Self { reason: None, details }
    }

    /// With a reason.
    pub fn because(reason: &str, details: Value) -> Self {
        Self { reason: Some(reason.to_owned()), details }
    }
}

/// The rulebook that the dossier pinned; of one that was never filed, the one in force today.
///
/// # Errors
/// 409 when none is in force.
pub fn book_of(cx: &mut Ctx<'_>, dossier: &Dossier) -> Result<Rulebook> {
    match dossier.filed_on {
        Some(_) => Ok(rulebook::get(cx, dossier.rulebook_id)?.book),
        None => Ok(rulebook::for_filing(cx, dossier.kind, cx.today())?.book),
    }
}

/// Where a dossier stands today: everything that decides what may be done.
///
/// # Errors
/// 409 when its rulebook does not say how the levels share the work today.
pub fn moment_of(cx: &mut Ctx<'_>, dossier: &Dossier) -> Result<Moment> {
    let book = book_of(cx, dossier)?;
    Ok(moment(&book, dossier, cx.today())?)
}

pub(super) fn moment(
    book: &Rulebook,
    dossier: &Dossier,
    today: chrono::NaiveDate,
) -> std::result::Result<Moment, rulebook::Stop> {
    let pattern = book.regime(today)?.pattern;
    Ok(Moment { status: dossier.status, pattern, kind: dossier.kind })
}

/// The party for which the caller would do this: the one to whom it is open, else any of theirs
/// (the table then says whose move it is).
///
/// # Errors
/// 403 when the caller speaks for no party here.
pub fn party_of(cx: &mut Ctx<'_>, dossier: &Dossier, action: Action) -> Result<Party> {
    let open: Vec<Party> =
        moment_of(cx, dossier)?.moves().filter(|m| m.action == action).flat_map(|m| m.by.iter().copied()).collect();
    if cx.actor().is_system() {
        let own = open.iter().copied().find(|p| *p == Party::System);
        return Ok(own.or(open.first().copied()).unwrap_or(Party::System));
    }
    let mine = parties_of(cx, dossier)?;
    let fits = mine.iter().copied().find(|p| open.contains(p));
    fits.or(mine.first().copied()).ok_or(AppError::Forbidden(Act::MoveDossier.word()))
}

/// Carries a dossier on: checks the table of moves and the transition of laws, writes the move, its
/// clocks, the audit and the outbox. What the move *needs* is the duty of the act that calls.
///
/// # Errors
/// 409 when the table or the transition says no; 412 when the row is not the newest.
pub fn advance(cx: &mut Ctx<'_>, dossier: &Dossier, action: Action, party: Party, deed: Deed) -> Result<Dossier> {
    carry(cx, dossier, dossier.clone(), action, party, deed)
}

/// The same for an act that changes more of the row than the table does.
pub(super) fn carry(
    cx: &mut Ctx<'_>,
    before: &Dossier,
    mut after: Dossier,
    action: Action,
    party: Party,
    deed: Deed,
) -> Result<Dossier> {
    let book = book_of(cx, before)?;
    let moment = moment(&book, before, cx.today())?;
    let decided = !deed.details["decision"].is_null();
    if !decided {
        untold::must_be_disclosed(cx, before)?;
    }
    let step = must_be_open(&book, moment, before, cx.today(), action, party)?;
    corrections::must_be_settled(cx, before, action)?;
    after.status = step.to;
    after.level = Desk::of(step.to, moment.pattern).unwrap_or(before.level);
    after.moved_at = cx.now;
    after.version = before.version + 1;
    clocks::keep(cx, &book, before, &mut after, deed.reason.as_deref())?;
    if !store::save(cx, &after)? {
        return Err(AppError::PreconditionFailed);
    }
    write_down(cx, before, &after, action, party, deed)?;
    Ok(after)
}

/// Whether the table and the transition of laws let a party do this today.
///
/// # Errors
/// When the database fails.
pub fn is_open(cx: &mut Ctx<'_>, dossier: &Dossier, action: Action, party: Party) -> Result<bool> {
    let book = book_of(cx, dossier)?;
    let today = cx.today();
    let found = moment(&book, dossier, today).map_err(AppError::from);
    match found.and_then(|moment| must_be_open(&book, moment, dossier, today, action, party)) {
        Ok(_) => Ok(true),
        Err(AppError::Refused(_)) => Ok(false),
        Err(e) => Err(e),
    }
}

/// The row of the table by which this party does this today.
pub(super) fn must_be_open(
    book: &Rulebook,
    moment: Moment,
    dossier: &Dossier,
    today: chrono::NaiveDate,
    action: Action,
    party: Party,
) -> Result<&'static Move> {
    let step = moment.find_move(action, party)?;
    transition(book, dossier, today, action)?;
    Ok(step)
}

/// Under an ended rulebook a dossier moves until the transition is over; then it can only leave.
pub(super) fn transition(book: &Rulebook, dossier: &Dossier, today: chrono::NaiveDate, action: Action) -> Result<()> {
    let Some(filed) = dossier.filed_on else { return Ok(()) };
    match (action, book.may_move_under(dossier.kind, filed, today)) {
        (Action::Refile, Ok(())) => Err(Stop::TransitionNotOver(book.id.clone()).into()),
        (Action::Withdraw | Action::Close | Action::Refile | Action::EndProduction, _) => Ok(()),
        (_, checked) => Ok(checked?),
    }
}

fn write_down(
    cx: &mut Ctx<'_>,
    before: &Dossier,
    after: &Dossier,
    action: Action,
    party: Party,
    deed: Deed,
) -> Result<()> {
    let row = MoveRow {
        id: RowId::new(),
        dossier_id: after.id,
        from_status: before.status,
        action,
        to_status: after.status,
        party,
        reason: deed.reason,
        details: Doc(deed.details),
        by_user: cx.actor().user(),
        at: cx.now,
        ordinal: store::last_ordinal(cx, after.id)? + 1,
    };
    store::insert_move(cx, &row)?;
    let details = Details::none()
        .changed("status", before.status, after.status)
        .with("action", action)
        .with("party", party)
        .with("reason", &row.reason)
        .with("move", row.ordinal);
    audit::record(cx, "dossier.moved", "dossier", after.id.0, details)?;
    match row.details.0["decision"].is_null() {
        true => tell(cx, &row, after.product_id),
        // What it is, the publication tells.
        false => Ok(()),
    }
}

fn tell(cx: &mut Ctx<'_>, row: &MoveRow, product: crate::ids::ProductId) -> Result<()> {
    let told = serde_json::json!({
        "action": row.action, "from": row.from_status, "to": row.to_status, "product": product, "move": row.ordinal,
    });
    outbox::tell(cx, Topic::Dossier, row.dossier_id.0, told)
}

/// Tells the move that a decision made, when it is published.
pub(super) fn tell_decided(cx: &mut Ctx<'_>, id: crate::ids::DossierId) -> Result<()> {
    let Some(dossier) = store::any(cx, id)? else { return Ok(()) };
    match store::moves(cx, id)?.pop() {
        Some(last) => tell(cx, &last, dossier.product_id),
        None => Ok(()),
    }
}
