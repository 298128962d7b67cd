//! Plans as data, and how far their targets are reached on a day.

mod dto;
mod model;
mod progress; // what the indicators count
pub mod routes;
pub mod rules;
mod store;

use crate::actor::Caller;
use crate::audit::{self, Details};
use crate::db::{Ctx, Db, Doc};
use crate::error::{AppError, OnConstraint, Result};
use crate::ids::PlanId;
use crate::outbox::{self, Topic};
use crate::places::{self, Level};

pub use model::PlanRow;
pub use progress::{Progress, progress};
use rules::{Plan, Stop};

/// All plans, by their words.
///
/// # Errors
/// When the database fails.
pub fn all(cx: &mut Ctx<'_>) -> Result<Vec<PlanRow>> {
    store::all(cx)
}

/// A plan by its identifier or its stable word.
///
/// # Errors
/// 404.
pub fn get(cx: &mut Ctx<'_>, id_or_code: &str) -> Result<PlanRow> {
    let found = match id_or_code.parse::<PlanId>() {
        Ok(id) => store::find(cx, id)?,
        Err(_) => store::by_code(cx, id_or_code)?,
    };
    found.ok_or(AppError::NotFound)
}

/// The record of a plan.
///
/// # Errors
/// When the row cannot be read.
pub fn plan_of(row: &PlanRow) -> Result<Plan> {
    row.body.read().map_err(AppError::internal)
}

/// Takes a plan over from its file; the same one again changes nothing. Tells whether it is new.
///
/// # Errors
/// 409 when the file is no sound plan, names no unit, or another plan has its word.
pub fn import(cx: &mut Ctx<'_>, json: &str) -> Result<(PlanRow, bool)> {
    let plan = rules::read(json)?;
    let body = Doc::of(&plan);
    if let Some(known) = store::by_code(cx, &plan.id)? {
        return match known.body == body {
            true => Ok((known, false)),
            false => Err(Stop::Published(plan.id).into()),
        };
    }
    let place = [Level::Province, Level::District, Level::Commune]
        .into_iter()
        .find_map(|level| places::at(cx, &plan.place_code, level, plan.issued_on).transpose());
    let place = place.transpose()?.ok_or_else(|| Stop::NoPlace(plan.place_code.clone()))?;
    let row = PlanRow {
        id: PlanId::new(),
        code: plan.id.clone(),
        number: plan.decision.clone(),
        title: plan.label.vi.clone(),
        place_id: Some(place.id),
        body,
        created_at: cx.now,
    };
    cx.try_step(|cx| store::insert(cx, &row))
        .on_constraint("plans_one_per_code", || Stop::Published(plan.id.clone()))?;
    audit::record(
        cx,
        "plan.imported",
        "plan",
        row.id.0,
        Details::none().with("code", &row.code).with("number", &row.number),
    )?;
    outbox::tell(cx, Topic::Reference, row.id.0, serde_json::json!({ "plan": row.code }))?;
    Ok((row, true))
}

/// Whether there is a plan.
///
/// # Errors
/// When the database fails.
pub fn is_loaded(cx: &mut Ctx<'_>) -> Result<bool> {
    Ok(!store::all(cx)?.is_empty())
}

/// Loads the plan that the platform was born from, once.
///
/// # Errors
/// When the database fails.
pub fn load_reference(db: &Db, told: &mut dyn FnMut(&str, usize, usize)) -> Result<()> {
    told("plans", 0, 1);
    db.write_now(&Caller::system("reference"), |cx| import(cx, rules::PLAN_2207))?;
    told("plans", 1, 1);
    Ok(())
}
