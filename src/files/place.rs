//! Where the bytes lie: a folder of this machine, or a bucket of an S3-compatible store.

use std::io::ErrorKind;
use std::sync::Arc;
use std::time::Duration;

use futures_util::StreamExt;
use object_store::aws::AmazonS3Builder;
use object_store::local::LocalFileSystem;
use object_store::path::Path;
use object_store::prefix::PrefixStore;
use object_store::{BackoffConfig, ClientOptions, ObjectStore, ObjectStoreExt, RetryConfig, WriteMultipart};

use super::scan::Scanner;
use crate::config::{Config, Storage};
use crate::error::{AppError, Result};

/// How much is gathered before it is written to a folder, in bytes.
const PART: usize = 1024 * 1024;
/// The least that an S3-compatible store takes as one part of several, in bytes.
const S3_PART: usize = 5 * 1024 * 1024;

/// Where documents are kept.
#[derive(Clone)]
pub struct Files {
    pub(super) store: Arc<dyn ObjectStore>,
    pub(super) scanner: Option<Scanner>,
    pub(super) part: usize,
    /// The folder, when it is one.
    pub(super) folder: Option<std::path::PathBuf>,
    /// The largest document, in bytes.
    pub limit: u64,
    /// The most that the papers of one dossier hold together, in bytes.
    pub dossier_limit: u64,
}

impl Files {
    /// Opens the store that `OCOP_STORAGE_URL` names: `file:` (in the data directory), `file:/a/path` or
    /// `s3://bucket/prefix`.
    ///
    /// # Errors
    /// When the folder cannot be made or the settings of the bucket cannot be used.
    pub fn open(config: &Config) -> Result<Self> {
        let failed = |e: &dyn std::fmt::Display| AppError::Internal(format!("OCOP_STORAGE_URL: {e}"));
        let local = folder(config).ok();
        let (store, part): (Arc<dyn ObjectStore>, usize) = match &config.storage {
            Storage::Folder(_) => {
                let folder = folder(config)?;
                std::fs::create_dir_all(&folder).map_err(|e| failed(&format!("{}: {e}", folder.display())))?;
                let store = LocalFileSystem::new_with_prefix(&folder).map_err(|e| failed(&e))?.with_fsync(true);
                (Arc::new(store), PART)
            }
            Storage::Bucket { bucket, prefix } => {
                let store = bucket_of(config, bucket).build().map_err(|e| failed(&e))?;
                match prefix.as_str() {
                    "" => (Arc::new(store), S3_PART),
                    prefix => (Arc::new(PrefixStore::new(store, Path::from(prefix))), S3_PART),
                }
            }
        };
        Ok(Self {
            store,
            part,
            folder: local,
            scanner: config.clamd.as_deref().map(Scanner::at),
            limit: config.max_upload_bytes,
            dossier_limit: config.max_dossier_bytes,
        })
    }

    /// Whether the store answers.
    ///
    /// # Errors
    /// 503 when it does not.
    pub async fn ping(&self) -> Result<()> {
        self.store.list_with_delimiter(Some(&Path::from("tmp"))).await.map(|_| ()).map_err(storage)
    }
}

impl Files {
    /// Copies a document into a file of this machine: for backups.
    ///
    /// # Errors
    /// When the store has lost it, or the file cannot be written.
    pub async fn copy_out(&self, sha256: &str, to: &std::path::Path) -> Result<()> {
        let failed = |e: std::io::Error| AppError::Internal(format!("{}: {e}", to.display()));
        if let Some(folder) = to.parent() {
            std::fs::create_dir_all(folder).map_err(failed)?;
        }
        let mut file = std::fs::File::create(to).map_err(failed)?;
        let (_, stream) = self.read(sha256).await?;
        let mut stream = std::pin::pin!(stream);
        while let Some(part) = stream.next().await {
            std::io::Write::write_all(&mut file, &part?).map_err(failed)?;
        }
        file.sync_all().map_err(failed)
    }

