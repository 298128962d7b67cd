//! Certificates, their prints, and decisions as PDF.

use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse, get, post};
use utoipa_actix_web::service_config::ServiceConfig;

use crate::actor::Caller;
use crate::auth::policy::{self, Act};
use crate::certification::dto::{PrintCertificate, PrintList, PrintView, PrintsStarted};
use crate::certification::{paper, prints, show};
use crate::config::Config;
use crate::db::{Ctx, Db};
use crate::error::{AppError, Problem, Result};
use crate::files::{self, Asked, Files};
use crate::ids::{CertificateId, DecisionId, JobId};
use crate::paper::{Imprint, Press};
use crate::web::{Answer, Body, Once, accepted, created, shown};

pub(super) fn routes(cfg: &mut ServiceConfig) {
    cfg.service(get_certificate_pdf)
        .service(print_certificate)
        .service(list_prints)
        .service(get_print_pdf)
        .service(get_decision_pdf)
        .service(print_decision_certificates)
        .service(get_decision_prints);
}

/// The electronic certificate as PDF/A, in Vietnamese and English
///
/// It bears no print number. One that has ended bears its end across the page.
#[utoipa::path(tag = "Certification", operation_id = "get_certificate_pdf",
    params(("id" = CertificateId, Path, description = "The certificate")),
    responses((status = 200, description = "The certificate", content((Vec<u8> = "application/pdf"))),
        (status = 503, body = Problem, description = "Too many papers at once, try again")))]
#[get("/certificates/{id}/pdf")]
async fn get_certificate_pdf(
    caller: Caller,
    db: Data<Db>,
    press: Data<Press>,
    config: Data<Config>,
    id: Path<CertificateId>,
) -> Result<Answer> {
    let imprint = Imprint::from(config.get_ref());
    let (number, sheet) = db
        .read(caller, move |cx| {
            let row = show::certificate(cx, *id)?;
            policy::must(cx, Act::ReadCertificates)?;
            Ok((row.number.clone(), prints::electronic(cx, &row, &imprint)?))
        })
        .await?;
    press.answer(sheet, &format!("{number}.pdf")).await
}

/// Number a print of a certificate: an act of the office that issued it
///
/// Every print after the first needs a reason. A certificate that is not in force is not printed.
#[utoipa::path(tag = "Certification", operation_id = "print_certificate",
    params(("id" = CertificateId, Path, description = "The certificate"),
        ("Idempotency-Key" = String, Header, description = "Required: a double would be a second print")),
    request_body(content = PrintCertificate, example = json!({ "reason": "Bản trước bị hỏng do mưa" })),
    responses((status = 201, body = PrintView, description = "The print"),
        (status = 409, body = Problem, description = "certificate_not_in_force"),
        (status = 428, body = Problem, description = "No Idempotency-Key")))]
#[post("/certificates/{id}/prints")]
async fn print_certificate(
    caller: Caller,
    db: Data<Db>,
    id: Path<CertificateId>,
    once: Once,
    body: Body<PrintCertificate>,
) -> Result<Answer> {
    db.write(caller, move |cx| {
        let row = show::certificate(cx, *id)?;
        policy::must(cx, Act::PrintCertificate)?;
        prints::must_issue(cx, &row)?;
        let done = once.required()?.run(cx, &body.fingerprint, |cx| {
            let asked = body.valid()?;
            Ok(prints::print(cx, &row, asked.reason.as_deref().unwrap_or_default())?.id.0)
        })?;
        let print = prints::by_id(cx, &row, done.id)?;
        let view = PrintView::of(&row, &print);
        created(done, &view.pdf.clone(), 1, &view)
    })
    .await
}

/// The prints of a certificate, in order
#[utoipa::path(tag = "Certification", operation_id = "list_prints",
    params(("id" = CertificateId, Path, description = "The certificate")),
    responses((status = 200, body = PrintList, description = "Its prints")))]
#[get("/certificates/{id}/prints")]
async fn list_prints(caller: Caller, db: Data<Db>, id: Path<CertificateId>) -> Result<Answer> {
    db.read(caller, move |cx| {
        let row = show::certificate(cx, *id)?;
        policy::must(cx, Act::ReadCertificates)?;
        let data = prints::of(cx, &row)?.iter().map(|p| PrintView::of(&row, p)).collect();
        shown(&PrintList { data })
    })
    .await
}

/// A print of a certificate as PDF/A
#[utoipa::path(tag = "Certification", operation_id = "get_print_pdf",
    params(("id" = CertificateId, Path, description = "The certificate"),
        ("print" = i32, Path, description = "The number of the print, from 1")),
    responses((status = 200, description = "The print", content((Vec<u8> = "application/pdf"))),
        (status = 503, body = Problem, description = "Too many papers at once, try again")))]
