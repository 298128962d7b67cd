//! Samples: handed over with a letter, received, used; with whom.

use chrono::NaiveDate;

use super::documents::{Sender, may_add};
use super::model::{Dossier, Handover, SampleRow};
use super::rules::{Desk, SampleCondition, SampleDeed, SamplesHeld, Stop, held};
use super::store;
use crate::audit::{self, Details};
use crate::auth::policy::Act;
use crate::db::Ctx;
use crate::error::{AppError, Result};
use crate::ids::RowId;

/// What an office tells of samples at its desk.
#[derive(Debug, Clone)]
pub struct NewSamples {
    /// Received or used.
    pub deed: SampleDeed,
    /// How many.
    pub count: i32,
    /// When.
    pub on: NaiveDate,
    /// Of what was received.
    pub condition: Option<SampleCondition>,
    /// With whom.
    pub person: String,
    /// Remark.
    pub note: String,
}

/// Records what happened to samples at the desk where the dossier lies.
///
/// # Errors
/// 403 and 409 for who is not at that desk, 422 for a day to come or a missing condition, 409 for more than
/// there are.
pub fn record(cx: &mut Ctx<'_>, dossier: &Dossier, new: &NewSamples) -> Result<RowId> {
    if may_add(cx, dossier)? != Sender::Office && !cx.actor().is_system() {
        return Err(AppError::Forbidden(Act::HandOver.word()));
    }
    if new.on > cx.today() {
        return Err(AppError::field("/on", "future", "Ngày không ở tương lai.", "The day cannot lie in the future."));
    }
    match new.deed {
        SampleDeed::HandedOver => Err(AppError::field(
            "/deed",
            "not_allowed",
            "Mẫu chuyển đi ghi trong văn bản chuyển hồ sơ (POST /v1/handovers).",
            "Samples that go on are told in the hand-over letter (POST /v1/handovers).",
        )),
        SampleDeed::Received if new.condition.is_none() => Err(AppError::field(
            "/condition",
            "required",
            "Ghi tình trạng mẫu khi tiếp nhận.",
            "Say in which condition the samples came.",
        )),
        SampleDeed::Received => Ok(()),
        SampleDeed::Used => {
            let there = balance(cx, dossier, dossier.level)?;
            if new.count > there.left { Err(Stop::SamplesTooFew(there.left).into()) } else { Ok(()) }
        }
    }?;
    write(cx, dossier, dossier.level, None, new)
}

/// Records what goes on with a letter, or came with it.
pub(super) fn with_letter(
    cx: &mut Ctx<'_>,
    dossier: &Dossier,
    letter: &Handover,
    level: Desk,
    new: &NewSamples,
) -> Result<()> {
    match new.count {
        0 => Ok(()),
        _ => write(cx, dossier, level, Some(letter), new).map(|_| ()),
    }
}

fn write(
    cx: &mut Ctx<'_>,
    dossier: &Dossier,
    level: Desk,
    letter: Option<&Handover>,
    new: &NewSamples,
) -> Result<RowId> {
    let row = SampleRow {
        id: RowId::new(),
        dossier_id: dossier.id,
        handover_id: letter.map(|l| l.id),
        deed: new.deed,
        level,
        count: new.count,
        on_day: new.on,
        condition: new.condition.filter(|_| new.deed == SampleDeed::Received),
        person: new.person.clone(),
        note: new.note.clone(),
        recorded_by: cx.actor().user(),
        recorded_at: cx.now,
    };
    store::samples::insert(cx, &row)?;
    let details = Details::none().with("deed", row.deed).with("count", row.count).with("level", level);
    audit::record(cx, "dossier.samples", "dossier", dossier.id.0, details)?;
    Ok(row.id)
}

/// What happened to the samples of a dossier, in order.
///
/// # Errors
/// When the database fails.
pub fn list(cx: &mut Ctx<'_>, dossier: &Dossier) -> Result<Vec<SampleRow>> {
    store::samples::all(cx, dossier.id)
}

fn balance(cx: &mut Ctx<'_>, dossier: &Dossier, level: Desk) -> Result<SamplesHeld> {
    let rows = store::samples::all(cx, dossier.id)?;
    Ok(held(level, rows.iter().map(|r| (r.deed, r.level, r.count))))
}
