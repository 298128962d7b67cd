//! Numbers without doubles, every one accounted for: issued, reserved, or void with a reason.
//!
//! One counter row per scope (kind, issuing place, year), drawn as the last step before the commit:
//! whoever draws waits for the one before, and a deed that fails gives its number back with the
//! rest of its transaction.

use diesel::prelude::*;
use uuid::Uuid;

use crate::db::schema::{counters, numbers};
use crate::db::{Ctx, Moment};
use crate::each;
use crate::error::{AppError, Result};
use crate::ids::RowId;
use crate::refusal::Refusal;
use crate::text::Label;

crate::words! {
    /// What became of a number.
    pub enum NumberState {
        /// Given to something.
        Issued = "issued",
        /// Kept for something.
        Reserved = "reserved",
        /// Not used, with a reason.
        Void = "void",
    }
}
crate::stored_words!(NumberState);

/// How a number is refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Stop {
    /// The number was given before.
    Taken(i64),
    /// The number is not among those that are kept.
    NotReserved(i64),
}

impl Refusal for Stop {
    fn word(&self) -> &'static str {
        match self {
            Self::Taken(_) => "number_taken",
            Self::NotReserved(_) => "number_not_reserved",
        }
    }

    fn say(&self) -> Label {
        match self {
            Self::Taken(n) => Label::new(
                format!("Số {n} đã được dùng hoặc giữ chỗ; chọn số khác, hoặc để hệ thống cấp số tiếp theo."),
                format!("The number {n} is used or reserved; choose another, or let the service give the next one."),
            ),
            Self::NotReserved(n) => Label::new(
                format!("Số {n} không phải là số đang giữ chỗ: chưa giữ, đã dùng hoặc đã hủy."),
                format!("The number {n} is not one that is kept: it was never reserved, is used, or is void."),
            ),
        }
    }
}

/// A number and what became of it.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = numbers)]
pub struct Number {
    /// Identifier.
    pub id: RowId,
    /// Kind, issuing place, year.
    pub scope: String,
    /// The number.
    pub number: i64,
    /// What became of it.
    pub state: NumberState,
    /// What it was given to.
    pub subject: Option<RowId>,
    /// Why it is void.
    pub reason: Option<String>,
    /// When.
    pub at: Moment,
}

/// Draws the next number of a scope for a subject.
///
/// # Errors
/// When the database fails.
pub fn draw(cx: &mut Ctx<'_>, scope: &str, subject: impl Into<Uuid>) -> Result<i64> {
    let number = next(cx, scope)?;
    note(cx, scope, number, NumberState::Issued, Some(subject.into()), None)?;
    Ok(number)
}

/// Keeps the next number of a scope for something on paper.
///
/// # Errors
/// When the database fails.
pub fn reserve(cx: &mut Ctx<'_>, scope: &str) -> Result<Number> {
    let number = next(cx, scope)?;
    note(cx, scope, number, NumberState::Reserved, None, None)?;
    let kept = numbers::table.filter(numbers::scope.eq(scope)).filter(numbers::number.eq(number));
    Ok(kept.select(Number::as_select()).first(cx.conn)?)
}

/// Gives a number that was kept to what it was kept for.
///
/// # Errors
/// 409 when it is not one that is kept.
pub fn use_reserved(cx: &mut Ctx<'_>, scope: &str, number: i64, subject: impl Into<Uuid>) -> Result<()> {
    let kept = numbers::table
        .filter(numbers::scope.eq(scope))
        .filter(numbers::number.eq(number))
        .filter(numbers::state.eq(NumberState::Reserved));
    let given = diesel::update(kept)
        .set((numbers::state.eq(NumberState::Issued), numbers::subject.eq(Some(RowId(subject.into())))))
        .execute(cx.conn)?;
    if given == 1 { Ok(()) } else { Err(Stop::NotReserved(number).into()) }
}

/// One number by the name of its row.
///
/// # Errors
/// 404.
pub fn find(cx: &mut Ctx<'_>, id: RowId) -> Result<Number> {
    let found = numbers::table.find(id).select(Number::as_select()).first(cx.conn).optional()?;
    found.ok_or(AppError::NotFound)
}

fn next(cx: &mut Ctx<'_>, scope: &str) -> Result<i64> {
    let first = (counters::scope.eq(scope), counters::last.eq(1));
    Ok(each!(&mut *cx.conn, c => diesel::insert_into(counters::table)
        .values(first)
        .on_conflict(counters::scope)
        .do_update()
        .set(counters::last.eq(counters::last + 1))
        .returning(counters::last)
        .get_result(c))?)
}

/// Takes a number that an officer chose, and sets the counter past it.
///
/// # Errors
/// 409 when it was given before.
pub fn take(cx: &mut Ctx<'_>, scope: &str, number: i64, subject: impl Into<Uuid>) -> Result<()> {
    // The counter row is held first, so that a draw at the same moment waits.
    push_past(cx, scope, number)?;
    let subject = subject.into();
    match cx.try_step(|cx| note(cx, scope, number, NumberState::Issued, Some(subject), None)) {
        Err(AppError::Database(e)) if crate::error::constraint_of(&e).as_deref() == Some("numbers_one_per_scope") => {
            Err(Stop::Taken(number).into())
        }
        other => other,
    }
}

/// Sets the counter to at least this number (an import found it in use).
///
/// # Errors
/// When the database fails.
pub fn push_past(cx: &mut Ctx<'_>, scope: &str, number: i64) -> Result<()> {
    let row = (counters::scope.eq(scope), counters::last.eq(0));
    each!(&mut *cx.conn, c => diesel::insert_into(counters::table).values(row).on_conflict_do_nothing().execute(c))?;
    // The row is locked by this update even when the number is behind it.
    let last: i64 = diesel::update(counters::table.find(scope))
        .set(counters::last.eq(counters::last))
        .returning(counters::last)
        .get_result(cx.conn)?;
    if last < number {
        diesel::update(counters::table.find(scope)).set(counters::last.eq(number)).execute(cx.conn)?;
    }
    Ok(())
}

/// Declares a number that was kept void, with a reason; it is never given again.
///
/// # Errors
/// 409 when it is not one that is kept.
pub fn void(cx: &mut Ctx<'_>, number: &Number, reason: &str) -> Result<()> {
    let kept = numbers::table.filter(numbers::id.eq(number.id)).filter(numbers::state.eq(NumberState::Reserved));
    let changed = diesel::update(kept)
        .set((numbers::state.eq(NumberState::Void), numbers::reason.eq(Some(reason.to_owned()))))
        .execute(cx.conn)?;
    if changed == 1 { Ok(()) } else { Err(Stop::NotReserved(number.number).into()) }
}

/// Every number of a scope, in order.
///
/// # Errors
/// When the database fails.
pub fn of_scope(cx: &mut Ctx<'_>, scope: &str) -> Result<Vec<Number>> {
    Ok(numbers::table
        .filter(numbers::scope.eq(scope))
        .order(numbers::number)
        .select(Number::as_select())
        .load(cx.conn)?)
}

fn note(
    cx: &mut Ctx<'_>,
    scope: &str,
    number: i64,
    state: NumberState,
    subject: Option<Uuid>,
    reason: Option<&str>,
) -> Result<()> {
    let row = Number {
        id: RowId::new(),
        scope: scope.to_owned(),
        number,
        state,
        subject: subject.map(RowId),
        reason: reason.map(str::to_owned),
        at: cx.now,
    };
    diesel::insert_into(numbers::table).values(&row).execute(cx.conn)?;
    Ok(())
}
