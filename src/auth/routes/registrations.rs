//! Applications for an account.

#![expect(unused_qualifications, reason = "what utoipa makes of a Query in a handler")]

use actix_web::web::{Data, Path, Query};
use actix_web::{get, post};
use serde::Deserialize;
use serde_json::json;
use utoipa::IntoParams;
use utoipa_actix_web::service_config::ServiceConfig;

use crate::actor::Caller;
use crate::auth::dto::{DecideRegistration, Register, RegistrationReceipt, RegistrationView, Verdict};
use crate::auth::policy::{self, Act};
use crate::auth::registrations::{self, NewRegistration};
use crate::auth::rules::{self, RegistrationState};
use crate::auth::tokens::Passwords;
use crate::auth::{Neighbours, Particulars, Visitor};
use crate::db::{Db, Moment};
use crate::error::{AppError, FieldError, Problem, Result};
use crate::ids::RegistrationId;
use crate::keys;
use crate::web::page::{self, Page};
use crate::web::{Answer, Body, IfMatch, Once, created, found};

/// These routes.
pub(super) fn routes(cfg: &mut ServiceConfig) {
    cfg.service(register).service(list_registrations).service(get_registration).service(decide_registration);
}

/// Apply for an account of a producer
///
/// The officer of the commune decides. Name a new producer (`producerName`, `producerKind`) or
/// claim one of the register (`producer`). The answer is the same whether the e-mail has an account
/// or not. At most twenty an hour from one network.
#[utoipa::path(tag = "Identity", operation_id = "register", security(()),
    params(("Idempotency-Key" = Option<String>, Header, description = "The same key gives the same answer; nothing is filed twice")),
    request_body(content = Register, example = json!({"email": "lan@example.vn", "phone": "0294 3855 246", "name": "Nguyễn Thị Lan",
        "password": "con trâu đi trước cái cày", "place": "0b7c1f5e-58d5-5c55-9a37-0d9f5b0f7a11",
        "producerName": "HTX Tân Qui", "producerKind": "cooperative", "taxCode": "0100109106"})),
    responses((status = 201, body = RegistrationReceipt, description = "Filed"),
        (status = 429, body = Problem, description = "Too many from this network; Retry-After says how long")))]
#[post("/registrations")]
async fn register(
    Visitor(caller): Visitor,
    db: Data<Db>,
    ask: Data<Neighbours>,
    passwords: Data<Passwords>,
    once: Once,
    body: Body<Register>,
) -> Result<Answer> {
    let asked = body.valid()?.clone();
    complete(&asked)?;
    db.read(caller.clone(), registrations::may_file).await?;
    let fingerprint = fingerprint(&asked);
    let new = NewRegistration {
        password_hash: passwords.hash(asked.password.clone()).await?,
        email: asked.email,
        name: asked.name,
        claims: asked.producer,
        producer: Particulars {
            name: asked.producer_name.unwrap_or_default(),
            kind: asked.producer_kind,
            tax_code: asked.tax_code,
            registration_number: asked.registration_number,
            place: asked.place,
            phone: asked.phone,
        },
    };
    db.write(caller, move |cx| {
        let done = once.run(cx, &fingerprint, |cx| Ok(registrations::file(cx, &ask, &new)?.0))?;
        let receipt = RegistrationReceipt::of(RegistrationId(done.id));
        created(done, &format!("/v1/registrations/{}", done.id), 1, &receipt)
    })
    .await
}

/// What no single field can say.
fn complete(asked: &Register) -> Result<()> {
    let mut faults: Vec<FieldError> =
        rules::password_fault(&asked.password, &asked.email, "/password").into_iter().collect();
    if asked.tax_code.is_none() && asked.registration_number.is_none() {
        faults.push(FieldError::new(
            "/taxCode",
            "one_of",
            "Nêu mã số thuế hoặc số đăng ký kinh doanh.",
            "Give the tax code or the number of the business registration.",
        ));
    }
    let new = (&asked.producer_name, &asked.producer_kind);
    match (asked.producer, new) {
        (Some(_), (None, None)) | (None, (Some(_), Some(_))) => {}
        (Some(_), _) => faults.push(FieldError::new(
            "/producerName",
            "not_with_producer",
            "Đã nêu chủ thể có sẵn thì không nêu chủ thể mới.",
            "Either claim a producer or name a new one, not both.",
        )),
        (None, _) => faults.push(FieldError::new(
            "/producerName",
            "required",
            "Nêu producerName và producerKind của chủ thể mới, hoặc producer có sẵn.",
            "Give producerName and producerKind of a new producer, or the producer of the register.",
        )),
    }
    if faults.is_empty() { Ok(()) } else { Err(AppError::Invalid(faults)) }
}

