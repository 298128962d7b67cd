//! Rows that nothing refers to, bytes without a row, and rows without bytes.
//!
//! A deed that fails leaves bytes that no row names. Two sweeps take them away, so that nothing that is
//! just arriving can be lost: the first one puts what is old enough and unnamed aside, and a later one
//! forgets what was aside for as long again, or puts it back when a row names it by then.

use std::collections::HashSet;

use futures_util::StreamExt;
use object_store::path::Path;
use object_store::{ObjectMeta, ObjectStoreExt};
use serde::Serialize;

use super::{Files, name_of, store, thumbs::thumb_of};
use crate::actor::Caller;
use crate::db::{Db, Moment};
use crate::error::{AppError, Result};

/// How long bytes may lie without a row, in seconds: longer than any upload takes.
pub const GRACE_SECONDS: i64 = 24 * 3600;
/// How many names are looked up at once.
const CHUNK: usize = 500;

/// What a sweep did and found.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Swept {
    /// Rows that nothing refers to, forgotten; their bytes have no row from then on.
    pub rows: usize,
    /// Bytes without a row that were put aside.
    pub put_aside: usize,
    /// What was aside, has a row now and was put back.
    pub put_back: usize,
    /// What was aside, or was left over from an upload that broke off, and is gone for good.
    pub forgotten: usize,
    /// Small pictures of pictures that are no more.
    pub small_pictures: usize,
    /// How many bytes are gone for good.
    pub bytes: u64,
    /// Rows whose bytes are missing: to be put back from a backup.
    pub missing: Vec<String>,
}

/// One object of the store, by what it is.
enum Found {
    Document(String),
    Small(String),
    Aside(String),
    Other,
}

fn what(path: &Path) -> Found {
    let text: &str = path.as_ref();
    let hash = |name: &str| (name.len() == 64 && name.bytes().all(|b| b.is_ascii_hexdigit())).then(|| name.to_owned());
    let parts: Vec<&str> = text.split('/').collect();
    match parts.as_slice() {
        ["tmp", _] => Found::Other,
        ["aside", name] => hash(name).map_or(Found::Other, Found::Aside),
        ["thumbs", _, name] => name.strip_suffix(".jpg").and_then(hash).map_or(Found::Other, Found::Small),
        [_, name] => hash(name).map_or(Found::Other, Found::Document),
        _ => Found::Other,
    }
}

/// Sweeps the store; `grace` is in seconds.
///
/// # Errors
/// When the store or the database does not answer; what was done until then stays done.
pub async fn sweep(db: &Db, files: &Files, grace: i64) -> Result<Swept> {
    let mut swept = Swept::default();
    let old = db.clock().now().plus_seconds(-grace);
    swept.rows = forget_rows(db, old).await?;
    let mut there = HashSet::new();
    let mut listed = files.store.list(None);
    let mut chunk = Vec::with_capacity(CHUNK);
    loop {
        let next = listed.next().await;
        let end = next.is_none();
        if let Some(meta) = next {
            chunk.push(meta.map_err(super::storage)?);
        }
        if end || chunk.len() == CHUNK {
            sweep_chunk(db, files, &chunk, old, &mut there, &mut swept).await?;
            chunk.clear();
        }
        if end {
            break;
        }
    }
    let folder = files.folder.clone();
    let (left, bytes) = tokio::task::spawn_blocking(move || folder.map_or((0, 0), |f| broken_off(&f, old)))
        .await
        .map_err(AppError::internal)?;
    (swept.forgotten, swept.bytes) = (swept.forgotten + left, swept.bytes + bytes);
    swept.missing = missing(db, files, &there).await?;
    Ok(swept)
}

/// Forgets rows that nothing refers to: what replaced a picture leaves its row behind.
async fn forget_rows(db: &Db, old: Moment) -> Result<usize> {
    let mut forgotten = 0;
    let mut last = String::new();
    loop {
        let from = last.clone();
        let step = db
            .write(Caller::system("sweep"), move |cx| {
                let rows = store::after(cx, &from, CHUNK as i64)?;
                let end = rows.last().map(|r| r.sha256.clone());
                let aged = rows.into_iter().filter(|r| r.created_at < old).map(|r| r.sha256);
                let unnamed = store::unreferred(cx, &aged.collect::<Vec<_>>())?;
                let mut gone = 0;
                for sha256 in &unnamed {
                    // Somebody may be referring to it just now: then it stays.
                    gone += usize::from(cx.try_step(|cx| store::forget(cx, sha256)).is_ok());
                }
                Ok(end.map(|end| (end, gone)))
            })
            .await?;
        let Some((end, gone)) = step else { return Ok(forgotten) };
        (last, forgotten) = (end, forgotten + gone);
    }
}

