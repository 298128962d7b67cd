//! Papers that are about to expire: their producers are told, once for each version and each number of
//! days before its end.

use std::collections::BTreeMap;

use chrono::{Days, NaiveDate};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::rules::{WARNINGS, warnings_due};
use super::store::notices as store;
use crate::audit::{self, Details};
use crate::auth::letters;
use crate::db::Ctx;
use crate::error::Result;
use crate::ids::{EvidenceVersionId, ProducerId, UserId};
use crate::outbox::{self, Topic};

/// Where a sweep goes on: after the version that ends on this day.
pub type After = (NaiveDate, EvidenceVersionId);

/// A row that could not be handled, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Failed {
    /// Which one.
    pub id: String,
    /// What went wrong.
    pub why: String,
}

/// What one chunk came to.
#[derive(Debug, Clone, Default)]
pub struct Chunk {
    /// Papers of which their producers were told.
    pub told: usize,
    /// Letters by e-mail.
    pub letters: usize,
    /// Rows that could not be handled.
    pub failed: Vec<Failed>,
    /// Where to go on; none when all were looked at.
    pub next: Option<After>,
}

/// What is told of one paper.
struct Told {
    producer: ProducerId,
    line: (String, String),
}

/// Tells of the next papers, at most `limit` of them. One that fails stops none of the others.
///
/// # Errors
/// When the database fails as a whole.
pub fn remind(cx: &mut Ctx<'_>, after: Option<After>, limit: i64) -> Result<Chunk> {
    let longest = WARNINGS.iter().copied().max().unwrap_or(0);
    let until = cx.today() + Days::new(u64::from(longest));
    let keys = store::ending(cx, cx.today(), until, after, limit)?;
    let mut chunk = Chunk::default();
    let mut by_user: BTreeMap<UserId, Vec<(String, String)>> = BTreeMap::new();
    for (day, id) in &keys {
        match cx.try_step(|cx| tell(cx, *id, *day)) {
            Ok(None) => {}
            Ok(Some(told)) => {
                chunk.told += 1;
                for user in letters::speakers(cx, told.producer)? {
                    by_user.entry(user).or_default().push(told.line.clone());
                }
            }
            Err(e) if e.is_retryable() => return Err(e),
            Err(e) => chunk.failed.push(Failed { id: id.to_string(), why: e.to_string() }),
        }
    }
    for (user, lines) in by_user {
        let (subject, text) = letter(&lines);
        letters::post(cx, user, &subject, &text)?;
        chunk.letters += 1;
    }
    chunk.next = (keys.len() as i64 == limit).then(|| keys.last().copied()).flatten();
    Ok(chunk)
}

/// Tells of one version, unless it was told before.
fn tell(cx: &mut Ctx<'_>, id: EvidenceVersionId, ends: NaiveDate) -> Result<Option<Told>> {
    let left = (ends - cx.today()).num_days();
    let mut fresh = None;
    for days in warnings_due(left) {
        if store::note_warning(cx, id, days)? {
            fresh = Some(days);
        }
    }
    let Some(days) = fresh else { return Ok(None) };
    let (row, version) = store::of_version(cx, id)?;
    let body = json!({
        "event": "paperExpires", "producer": row.producer_id, "paper": row.paper, "version": version.ordinal,
        "expiresOn": ends, "days": days,
    });
    outbox::tell(cx, Topic::Evidence, row.id.0, body)?;
    let details = Details::none().with("version", version.ordinal).with("expiresOn", ends).with("days", days);
    audit::record(cx, "evidence.expiry_told", "evidence", row.id.0, details)?;
    let named = if row.title.is_empty() { row.paper } else { row.title };
    let number = version.number.map(|n| format!(" ({n})")).unwrap_or_default();
    let line = (
        format!("- {named}{number}: hết hiệu lực {}, còn {left} ngày", ends.format("%d/%m/%Y")),
        format!("- {named}{number}: ends on {ends}, in {left} days"),
    );
    Ok(Some(Told { producer: row.producer_id, line }))
}

fn letter(lines: &[(String, String)]) -> (String, String) {
    let n = lines.len();
    let (vi, en): (Vec<_>, Vec<_>) = lines.iter().cloned().unzip();
    let subject = format!("OCOP: {n} giấy tờ sắp hết hiệu lực / {n} papers about to expire");
    let text = format!(
        "Giấy tờ trong kho minh chứng sắp hết hiệu lực. Thay bản mới thì hồ sơ sau không phải nộp lại từ đầu.\n\n{}\n\n\
         ---\n\nPapers of your evidence library are about to expire. Renew them there, so that the next dossier need not \
         begin anew.\n\n{}\n",
        vi.join("\n"),
        en.join("\n")
    );
    (subject, text)
}
