//! A reform of units as an act: declared, previewed, carried out by a job, and where a unit was
//! divided finished by officers who choose. Open items move; sealed records keep the old unit.
//!
//! What is moved belongs to other slices, most of them later ones: `app` registers one [`Mover`]
//! for each kind of thing.

pub mod dto;
mod job;
pub mod routes;
pub mod rules;

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use chrono::NaiveDate;
use uuid::Uuid;

use super::model::{Choice, Place, Reform};
use super::rules::{
    Assignment, OpenItem, Outcome, Preview, ReformState, SubjectKind, Succession, Unit, assign, preview as count,
};
use super::store;
use crate::actor::Role;
use crate::audit::{self, Details};
use crate::auth;
use crate::db::{Ctx, Doc};
use crate::error::{AppError, OnConstraint, Result};
use crate::ids::{GrantId, JobId, PlaceId, RowId};
use crate::jobs;
use crate::outbox::{self, Topic};
use rules::Stop;

pub use job::{KIND, carry_out};

/// Something open that is kept at a unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Kept {
    /// Which one.
    pub subject: Uuid,
    /// Where.
    pub at: PlaceId,
}

/// One thing that goes to another unit.
#[derive(Debug, Clone)]
pub struct Shift {
    /// Which one.
    pub subject: Uuid,
    /// Where it was kept.
    pub from: PlaceId,
    /// Where it goes.
    pub to: PlaceId,
    /// First day of the new unit.
    pub on: NaiveDate,
    /// Its level was abolished: the successor of the unit above takes it over.
    pub goes_up: bool,
    /// The reform, as the basis of the move.
    pub title: String,
}

