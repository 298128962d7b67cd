//! A running service: the HTTP server, the recorder and the workers, and a clean end.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;

use actix_web::HttpServer;

use crate::app::{self, State};
use crate::error::{AppError, Result};
use crate::{jobs, recorder};

/// Seconds that requests under way have to finish after SIGTERM.
const GRACE_SECONDS: u64 = 15;

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
    /// Starts the recorder and two workers.
    pub fn start(state: &State) -> Self {
        let stop = Arc::new(AtomicBool::new(false));
        let mut threads = Vec::new();
        let (db, master) = (state.db.clone(), state.master.clone());
        threads.push(repeat("recorder", &stop, Duration::from_millis(250), move || {
            recorder::run(&db, &master).map(recorder::Recorded::full)
        }));
        for _ in 0..2 {
            let (db, handlers) = (state.db.clone(), app::handlers());
            threads.push(repeat("worker", &stop, Duration::from_millis(500), move || jobs::work_once(&db, &handlers)));
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
