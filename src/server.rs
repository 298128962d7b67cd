//! A running service: the HTTP server, the recorder and the workers, and a clean end.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI32, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;

use actix_web::HttpServer;

use crate::actor::Caller;
use crate::app::{self, State};
use crate::auth::{letters, sign_in};
use crate::db::Db;
use crate::error::{AppError, Result};
use crate::exchange::webhooks::{sending, telling};
use crate::files::scan;
use crate::{audit, jobs, keys, recorder};

/// Seconds that requests under way have to finish after SIGTERM.
const GRACE_SECONDS: u64 = 15;
/// How many webhooks are called at once.
const SENDERS: usize = 3;

/// Serves until SIGTERM or SIGINT; requests under way finish first.
///
/// # Errors
/// When the address cannot be used.
pub async fn serve(state: State) -> Result<()> {
    let background = Background::start(&state);
    let listen = state.config.listen;
    let admin = state.config.admin_listen;
    let shared = state.clone();
    let server = HttpServer::new(move || app::application(&shared))
        .workers(std::thread::available_parallelism().map_or(2, usize::from))
        .shutdown_timeout(GRACE_SECONDS)
        .bind(listen)
        .map_err(|e| AppError::Internal(format!("OCOP_LISTEN {listen}: {e}")))?
        .run();
    if let Some(address) = admin {
        let state = state.clone();
        let figures = HttpServer::new(move || app::admin_application(&state))
            .workers(1)
            .disable_signals()
            .bind(address)
            .map_err(|e| AppError::Internal(format!("OCOP_ADMIN_LISTEN {address}: {e}")))?
            .run();
        tokio::task::spawn(figures);
    }
    tracing::info!(%listen, public = %state.config.public_url, "serving");
    let ended = server.await.map_err(AppError::internal);
    background.stop();
    tracing::info!("stopped; nothing is under way");
    ended
}

/// The threads that follow behind requests.
pub struct Background {
    stop: Arc<AtomicBool>,
    threads: Vec<JoinHandle<()>>,
}

impl Background {
    /// Starts the recorder, two workers, the clock of daily work, what takes documents to the virus scanner,
    /// whoever tells webhooks, and whoever sends letters.
    pub fn start(state: &State) -> Self {
        let stop = Arc::new(AtomicBool::new(false));
        let mut threads = Vec::new();
        let (db, master) = (state.db.clone(), state.master.clone());
        let told = AtomicI32::new(0);
        threads.push(repeat("recorder", &stop, Duration::from_millis(250), move || {
            let recorded = recorder::run(&db, &master)?;
            tell_head(&db, &told)?;
            Ok(recorded.full())
        }));
        for _ in 0..2 {
            let (db, handlers) = (state.db.clone(), state.handlers());
            threads.push(repeat("worker", &stop, Duration::from_millis(500), move || jobs::work_once(&db, &handlers)));
        }
        let (db, files) = (state.db.clone(), state.files.clone());
        threads.push(repeat("scanner", &stop, Duration::from_secs(1), move || scan::work_once(&db, &files)));
        let (db, ordered) = (state.db.clone(), AtomicI32::new(0));
        threads.push(repeat("daily", &stop, Duration::from_millis(500), move || order_daily(&db, &ordered)));
        let (db, source) = (state.db.clone(), state.config.public_url.clone());
        threads.push(repeat("webhooks", &stop, Duration::from_millis(500), move || telling::work_once(&db, &source)));
        for _ in 0..SENDERS {
            let (db, master, receivers) = (state.db.clone(), state.master.clone(), state.config.as_ref().into());
            let send = move || sending::work_once(&db, &master, receivers);
            threads.push(repeat("webhook sender", &stop, Duration::from_secs(1), send));
        }
        if state.mailer.is_on() {
            let (db, mailer) = (state.db.clone(), state.mailer.clone());
            threads.push(repeat("letters", &stop, Duration::from_secs(1), move || letters::deliver(&db, &mailer)));
        }
        Self { stop, threads: threads.into_iter().flatten().collect() }
    }

    /// Lets each finish what it is doing.
    pub fn stop(self) {
        self.stop.store(true, Ordering::Relaxed);
        for thread in self.threads {
            let _ = thread.join();
        }
    }
}

/// At the first look after midnight in Việt Nam, orders the work of the day; the database sees to it that
/// one node does.
fn order_daily(db: &Db, ordered: &AtomicI32) -> Result<bool> {
    use chrono::Datelike;
    let today = db.clock().now().vietnam_day().num_days_from_ce();
    if ordered.load(Ordering::Relaxed) != today {
        for kind in app::DAILY {
            db.write_now(&Caller::system("daily"), move |cx| jobs::enqueue_daily(cx, kind))?;
        }
        ordered.store(today, Ordering::Relaxed);
    }
    Ok(false)
}

/// Writes the newest block of the audit into the log once a day, so that the log bears witness too.
fn tell_head(db: &Db, told: &AtomicI32) -> Result<()> {
    use chrono::Datelike;
    let today = db.clock().now().vietnam_day().num_days_from_ce();
    if told.swap(today, Ordering::Relaxed) == today {
        return Ok(());
    }
    if let Some(block) = db.read_now(&Caller::system("recorder"), audit::head)? {
        tracing::info!(number = block.number, last_position = block.last_position, hash = %block.hash, "the newest block of the audit");
    }
    Ok(())
}

/// Makes the one-time link for the first administrator while there is none: into a file that only
/// its owner may read, and for the terminal; never into the log. Gives what to show.
///
/// # Errors
/// When the database fails or the file cannot be written.
pub fn offer_first_administrator(state: &State) -> Result<Option<String>> {
    let made = state.db.write_now(&Caller::system("first administrator"), |cx| {
        if sign_in::has_administrator(cx)? {
            return Ok(None);
        }
        sign_in::make_code(cx, sign_in::CodeFor::FirstAdministrator, None).map(Some)
    })?;
    let path = state.config.data_dir.join("first-admin-link.txt");
    let Some((_, code, until)) = made else {
        let _ = std::fs::remove_file(&path);
        return Ok(None);
    };
    let address = format!("{}/v1/auth/first-administrator", state.config.public_url);
    let text = format!(
        "There is no administrator yet. Until {until} this code makes one, once:\n\n  {code}\n\n\
         curl -X POST {address} -H 'Content-Type: application/json' \\\n  \
         -d '{{\"code\":\"{code}\",\"email\":\"…\",\"name\":\"…\",\"password\":\"at least 12 characters\"}}'\n"
    );
    keys::write_private(&path, text.as_bytes()).map_err(|e| AppError::Internal(format!("{}: {e}", path.display())))?;
    Ok(Some(text))
}

/// Does a piece of work again and again: at once while there is more, else after a pause.
fn repeat(
    name: &'static str,
    stop: &Arc<AtomicBool>,
    pause: Duration,
    work: impl Fn() -> Result<bool> + Send + 'static,
) -> Option<JoinHandle<()>> {
    let stop = Arc::clone(stop);
    let body = move || {
        while !stop.load(Ordering::Relaxed) {
            match work() {
                Ok(true) => {}
                Ok(false) => std::thread::sleep(pause),
                Err(e) => {
                    tracing::warn!(work = name, error = %e, "background work failed; it goes on after a pause");
                    std::thread::sleep(Duration::from_secs(1));
                }
            }
        }
    };
    match std::thread::Builder::new().name(name.into()).spawn(body) {
        Ok(thread) => Some(thread),
        Err(e) => {
            tracing::error!(work = name, error = %e, "a background thread could not be started");
            None
        }
    }
}