async fn sweep_chunk(
    db: &Db,
    files: &Files,
    chunk: &[ObjectMeta],
    old: Moment,
    there: &mut HashSet<String>,
    swept: &mut Swept,
) -> Result<()> {
    let hashes: Vec<String> = chunk
        .iter()
        .filter_map(|meta| match what(&meta.location) {
            Found::Document(hash) | Found::Small(hash) | Found::Aside(hash) => Some(hash),
            Found::Other => None,
        })
        .collect();
    let known = db.read(Caller::system("sweep"), move |cx| store::known(cx, &hashes)).await?;
    for meta in chunk {
        let is_old = meta.last_modified.timestamp_micros() < old.micros();
        match what(&meta.location) {
            Found::Document(hash) if known.contains(&hash) => drop(there.insert(hash)),
            Found::Document(hash) if is_old => {
                move_to(files, &meta.location, &aside(&hash)).await?;
                swept.put_aside += 1;
            }
            Found::Aside(hash) if known.contains(&hash) => {
                move_to(files, &meta.location, &name_of(&hash)).await?;
                there.insert(hash);
                swept.put_back += 1;
            }
            Found::Small(hash) if !known.contains(&hash) && is_old => {
                files.store.delete(&thumb_of(&hash)).await.map_err(super::storage)?;
                swept.small_pictures += 1;
            }
            Found::Aside(_) if is_old => forget(files, meta, swept).await?,
            Found::Other if is_old && meta.location.parts().next().is_some_and(|p| p.as_ref() == "tmp") => {
                forget(files, meta, swept).await?
            }
            _ => {}
        }
    }
    Ok(())
}

/// Written anew, so that the time it lies there begins now, in a folder too.
async fn move_to(files: &Files, from: &Path, to: &Path) -> Result<()> {
    let mut parts = files.store.get(from).await.map_err(super::storage)?.into_stream();
    let upload = files.store.put_multipart(to).await.map_err(super::storage)?;
    let mut writer = object_store::WriteMultipart::new_with_chunk_size(upload, files.part);
    while let Some(part) = parts.next().await {
        writer.wait_for_capacity(2).await.map_err(super::storage)?;
        writer.put(part.map_err(super::storage)?);
    }
    writer.finish().await.map_err(super::storage)?;
    files.store.delete(from).await.map_err(super::storage)
}

async fn forget(files: &Files, meta: &ObjectMeta, swept: &mut Swept) -> Result<()> {
    files.store.delete(&meta.location).await.map_err(super::storage)?;
    swept.forgotten += 1;
    swept.bytes += meta.size;
    Ok(())
}

/// What a process that was killed left half written in a folder, which the store does not list. How many
/// files, and bytes, are gone.
fn broken_off(folder: &std::path::Path, old: Moment) -> (usize, u64) {
    let below = |at: &std::path::Path| std::fs::read_dir(at).into_iter().flatten().flatten().map(|e| e.path());
    let (mut files, mut bytes) = (0, 0);
    for path in below(folder).filter(|p| p.is_dir()).flat_map(|p| below(&p).collect::<Vec<_>>()) {
        let half = path.file_name().is_some_and(|n| n.to_string_lossy().contains('#'));
        let Some(told) = std::fs::metadata(&path).ok().filter(|_| half) else { continue };
        let at = told.modified().ok().and_then(|t| t.duration_since(std::time::UNIX_EPOCH).ok());
        let is_old = at.is_some_and(|t| t.as_micros() < u128::try_from(old.micros()).unwrap_or(0));
        if is_old && std::fs::remove_file(&path).is_ok() {
            (files, bytes) = (files + 1, bytes + told.len());
        }
    }
    (files, bytes)
}

fn aside(sha256: &str) -> Path {
    Path::from(format!("aside/{sha256}"))
}

/// Rows whose bytes were not seen, looked for once more: they may have come while the store was listed.
async fn missing(db: &Db, files: &Files, there: &HashSet<String>) -> Result<Vec<String>> {
    let mut missing = Vec::new();
    let mut last = String::new();
    loop {
        let from = last.clone();
        let rows = db.read(Caller::system("sweep"), move |cx| store::after(cx, &from, CHUNK as i64)).await?;
        let Some(end) = rows.last() else { return Ok(missing) };
        last.clone_from(&end.sha256);
        for row in rows.iter().filter(|r| !there.contains(&r.sha256)) {
            match files.store.head(&name_of(&row.sha256)).await {
                Ok(_) => {}
                Err(object_store::Error::NotFound { .. }) => missing.push(row.sha256.clone()),
                Err(e) => return Err(super::storage(e)),
            }
        }
    }
}