#[get("/certificates/{id}/prints/{print}/pdf")]
async fn get_print_pdf(
    caller: Caller,
    db: Data<Db>,
    press: Data<Press>,
    config: Data<Config>,
    path: Path<(CertificateId, i32)>,
) -> Result<Answer> {
    let (id, ordinal) = path.into_inner();
    let imprint = Imprint::from(config.get_ref());
    let (number, sheet) = db
        .read(caller, move |cx| {
            let (row, print) = prints::one(cx, id, ordinal)?;
            policy::must(cx, Act::PrintCertificate)?;
            prints::must_issue(cx, &row)?;
            Ok((row.number.clone(), prints::sheet(cx, &row, &print, &imprint)?))
        })
        .await?;
    press.answer(sheet, &format!("{number}-{ordinal}.pdf")).await
}

/// A decision or notice with its list as PDF/A
///
/// A draft says so on each page. The decisions that are published are at `/v1/catalogue/decisions/{id}/pdf` for
/// everybody.
#[utoipa::path(tag = "Certification", operation_id = "get_decision_pdf",
    params(("id" = DecisionId, Path, description = "The decision")),
    responses((status = 200, description = "The decision", content((Vec<u8> = "application/pdf"))),
        (status = 503, body = Problem, description = "Too many papers at once, try again")))]
#[get("/decisions/{id}/pdf")]
async fn get_decision_pdf(
    caller: Caller,
    db: Data<Db>,
    press: Data<Press>,
    config: Data<Config>,
    id: Path<DecisionId>,
) -> Result<Answer> {
    let (id, imprint) = (*id, Imprint::from(config.get_ref()));
    let sheet = db
        .read(caller, move |cx| {
            let row = show::seen(cx, id)?;
            paper::decision(cx, &row, &imprint)
        })
        .await?;
    press.answer(sheet, &format!("{id}.pdf")).await
}

/// Print every certificate of a decision: one job, one PDF and a ZIP
///
/// Those that are not in force are left out and counted. The job tells how far it is; its result names the files.
#[utoipa::path(tag = "Certification", operation_id = "print_decision_certificates",
    params(("id" = DecisionId, Path, description = "The decision"),
        ("Idempotency-Key" = String, Header, description = "Required: a double would be a second print of each")),
    request_body(content = PrintCertificate, example = json!({ "reason": "In để trao tại hội nghị" })),
    responses((status = 202, body = PrintsStarted, description = "A worker prints them"),
        (status = 409, body = Problem, description = "The decision is not published, or issued no certificate"),
        (status = 428, body = Problem, description = "No Idempotency-Key")))]
#[post("/decisions/{id}/prints")]
async fn print_decision_certificates(
    caller: Caller,
    db: Data<Db>,
    id: Path<DecisionId>,
    once: Once,
    body: Body<PrintCertificate>,
) -> Result<Answer> {
    db.write(caller, move |cx| {
        let row = show::seen(cx, *id)?;
        policy::must(cx, Act::PrintCertificate)?;
        prints::must_be_ours(cx, &row)?;
        let start = |cx: &mut Ctx<'_>| {
            let asked = body.valid()?;
            Ok(prints::start(cx, &row, asked.reason.as_deref().unwrap_or_default())?.0)
        };
        let job = JobId(once.required()?.run(cx, &body.fingerprint, start)?.id);
        let at = format!("/v1/jobs/{job}");
        accepted(&at, &PrintsStarted { id: job, job: at.clone() })
    })
    .await
}

/// What a job printed: `certificates.pdf` or `certificates.zip`, for the office of the decision
#[utoipa::path(tag = "Certification", operation_id = "get_decision_prints",
    params(("id" = DecisionId, Path, description = "The decision"),
        ("job" = JobId, Path, description = "The job"),
        ("file" = String, Path, description = "certificates.pdf or certificates.zip")),
    responses((status = 200, description = "The file", content(
            (Vec<u8> = "application/pdf"), (Vec<u8> = "application/zip"))),
        (status = 206, body = Vec<u8>, content_type = "application/octet-stream", description = "The part that Range asks for"),
        (status = 416, description = "A part that it does not have", body = Problem),
        (status = 409, body = Problem, description = "prints_under_way: the job is not done yet")))]
#[get("/decisions/{id}/prints/{job}/{file}")]
async fn get_decision_prints(
    caller: Caller,
    req: HttpRequest,
    db: Data<Db>,
    files: Data<Files>,
    path: Path<(DecisionId, JobId, String)>,
) -> Result<HttpResponse> {
    let (id, job, file) = path.into_inner();
    if !["certificates.pdf", "certificates.zip"].contains(&file.as_str()) {
        return Err(AppError::NotFound);
    }
    let name = file.clone();
    let stored = db
        .read(caller, move |cx| {
            let row = show::seen(cx, id)?;
            policy::must(cx, Act::PrintCertificate)?;
            let sha256 = prints::finished(cx, &row, job, &name)?;
            files::find(cx, &sha256)
        })
        .await?;
    files.send(&Asked::of(req.headers()), &stored, &file, "private, no-store").await
}
