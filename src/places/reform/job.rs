//! Carries a reform out in short deeds: some units at a time, at most 200 things in one.

use serde::{Deserialize, Serialize};

use super::{Kept, Mover, Movers, Report, Targets, add};
use crate::audit::{self, Details};
use crate::db::{Ctx, Doc};
use crate::error::{AppError, Result};
use crate::ids::{PlaceId, RowId};
use crate::jobs::{Job, Step};
use crate::outbox::{self, Topic};
use crate::places::model::{Choice, Place, Reform};
use crate::places::rules::{Outcome, ReformState, preview as count};
use crate::places::store;

/// The kind of the job.
pub const KIND: &str = "reform";
/// Old units looked at in one deed.
const UNITS: i64 = 200;
/// Things moved in one deed.
const ITEMS: usize = 200;

#[derive(Deserialize)]
struct Asked {
    reform: RowId,
}

/// Where to go on: the last unit that is done, how many are, and what was moved so far.
#[derive(Default, Serialize, Deserialize)]
struct Resume {
    after: Option<PlaceId>,
    units: i64,
    report: Report,
}

/// The handler of the job.
pub fn carry_out(movers: Movers) -> impl Fn(&mut Ctx<'_>, &Job) -> Result<Step> + Send + Sync + 'static {
    move |cx, job| {
        let asked: Asked = job.params.read().map_err(AppError::internal)?;
        let reform = super::get(cx, asked.reform)?;
        let resume: Option<Resume> = job.resume.read().map_err(AppError::internal)?;
        one_step(cx, &reform, resume.unwrap_or_default(), &movers)
    }
}

fn one_step(cx: &mut Ctx<'_>, reform: &Reform, mut resume: Resume, movers: &Movers) -> Result<Step> {
    let units = store::ended_before(cx, reform.on_day, resume.after, UNITS)?;
    let Some(last) = units.last().map(|p| p.id) else { return finish(cx, reform, &resume) };
    if move_some(cx, reform, &units, movers, &mut resume.report)? {
        resume.after = Some(last);
        resume.units += i64::try_from(units.len()).unwrap_or(0);
    }
    let total = store::count_ended_before(cx, reform.on_day)?;
    let done = resume.units;
    Ok(Step::More { total, done, resume: serde_json::to_value(&resume).map_err(AppError::internal)? })
}

/// Moves what is kept at these units; answers whether nothing is left there.
fn move_some(cx: &mut Ctx<'_>, reform: &Reform, units: &[Place], movers: &Movers, report: &mut Report) -> Result<bool> {
    let targets = Targets::of(cx, units, reform.on_day)?;
    let ids: Vec<PlaceId> = units.iter().map(|p| p.id).collect();
    let mut room = ITEMS;
    for mover in movers.0.iter() {
        let open = waiting(cx, reform, mover, &ids)?;
        let assigned = targets.assign(&open);
        let (stay, mut go): (Vec<_>, Vec<_>) = assigned.into_iter().partition(|a| a.outcome == Outcome::Stays);
        let all = go.len() <= room;
        go.truncate(room);
        room -= go.len();
        for one in &go {
            match targets.shift(one, &reform.title) {
                Some(shift) => (mover.shift)(cx, &shift)?,
                None => ask(cx, reform, mover, one.item)?,
            }
        }
        add(report, mover.subject, count(&go));
        if !all {
            return Ok(false);
        }
        add(report, mover.subject, count(&stay));
    }
    Ok(true)
}

/// What is kept at these units and does not wait for an officer already.
fn waiting(cx: &mut Ctx<'_>, reform: &Reform, mover: &Mover, units: &[PlaceId]) -> Result<Vec<Kept>> {
    let asked = store::asked_about(cx, reform.id, mover.subject)?;
    let kept = (mover.kept_at)(cx, units, reform.on_day)?;
    Ok(kept.into_iter().filter(|k| !asked.contains(&RowId(k.subject))).collect())
}

fn ask(cx: &mut Ctx<'_>, reform: &Reform, mover: &Mover, kept: Kept) -> Result<()> {
    let choice = Choice {
        id: RowId::new(),
        reform_id: reform.id,
        subject_kind: mover.subject,
        subject_id: RowId(kept.subject),
        old_place_id: kept.at,
        chosen_id: None,
        chosen_by: None,
    };
    store::insert_choice(cx, &choice)
}

fn finish(cx: &mut Ctx<'_>, reform: &Reform, resume: &Resume) -> Result<Step> {
    store::note_reform(cx, reform, ReformState::Done, reform.job_id, &Doc::of(&resume.report))?;
    audit::record(cx, "reform.done", "reform", reform.id.0, Details::none().with("report", &resume.report))?;
    outbox::tell(cx, Topic::Reference, reform.id.0, serde_json::json!({ "reform": reform.on_day }))?;
    Ok(Step::Done(serde_json::json!({ "reform": reform.id, "report": resume.report })))
}
