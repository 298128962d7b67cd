//! What midnight does: certificates expire without a write of anybody, and here that is told, once.
//!
//! The state of a certificate never waits for this: it follows from the dates. What is written here
//! is for those who learn of changes by messages: webhooks, feeds, reminders.

use chrono::{Days, NaiveDate};
use serde_json::{Value, json};

use super::model::{Certificate, Recognition};
use super::rules::{self, DayEvent};
use super::store;
use crate::audit::{self, Details};
use crate::db::Ctx;
use crate::error::Result;
use crate::ids::RecognitionId;
use crate::jobs::{Job, Step};
use crate::outbox::{self, Topic};
use crate::products;

/// The kind of job that tells what the days have brought; days on which no node ran are made up for.
pub const DAILY: &str = "certification.daily";
/// Recognitions of one chunk.
const CHUNK: i64 = 200;

/// The handler of [`DAILY`].
pub fn daily() -> impl Fn(&mut Ctx<'_>, &Job) -> Result<Step> + Send + Sync + 'static {
    |cx, job| {
        let day = |name: &str| job.params.0[name].as_str().and_then(|d| d.parse::<NaiveDate>().ok());
        let (Some(from), Some(through)) = (day("from"), day("through")) else {
            return Ok(Step::Done(json!({ "told": 0 })));
        };
        let after: Option<RecognitionId> = job.resume.0["after"].as_str().and_then(|id| id.parse().ok());
        let told_before = job.resume.0["told"].as_u64().unwrap_or(0);
        let rows = store::nearing(cx, (from, through + Days::new(longest())), (from, through), after, CHUNK)?;
        let Some(last) = rows.last().map(|(r, _)| r.id) else {
            return Ok(Step::Done(json!({ "told": told_before })));
        };
        let mut told = told_before;
        for (recognition, certificate) in &rows {
            told += tell_days(cx, recognition, certificate.as_ref(), from, through)?;
        }
        let done = job.done + i64::try_from(rows.len()).unwrap_or(CHUNK);
        let resume: Value = json!({ "after": last, "told": told });
        Ok(Step::More { total: done.max(job.total), done, resume })
    }
}

/// The longest time before an end at which something is told.
fn longest() -> u64 {
    rules::REMINDERS.iter().copied().max().unwrap_or(0)
}

fn tell_days(
    cx: &mut Ctx<'_>,
    recognition: &Recognition,
    certificate: Option<&Certificate>,
    from: NaiveDate,
    through: NaiveDate,
) -> Result<u64> {
    let facts = certificate.map_or_else(|| recognition.facts(None), Certificate::facts);
    let stays = products::canonical(cx, recognition.product_id)?;
    let all = products::same_as(cx, stays)?;
    let under_way = store::re_evaluation_under_way(cx, &all)?;
    let mut told = 0;
    for (kind, day) in rules::days_between(&facts, under_way, from, through) {
        if !store::note_day(cx, recognition.id, kind, day)? {
            continue;
        }
        let number = certificate.map(|c| c.number.clone());
        let body = json!({ "event": kind, "on": day, "certificate": number, "stars": recognition.stars,
            "product": stays, "validThrough": recognition.valid_through });
        let topic = match kind {
            DayEvent::Reminder => Topic::Reminder,
            DayEvent::Extended | DayEvent::Expired => Topic::Recognition,
        };
        outbox::tell(cx, topic, stays.0, body)?;
        if kind != DayEvent::Reminder {
            let details = Details::none().with("on", day).with("number", number);
            audit::record(cx, &format!("recognition.{kind}"), "recognition", recognition.id.0, details)?;
        }
        told += 1;
    }
    Ok(told)
}