/// For retries: everything but the password, of which no trace but its slow hash is kept.
fn fingerprint(asked: &Register) -> String {
    let kept = json!([
        asked.email,
        asked.phone,
        asked.name,
        asked.place,
        asked.producer,
        asked.producer_name,
        asked.producer_kind,
        asked.tax_code,
        asked.registration_number,
    ]);
    keys::sha256_hex(kept.to_string().as_bytes())
}

/// What a list is narrowed by.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
#[into_params(parameter_in = Query)]
struct ListRegistrations {
    /// Only those that stand here.
    state: Option<RegistrationState>,
    /// How many, 1 to 100.
    limit: Option<i64>,
    /// `page.next` of the page before.
    cursor: Option<String>,
}

/// Registrations in my territory, who has waited longest first
#[utoipa::path(tag = "Identity", operation_id = "list_registrations", params(ListRegistrations),
    responses((status = 200, body = Page<RegistrationView>, description = "A page")))]
#[get("/registrations")]
async fn list_registrations(caller: Caller, db: Data<Db>, query: Query<ListRegistrations>) -> Result<Answer> {
    let limit = page::limit(query.limit)?;
    let after: Option<(Moment, RegistrationId)> = page::read_cursor(query.cursor.as_deref())?;
    db.read(caller, move |cx| {
        policy::must(cx, Act::ReviewRegistrations)?;
        let rows = registrations::page(cx, query.state, after, limit)?;
        Page::cut(rows, limit, |r| (r.created_at, r.id)).map(|r| RegistrationView::from(&r)).answer()
    })
    .await
}

/// One registration with the applicant's e-mail and telephone; each look is written into the audit
#[utoipa::path(tag = "Identity", operation_id = "get_registration",
    params(("id" = RegistrationId, Path, description = "The registration")),
    responses((status = 200, body = RegistrationView, description = "The registration")))]
#[get("/registrations/{id}")]
async fn get_registration(caller: Caller, db: Data<Db>, id: Path<RegistrationId>) -> Result<Answer> {
    db.write(caller, move |cx| {
        registrations::get(cx, *id)?;
        policy::must(cx, Act::ReviewRegistrations)?;
        let (row, has_account) = registrations::look_into(cx, *id)?;
        let mut view = RegistrationView::from(&row);
        view.has_account = Some(has_account);
        (view.email, view.phone) = (Some(row.email), Some(row.phone));
        found(row.version, &view)
    })
    .await
}

/// Approve or refuse a registration
///
/// Approval makes the account and its right for the producer: a new one, the one that is claimed,
/// or the one of the register that the officer found (`producer`). When the e-mail has an account,
/// that account gets the right and keeps its own password.
#[utoipa::path(tag = "Identity", operation_id = "decide_registration",
    params(("id" = RegistrationId, Path, description = "The registration"),
        ("If-Match" = String, Header, description = "The ETag that was read")),
    request_body(content = DecideRegistration, examples(
        ("approve" = (summary = "Approved", value = json!({"decision": "approve"}))),
        ("refuse" = (summary = "Refused", value = json!({"decision": "refuse", "reason": "Không phải cơ sở trên địa bàn xã"}))))),
    responses((status = 200, body = RegistrationView, description = "Decided"),
        (status = 409, body = Problem, description = "`registration_decided`, `registration_producer_unknown`, `account_closed`, `producer_tax_code_taken`")))]
#[post("/registrations/{id}/decisions")]
async fn decide_registration(
    caller: Caller,
    db: Data<Db>,
    ask: Data<Neighbours>,
    id: Path<RegistrationId>,
    if_match: IfMatch,
    body: Body<DecideRegistration>,
) -> Result<Answer> {
    db.write(caller, move |cx| {
        let row = registrations::hold(cx, *id)?;
        policy::must(cx, Act::ReviewRegistrations)?;
        if_match.check(row.version)?;
        let asked = body.valid()?;
        let row = match (asked.decision, asked.reason.as_deref()) {
            (Verdict::Approve, reason) => registrations::approve(cx, &ask, row, asked.producer, reason)?,
            (Verdict::Refuse, Some(reason)) => registrations::refuse(cx, row, reason)?,
            (Verdict::Refuse, None) => return Err(reason_missing()),
        };
        found(row.version, &RegistrationView::from(&row))
    })
    .await
}

fn reason_missing() -> AppError {
    AppError::field("/reason", "required_for_refusal", "Nêu lý do khi không duyệt.", "Give the reason of a refusal.")
}
