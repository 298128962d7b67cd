//! What must be told every day: deadlines that are near, deadlines that are past (to the level above
//! too), papers that are about to expire, requests for completion whose last day comes or went by. `ocop sweep` and the daily job do the same deed in chunks; each
//! thing is told once, and a row that fails stops none of the others.

use std::collections::{BTreeMap, HashMap};

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::model::Dossier;
use super::queue::books_today;
use super::rules::{BookToday, Desk, Due, due};
use super::store;
use crate::actor::Role;
use crate::audit::{self, Details};
use crate::auth::letters;
use crate::db::Ctx;
use crate::error::{AppError, Result};
use crate::ids::{DossierId, PlaceId, ProducerId, UserId};
use crate::jobs::{Job, Step};
use crate::outbox::{self, Topic};
use crate::products::{self, Failed, RemindAfter};
use crate::rulebook;

/// The kind of the daily job.
pub const KIND: &str = "reminders";
/// How many rows one chunk takes.
const CHUNK: i64 = 200;
/// How many failed rows a report names; the others are counted.
const NAMED: usize = 100;
/// How many dossiers a letter names; the others are counted.
const LINES: usize = 50;

crate::words! {
    /// What a sweep looks at, in this order.
    pub enum Phase {
        /// Papers that are about to expire.
        Papers = "papers",
        /// Deadlines that are past.
        Overdue = "overdue",
        /// Deadlines that are near.
        Near = "near",
        /// Requests for completion whose last day is past, or near.
        Completion = "completion",
        /// Nothing is left.
        Done = "done",
    }
}

crate::words! {
    /// What is told of a deadline, once.
    pub enum Notice {
        /// It is near.
        Near = "near",
        /// It is past.
        Overdue = "overdue",
    }
}

crate::words! {
    /// What is told to a producer of a request for completion, once.
    pub enum CompletionNotice {
        /// Its last day is near.
        Near = "completionNear",
        /// Its last day is past: the office may close the dossier.
        Overdue = "completionOverdue",
    }
}

/// What a sweep came to so far.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Swept {
    /// Papers of which their producers were told.
    pub papers: usize,
    /// Deadlines told as past.
    pub overdue: usize,
    /// Deadlines told as near.
    pub near: usize,
    /// Requests for completion of which their producers were told.
    #[serde(default)]
    pub completions: usize,
    /// Letters by e-mail.
    pub letters: usize,
    /// Rows that could not be handled.
    pub failures: usize,
    /// The first of these, with the reason.
    pub failed: Vec<Failed>,
}

/// Where a sweep stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Progress {
    /// What is looked at.
    pub phase: Phase,
    /// After which paper.
    pub after_paper: Option<RemindAfter>,
    /// After which dossier.
    pub after_dossier: Option<(NaiveDate, DossierId)>,
    /// Rows that were looked at.
    pub seen: i64,
    /// What it came to.
    pub swept: Swept,
}

impl Default for Progress {
    fn default() -> Self {
        Self { phase: Phase::Papers, after_paper: None, after_dossier: None, seen: 0, swept: Swept::default() }
    }
}

impl Swept {
    fn fail(&mut self, failed: Failed) {
        tracing::warn!(row = %failed.id, why = %failed.why, "a row of the daily sweep could not be handled; the others go on");
        self.failures += 1;
        if self.failed.len() < NAMED {
            self.failed.push(failed);
        }
    }
}

/// One chunk of the sweep: one deed.
///
/// # Errors
/// When the database fails as a whole.
pub fn sweep(cx: &mut Ctx<'_>, from: &Progress) -> Result<Progress> {
    let mut progress = from.clone();
    match from.phase {
        Phase::Papers => papers(cx, &mut progress)?,
        Phase::Overdue => deadlines(cx, &mut progress, Notice::Overdue, Phase::Near)?,
        Phase::Near => deadlines(cx, &mut progress, Notice::Near, Phase::Completion)?,
        Phase::Completion => completions(cx, &mut progress)?,
        Phase::Done => {}
    }
    Ok(progress)
}

