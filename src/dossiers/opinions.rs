//! Opinions of departments: asked by the office that handles the dossier, answered by the department's
//! officers, who see the dossier only while they are asked (`store::visible`).

use chrono::NaiveDate;

use super::model::Dossier;
use super::model::opinions::{Opinion, OpinionFile};
use super::rules::{Status, Stop};
use super::store::opinions as store;
use super::{documents, parties_of};
use crate::actor::Role;
use crate::audit::{self, Details};
use crate::auth;
use crate::auth::policy::{self, Act};
use crate::db::{Ctx, Doc};
use crate::error::{AppError, Result};
use crate::files::{self, Received};
use crate::ids::{DocumentId, OpinionId, OrganisationId, RowId};
use crate::organisations;
use crate::outbox::{self, Topic};

/// A question to a department.
#[derive(Debug, Clone)]
pub struct Question {
    /// Of which department.
    pub department: OrganisationId,
    /// What is asked.
    pub question: String,
    /// Last day to answer.
    pub due_on: NaiveDate,
    /// Papers of the dossier that it is about.
    pub documents: Vec<DocumentId>,
}

/// The departments for which the caller answers.
pub(super) fn departments(cx: &Ctx<'_>) -> Vec<OrganisationId> {
    let own = cx.actor().grants.iter().filter(|g| g.role == Role::Department);
    own.filter_map(|g| g.organisation).collect()
}

/// Asks a department.
///
/// # Errors
/// 409 while the dossier lies elsewhere or the department is asked already, 422 for a department
/// that nobody answers for, a day that is over, and papers of another dossier.
pub fn ask(cx: &mut Ctx<'_>, dossier: &Dossier, asked: &Question) -> Result<OpinionId> {
    let party = dossier.level.party();
    if dossier.status.is_final() {
        return Err(Stop::Finished(dossier.status).into());
    }
    if dossier.status == Status::Draft {
        return Err(Stop::NotFiled.into());
    }
    if !cx.actor().is_system() && !parties_of(cx, dossier)?.contains(&party) {
        return Err(Stop::NotOnDesk(dossier.level).into());
    }
    must_stand(cx, asked.department)?;
    if asked.due_on <= cx.today() {
        return Err(AppError::field(
            "/dueOn",
            "not_after_today",
            "Thời hạn cho ý kiến phải sau ngày hôm nay.",
            "The last day to answer must lie after today.",
        ));
    }
    let lying = documents::list(cx, dossier.id)?;
    if let Some(index) = asked.documents.iter().position(|p| !lying.iter().any(|d| d.reference.id == *p)) {
        return Err(AppError::field(
            &format!("/documents/{index}"),
            "unknown_document",
            "Chỉ nêu giấy tờ đang có trong hồ sơ này.",
            "Name papers that lie in this dossier.",
        ));
    }
    let same = |o: &Opinion| o.organisation_id == asked.department && o.is_open();
    if store::of_dossier(cx, dossier.id)?.iter().any(same) {
        return Err(Stop::OpinionAskedAlready.into());
    }
    let row = Opinion {
        id: OpinionId::new(),
        dossier_id: dossier.id,
        organisation_id: asked.department,
        party,
        question: asked.question.trim().to_owned(),
        due_on: asked.due_on,
        documents: Doc::of(&asked.documents),
        asked_by: cx.actor().user(),
        asked_at: cx.now,
        answer: None,
        answered_by: None,
        answered_at: None,
        withdrawn_at: None,
        version: 1,
    };
    store::insert(cx, &row)?;
    let details = Details::none().with("opinion", row.id).with("department", row.organisation_id);
    audit::record(cx, "dossier.opinion_asked", "dossier", dossier.id.0, details.with("dueOn", row.due_on))?;
    tell(cx, &row, "asked")?;
    Ok(row.id)
}