/// How one kind of thing is found at old units and moved; given by the slice that owns it.
#[derive(Clone, Copy)]
pub struct Mover {
    /// What kind.
    pub subject: SubjectKind,
    /// What is open and kept at these units; the day is the first of the new units.
    pub kept_at: fn(&mut Ctx<'_>, &[PlaceId], NaiveDate) -> Result<Vec<Kept>>,
    /// Moves one, with its audit.
    pub shift: fn(&mut Ctx<'_>, &Shift) -> Result<()>,
}

/// The movers of every kind of thing, in order.
#[derive(Clone)]
pub struct Movers(pub Arc<[Mover]>);

impl Movers {
    /// Movers of users' territory, and those that later slices give.
    pub fn new(later: impl IntoIterator<Item = Mover>) -> Self {
        let grants = Mover { subject: SubjectKind::Grant, kept_at: grants_at, shift: move_grant };
        Self(std::iter::once(grants).chain(later).collect())
    }

    fn of(&self, subject: SubjectKind) -> Option<&Mover> {
        self.0.iter().find(|m| m.subject == subject)
    }
}

fn grants_at(cx: &mut Ctx<'_>, at: &[PlaceId], on: NaiveDate) -> Result<Vec<Kept>> {
    let grants = auth::grants_at(cx, at, on)?;
    Ok(grants.iter().filter_map(|g| Some(Kept { subject: g.id.0, at: g.place_id? })).collect())
}

/// A right at an abolished district ends with it; it never grows to the province.
fn move_grant(cx: &mut Ctx<'_>, shift: &Shift) -> Result<()> {
    let to = (!shift.goes_up).then_some(shift.to);
    auth::move_grant(cx, GrantId(shift.subject), to, shift.on, &shift.title)
}

/// Who sees reforms and what waits in them.
pub const WATCHERS: &[Role] =
    &[Role::Commune, Role::District, Role::Province, Role::Central, Role::Administrator, Role::Auditor];

/// Declares a reform; nothing moves yet.
///
/// # Errors
/// 409 when nothing follows on that day, or it is declared already.
pub fn declare(cx: &mut Ctx<'_>, on: NaiveDate, title: &str) -> Result<Reform> {
    if !store::follows_on(cx, on)? {
        return Err(Stop::NothingFollows(on).into());
    }
    let reform = Reform {
        id: RowId::new(),
        on_day: on,
        title: title.to_owned(),
        state: ReformState::Declared,
        report: Doc::of(&Report::default()),
        job_id: None,
        created_by: cx.actor().user(),
        created_at: cx.now,
        version: 1,
    };
    cx.try_step(|cx| store::insert_reform(cx, &reform)).on_constraint("reforms_one_per_day", || Stop::Declared(on))?;
    audit::record(cx, "reform.declared", "reform", reform.id.0, Details::none().with("on", on).with("title", title))?;
    Ok(reform)
}

/// A reform by its identifier.
///
/// # Errors
/// 404 when there is none.
pub fn get(cx: &mut Ctx<'_>, id: RowId) -> Result<Reform> {
    store::reform(cx, id)?.ok_or(AppError::NotFound)
}

/// The same, held.
///
/// # Errors
/// 404 when there is none.
pub fn hold(cx: &mut Ctx<'_>, id: RowId) -> Result<Reform> {
    store::hold_reform(cx, id)?.ok_or(AppError::NotFound)
}

/// Every reform, the newest first.
///
/// # Errors
/// When the database fails.
pub fn list(cx: &mut Ctx<'_>) -> Result<Vec<Reform>> {
    store::reforms(cx)
}

/// Puts the job in the queue that carries a reform out.
///
/// # Errors
/// 409 before its day, or when it was started.
pub fn start(cx: &mut Ctx<'_>, reform: &Reform) -> Result<JobId> {
    if reform.state != ReformState::Declared {
        return Err(Stop::Started.into());
    }
    if cx.today() < reform.on_day {
        return Err(Stop::TooEarly(reform.on_day).into());
    }
    let job = jobs::enqueue(cx, KIND, serde_json::json!({ "reform": reform.id }))?;
    store::note_reform(cx, reform, ReformState::Running, Some(job), &reform.report)?;
    audit::record(cx, "reform.started", "reform", reform.id.0, Details::none().with("job", job))?;
    Ok(job)
}

/// How many things of each kind were moved, wait, or were not touched.
pub type Report = BTreeMap<SubjectKind, Preview>;

/// What a reform would do with everything that is open now.
///
/// # Errors
/// When the database fails.
pub fn preview(cx: &mut Ctx<'_>, reform: &Reform, movers: &Movers) -> Result<Report> {
    let mut report = Report::new();
    let mut after = None;
    loop {
        let units = store::ended_before(cx, reform.on_day, after, PREVIEW_UNITS)?;
        let Some(last) = units.last().map(|p| p.id) else { return Ok(report) };
        let targets = Targets::of(cx, &units, reform.on_day)?;
        let ids: Vec<PlaceId> = units.iter().map(|p| p.id).collect();
        for mover in movers.0.iter() {
            let kept = (mover.kept_at)(cx, &ids, reform.on_day)?;
            add(&mut report, mover.subject, count(&targets.assign(&kept)));
        }
        after = Some(last);
    }
}

const PREVIEW_UNITS: i64 = 1_000;

fn add(report: &mut Report, subject: SubjectKind, more: Preview) {
    let sum = report.entry(subject).or_default();
    sum.go += more.go;
    sum.choose += more.choose;
    sum.go_up += more.go_up;
    sum.stay += more.stay;
}

/// Where the things kept at some old units go.
struct Targets {
    old: HashMap<PlaceId, (Unit, Option<Unit>)>,
    new: HashMap<Unit, PlaceId>,
    successions: Vec<Succession>,
    on: NaiveDate,
}

impl Targets {
    fn of(cx: &mut Ctx<'_>, units: &[Place], on: NaiveDate) -> Result<Self> {
        let parents: BTreeSet<PlaceId> = units.iter().filter_map(|p| p.parent_id).collect();
        let parents = store::places(cx, &parents.into_iter().collect::<Vec<_>>())?;
        let known: HashMap<PlaceId, Unit> = units.iter().chain(&parents).map(|p| (p.id, unit(p))).collect();
        let ids: Vec<PlaceId> = known.keys().copied().collect();
        let steps = store::followers_on(cx, &ids, on)?;
        let new: BTreeSet<PlaceId> = steps.iter().map(|s| s.new_id).collect();
        let new = store::places(cx, &new.into_iter().collect::<Vec<_>>())?;
        let names: HashMap<PlaceId, Unit> = new.iter().map(|p| (p.id, unit(p))).collect();
        let succession = |s: &super::Succeeded| {
            let (old, new) = (known.get(&s.old_id)?.clone(), names.get(&s.new_id)?.clone());
            Some(Succession { old, new, on, kind: s.kind })
        };
        Ok(Self {
            old: units.iter().map(|p| (p.id, (unit(p), p.parent_id.and_then(|id| known.get(&id).cloned())))).collect(),
            successions: steps.iter().filter_map(succession).collect(),
            new: names.into_iter().map(|(id, unit)| (unit, id)).collect(),
            on,
        })
    }

    fn assign(&self, kept: &[Kept]) -> Vec<Assignment<Kept>> {
        let open = |k: &Kept| {
            let (at, parent) = self.old.get(&k.at)?.clone();
            Some(OpenItem { item: *k, at, parent })
        };
        assign(&self.successions, self.on, kept.iter().filter_map(open))
    }

    fn shift(&self, done: &Assignment<Kept>, title: &str) -> Option<Shift> {
        let (to, goes_up) = match &done.outcome {
            Outcome::Goes { to, .. } => (to, false),
            Outcome::GoesUp { to } => (to, true),
            Outcome::Choose { .. } | Outcome::Stays => return None,
        };
        let to = *self.new.get(to)?;
        let Kept { subject, at: from } = done.item;
        Some(Shift { subject, from, to, on: self.on, goes_up, title: title.to_owned() })
    }
}

fn unit(place: &Place) -> Unit {
    Unit::new(place.level, place.code.clone())
}

/// The choices of a reform that the caller may see.
///
/// # Errors
/// When the database fails.
pub fn choices(
    cx: &mut Ctx<'_>,
    reform: RowId,
    open_only: bool,
    after: Option<RowId>,
    limit: i64,
) -> Result<Vec<Choice>> {
    store::choices(cx, reform, open_only, after, limit)
}

/// The units among which an officer chooses.
///
/// # Errors
/// When the database fails.
pub fn candidates(cx: &mut Ctx<'_>, choice: &Choice, on: NaiveDate) -> Result<Vec<Place>> {
    let steps = store::followers_on(cx, &[choice.old_place_id], on)?;
    store::places(cx, &steps.iter().map(|s| s.new_id).collect::<Vec<_>>())
}

/// A choice that the caller may see.
///
/// # Errors
/// 404 when there is none for the caller.
pub fn choice(cx: &mut Ctx<'_>, reform: RowId, id: RowId) -> Result<Choice> {
    store::choice(cx, reform, id)?.ok_or(AppError::NotFound)
}

/// The same, held.
///
/// # Errors
/// 404 when there is none for the caller.
pub fn hold_choice(cx: &mut Ctx<'_>, reform: RowId, id: RowId) -> Result<Choice> {
    store::hold_choice(cx, reform, id)?.ok_or(AppError::NotFound)
}

/// Gives something at a divided unit to one of its successors.
///
/// # Errors
/// 409 when it was given already, the unit did not follow, or the thing is kept elsewhere now.
pub fn choose(cx: &mut Ctx<'_>, reform: &Reform, choice: &Choice, to: PlaceId, movers: &Movers) -> Result<Choice> {
    if choice.chosen_id.is_some() {
        return Err(Stop::Chosen.into());
    }
    let candidates = candidates(cx, choice, reform.on_day)?;
    if candidates.iter().all(|p| p.id != to) {
        return Err(Stop::NotASuccessor(candidates.into_iter().map(|p| p.full_name).collect()).into());
    }
    let mover = movers.of(choice.subject_kind).ok_or_else(|| AppError::internal("no mover for this kind"))?;
    let (subject, from) = (choice.subject_id.0, choice.old_place_id);
    if !(mover.kept_at)(cx, &[from], reform.on_day)?.contains(&Kept { subject, at: from }) {
        return Err(Stop::Gone.into());
    }
    (mover.shift)(cx, &Shift { subject, from, to, on: reform.on_day, goes_up: false, title: reform.title.clone() })?;
    let chosen = Choice { chosen_id: Some(to), chosen_by: cx.actor().user(), ..choice.clone() };
    store::note_choice(cx, &chosen)?;
    let details = Details::none().with("subject", choice.subject_kind).with("from", from).with("to", to);
    audit::record(cx, "reform.chosen", "reform", reform.id.0, details.with("id", choice.subject_id))?;
    outbox::tell(
        cx,
        Topic::Reference,
        reform.id.0,
        serde_json::json!({ "reform": reform.on_day, "chosen": choice.id }),
    )?;
    Ok(chosen)
}
