//! What the producer writes, and the commune's report.

use actix_web::web::{Data, Path};
use actix_web::{get, post, put};
use utoipa_actix_web::service_config::ServiceConfig;

use super::super::dto::{
    CommuneReportView, DossierView, EditDossier, OpenDossier, SelfAssessmentView, SelfMarkInput, SelfMarksInput,
};
use super::super::intake::{NewDossier, OwnMark, edit, mark, open, report};
use super::super::opened::Opened;
use super::super::rules::{CommuneReport, Party};
use super::super::{get, hold, parties_of, show};
use super::answer;
use crate::actor::Caller;
use crate::auth::policy::{self, Act};
use crate::db::{Ctx, Db};
use crate::error::{AppError, Problem, Result};
use crate::ids::DossierId;
use crate::rulebook::marks::Choice;
use crate::web::{Answer, Body, IfMatch, Once, created, found};

pub(super) fn routes(cfg: &mut ServiceConfig) {
    cfg.service(open_dossier)
        .service(edit_dossier)
        .service(get_self_assessment)
        .service(put_self_marks)
        .service(put_self_mark)
        .service(get_commune_report)
        .service(put_commune_report);
}

/// Open a dossier for a product of one's own
#[utoipa::path(tag = "Dossiers", operation_id = "open_dossier",
    params(("Idempotency-Key" = Option<String>, Header, description = "A name of this deed, for retries")),
    request_body(content = OpenDossier, example = json!({
        "product": "01978a3e-0000-7000-8000-000000000001", "kind": "first", "set": "07",
        "form": {"description": "Dưa cải muối truyền thống", "samples": 5, "commitment": true}})),
    responses((status = 201, description = "A draft", body = DossierView),
        (status = 404, description = "No such product, or not for the caller to know", body = Problem),
        (status = 409, description = "dossier_open_already, dossier_nothing_held, dossier_place_unclear, criteria_set_unknown", body = Problem)))]
#[post("/dossiers")]
async fn open_dossier(caller: Caller, db: Data<Db>, once: Once, body: Body<OpenDossier>) -> Result<Answer> {
    db.write(caller, move |cx| {
        policy::must(cx, Act::OpenDossier)?;
        let done = once.run(cx, &body.fingerprint, |cx| {
            let asked = body.valid()?;
            let new = NewDossier {
                product: asked.product,
                kind: asked.kind,
                set: asked.set.clone(),
                form: asked.form.clone(),
            };
            open(cx, new).map(|row| row.id.0)
        })?;
        let row = get(cx, DossierId(done.id))?;
        created(done, &format!("/v1/dossiers/{}", row.id), row.version, &show::dossier(cx, &row)?)
    })
    .await
}

/// Refuses who does not speak for the producer of this dossier.
fn must_be_producer(cx: &mut Ctx<'_>, row: &super::super::Dossier) -> Result<()> {
    policy::must(cx, Act::EditDossier)?;
    match cx.actor().is_system() || parties_of(cx, row)?.contains(&Party::Producer) {
        true => Ok(()),
        false => Err(AppError::Forbidden(Act::EditDossier.word())),
    }
}

/// Write the form (Mẫu 01 and 02), or choose another criteria set
#[utoipa::path(tag = "Dossiers", operation_id = "edit_dossier",
    params(("id" = DossierId, Path, description = "Identifier of the dossier"),
        ("If-Match" = String, Header, description = "Tag of the version that was read")),
    request_body(content = EditDossier, example = json!({
        "form": {"description": "Dưa cải muối truyền thống", "history": "Làm từ năm 1990", "samples": 5, "commitment": true}})),
    responses((status = 200, description = "As it is written now", body = DossierView),
        (status = 409, description = "dossier_not_with_producer", body = Problem)))]
#[put("/dossiers/{id}")]
async fn edit_dossier(
    caller: Caller,
    db: Data<Db>,
    id: Path<DossierId>,
    if_match: IfMatch,
    body: Body<EditDossier>,
) -> Result<Answer> {
    db.write(caller, move |cx| {
        let row = hold(cx, *id)?;
        must_be_producer(cx, &row)?;
        if_match.check(row.version)?;
        let asked = body.valid()?;
        let row = edit(cx, &row, &asked.form, asked.set.as_deref())?;
        answer(cx, &row)
    })
    .await
}

/// The self-assessment: marks, their total, and what the next star needs
#[utoipa::path(tag = "Dossiers", operation_id = "get_self_assessment",
    params(("id" = DossierId, Path, description = "Identifier of the dossier")),
    responses((status = 200, description = "The marks so far", body = SelfAssessmentView)))]
#[get("/dossiers/{id}/self-assessment")]
async fn get_self_assessment(caller: Caller, db: Data<Db>, id: Path<DossierId>) -> Result<Answer> {
    db.read(caller, move |cx| {
        let row = get(cx, *id)?;
        found(row.version, &show::self_assessment(cx, &Opened::of(&row))?)
    })
    .await
}