    /// Puts a document back from a file whose hash was checked: for backups.
    ///
    /// # Errors
    /// When the file cannot be read or the store does not take it.
    pub async fn copy_in(&self, sha256: &str, from: &std::path::Path) -> Result<()> {
        let failed = |e: std::io::Error| AppError::Internal(format!("{}: {e}", from.display()));
        let mut file = std::fs::File::open(from).map_err(failed)?;
        let upload = self.store.put_multipart(&name_of(sha256)).await.map_err(storage)?;
        let mut writer = WriteMultipart::new_with_chunk_size(upload, self.part);
        let mut part = vec![0_u8; self.part];
        loop {
            let n = std::io::Read::read(&mut file, &mut part).map_err(failed)?;
            if n == 0 {
                break;
            }
            writer.wait_for_capacity(2).await.map_err(storage)?;
            writer.write(&part[..n]);
        }
        writer.finish().await.map_err(storage)?;
        Ok(())
    }
}

/// Addresses name the bucket in the path, as every compatible server takes it; a request is tried again
/// for a few seconds, so that the caller hears soon when the store is away.
fn bucket_of(config: &Config, bucket: &str) -> AmazonS3Builder {
    let retry = RetryConfig {
        backoff: BackoffConfig {
            init_backoff: Duration::from_millis(100),
            max_backoff: Duration::from_secs(2),
            base: 2.0,
        },
        max_retries: 4,
        retry_timeout: Duration::from_secs(10),
    };
    let client = ClientOptions::new()
        .with_allow_http(true)
        .with_connect_timeout(Duration::from_secs(3))
        .with_timeout(Duration::from_secs(60));
    let s3 = &config.s3;
    let builder = AmazonS3Builder::new()
        .with_bucket_name(bucket)
        .with_region(&s3.region)
        .with_virtual_hosted_style_request(false)
        .with_retry(retry)
        .with_client_options(client);
    let builder = match &s3.endpoint {
        Some(endpoint) => builder.with_endpoint(endpoint),
        None => builder,
    };
    match (&s3.access_key, &s3.secret_key) {
        (Some(access), Some(secret)) => builder.with_access_key_id(access).with_secret_access_key(&secret.0),
        _ => builder,
    }
}

/// What the store answers, sorted: lost (500), full, or away (503).
pub(super) fn storage(error: object_store::Error) -> AppError {
    if let object_store::Error::NotFound { path, .. } = &error {
        return AppError::Internal(format!("the store has lost {path}"));
    }
    let mut cause: Option<&(dyn std::error::Error + 'static)> = Some(&error);
    let mut full = false;
    while let Some(e) = cause {
        let kind = e.downcast_ref::<std::io::Error>().map(std::io::Error::kind);
        full |= matches!(kind, Some(ErrorKind::StorageFull | ErrorKind::QuotaExceeded | ErrorKind::FileTooLarge));
        cause = e.source();
    }
    AppError::Storage { full, why: error.to_string() }
}

pub(super) fn name_of(sha256: &str) -> Path {
    Path::from(key_of(sha256))
}

/// The folder that `OCOP_STORAGE_URL` names.
///
/// # Errors
/// When it names a bucket.
pub fn folder(config: &Config) -> Result<std::path::PathBuf> {
    match &config.storage {
        Storage::Folder(None) => Ok(config.data_dir.join("files")),
        Storage::Folder(Some(path)) => Ok(path.clone()),
        Storage::Bucket { bucket, .. } => {
            Err(AppError::Internal(format!("OCOP_STORAGE_URL: documents lie in the bucket {bucket}, not in a folder")))
        }
    }
}

/// Where the bytes of a document lie in the store: for backups.
pub fn key_of(sha256: &str) -> String {
    format!("{}/{sha256}", sha256.get(..2).unwrap_or("00"))
}
