//! The ZIP as a stream: documents pass through in parts, never whole in memory.

use std::io::{self, BufWriter, Write};

use actix_web::web::Bytes;
use futures_util::{Stream, StreamExt};
use tokio::runtime::Handle;
use tokio::sync::mpsc;
use zip::CompressionMethod;
use zip::write::{SimpleFileOptions, ZipWriter};

use super::Plan;
use crate::db::Moment;
use crate::error::{AppError, Result};
use crate::files::Files;

/// How much is gathered before it goes out, in bytes.
const PART: usize = 64 * 1024;
/// How many parts wait for a slow reader.
const WAITING: usize = 8;

/// Hands what is written to the reader of a channel; stops when nobody reads any more.
struct Outgoing(mpsc::Sender<io::Result<Bytes>>);

impl Write for Outgoing {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let part = Bytes::copy_from_slice(bytes);
        self.0.blocking_send(Ok(part)).map_err(|_| io::Error::from(io::ErrorKind::BrokenPipe))?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// The archive, part by part. A document that fails on the way ends the stream with an error, so that
/// nobody takes half an archive for a whole one.
///
/// # Errors
/// 503 before the first byte when the store does not have a document.
pub async fn stream(files: &Files, plan: Plan) -> Result<impl Stream<Item = io::Result<Bytes>> + use<>> {
    for document in &plan.documents {
        files.must_hold(&document.sha256, document.bytes).await?;
    }
    let (sender, receiver) = mpsc::channel(WAITING);
    let (files, runtime) = (files.clone(), Handle::current());
    tokio::task::spawn_blocking(move || {
        if let Err(e) = write(&files, &runtime, plan, Outgoing(sender.clone())) {
            tracing::warn!(error = %e, "an archive of a dossier was not sent whole");
            let _ = sender.blocking_send(Err(io::Error::other(e)));
        }
    });
    Ok(futures_util::stream::unfold(receiver, async |mut receiver| Some((receiver.recv().await?, receiver))))
}

fn write(files: &Files, runtime: &Handle, plan: Plan, out: Outgoing) -> Result<()> {
    let mut zip = ZipWriter::new_stream(BufWriter::with_capacity(PART, out));
    let options = options(plan.made_at);
    for (path, bytes) in &plan.made {
        let options = options.compression_method(CompressionMethod::Deflated);
        zip.start_file(path, options).map_err(AppError::internal)?;
        zip.write_all(bytes).map_err(AppError::internal)?;
    }
    for document in &plan.documents {
        // Documents are compressed already, each in its own way.
        let options = options.compression_method(CompressionMethod::Stored);
        zip.start_file(&document.path, options).map_err(AppError::internal)?;
        let (_, stream) = runtime.block_on(files.read(&document.sha256))?;
        let mut stream = std::pin::pin!(stream);
        while let Some(part) = runtime.block_on(stream.next()) {
            zip.write_all(&part?).map_err(AppError::internal)?;
        }
    }
    let out = zip.finish().map_err(AppError::internal)?;
    out.into_inner().flush().map_err(AppError::internal)
}

fn options(at: Moment) -> SimpleFileOptions {
    use chrono::{Datelike, Timelike};
    let local = at.vietnam();
    let [month, day, hour, minute, second] = [local.month(), local.day(), local.hour(), local.minute(), local.second()]
        .map(|n| u8::try_from(n).unwrap_or(1));
    let time = u16::try_from(local.year())
        .ok()
        .and_then(|year| zip::DateTime::from_date_and_time(year, month, day, hour, minute, second).ok());
    let options = SimpleFileOptions::default().unix_permissions(0o644);
    match time {
        Some(time) => options.last_modified_time(time),
        None => options,
    }
}
