//! Backup and restore. A backup takes the database first, then every document it names, then the
//! master key, then a manifest with hashes. A restore verifies all of it before it touches anything.

use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::actor::Caller;
use crate::config::{Config, DatabaseUrl};
use crate::db::{Clock, Conn, Ctx, Db, care, migrate};
use crate::error::AppError;
use crate::files::{self, Files};
use crate::keys::{self, MasterKey, Purpose};
use crate::{audit, recorder};

/// The name of the copy of the embedded database.
const DATABASE: &str = "ocop.sqlite";
const KEY: &str = "master.key";
const MANIFEST: &str = "manifest.json";

/// Why it was not done, with what to do.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct Failed(String);

impl From<AppError> for Failed {
    fn from(e: AppError) -> Self {
        Self(e.to_string())
    }
}

type Result<T> = std::result::Result<T, Failed>;

/// Hears (what, done, all) while the work goes on.
pub type Progress<'a> = &'a mut dyn FnMut(&str, usize, usize);

/// One file of a backup.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Piece {
    /// Below the folder of the backup.
    pub path: String,
    /// How long.
    pub bytes: u64,
    /// Its hash.
    pub sha256: String,
}

/// What a backup holds; written last, so that a backup without it is not one.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Manifest {
    /// When it was made.
    pub made_at: crate::db::Moment,
    /// The version that made it.
    pub version: String,
    /// `sqlite` or `postgres`.
    pub engine: String,
    /// The embedded database.
    pub database: Option<Piece>,
    /// The master key.
    pub key: Piece,
    /// Documents.
    pub files: Vec<Piece>,
    /// Rows of each table.
    pub counts: BTreeMap<String, i64>,
    /// The hash of the newest block of the audit.
    pub audit_head: Option<String>,
}

/// What was done.
#[derive(Debug, Clone, Serialize)]
pub struct Report {
    /// Documents.
    pub files: usize,
    /// Bytes in all.
    pub bytes: u64,
    /// Rows of the database.
    pub rows: i64,
    /// The hash of the newest block of the audit.
    #[serde(rename = "auditHead")]
    pub audit_head: Option<String>,
    /// What is left to do by hand.
    pub next: Vec<String>,
}

fn of_path(path: &Path) -> impl FnOnce(std::io::Error) -> Failed + '_ {
    move |e| Failed(format!("{}: {e}", path.display()))
}

