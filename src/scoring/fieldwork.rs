//! What the advisory team does outside its office: site visits with pictures, and extra tests that it
//! asks for (26/2026, Điều 7.3 c). Like the rest of its review it is written before the dossier is marked.

use chrono::NaiveDate;

use super::advisory::{level_of, must_be_before_marking, must_read};
use super::model::{SiteVisit, TestRequest, VisitPicture};
use super::rules::SessionStop;
use super::store;
use crate::audit::{self, Details};
use crate::auth::policy::{self, Act};
use crate::db::Ctx;
use crate::dossiers::{self, Dossier, documents};
use crate::error::{AppError, Result};
use crate::files::{self, Received};
use crate::ids::{DocumentId, DossierId, RowId};
use crate::outbox::{self, Topic};

/// A dossier for whoever writes about it for the advisory team, locked until the deed ends.
///
/// # Errors
/// 404, or 403 for roles that do not write the review and for members of its council.
pub fn hold_for_team(cx: &mut Ctx<'_>, id: DossierId) -> Result<Dossier> {
    let dossier = dossiers::hold(cx, id)?;
    policy::must(cx, Act::WriteAdvisoryReview)?;
    must_read(cx, &dossier)?;
    Ok(dossier)
}

/// A site visit to write down.
#[derive(Debug, Clone)]
pub struct NewVisit {
    /// Its day.
    pub visited_on: NaiveDate,
    /// Who took part.
    pub people: String,
    /// What was found.
    pub seen: String,
}

/// Writes a site visit down.
///
/// # Errors
/// 422 for a day to come, 409 once marking was opened.
pub fn record_visit(cx: &mut Ctx<'_>, dossier: &Dossier, new: NewVisit) -> Result<SiteVisit> {
    must_be_before_marking(cx, dossier)?;
    must_have_come(cx, "/visitedOn", new.visited_on)?;
    let row = SiteVisit {
        id: RowId::new(),
        dossier_id: dossier.id,
        level: level_of(dossier),
        visited_on: new.visited_on,
        people: new.people,
        seen: new.seen,
        written_by: cx.actor().user(),
        written_at: cx.now,
    };
    store::insert_visit(cx, &row)?;
    let details = Details::none().with("visit", row.id).with("visitedOn", row.visited_on);
    audit::record(cx, "advisory.site_visited", "dossier", dossier.id.0, details)?;
    Ok(row)
}

fn must_have_come(cx: &Ctx<'_>, at: &str, day: NaiveDate) -> Result<()> {
    match day <= cx.today() {
        true => Ok(()),
        false => Err(AppError::field(at, "future", "Ngày này chưa đến.", "That day has not come yet.")),
    }
}

/// The site visits of a dossier with their pictures, for whoever reads the review.
///
/// # Errors
/// 404, or 403 for roles that do not read it.
pub fn visits(cx: &mut Ctx<'_>, id: DossierId) -> Result<Vec<(SiteVisit, Vec<VisitPicture>)>> {
    let dossier = dossiers::get(cx, id)?;
    must_read(cx, &dossier)?;
    store::visits(cx, dossier.id, level_of(&dossier))
}

/// A site visit that the caller may read about, with its dossier.
///
/// # Errors
/// 404, or 403 for roles that do not read the review.
pub fn visit(cx: &mut Ctx<'_>, id: RowId) -> Result<(Dossier, SiteVisit)> {
    let row = store::visit(cx, id)?.ok_or(AppError::NotFound)?;
    let dossier = dossiers::get(cx, row.dossier_id)?;
    must_read(cx, &dossier)?;
    Ok((dossier, row))
}

/// A visit to which the caller may put a picture now: asked before bytes are taken in.
///
/// # Errors
/// 404, 403, or 409 once marking was opened.
pub fn may_add_picture(cx: &mut Ctx<'_>, id: RowId) -> Result<SiteVisit> {
    let (dossier, row) = visit(cx, id)?;
    policy::must(cx, Act::WriteAdvisoryReview)?;
    must_be_before_marking(cx, &dossier)?;
    Ok(row)
}

/// Puts a picture to a visit.
///
/// # Errors
/// As [`may_add_picture`].
pub fn add_picture(
    cx: &mut Ctx<'_>,
    visit: &SiteVisit,
    received: &Received,
    file_name: &str,
    caption: String,
) -> Result<RowId> {
    let dossier = hold_for_team(cx, visit.dossier_id)?;
    must_be_before_marking(cx, &dossier)?;
    files::note(cx, received)?;
    let row = VisitPicture {
        id: RowId::new(),
        site_visit_id: visit.id,
        sha256: received.sha256.clone(),
        file_name: file_name.to_owned(),
        caption,
        uploaded_by: cx.actor().user(),
        uploaded_at: cx.now,
    };
    store::insert_picture(cx, &row)?;
    let details = Details::none().with("visit", visit.id).with("picture", row.id).with("sha256", &row.sha256);
    audit::record(cx, "advisory.picture_added", "dossier", dossier.id.0, details)?;
    Ok(row.id)
}

