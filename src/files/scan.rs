//! Documents held against ClamAV, over TCP (`INSTREAM`). A document waits until the scanner has seen
//! it, and is served only when it was found clean; one that is infected is never served. While the
//! scanner is away documents wait, and are tried again.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpStream, ToSocketAddrs};
use std::time::Duration;

use actix_web::web::Bytes;
use futures_util::StreamExt;

use super::{Files, StoredFile, store};
use crate::actor::Caller;
use crate::audit::{self, Details};
use crate::db::Db;
use crate::error::{AppError, Result};

crate::words! {
    /// What the scanner says of a document.
    pub enum Scan {
        /// It came while no scanner was set.
        Unscanned = "unscanned",
        /// It waits for the scanner.
        Pending = "pending",
        /// Nothing was found in it.
        Clean = "clean",
        /// Something was found in it: it is never served.
        Infected = "infected",
    }
}

/// How long the scanner may take to connect, and for each step, in seconds.
const PATIENCE: Duration = Duration::from_secs(30);
/// How long a worker may hold a document before another one takes it, in seconds.
const LEASE_SECONDS: i64 = 180;
/// How long a document waits after the scanner was away, in seconds.
const AGAIN_SECONDS: i64 = 20;

/// Where the scanner listens: `host:port`.
#[derive(Debug, Clone)]
pub struct Scanner(String);

/// What the scanner found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// Nothing.
    Clean,
    /// The name of what was found.
    Infected(String),
}

impl Scanner {
    /// The scanner at an address.
    pub fn at(address: &str) -> Self {
        Self(address.to_owned())
    }

    /// Whether it answers.
    ///
    /// # Errors
    /// Why it does not.
    pub fn ping(&self) -> std::io::Result<()> {
        let mut stream = self.connect()?;
        stream.write_all(b"zPING\0")?;
        match answer(&mut stream)?.as_str() {
            "PONG" => Ok(()),
            other => Err(std::io::Error::other(format!("it answered {other:?}"))),
        }
    }

    fn connect(&self) -> std::io::Result<TcpStream> {
        let address =
            self.0.to_socket_addrs()?.next().ok_or_else(|| std::io::Error::other("the name has no address"))?;
        let stream = TcpStream::connect_timeout(&address, PATIENCE)?;
        stream.set_read_timeout(Some(PATIENCE * 4))?;
        stream.set_write_timeout(Some(PATIENCE))?;
        Ok(stream)
    }

    /// Gives it a document, part by part.
    fn scan(&self, parts: impl Iterator<Item = Result<Bytes>>) -> Result<Verdict> {
        let away = |e: std::io::Error| AppError::Busy(format!("the scanner at {}: {e}", self.0));
        let mut stream = self.connect().map_err(away)?;
        stream.write_all(b"zINSTREAM\0").map_err(away)?;
        for part in parts {
            for piece in part?.chunks(1 << 20) {
                let length = u32::try_from(piece.len()).map_err(AppError::internal)?;
                let sent = stream.write_all(&length.to_be_bytes()).and_then(|()| stream.write_all(piece));
                if let Err(e) = sent {
                    // It says why before it hangs up: too long for its settings, for example.
                    let said = answer(&mut stream).unwrap_or_default();
                    return Err(AppError::Busy(format!("the scanner at {}: {e}; it said {said:?}", self.0)));
                }
            }
        }
        stream.write_all(&[0; 4]).map_err(away)?;
        let said = answer(&mut stream).map_err(away)?;
        match said.strip_prefix("stream: ").unwrap_or(&said) {
            "OK" => Ok(Verdict::Clean),
            found => match found.strip_suffix(" FOUND") {
                Some(name) => Ok(Verdict::Infected(name.to_owned())),
                None => Err(AppError::Busy(format!("the scanner at {} answered {said:?}", self.0))),
            },
        }
    }
}

/// One answer, up to its zero byte.
fn answer(stream: &mut TcpStream) -> std::io::Result<String> {
    let mut bytes = Vec::new();
    BufReader::new(stream).take(4096).read_until(0, &mut bytes)?;
    while bytes.last().is_some_and(|b| matches!(b, 0 | b'\n')) {
        bytes.pop();
    }
    match bytes.is_empty() {
        true => Err(std::io::Error::from(std::io::ErrorKind::UnexpectedEof)),
        false => Ok(String::from_utf8_lossy(&bytes).into_owned()),
    }
}

/// Takes the document that waits longest and has it scanned. Answers whether there was one and the
/// scanner was there: then there may be more. Not for a thread that serves requests.
///
/// # Errors
/// When the database fails.
pub fn work_once(db: &Db, files: &Files) -> Result<bool> {
    let Some(scanner) = &files.scanner else { return Ok(false) };
    let worker = Caller::system("scanner");
    let Some(held) = db.take_now(&worker, |cx| {
        let until = cx.now.plus_seconds(LEASE_SECONDS);
        store::claim(cx, until)
    })?
    else {
        return Ok(false);
    };
    match look_at(scanner, files, &held) {
        Ok(verdict) => {
            db.write_now(&worker, move |cx| {
                let (state, threat) = match &verdict {
                    Verdict::Clean => (Scan::Clean, None),
                    Verdict::Infected(name) => (Scan::Infected, Some(name.as_str())),
                };
                store::scanned(cx, &held.sha256, state, threat)?;
                match threat {
                    Some(name) => tell(cx, &held, name),
                    None => Ok(()),
                }
            })?;
            Ok(true)
        }
        Err(e) => {
            tracing::warn!(sha256 = %held.sha256, error = %e, "a document could not be scanned; it waits and is tried again");
            db.write_now(&worker, move |cx| {
                let after = cx.now.plus_seconds(AGAIN_SECONDS);
                store::try_again(cx, &held.sha256, after)
            })?;
            Ok(false)
        }
    }
}

fn tell(cx: &mut crate::db::Ctx<'_>, held: &StoredFile, threat: &str) -> Result<()> {
    tracing::warn!(sha256 = %held.sha256, %threat, "a document is infected; it is not served");
    let details = Details::none().with("sha256", &held.sha256).with("threat", threat);
    // A file has no identifier but its hash: the first half of it names it in the audit.
    let name = u128::from_str_radix(held.sha256.get(..32).unwrap_or("0"), 16).unwrap_or(0);
    audit::record(cx, "file.infected", "file", uuid::Uuid::from_u128(name), details)
}

fn look_at(scanner: &Scanner, files: &Files, held: &StoredFile) -> Result<Verdict> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(AppError::internal)?;
    let (_, stream) = runtime.block_on(files.read(&held.sha256))?;
    let mut stream = Box::pin(stream);
    scanner.scan(std::iter::from_fn(|| runtime.block_on(stream.next())))
}