/// The daily job.
///
/// # Errors
/// When the database fails as a whole; the chunk is tried again.
pub fn work(cx: &mut Ctx<'_>, job: &Job) -> Result<Step> {
    let from: Progress = job.resume.read().unwrap_or_default();
    let progress = sweep(cx, &from)?;
    Ok(match progress.phase {
        Phase::Done => Step::Done(json!(progress.swept)),
        _ => Step::More { total: progress.seen + CHUNK, done: progress.seen, resume: json!(progress) },
    })
}

fn papers(cx: &mut Ctx<'_>, progress: &mut Progress) -> Result<()> {
    let chunk = products::remind(cx, progress.after_paper, CHUNK)?;
    progress.swept.papers += chunk.told;
    progress.swept.letters += chunk.letters;
    chunk.failed.into_iter().for_each(|f| progress.swept.fail(f));
    progress.after_paper = chunk.next;
    if chunk.next.is_none() {
        progress.phase = Phase::Overdue;
    }
    Ok(())
}

/// A dossier as a letter names it.
#[derive(Debug, Clone)]
struct Line {
    notice: Notice,
    escalated: bool,
    deadline: NaiveDate,
    vi: String,
    en: String,
}

fn deadlines(cx: &mut Ctx<'_>, progress: &mut Progress, notice: Notice, then: Phase) -> Result<()> {
    let stored = rulebook::all(cx)?;
    let books = books_today(cx, &stored)?;
    let keys = store::untold(cx, notice, &books, progress.after_dossier, CHUNK)?;
    let mut by_user: BTreeMap<UserId, Vec<Line>> = BTreeMap::new();
    let mut known: HashMap<(Desk, PlaceId), Vec<UserId>> = HashMap::new();
    for (deadline, id) in &keys {
        match cx.try_step(|cx| tell(cx, *id, *deadline, notice, &books)) {
            Ok(None) => {}
            Ok(Some(told)) => {
                match notice {
                    Notice::Near => progress.swept.near += 1,
                    Notice::Overdue => progress.swept.overdue += 1,
                }
                for (desk, escalated) in [(Some(told.desk), false), (told.above, true)] {
                    let Some(desk) = desk else { continue };
                    for user in officers(cx, &mut known, desk, told.place)? {
                        by_user.entry(user).or_default().push(Line { escalated, ..told.line.clone() });
                    }
                }
            }
            Err(e) if e.is_retryable() => return Err(e),
            Err(e) => progress.swept.fail(Failed { id: id.to_string(), why: e.to_string() }),
        }
    }
    for (user, lines) in by_user {
        let (subject, text) = letter(&lines);
        letters::post(cx, user, &subject, &text)?;
        progress.swept.letters += 1;
    }
    progress.seen += keys.len() as i64;
    match keys.len() as i64 == CHUNK {
        true => progress.after_dossier = keys.last().copied(),
        false => (progress.phase, progress.after_dossier) = (then, None),
    }
    Ok(())
}

/// Tells producers whose dossiers wait for completion that the last day is near, or past.
fn completions(cx: &mut Ctx<'_>, progress: &mut Progress) -> Result<()> {
    let stored = rulebook::all(cx)?;
    let books = books_today(cx, &stored)?;
    let through = books.iter().map(|b| b.near_until).max().unwrap_or_else(|| cx.today());
    let keys = store::corrections::uncompleted(cx, through, progress.after_dossier, CHUNK)?;
    let mut by_user: BTreeMap<UserId, Vec<(CompletionNotice, String, String)>> = BTreeMap::new();
    for (due_on, id) in &keys {
        match cx.try_step(|cx| tell_completion(cx, *id, *due_on, &books)) {
            Ok(None) => {}
            Ok(Some((notice, producer, vi, en))) => {
                progress.swept.completions += 1;
                for user in letters::speakers(cx, producer)? {
                    by_user.entry(user).or_default().push((notice, vi.clone(), en.clone()));
                }
            }
            Err(e) if e.is_retryable() => return Err(e),
            Err(e) => progress.swept.fail(Failed { id: id.to_string(), why: e.to_string() }),
        }
    }
    for (user, mut lines) in by_user {
        lines.sort();
        let (vi, en): (Vec<_>, Vec<_>) = lines.into_iter().take(LINES).map(|(_, vi, en)| (vi, en)).unzip();
        let subject = format!("OCOP: {} hồ sơ chờ bổ sung / {} dossiers wait for completion", vi.len(), en.len());
        let text = format!(
            "Hồ sơ của bạn đang chờ bổ sung:\n\n{}\n\n---\n\nYour dossiers wait for completion:\n\n{}\n\n",
            vi.join("\n"),
            en.join("\n")
        );
        letters::post(cx, user, &subject, &text)?;
        progress.swept.letters += 1;
    }
    progress.seen += keys.len() as i64;
    match keys.len() as i64 == CHUNK {
        true => progress.after_dossier = keys.last().copied(),
        false => (progress.phase, progress.after_dossier) = (Phase::Done, None),
    }
    Ok(())
}