/// The outside world learns that there is a question or an answer, never what they say.
fn tell(cx: &mut Ctx<'_>, row: &Opinion, what: &str) -> Result<()> {
    let told = serde_json::json!({ "opinion": row.id, "is": what, "department": row.organisation_id });
    outbox::tell(cx, Topic::Dossier, row.dossier_id.0, told)
}

/// The department stands today, and somebody answers for it.
fn must_stand(cx: &mut Ctx<'_>, id: OrganisationId) -> Result<()> {
    let today = cx.today();
    let stands = match organisations::get(cx, id) {
        Ok(row) => row.valid_from <= today && row.valid_to.is_none_or(|last| today <= last),
        Err(AppError::NotFound) => false,
        Err(other) => return Err(other),
    };
    if !stands {
        return Err(AppError::field(
            "/department",
            "unknown_organisation",
            "Chọn một sở, ngành đang hoạt động (xem /v1/organisations).",
            "Choose a department that stands today (see /v1/organisations).",
        ));
    }
    match auth::answers_for(cx, id, Role::Department)? {
        true => Ok(()),
        false => Err(AppError::field(
            "/department",
            "nobody_answers",
            "Sở, ngành này chưa có cán bộ nào được cấp quyền cho ý kiến; đề nghị quản trị viên cấp quyền.",
            "Nobody may answer for this department yet; ask an administrator to grant the right.",
        )),
    }
}

/// The opinions about a dossier that the caller may read: offices all, a department its own.
///
/// # Errors
/// When the database fails.
pub fn list(cx: &mut Ctx<'_>, dossier: &Dossier) -> Result<Vec<Opinion>> {
    let mut all = store::of_dossier(cx, dossier.id)?;
    if !reads_all(cx) {
        let own = departments(cx);
        all.retain(|o| own.contains(&o.organisation_id));
    }
    Ok(all)
}

/// All of them, to be counted.
pub(super) fn all(cx: &mut Ctx<'_>, dossier: &Dossier) -> Result<Vec<Opinion>> {
    store::of_dossier(cx, dossier.id)
}

/// Whether the caller reads the opinions of every department: officials who are not asked themselves.
fn reads_all(cx: &Ctx<'_>) -> bool {
    let others: Vec<Role> =
        policy::roles(Act::ReadOpinions).iter().copied().filter(|r| *r != Role::Department).collect();
    cx.actor().is_system() || cx.actor().is_any(&others)
}

/// One of them, for a department of the caller's or who may know of the dossier.
///
/// # Errors
/// 404.
pub fn get(cx: &mut Ctx<'_>, id: OpinionId) -> Result<Opinion> {
    let row = store::any(cx, id)?.ok_or(AppError::NotFound)?;
    if departments(cx).contains(&row.organisation_id) {
        return Ok(row);
    }
    super::get(cx, row.dossier_id)?;
    Ok(row)
}

/// The same, locked until the deed ends.
///
/// # Errors
/// 404.
pub fn hold(cx: &mut Ctx<'_>, id: OpinionId) -> Result<Opinion> {
    get(cx, id)?;
    store::lock(cx, id)
}

/// Refuses who does not answer for the department that is asked.
///
/// # Errors
/// 403.
pub fn must_be_asked(cx: &Ctx<'_>, row: &Opinion) -> Result<()> {
    policy::must(cx, Act::AnswerOpinion)?;
    match cx.actor().is_system() || departments(cx).contains(&row.organisation_id) {
        true => Ok(()),
        false => Err(AppError::Forbidden(Act::AnswerOpinion.word())),
    }
}

/// Refuses who may not read it: a producer, another department.
///
/// # Errors
/// 403.
pub fn must_read(cx: &Ctx<'_>, row: &Opinion) -> Result<()> {
    policy::must(cx, Act::ReadOpinions)?;
    match reads_all(cx) || departments(cx).contains(&row.organisation_id) {
        true => Ok(()),
        false => Err(AppError::Forbidden(Act::ReadOpinions.word())),
    }
}