/// Backs an instance up into a folder that is new or empty. The service may go on working.
///
/// # Errors
/// When the folder is not empty, a document is missing or damaged, or anything cannot be written.
pub fn backup(config: &Config, into: &Path, progress: Progress<'_>) -> Result<Report> {
    std::fs::create_dir_all(into).map_err(of_path(into))?;
    if std::fs::read_dir(into).map_err(of_path(into))?.next().is_some() {
        return Err(Failed(format!(
            "{}: choose a new or empty folder; a backup never mixes with another",
            into.display()
        )));
    }
    let db = Db::open(&config.database, 2, Clock::real())?;
    let master = MasterKey::load_or_make(&config.master_key_file)?;
    recorder::drain(&db, &master)?;
    let database = copy_database(config, &db, into, progress)?;
    let (counts, audit_head, stored) = match &database {
        Some(piece) => with_copy(&into.join(&piece.path), &db, describe)?,
        None => db.read_now(&Caller::system("backup"), describe)?,
    };
    let files = copy_documents(config, &stored, into, progress)?;
    let key = copy_piece(&config.master_key_file, into, KEY)?;
    private(&into.join(KEY))?;
    let engine = if database.is_some() { "sqlite" } else { "postgres" };
    let counts = if database.is_some() { counts } else { BTreeMap::new() };
    let manifest = Manifest {
        made_at: db.clock().now(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        engine: engine.to_owned(),
        database,
        key,
        files,
        counts,
        audit_head,
    };
    let text = serde_json::to_string_pretty(&manifest).map_err(AppError::internal)?;
    keys::write_private(&into.join(MANIFEST), text.as_bytes()).map_err(of_path(into))?;
    Ok(report(&manifest, dump_line(config, into)))
}

type Description = (BTreeMap<String, i64>, Option<String>, Vec<files::StoredFile>);

/// Counts, the head of the audit, the documents: all that the manifest says of a database.
fn describe(cx: &mut Ctx<'_>) -> crate::error::Result<Description> {
    let mut stored: Vec<files::StoredFile> = Vec::new();
    loop {
        let last = stored.last().map(|f| f.sha256.clone()).unwrap_or_default();
        let more = files::after(cx, &last, 500)?;
        if more.is_empty() {
            break;
        }
        stored.extend(more);
    }
    Ok((care::counts(cx)?, audit::head(cx)?.map(|b| b.hash), stored))
}

fn with_copy<T>(path: &Path, db: &Db, read: impl FnOnce(&mut Ctx<'_>) -> crate::error::Result<T>) -> Result<T> {
    let mut conn: Conn = care::open_copy(path)?;
    Ok(read(&mut Ctx { conn: &mut conn, caller: &Caller::system("backup"), now: db.clock().now() })?)
}

fn copy_database(config: &Config, db: &Db, into: &Path, progress: Progress<'_>) -> Result<Option<Piece>> {
    if let DatabaseUrl::Postgres(_) = config.database {
        return Ok(None);
    }
    progress("database", 0, 1);
    let path = into.join(DATABASE);
    db.read_now(&Caller::system("backup"), |cx| care::copy_to(cx, &path))?;
    private(&path)?;
    progress("database", 1, 1);
    Ok(Some(piece_of(into, DATABASE)?))
}

fn copy_documents(
    config: &Config,
    stored: &[files::StoredFile],
    into: &Path,
    progress: Progress<'_>,
) -> Result<Vec<Piece>> {
    let store = Files::open(config)?;
    let runtime = runtime()?;
    let mut pieces = Vec::with_capacity(stored.len());
    for (n, file) in stored.iter().enumerate() {
        let name = format!("files/{}", files::key_of(&file.sha256));
        let to = into.join(&name);
        runtime.block_on(store.copy_out(&file.sha256, &to)).map_err(|e| Failed(format!("{}: {e}", file.sha256)))?;
        let piece = piece_of(into, &name)?;
        if piece.sha256 != file.sha256 {
            return Err(Failed(format!("{}: the document is damaged: its hash is {}", file.sha256, piece.sha256)));
        }
        pieces.push(piece);
        progress("documents", n + 1, stored.len());
    }
    Ok(pieces)
}

/// What work with the store of documents runs on.
fn runtime() -> Result<tokio::runtime::Runtime> {
    tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(|e| Failed(e.to_string()))
}

/// Copies a file, and says what arrived.
fn copy_piece(from: &Path, into: &Path, name: &str) -> Result<Piece> {
    let to = into.join(name);
    if let Some(folder) = to.parent() {
        std::fs::create_dir_all(folder).map_err(of_path(folder))?;
    }
    std::fs::copy(from, &to).map_err(of_path(from))?;
    piece_of(into, name)
}

fn piece_of(folder: &Path, name: &str) -> Result<Piece> {
    let path = folder.join(name);
    let mut file = std::fs::File::open(&path).map_err(of_path(&path))?;
    let (mut hash, mut bytes, mut part) = (Sha256::new(), 0_u64, vec![0_u8; 1 << 16]);
    loop {
        let n = file.read(&mut part).map_err(of_path(&path))?;
        if n == 0 {
            break;
        }
        hash.update(&part[..n]);
        bytes += n as u64;
    }
    let sha256 = hash.finalize().iter().map(|b| format!("{b:02x}")).collect();
    Ok(Piece { path: name.to_owned(), bytes, sha256 })
}

fn private(path: &Path) -> Result<()> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o600)).map_err(of_path(path))?;
    }
    Ok(())
}

fn report(manifest: &Manifest, next: Vec<String>) -> Report {
    let all = manifest.files.iter().chain(&manifest.database).chain([&manifest.key]);
    Report {
        files: manifest.files.len(),
        bytes: all.map(|p| p.bytes).sum(),
        rows: manifest.counts.values().sum(),
        audit_head: manifest.audit_head.clone(),
        next,
    }
}