/// Tells of one request, unless it was told before or is answered meanwhile: to whom, in words.
fn tell_completion(
    cx: &mut Ctx<'_>,
    id: DossierId,
    due_on: NaiveDate,
    books: &[BookToday],
) -> Result<Option<(CompletionNotice, ProducerId, String, String)>> {
    let row = super::any(cx, id)?;
    let newest = super::corrections::newest(cx, &row)?;
    let waits = newest.is_some_and(|(request, _)| request.due_on == Some(due_on) && request.sent_back_at.is_none());
    let near = books.iter().find(|b| b.id == row.rulebook_id).is_some_and(|b| due_on <= b.near_until);
    let notice = match due_on < cx.today() {
        true => CompletionNotice::Overdue,
        false if near => CompletionNotice::Near,
        false => return Ok(None),
    };
    if !waits || !row.status.awaits_completion() || !store::note_told(cx, id, due_on, notice.word())? {
        return Ok(None);
    }
    let body = json!({ "event": notice, "product": row.product_id, "status": row.status, "dueOn": due_on });
    outbox::tell(cx, Topic::Dossier, id.0, body)?;
    audit::record(
        cx,
        "dossier.completion_told",
        "dossier",
        id.0,
        Details::none().with("dueOn", due_on).with("as", notice),
    )?;
    let name = store::product_names(cx, &[row.product_id])?.remove(&row.product_id).unwrap_or_default();
    let day = due_on.format("%d/%m/%Y");
    let (vi, en) = match notice {
        CompletionNotice::Near => {
            (format!("- {name}: bổ sung trước hết ngày {day}"), format!("- {name}: complete it by {due_on}"))
        }
        CompletionNotice::Overdue => (
            format!("- {name}: đã quá ngày {day}, cơ quan có thể đóng hồ sơ; hãy bổ sung ngay"),
            format!("- {name}: the last day, {due_on}, is past and the office may close it; complete it now"),
        ),
    };
    Ok(Some((notice, row.producer_id, vi, en)))
}

/// Who works at a desk where a place is; each desk and place is looked up once.
fn officers(
    cx: &mut Ctx<'_>,
    known: &mut HashMap<(Desk, PlaceId), Vec<UserId>>,
    desk: Desk,
    at: PlaceId,
) -> Result<Vec<UserId>> {
    if let Some(found) = known.get(&(desk, at)) {
        return Ok(found.clone());
    }
    let role = match desk {
        Desk::Commune => Role::Commune,
        Desk::District => Role::District,
        Desk::Province => Role::Province,
        Desk::Central => Role::Central,
    };
    let found = letters::holders(cx, role, at)?;
    known.insert((desk, at), found.clone());
    Ok(found)
}

/// What was told of one dossier, and where.
struct Told {
    desk: Desk,
    above: Option<Desk>,
    place: PlaceId,
    line: Line,
}