fn must_be_open(cx: &mut Ctx<'_>, row: &Opinion) -> Result<()> {
    if row.withdrawn_at.is_some() {
        return Err(Stop::OpinionTakenBack.into());
    }
    if row.answered_at.is_some() {
        return Err(Stop::OpinionAnswered.into());
    }
    let dossier = super::any(cx, row.dossier_id)?;
    match dossier.status.is_final() {
        true => Err(Stop::Finished(dossier.status).into()),
        false => Ok(()),
    }
}

/// Puts a file to the answer.
///
/// # Errors
/// 409 once it is answered or taken back.
pub fn add_file(cx: &mut Ctx<'_>, row: &Opinion, received: &Received, file_name: &str) -> Result<RowId> {
    must_be_open(cx, row)?;
    files::note(cx, received)?;
    let file = OpinionFile {
        id: RowId::new(),
        opinion_id: row.id,
        sha256: received.sha256.clone(),
        file_name: file_name.to_owned(),
        uploaded_by: cx.actor().user(),
        uploaded_at: cx.now,
    };
    store::insert_file(cx, &file)?;
    let details = Details::none().with("opinion", row.id).with("file", file.id).with("sha256", &file.sha256);
    audit::record(cx, "dossier.opinion_file_added", "dossier", row.dossier_id.0, details)?;
    Ok(file.id)
}

/// Whether a file can be put to it now: asked before bytes are taken in.
///
/// # Errors
/// 409.
pub fn may_add_file(cx: &mut Ctx<'_>, row: &Opinion) -> Result<()> {
    must_be_open(cx, row)
}

/// The files of an answer.
///
/// # Errors
/// When the database fails.
pub fn files_of(cx: &mut Ctx<'_>, row: &Opinion) -> Result<Vec<OpinionFile>> {
    store::files(cx, row.id)
}

/// Answers.
///
/// # Errors
/// 409 once it is answered or taken back.
pub fn answer(cx: &mut Ctx<'_>, row: &Opinion, words: &str) -> Result<Opinion> {
    must_be_open(cx, row)?;
    let after = Opinion {
        answer: Some(words.trim().to_owned()),
        answered_by: cx.actor().user(),
        answered_at: Some(cx.now),
        version: row.version + 1,
        ..row.clone()
    };
    store::save(cx, &after)?;
    let details = Details::none().with("opinion", row.id).with("department", row.organisation_id);
    audit::record(cx, "dossier.opinion_answered", "dossier", row.dossier_id.0, details)?;
    tell(cx, &after, "answered")?;
    Ok(after)
}

/// Takes a question back: the department sees the dossier no more.
///
/// # Errors
/// 409 once it is answered, or where another office asked.
pub fn take_back(cx: &mut Ctx<'_>, row: &Opinion) -> Result<Opinion> {
    let dossier = super::get(cx, row.dossier_id)?;
    if !cx.actor().is_system() && !parties_of(cx, &dossier)?.contains(&row.party) {
        return Err(Stop::NotAskedByYou(row.party).into());
    }
    must_be_open(cx, row)?;
    let after = Opinion { withdrawn_at: Some(cx.now), version: row.version + 1, ..row.clone() };
    store::save(cx, &after)?;
    let details = Details::none().with("opinion", row.id).with("department", row.organisation_id);
    audit::record(cx, "dossier.opinion_taken_back", "dossier", row.dossier_id.0, details)?;
    tell(cx, &after, "takenBack")?;
    Ok(after)
}

/// A page of the questions to the caller's departments, the nearest day first.
///
/// # Errors
/// When the database fails.
pub fn mine(
    cx: &mut Ctx<'_>,
    open: Option<bool>,
    after: Option<(NaiveDate, OpinionId)>,
    limit: i64,
) -> Result<Vec<Opinion>> {
    let own = departments(cx);
    store::page(cx, &own, open, after, limit)
}
