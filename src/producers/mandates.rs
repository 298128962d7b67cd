//! Mandates: a producer lets an officer or a consultant act for it, on paper and for a time. The right
//! that comes of it ends with the paper.

use chrono::NaiveDate;

use super::model::Producer;
pub use super::model::mandates::Mandate;
use super::store::mandates as store;
use crate::actor::Role;
use crate::audit::{self, Details};
use crate::auth::{self, Right};
use crate::db::Ctx;
use crate::error::{AppError, Result};
use crate::files::{self, Form, Received};
use crate::ids::{MandateId, ProducerId, UserId};
use crate::web::body::ordinary_day;

/// The texts of a form with a mandate.
pub const FIELDS: &[&str] = &["user", "number", "signedOn", "validFrom", "validTo"];

/// What a mandate says.
#[derive(Debug, Clone)]
pub struct NewMandate {
    /// Who may act; the caller when not said.
    pub user: Option<UserId>,
    /// The number it bears.
    pub number: String,
    /// The day it was signed.
    pub signed_on: NaiveDate,
    /// First day.
    pub valid_from: NaiveDate,
    /// Last day.
    pub valid_to: NaiveDate,
}

impl NewMandate {
    /// Reads the texts of a form.
    ///
    /// # Errors
    /// 422 with the field.
    pub fn of(form: &Form) -> Result<Self> {
        let wrong = |_| {
            AppError::field(
                "/user",
                "wrong_type",
                "Mã người dùng viết dạng UUID.",
                "Write the user's identifier as a UUID.",
            )
        };
        let number = form.text("number").filter(|n| n.chars().count() <= 100);
        Ok(Self {
            user: form.text("user").map(|text| text.parse().map_err(wrong)).transpose()?,
            number: number.ok_or_else(|| {
                AppError::field(
                    "/number",
                    "required",
                    "Ghi số giấy ủy quyền, không quá 100 ký tự.",
                    "Give the number of the mandate, at most 100 characters.",
                )
            })?,
            signed_on: day(form, "signedOn")?,
            valid_from: day(form, "validFrom")?,
            valid_to: day(form, "validTo")?,
        })
    }
}

fn day(form: &Form, name: &str) -> Result<NaiveDate> {
    let read = form.text(name).and_then(|text| text.parse::<NaiveDate>().ok());
    read.filter(|day| ordinary_day(day).is_ok()).ok_or_else(|| {
        AppError::field(&format!("/{name}"), "wrong_type", "Ghi ngày dạng YYYY-MM-DD.", "Give the day as YYYY-MM-DD.")
    })
}

/// Records a mandate and gives the right it speaks of, for its time.
///
/// # Errors
/// 422 for days that do not follow each other, a mandate that is over, and a person who is unknown.
pub fn record(cx: &mut Ctx<'_>, producer: &Producer, new: &NewMandate, paper: (&Received, &str)) -> Result<MandateId> {
    must_be_in_order(cx, new)?;
    let unknown = || AppError::field("/user", "unknown_user", "Không có người dùng này.", "There is no such user.");
    let user = new.user.or(cx.actor().user()).ok_or_else(unknown)?;
    auth::user(cx, user)?.filter(|u| u.disabled_at.is_none()).ok_or_else(unknown)?;
    let (received, file_name) = paper;
    files::note(cx, received)?;
    let right = Right {
        producer: Some(producer.id),
        from: Some(new.valid_from),
        to: Some(new.valid_to),
        basis: format!("Giấy ủy quyền {} ({})", new.number, new.signed_on),
        ..Right::default()
    };
    let grant_id = auth::grant(cx, user, Role::Consultant, right)?;
    let row = Mandate {
        id: MandateId::new(),
        producer_id: producer.id,
        user_id: user,
        grant_id,
        number: new.number.clone(),
        signed_on: new.signed_on,
        valid_from: new.valid_from,
        valid_to: new.valid_to,
        sha256: received.sha256.clone(),
        file_name: file_name.to_owned(),
        recorded_by: cx.actor().user(),
        recorded_at: cx.now,
        ended_at: None,
    };
    store::insert(cx, &row)?;
    let details = Details::none().with("mandate", row.id).with("user", user).with("number", &row.number);
    let details = details.with("validFrom", row.valid_from).with("validTo", row.valid_to).with("sha256", &row.sha256);
    audit::record(cx, "producer.mandate_recorded", "producer", producer.id.0, details)?;
    Ok(row.id)
}

fn must_be_in_order(cx: &Ctx<'_>, new: &NewMandate) -> Result<()> {
    let today = cx.today();
    let fault = match new {
        n if n.signed_on > today => {
            ("/signedOn", "future", "Ngày ký không ở tương lai.", "It cannot be signed in the future.")
        }
        n if n.valid_to < n.valid_from => (
            "/validTo",
            "dates_swapped",
            "Ngày cuối phải từ ngày đầu trở đi.",
            "The last day must not lie before the first.",
        ),
        n if n.valid_to < today => ("/validTo", "over", "Giấy ủy quyền đã hết hạn.", "The mandate is over."),
        _ => return Ok(()),
    };
    let (pointer, code, vi, en) = fault;
    Err(AppError::field(pointer, code, vi, en))
}

/// The mandates of a producer, the newest first.
///
/// # Errors
/// When the database fails.
pub fn list(cx: &mut Ctx<'_>, producer: ProducerId) -> Result<Vec<Mandate>> {
    let same = super::same_as(cx, producer)?;
    store::of_producers(cx, &same)
}

/// One of them.
///
/// # Errors
/// 404.
pub fn get(cx: &mut Ctx<'_>, producer: ProducerId, id: MandateId) -> Result<Mandate> {
    list(cx, producer)?.into_iter().find(|m| m.id == id).ok_or(AppError::NotFound)
}

/// Any of them, for what an act has written before.
///
/// # Errors
/// 404.
pub fn any(cx: &mut Ctx<'_>, id: MandateId) -> Result<Mandate> {
    store::find(cx, id)?.ok_or(AppError::NotFound)
}

/// The mandate by which the caller acts for a producer today.
///
/// # Errors
/// When the database fails.
pub fn of_caller(cx: &mut Ctx<'_>, producer: ProducerId) -> Result<Option<Mandate>> {
    let Some(user) = cx.actor().user() else { return Ok(None) };
    let same = super::same_as(cx, producer)?;
    store::holding(cx, user, &same)
}

/// Writes down that somebody else than the producer reads the paper: it bears personal data.
///
/// # Errors
/// When the database fails.
pub fn note_reading(cx: &mut Ctx<'_>, row: &Mandate) -> Result<()> {
    if cx.actor().grants.iter().any(|g| g.role == Role::Producer && g.producer == Some(row.producer_id)) {
        return Ok(());
    }
    let details = Details::none().with("mandate", row.id);
    audit::record(cx, "producer.mandate_read", "producer", row.producer_id.0, details)
}

/// Ends a mandate before its time, and the right that it gave.
///
/// # Errors
/// When the database fails.
pub fn end(cx: &mut Ctx<'_>, row: &Mandate) -> Result<()> {
    if row.ended_at.is_some() {
        return Ok(());
    }
    store::end(cx, row.id, cx.now)?;
    auth::withdraw_grant(cx, row.grant_id, row.user_id)?;
    let details = Details::none().with("mandate", row.id).with("user", row.user_id).with("number", &row.number);
    audit::record(cx, "producer.mandate_ended", "producer", row.producer_id.0, details)
}
