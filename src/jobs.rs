//! Long work in short deeds. A job is a row; a worker leases it, does one chunk per transaction,
//! and writes progress and the point to resume from with the chunk. A worker that lost its lease
//! writes nothing.

use std::collections::HashMap;
use std::sync::Arc;

use chrono::{Days, NaiveDate};
use diesel::prelude::*;
use serde_json::{Value, json};

use crate::actor::{Caller, Role};
use crate::db::schema::{daily_jobs, jobs};
use crate::db::{Conn, Ctx, Db, Doc, Moment};
use crate::each;
use crate::error::{AppError, Result};
use crate::ids::{JobId, RowId, UserId};

/// How long a lease lasts without a chunk, in seconds.
pub const LEASE_SECONDS: i64 = 30;
/// The same for work that is done before the deed of a chunk.
pub const HEAVY_LEASE_SECONDS: i64 = 300;
/// How often a failing job is tried.
const MAX_ATTEMPTS: i32 = 5;

crate::words! {
    /// Where a job stands.
    pub enum JobState {
        /// Waits for a worker.
        Waiting = "waiting",
        /// A worker holds it.
        Running = "running",
        /// Done; the result is there.
        Done = "done",
        /// Given up after several attempts; the error is there.
        Failed = "failed",
    }
}
crate::stored_words!(JobState);

/// A job.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = jobs)]
pub struct Job {
    /// Identifier.
    pub id: JobId,
    /// Which handler does it.
    pub kind: String,
    /// What it was asked to do.
    pub params: Doc,
    /// Where it stands.
    pub state: JobState,
    /// How many items there are; 0 while unknown.
    pub total: i64,
    /// How many are done.
    pub done: i64,
    /// Where to go on.
    pub resume: Doc,
    /// What came out.
    pub result: Option<Doc>,
    /// Why the last attempt failed.
    pub error: Option<String>,
    /// Attempts that failed.
    pub attempts: i32,
    /// Not before.
    pub run_after: Moment,
    /// The worker that holds it.
    pub lease_token: Option<RowId>,
    /// Until when.
    pub leased_until: Option<Moment>,
    /// Who asked for it.
    pub created_by: Option<UserId>,
    /// When.
    pub created_at: Moment,
    /// When it ended.
    pub finished_at: Option<Moment>,
}

impl Job {
    /// Progress in percent; it never falls.
    pub fn percent(&self) -> i32 {
        match self.state {
            JobState::Done => 100,
            _ if self.total <= 0 => 0,
            _ => i32::try_from((self.done * 100 / self.total).clamp(0, 99)).unwrap_or(99),
        }
    }
}

/// What one chunk came to.
#[derive(Debug, Clone)]
pub enum Step {
    /// There is more: items there are, items done, where to go on.
    More {
        /// All items.
        total: i64,
        /// Items done so far.
        done: i64,
        /// Where to go on.
        resume: Value,
    },
    /// Done, with a result.
    Done(Value),
}