/// PostgreSQL is dumped by its own tool, *before* the documents are taken.
fn dump_line(config: &Config, into: &Path) -> Vec<String> {
    match config.database {
        DatabaseUrl::Sqlite(_) => Vec::new(),
        DatabaseUrl::Postgres(_) => vec![
            format!("pg_dump --format=custom --file={}/ocop.dump \"$DATABASE_URL\"", into.display()),
            "run pg_dump before this command next time, so that every document the dump names is here".to_owned(),
        ],
    }
}

/// Puts a backup back. Verifies hashes, counts and the audit first; keeps what it replaces beside it.
///
/// # Errors
/// When anything differs from the manifest, the backup is of the other engine, or data is there
/// already and `force` was not given.
pub fn restore(config: &Config, from: &Path, force: bool, progress: Progress<'_>) -> Result<Report> {
    let manifest = read_manifest(from)?;
    verify_pieces(from, &manifest, progress)?;
    let engine = match config.database {
        DatabaseUrl::Sqlite(_) => "sqlite",
        DatabaseUrl::Postgres(_) => "postgres",
    };
    if manifest.engine != engine {
        return Err(Failed(format!(
            "this backup is of {}, DATABASE_URL names {engine}: restore it to its own engine",
            manifest.engine
        )));
    }
    if let (DatabaseUrl::Sqlite(path), Some(piece)) = (&config.database, &manifest.database) {
        verify_copy(&from.join(&piece.path), &manifest)?;
        make_room(path, force)?;
        make_room_for_key(config, &manifest, force)?;
        put(&from.join(&piece.path), path)?;
    } else {
        make_room_for_key(config, &manifest, force)?;
    }
    put(&from.join(&manifest.key.path), &config.master_key_file)?;
    private(&config.master_key_file)?;
    let store = Files::open(config)?;
    let runtime = runtime()?;
    for (n, piece) in manifest.files.iter().enumerate() {
        runtime.block_on(store.copy_in(&piece.sha256, &from.join(&piece.path)))?;
        progress("documents put back", n + 1, manifest.files.len());
    }
    let next = match config.database {
        DatabaseUrl::Sqlite(_) => {
            prove(config)?;
            Vec::new()
        }
        DatabaseUrl::Postgres(_) => vec![
            format!(
                "pg_restore --clean --if-exists --no-owner --dbname=\"$DATABASE_URL\" {}/ocop.dump",
                from.display()
            ),
            "then: ocop migrate && ocop verify-audit".to_owned(),
        ],
    };
    Ok(report(&manifest, next))
}

fn read_manifest(from: &Path) -> Result<Manifest> {
    let path = from.join(MANIFEST);
    let text = std::fs::read_to_string(&path)
        .map_err(|e| Failed(format!("{}: {e}: a backup without its manifest was never finished", path.display())))?;
    let manifest: Manifest = serde_json::from_str(&text).map_err(|e| Failed(format!("{}: {e}", path.display())))?;
    let normal = |p: &Piece| Path::new(&p.path).components().all(|c| matches!(c, std::path::Component::Normal(_)));
    if !manifest.files.iter().chain(&manifest.database).chain([&manifest.key]).all(normal) {
        return Err(Failed(format!("{}: the manifest names a path outside the backup", path.display())));
    }
    Ok(manifest)
}

fn verify_pieces(from: &Path, manifest: &Manifest, progress: Progress<'_>) -> Result<()> {
    let all: Vec<&Piece> = manifest.files.iter().chain(&manifest.database).chain([&manifest.key]).collect();
    for (n, piece) in all.iter().enumerate() {
        let found = piece_of(from, &piece.path)?;
        if found != **piece {
            return Err(Failed(format!(
                "{}: not as it was backed up (hash or length differs); nothing was restored",
                piece.path
            )));
        }
        progress("verified", n + 1, all.len());
    }
    Ok(())
}