/// Mark one criterion about oneself
#[utoipa::path(tag = "Dossiers", operation_id = "put_self_mark",
    params(("id" = DossierId, Path, description = "Identifier of the dossier"),
        ("criterion" = String, Path, description = "Code of the criterion", example = "1.1"),
        ("If-Match" = String, Header, description = "Tag of the version that was read")),
    request_body(content = SelfMarkInput, example = json!({"option": "c"})),
    responses((status = 200, description = "The marks so far", body = SelfAssessmentView),
        (status = 409, description = "dossier_not_with_producer, sheet_criterion_unknown, sheet_option_unknown, sheet_none_needs_comment, sheet_case_required …", body = Problem)))]
#[put("/dossiers/{id}/self-assessment/{criterion}")]
async fn put_self_mark(
    caller: Caller,
    db: Data<Db>,
    path: Path<(DossierId, String)>,
    if_match: IfMatch,
    body: Body<SelfMarkInput>,
) -> Result<Answer> {
    let (id, criterion) = path.into_inner();
    db.write(caller, move |cx| {
        let row = hold(cx, id)?;
        must_be_producer(cx, &row)?;
        if_match.check(row.version)?;
        let row = mark(cx, &row, &[(criterion.clone(), own(body.valid()?))])?;
        found(row.version, &show::self_assessment(cx, &Opened::of(&row))?)
    })
    .await
}

/// Mark several criteria about oneself at once
#[utoipa::path(tag = "Dossiers", operation_id = "put_self_marks",
    params(("id" = DossierId, Path, description = "Identifier of the dossier"),
        ("If-Match" = String, Header, description = "Tag of the version that was read")),
    request_body(content = SelfMarksInput, example = json!({"marks": {"1.1": {"option": "c"}, "1.2": {"option": "a"}}})),
    responses((status = 200, description = "The marks so far", body = SelfAssessmentView),
        (status = 409, description = "dossier_not_with_producer, sheet_criterion_unknown, sheet_option_unknown …", body = Problem)))]
#[put("/dossiers/{id}/self-assessment")]
async fn put_self_marks(
    caller: Caller,
    db: Data<Db>,
    id: Path<DossierId>,
    if_match: IfMatch,
    body: Body<SelfMarksInput>,
) -> Result<Answer> {
    db.write(caller, move |cx| {
        let row = hold(cx, *id)?;
        must_be_producer(cx, &row)?;
        if_match.check(row.version)?;
        let marks: Vec<(String, OwnMark)> = body.valid()?.marks.iter().map(|(c, m)| (c.clone(), own(m))).collect();
        let row = mark(cx, &row, &marks)?;
        found(row.version, &show::self_assessment(cx, &Opened::of(&row))?)
    })
    .await
}

fn own(input: &SelfMarkInput) -> OwnMark {
    let choice = Choice { option: input.option.clone(), case: input.case, comment: input.comment.clone() };
    OwnMark { choice, evidence: input.evidence.clone() }
}

/// The commune's report, with its fifteen working days: both deadlines, holidays and swapped days
#[utoipa::path(tag = "Dossiers", operation_id = "get_commune_report",
    params(("id" = DossierId, Path, description = "Identifier of the dossier")),
    responses((status = 200, description = "The report and the time for it", body = CommuneReportView,
        example = json!({"report": null, "clock": {"clock": "communeReview", "startedOn": "2026-08-17",
            "deadline": "2026-09-09", "deadlineWithPauses": "2026-09-09", "endedOn": null},
            "specialDays": [{"date": "2026-08-22", "kind": "workingDay", "name": "Ngày làm việc bù", "status": "confirmed"}]}))))]
#[get("/dossiers/{id}/commune-report")]
async fn get_commune_report(caller: Caller, db: Data<Db>, id: Path<DossierId>) -> Result<Answer> {
    db.snapshot(caller, move |cx| {
        let row = get(cx, *id)?;
        found(row.version, &show::commune_report(cx, &row)?)
    })
    .await
}

/// Write the commune's report on the four contents (Mẫu 03)
#[utoipa::path(tag = "Dossiers", operation_id = "put_commune_report",
    params(("id" = DossierId, Path, description = "Identifier of the dossier"),
        ("If-Match" = String, Header, description = "Tag of the version that was read")),
    request_body(content = CommuneReport, example = json!({
        "origin": "Nguyên liệu trồng tại xã", "labour": "12 lao động địa phương", "idea": "Nghề truyền thống của xã",
        "identity": "Công thức lưu truyền trong cộng đồng", "meeting": {"heldOn": "2026-06-01", "record": "Đủ thành phần"},
        "proposed": true, "proposal": "Đề nghị đánh giá, phân hạng"})),
    responses((status = 200, description = "The dossier with its report", body = DossierView),
        (status = 409, description = "dossier_report_closed", body = Problem)))]
#[put("/dossiers/{id}/commune-report")]
async fn put_commune_report(
    caller: Caller,
    db: Data<Db>,
    id: Path<DossierId>,
    if_match: IfMatch,
    body: Body<CommuneReport>,
) -> Result<Answer> {
    db.write(caller, move |cx| {
        let row = hold(cx, *id)?;
        policy::must(cx, Act::WriteCommuneReport)?;
        if !cx.actor().is_system() && !parties_of(cx, &row)?.contains(&Party::Commune) {
            return Err(AppError::Forbidden(Act::WriteCommuneReport.word()));
        }
        if_match.check(row.version)?;
        let row = report(cx, &row, body.valid()?)?;
        answer(cx, &row)
    })
    .await
}