/// Does one chunk of a job inside a transaction: at most 200 rows.
pub type Handler = Arc<dyn Fn(&mut Ctx<'_>, &Job) -> Result<Step> + Send + Sync>;

/// The deed that ends a chunk of heavy work; it may run twice.
pub type Finish = Box<dyn Fn(&mut Ctx<'_>, &Job) -> Result<Step> + Send>;

/// Work that must not stand in a transaction (setting papers, writing files): done first, outside;
/// what it gives is the deed that notes it.
pub type HeavyHandler = Arc<dyn Fn(&Db, &Job) -> Result<Finish> + Send + Sync>;

#[derive(Clone)]
enum Work {
    Light(Handler),
    Heavy(HeavyHandler),
}

impl Work {
    fn lease_seconds(&self) -> i64 {
        match self {
            Self::Light(_) => LEASE_SECONDS,
            Self::Heavy(_) => HEAVY_LEASE_SECONDS,
        }
    }
}

/// The handlers by kind; `app` registers them.
#[derive(Clone, Default)]
pub struct Handlers(HashMap<&'static str, Work>);

impl Handlers {
    /// Adds a handler.
    #[must_use]
    pub fn with(
        mut self,
        kind: &'static str,
        handler: impl Fn(&mut Ctx<'_>, &Job) -> Result<Step> + Send + Sync + 'static,
    ) -> Self {
        self.0.insert(kind, Work::Light(Arc::new(handler)));
        self
    }

    /// Adds a handler whose work is done before each deed.
    #[must_use]
    pub fn with_heavy(
        mut self,
        kind: &'static str,
        handler: impl Fn(&Db, &Job) -> Result<Finish> + Send + Sync + 'static,
    ) -> Self {
        self.0.insert(kind, Work::Heavy(Arc::new(handler)));
        self
    }

    fn lease_seconds(&self, kind: &str) -> i64 {
        self.0.get(kind).map_or(LEASE_SECONDS, Work::lease_seconds)
    }
}

/// Puts a job in the queue, in the deed's transaction.
///
/// # Errors
/// When the database fails.
pub fn enqueue(cx: &mut Ctx<'_>, kind: &str, params: Value) -> Result<JobId> {
    let job = Job {
        id: JobId::new(),
        kind: kind.to_owned(),
        params: Doc(params),
        state: JobState::Waiting,
        total: 0,
        done: 0,
        resume: Doc(Value::Null),
        result: None,
        error: None,
        attempts: 0,
        run_after: cx.now,
        lease_token: None,
        leased_until: None,
        created_by: cx.actor().user(),
        created_at: cx.now,
        finished_at: None,
    };
    diesel::insert_into(jobs::table).values(&job).execute(cx.conn)?;
    Ok(job.id)
}

/// Puts work of every day in the queue, once on each day (Việt Nam), whoever asks: of many nodes one does
/// it. The job is told from which day (`from`) through today (`through`) it is to look, so that days on
/// which no node ran are made up for; the first of its kind looks at its own day only.
///
/// # Errors
/// When the database fails.
pub fn enqueue_daily(cx: &mut Ctx<'_>, kind: &str) -> Result<Option<JobId>> {
    let (today, earlier) = (cx.today(), daily_jobs::table.filter(daily_jobs::kind.eq(kind)));
    let last: Option<NaiveDate> =
        earlier.filter(daily_jobs::on_day.lt(today)).select(diesel::dsl::max(daily_jobs::on_day)).first(cx.conn)?;
    let row = (daily_jobs::kind.eq(kind), daily_jobs::on_day.eq(cx.today()));
    let first = each!(&mut *cx.conn, c => diesel::insert_into(daily_jobs::table).values(row).on_conflict_do_nothing().execute(c))?;
    if first == 0 {
        return Ok(None);
    }
    diesel::delete(daily_jobs::table.filter(daily_jobs::on_day.lt(cx.today() - Days::new(30)))).execute(cx.conn)?;
    let from = last.and_then(|day| day.succ_opt()).unwrap_or(today);
    enqueue(cx, kind, json!({ "from": from, "through": today })).map(Some)
}

/// A job that the caller may see: their own, or any for administrators and the service itself.
///
/// # Errors
/// 404 when there is none for the caller.
pub fn get(cx: &mut Ctx<'_>, id: JobId) -> Result<Job> {
    let job: Option<Job> = jobs::table.find(id).select(Job::as_select()).first(cx.conn).optional()?;
    let (actor, me) = (cx.actor(), cx.actor().user());
    let all = actor.is_system() || actor.is(Role::Administrator);
    let own = |j: &Job| all || (me.is_some() && j.created_by == me);
    job.filter(own).ok_or(AppError::NotFound)
}

/// Takes the next job that may run; none when nothing waits.
fn claim(cx: &mut Ctx<'_>, handlers: &Handlers) -> Result<Option<Job>> {
    let kinds: Vec<&str> = handlers.0.keys().copied().collect();
    let free = jobs::table
        .filter(jobs::finished_at.is_null())
        .filter(jobs::kind.eq_any(kinds))
        .filter(jobs::run_after.le(cx.now))
        .filter(jobs::leased_until.is_null().or(jobs::leased_until.lt(cx.now)))
        .order((jobs::run_after, jobs::id))
        .limit(1);
    let found: Option<JobId> = match cx.conn {
        Conn::Pg(c) => free.for_update().skip_locked().select(jobs::id).first(c).optional()?,
        Conn::Sqlite(c) => free.select(jobs::id).first(c).optional()?,
    };
    let Some(id) = found else { return Ok(None) };
    let kind: String = jobs::table.find(id).select(jobs::kind).first(cx.conn)?;
    diesel::update(jobs::table.find(id))
        .set((
            jobs::state.eq(JobState::Running),
            jobs::lease_token.eq(Some(RowId::new())),
            jobs::leased_until.eq(Some(cx.now.plus_seconds(handlers.lease_seconds(&kind)))),
        ))
        .execute(cx.conn)?;
    Ok(Some(jobs::table.find(id).select(Job::as_select()).first(cx.conn)?))
}

/// Writes what a chunk came to; the lease must still be ours.
fn note(cx: &mut Ctx<'_>, job: &Job, step: &Step, lease_seconds: i64) -> Result<()> {
    let mine = jobs::table.find(job.id).filter(jobs::lease_token.eq(job.lease_token));
    let written = match step {
        Step::More { total, done, resume } => diesel::update(mine)
            .set((
                jobs::total.eq(*total),
                jobs::done.eq((*done).max(job.done)),
                jobs::resume.eq(Doc(resume.clone())),
                jobs::leased_until.eq(Some(cx.now.plus_seconds(lease_seconds))),
                jobs::attempts.eq(0),
            ))
            .execute(cx.conn)?,
        Step::Done(result) => diesel::update(mine)
            .set((
                jobs::state.eq(JobState::Done),
                jobs::done.eq(jobs::total),
                jobs::result.eq(Some(Doc(result.clone()))),
                jobs::error.eq(None::<String>),
                jobs::finished_at.eq(Some(cx.now)),
                jobs::lease_token.eq(None::<RowId>),
                jobs::leased_until.eq(None::<Moment>),
            ))
            .execute(cx.conn)?,
    };
    match written {
        1 => Ok(()),
        _ => Err(AppError::Busy("the lease of the job was lost".into())),
    }
}

/// Waits longer after each failure: 2, 4, 8, 16 seconds; then gives up.
fn fail(cx: &mut Ctx<'_>, job: &Job, why: &str) -> Result<()> {
    let attempts = job.attempts + 1;
    let over = attempts >= MAX_ATTEMPTS;
    diesel::update(jobs::table.find(job.id).filter(jobs::lease_token.eq(job.lease_token)))
        .set((
            jobs::state.eq(if over { JobState::Failed } else { JobState::Waiting }),
            jobs::attempts.eq(attempts),
            jobs::error.eq(Some(why.to_owned())),
            jobs::run_after.eq(cx.now.plus_seconds(1 << attempts.clamp(1, 10))),
            jobs::lease_token.eq(None::<RowId>),
            jobs::leased_until.eq(None::<Moment>),
            jobs::finished_at.eq(over.then_some(cx.now)),
        ))
        .execute(cx.conn)?;
    Ok(())
}

/// Takes one job and works on it until it ends or fails. Answers whether there was one.
///
/// # Errors
/// When the database fails while claiming or noting.
pub fn work_once(db: &Db, handlers: &Handlers) -> Result<bool> {
    let worker = Caller::system("worker");
    let offered = handlers.clone();
    let Some(mut job) = db.take_now(&worker, move |cx| claim(cx, &offered))? else { return Ok(false) };
    let Some(handler) = handlers.0.get(job.kind.as_str()).cloned() else { return Ok(false) };
    loop {
        let lease = handler.lease_seconds();
        let finish = match &handler {
            Work::Light(work) => {
                let work = Arc::clone(work);
                Ok(Box::new(move |cx: &mut Ctx<'_>, job: &Job| work(cx, job)) as Finish)
            }
            Work::Heavy(work) => work(db, &job),
        };
        let this = job.clone();
        let chunk = finish.and_then(|finish| {
            db.write_now(&worker, move |cx| {
                let step = finish(cx, &this)?;
                note(cx, &this, &step, lease)?;
                Ok(step)
            })
        });
        match chunk {
            Ok(Step::Done(_)) => return Ok(true),
            Ok(Step::More { total, done, resume }) => {
                (job.total, job.done, job.resume, job.attempts) = (total, done.max(job.done), Doc(resume), 0);
            }
            Err(e) => {
                tracing::warn!(job = %job.id, kind = %job.kind, error = %e, "a chunk of a job failed; it is tried again later");
                let failed = job.clone();
                let why = e.to_string();
                db.write_now(&worker, move |cx| fail(cx, &failed, &why))?;
                return Ok(true);
            }
        }
    }
}