/// Counts and audit of the copy, before it is put anywhere.
fn verify_copy(path: &Path, manifest: &Manifest) -> Result<()> {
    let mut conn = care::open_copy(path)?;
    let caller = Caller::system("restore");
    let cx = &mut Ctx { conn: &mut conn, caller: &caller, now: manifest.made_at };
    if care::counts(cx)? != manifest.counts {
        return Err(Failed("the rows of the database are not those the manifest counted; nothing was restored".into()));
    }
    sound(&audit::verify(cx)?)
}

fn sound(verdict: &audit::Verdict) -> Result<()> {
    // Rows that wait for the recorder are no fault of the backup.
    let waiting = usize::from(verdict.unsealed_old > 0);
    match verdict.faults.first().filter(|_| verdict.faults.len() > waiting) {
        Some(fault) => Err(Failed(format!("the audit does not verify: {} (block {:?})", fault.what, fault.block))),
        None => Ok(()),
    }
}

/// Moves a database that holds data out of the way; only when told to.
fn make_room(path: &Path, force: bool) -> Result<()> {
    if !path.exists() {
        return Ok(());
    }
    if holds_data(path)? && !force {
        return Err(Failed(format!(
            "{} holds data. Stop the service, and give --force to keep it beside the restored one, or choose another OCOP_DATA_DIR",
            path.display()
        )));
    }
    for end in ["", "-wal", "-shm"] {
        let old = PathBuf::from(format!("{}{end}", path.display()));
        if old.exists() {
            let kept = free_name(path, end);
            std::fs::rename(&old, &kept).map_err(of_path(&old))?;
        }
    }
    Ok(())
}

fn free_name(path: &Path, end: &str) -> PathBuf {
    let name = |n: usize| PathBuf::from(format!("{}.before-restore-{n}{end}", path.display()));
    (1..).map(name).find(|p| !p.exists()).unwrap_or_else(|| name(0))
}

fn holds_data(path: &Path) -> Result<bool> {
    let url = DatabaseUrl::Sqlite(path.to_path_buf());
    if !migrate::pending(&url)?.is_empty() {
        return Ok(true);
    }
    let db = Db::open(&url, 1, Clock::real())?;
    let counts = db.read_now(&Caller::system("restore"), care::counts)?;
    Ok(["users", "audit", "products", "dossiers"].iter().any(|t| counts.get(*t).is_some_and(|n| *n > 0)))
}

fn make_room_for_key(config: &Config, manifest: &Manifest, force: bool) -> Result<()> {
    let path = &config.master_key_file;
    if !path.exists() {
        return Ok(());
    }
    let folder = path.parent().unwrap_or_else(|| Path::new("."));
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    if piece_of(folder, &name)?.sha256 == manifest.key.sha256 {
        return Ok(());
    }
    if !force {
        return Err(Failed(format!(
            "{} is another master key; give --force to keep it beside the restored one",
            path.display()
        )));
    }
    std::fs::rename(path, free_name(path, "")).map_err(of_path(path))
}

/// Copies under another name first: a restore that is cut off leaves no half file under the right one.
fn put(from: &Path, to: &Path) -> Result<()> {
    if let Some(folder) = to.parent() {
        std::fs::create_dir_all(folder).map_err(of_path(folder))?;
    }
    let half = PathBuf::from(format!("{}.restoring", to.display()));
    std::fs::copy(from, &half).map_err(of_path(from))?;
    let file = std::fs::OpenOptions::new().append(true).open(&half).map_err(of_path(&half))?;
    (&file).flush().and_then(|()| file.sync_all()).map_err(of_path(&half))?;
    std::fs::rename(&half, to).map_err(of_path(to))
}

/// The restored database opens, its schema is of this version, the key fits, the audit verifies.
fn prove(config: &Config) -> Result<()> {
    migrate::up(&config.database)?;
    let db = Db::open(&config.database, 2, Clock::real())?;
    let master = MasterKey::load_or_make(&config.master_key_file)?;
    let key = master.clone();
    db.write_now(&Caller::system("restore"), move |cx| keys::active(cx, &key, Purpose::Audit).map(|_| ()))?;
    recorder::drain(&db, &master)?;
    sound(&db.read_now(&Caller::system("restore"), audit::verify)?)
}
