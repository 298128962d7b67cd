//! Simulations, figures and precedents over HTTP.

use actix_web::web::{Data, Path};
use actix_web::{get, post};
use utoipa_actix_web::service_config::ServiceConfig;

use super::super::dto::{Precedents, TryWhatIf, WhatIf};
use super::super::insight::{self, Trial};
use super::super::rules::figures::Figures;
use super::super::{sessions, sheets};
use crate::actor::Caller;
use crate::db::Db;
use crate::error::{Problem, Result};
use crate::ids::{DossierId, SessionMeetingId, SheetId};
use crate::web::{Answer, Body};

pub(super) fn routes(cfg: &mut ServiceConfig) {
    cfg.service(try_what_if).service(get_session_analytics).service(get_sheet_precedents);
}

/// Try the sheets behind a result under another decision or regulation
///
/// A simulation, and marked so: it changes nothing. It also says what the plain and the trimmed mean
/// give, and what each member's absence would change.
#[utoipa::path(tag = "Scoring", operation_id = "try_what_if",
    request_body(content = TryWhatIf, example = json!({"regulation": {"aggregation": "trimmedMean", "spreadLimit": 15}})),
    params(("id" = DossierId, Path, description = "The dossier")),
    responses((status = 200, body = WhatIf, description = "The simulation")))]
#[post("/dossiers/{id}/what-if")]
async fn try_what_if(caller: Caller, db: Data<Db>, id: Path<DossierId>, body: Body<TryWhatIf>) -> Result<Answer> {
    db.read(caller, move |cx| {
        insight::must_read_figures(cx, *id)?;
        let asked = body.valid()?;
        let trial = Trial { level: asked.level, rulebook_id: asked.rulebook_id, regulation: asked.regulation.clone() };
        let tried = insight::what_if(cx, *id, &trial)?;
        Answer::of(&WhatIf::of(tried, cx.lang()))
    })
    .await
}

/// Figures of a closed session: strictness, agreement, distribution, self-marks
///
/// For whoever leads the session and the offices that read sheets. Agreement is Krippendorff's alpha for
/// ordinal values.
#[utoipa::path(tag = "Scoring", operation_id = "get_session_analytics",
    params(("id" = SessionMeetingId, Path, description = "The session")),
    responses((status = 200, body = Figures, description = "The figures"),
        (status = 409, description = "session_not_closed: sheets are still being marked", body = Problem)))]
#[get("/sessions/{id}/analytics")]
async fn get_session_analytics(caller: Caller, db: Data<Db>, id: Path<SessionMeetingId>) -> Result<Answer> {
    db.read(caller, move |cx| {
        let row = sessions::session(cx, *id)?;
        Answer::of(&insight::session_figures(cx, &row)?)
    })
    .await
}

/// How councils marked the criteria of this sheet before: three dossiers at least, no names
#[utoipa::path(tag = "Scoring", operation_id = "get_sheet_precedents",
    params(("id" = SheetId, Path, description = "The sheet")),
    responses((status = 200, body = Precedents, description = "By criterion")))]
#[get("/sheets/{id}/precedents")]
async fn get_sheet_precedents(caller: Caller, db: Data<Db>, id: Path<SheetId>) -> Result<Answer> {
    db.read(caller, move |cx| {
        let row = sheets::sheet(cx, *id)?;
        let found = insight::precedents(cx, &row)?;
        Answer::of(&Precedents { criteria: found.into_iter().map(Into::into).collect() })
    })
    .await
}