/// One picture of a visit.
///
/// # Errors
/// 404.
pub fn picture(cx: &mut Ctx<'_>, visit: RowId, id: RowId) -> Result<VisitPicture> {
    store::picture(cx, id)?.filter(|p| p.site_visit_id == visit).ok_or(AppError::NotFound)
}

/// An extra test to ask for.
#[derive(Debug, Clone)]
pub struct NewTest {
    /// The producer or the laboratory.
    pub asked_of: String,
    /// What is to be tested.
    pub wanted: String,
    /// Last day.
    pub due_on: NaiveDate,
}

/// Asks for an extra test. The outside world learns that one is asked, never what.
///
/// # Errors
/// 422 for a day that is over, 409 once marking was opened.
pub fn ask_test(cx: &mut Ctx<'_>, dossier: &Dossier, new: NewTest) -> Result<TestRequest> {
    must_be_before_marking(cx, dossier)?;
    if new.due_on <= cx.today() {
        return Err(AppError::field(
            "/dueOn",
            "not_after_today",
            "Thời hạn kiểm nghiệm phải sau ngày hôm nay.",
            "The last day of the test must lie after today.",
        ));
    }
    let row = TestRequest {
        id: RowId::new(),
        dossier_id: dossier.id,
        level: level_of(dossier),
        asked_of: new.asked_of,
        wanted: new.wanted,
        due_on: new.due_on,
        asked_by: cx.actor().user(),
        asked_at: cx.now,
        result: None,
        document_id: None,
        received_on: None,
        received_by: None,
        version: 1,
    };
    store::insert_test(cx, &row)?;
    let details = Details::none().with("test", row.id).with("dueOn", row.due_on);
    audit::record(cx, "advisory.test_asked", "dossier", dossier.id.0, details)?;
    tell(cx, &row, "asked")?;
    Ok(row)
}

fn tell(cx: &mut Ctx<'_>, row: &TestRequest, is: &str) -> Result<()> {
    let told = serde_json::json!({ "testRequest": row.id, "is": is, "dueOn": row.due_on });
    outbox::tell(cx, Topic::Dossier, row.dossier_id.0, told)
}

/// The extra tests asked about a dossier: for whoever reads the review, and for its own producer, who
/// has them made.
///
/// # Errors
/// 404, or 403 for everybody else.
pub fn tests(cx: &mut Ctx<'_>, id: DossierId) -> Result<Vec<TestRequest>> {
    let dossier = dossiers::get(cx, id)?;
    if !cx.actor().producers().contains(&dossier.producer_id) {
        must_read(cx, &dossier)?;
    }
    store::tests(cx, dossier.id, level_of(&dossier))
}

/// One of them that the caller may read.
///
/// # Errors
/// 404, or 403.
pub fn test(cx: &mut Ctx<'_>, id: RowId) -> Result<TestRequest> {
    let row = store::test(cx, id)?.ok_or(AppError::NotFound)?;
    let all = tests(cx, row.dossier_id)?;
    all.into_iter().find(|t| t.id == id).ok_or(AppError::NotFound)
}

/// The same with its dossier for the team that asked, locked until the deed ends.
///
/// # Errors
/// 404, or 403 for everybody else.
pub fn hold_test(cx: &mut Ctx<'_>, id: RowId) -> Result<(Dossier, TestRequest)> {
    let row = store::test(cx, id)?.ok_or(AppError::NotFound)?;
    let dossier = hold_for_team(cx, row.dossier_id)?;
    let row = store::test(cx, id)?.ok_or(AppError::NotFound)?;
    Ok((dossier, row))
}

/// What came of a test.
#[derive(Debug, Clone)]
pub struct TestResult {
    /// The result, in words.
    pub result: String,
    /// The paper of the dossier that says so.
    pub document_id: Option<DocumentId>,
    /// The day on which it came.
    pub received_on: NaiveDate,
}

/// Writes the result of a test down.
///
/// # Errors
/// 422 for a paper that does not lie in the dossier and a day to come, 409 where the result is there
/// already or marking was opened.
pub fn receive_test(cx: &mut Ctx<'_>, dossier: &Dossier, before: TestRequest, got: TestResult) -> Result<TestRequest> {
    must_be_before_marking(cx, dossier)?;
    if before.result.is_some() {
        return Err(SessionStop::TestReceived.into());
    }
    must_have_come(cx, "/receivedOn", got.received_on)?;
    if let Some(paper) = got.document_id
        && !documents::list(cx, dossier.id)?.iter().any(|d| d.reference.id == paper)
    {
        return Err(AppError::field(
            "/documentId",
            "not_found",
            "Giấy tờ này không có trong hồ sơ; thêm vào hồ sơ trước (POST /v1/dossiers/{id}/documents).",
            "The paper does not lie in the dossier; add it first (POST /v1/dossiers/{id}/documents).",
        ));
    }
    let row = TestRequest {
        result: Some(got.result),
        document_id: got.document_id,
        received_on: Some(got.received_on),
        received_by: cx.actor().user(),
        version: before.version + 1,
        ..before
    };
    store::save_test(cx, &row)?;
    let details = Details::none().with("test", row.id).with("document", row.document_id);
    audit::record(cx, "advisory.test_received", "dossier", dossier.id.0, details)?;
    tell(cx, &row, "received")?;
    Ok(row)
}