/// Tells of one deadline, unless it was told before or has moved meanwhile.
fn tell(
    cx: &mut Ctx<'_>,
    id: DossierId,
    deadline: NaiveDate,
    notice: Notice,
    books: &[BookToday],
) -> Result<Option<Told>> {
    let row = super::any(cx, id)?;
    let book = books.iter().find(|b| b.id == row.rulebook_id).ok_or(AppError::NotFound)?;
    let stands = match due(row.status, row.deadline_paused, cx.today(), book.near_until) {
        Due::Near => Some(Notice::Near),
        Due::Overdue => Some(Notice::Overdue),
        Due::None | Due::OnTime | Due::Paused => None,
    };
    if stands != Some(notice)
        || row.deadline_paused != Some(deadline)
        || !store::note_told(cx, id, deadline, notice.word())?
    {
        return Ok(None);
    }
    let silent = || AppError::internal("its rulebook does not say how the levels share the work today");
    let pattern = book.pattern.ok_or_else(silent)?;
    let above = row.level.above(pattern).filter(|_| notice == Notice::Overdue);
    let event = match notice {
        Notice::Near => "deadlineNear",
        Notice::Overdue => "deadlineOverdue",
    };
    let body = json!({
        "event": event, "product": row.product_id, "status": row.status, "level": row.level,
        "deadline": row.deadline_plain, "deadlineWithPauses": deadline, "escalatedTo": above,
    });
    outbox::tell(cx, Topic::Dossier, id.0, body)?;
    let details = Details::none().with("deadline", deadline).with("level", row.level).with("escalatedTo", above);
    audit::record(cx, &format!("dossier.deadline_{notice}"), "dossier", id.0, details)?;
    let line = line(cx, &row, deadline, notice)?;
    Ok(Some(Told { desk: row.level, above, place: row.place_id, line }))
}

fn line(cx: &mut Ctx<'_>, row: &Dossier, deadline: NaiveDate, notice: Notice) -> Result<Line> {
    let name = store::product_names(cx, &[row.product_id])?.remove(&row.product_id).unwrap_or_default();
    let code = row.product_code.as_deref().or(row.receipt_number.as_deref()).unwrap_or("–");
    let (status, desk) = (row.status.label(), row.level.label());
    Ok(Line {
        notice,
        escalated: false,
        deadline,
        vi: format!("- {name} ({code}), {}, ở {}, hạn {}", status.vi, desk.vi, deadline.format("%d/%m/%Y")),
        en: format!("- {name} ({code}), {}, at {}, last day {deadline}", status.en, desk.en),
    })
}

/// One letter for all that was found for one person.
fn letter(lines: &[Line]) -> (String, String) {
    let n = lines.len();
    let late = lines.first().is_some_and(|l| l.notice == Notice::Overdue);
    let (vi_head, en_head) = match late {
        true => ("quá hạn", "past the last day"),
        false => ("sắp đến hạn", "near the last day"),
    };
    let mut sorted: Vec<&Line> = lines.iter().collect();
    sorted.sort_by_key(|l| (l.escalated, l.deadline));
    let part = |escalated: bool, say: &dyn Fn(&Line) -> String| -> String {
        let theirs: Vec<String> = sorted.iter().filter(|l| l.escalated == escalated).map(|l| say(l)).collect();
        let more = theirs.len().saturating_sub(LINES);
        let mut text = theirs.into_iter().take(LINES).collect::<Vec<_>>().join("\n");
        if more > 0 {
            text.push_str(&format!("\n- … (+{more})"));
        }
        text
    };
    let (mut vi, mut en) = (String::new(), String::new());
    if sorted.iter().any(|l| !l.escalated) {
        vi.push_str(&format!("Hồ sơ {vi_head} ở cơ quan của bạn:\n\n{}\n\n", part(false, &|l| l.vi.clone())));
        en.push_str(&format!("Dossiers {en_head} at your office:\n\n{}\n\n", part(false, &|l| l.en.clone())));
    }
    if sorted.iter().any(|l| l.escalated) {
        vi.push_str(&format!("Hồ sơ {vi_head} ở cấp dưới, báo để đôn đốc:\n\n{}\n\n", part(true, &|l| l.vi.clone())));
        en.push_str(&format!(
            "Dossiers {en_head} at the level below, for you to press:\n\n{}\n\n",
            part(true, &|l| l.en.clone())
        ));
    }
    (format!("OCOP: {n} hồ sơ {vi_head} / {n} dossiers {en_head}"), format!("{vi}---\n\n{en}"))
}
