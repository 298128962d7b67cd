//! Rendered answers of the public read side, filed under request, language, revision and day.
//!
//! The revision is the highest outbox position on catalogue topics; it is read in the transaction
//! that reads the rows. The day is part of the key because a certificate ends at midnight without a
//! write. A node looks for a new revision once a second.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use crate::actor::Caller;
use crate::db::{Ctx, Db};
use crate::error::Result;
use crate::outbox;
use crate::web::Answer;

/// How long a revision is believed.
const BELIEVED: Duration = Duration::from_secs(1);
/// How many bytes of answers are kept; beyond it the cache starts again.
const BYTES: usize = 32 * 1024 * 1024;

/// The answers of one node; they can be lost at any moment.
#[derive(Clone, Default)]
pub struct Cache(Arc<Mutex<Kept>>);

#[derive(Default)]
struct Kept {
    seen: Option<(Instant, i64)>,
    /// Everything kept is of one revision and one day.
    of: (i64, chrono::NaiveDate),
    answers: HashMap<String, Answer>,
    bytes: usize,
}

impl Kept {
    fn open(&mut self, of: (i64, chrono::NaiveDate)) {
        if self.of != of || self.bytes > BYTES {
            self.answers.clear();
            self.bytes = 0;
            self.of = of;
        }
    }
}

impl Cache {
    fn kept(&self) -> std::sync::MutexGuard<'_, Kept> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The answer that is kept for this request, or a new one, rendered on one snapshot.
    ///
    /// # Errors
    /// What rendering answers; nothing of it is kept.
    pub async fn answer<F>(&self, db: &Db, caller: Caller, request: &str, render: F) -> Result<Answer>
    where
        F: FnOnce(&mut Ctx<'_>) -> Result<Answer> + Send + 'static,
    {
        let revision = self.revision(db, &caller).await?;
        let key = format!("{} {request}", caller.lang.tag());
        let today = db.clock().now().vietnam_day();
        {
            let mut kept = self.kept();
            kept.open((revision, today));
            if let Some(answer) = kept.answers.get(&key) {
                return Ok(answer.clone());
            }
        }
        let rendered = db.snapshot(caller, |cx| {
            let of = (outbox::catalogue_revision(cx)?, cx.today());
            Ok((of, render(cx)?.public()))
        });
        let (of, answer) = rendered.await?;
        let mut kept = self.kept();
        if of.0 >= kept.of.0 {
            kept.open(of);
            kept.seen = kept.seen.map(|(at, seen)| (at, seen.max(of.0)));
            kept.bytes += answer.weight() + key.len();
            kept.answers.insert(key, answer.clone());
        }
        Ok(answer)
    }

    async fn revision(&self, db: &Db, caller: &Caller) -> Result<i64> {
        let believed = self.kept().seen.filter(|(at, _)| at.elapsed() < BELIEVED);
        if let Some((_, revision)) = believed {
            return Ok(revision);
        }
        let revision = db.read(caller.clone(), outbox::catalogue_revision).await?;
        self.kept().seen = Some((Instant::now(), revision));
        Ok(revision)
    }
}
