//! Documents, kept under the SHA-256 of their content.
//!
//! A document streams to a temporary name, never whole in memory; its size, type and hash are
//! known before it gets its name, and only the deed's transaction makes it a document of ours
//! ([`note`]). Bytes that no row names are left over from a deed that failed.
//!
//! Accepted are PDF, PNG, JPEG, WebP and MP4, told by their bytes and never by what the sender
//! says. Office files are not: they carry macros, and a paper that is judged must look the same to
//! everybody. Plain text and CSV cannot be told by their bytes.

mod form;
mod model;
mod store;

use std::sync::Arc;

use actix_web::HttpResponse;
use actix_web::body::SizedStream;
use actix_web::http::header::{
    CACHE_CONTROL, Charset, ContentDisposition, DispositionParam, DispositionType, ETAG, ExtendedValue,
};
use actix_web::web::Bytes;
use futures_util::{Stream, StreamExt};
use object_store::local::LocalFileSystem;
use object_store::path::Path;
use object_store::{ObjectStore, ObjectStoreExt, WriteMultipart};
use sha2::{Digest, Sha256};

use crate::config::Config;
use crate::db::Ctx;
use crate::error::{AppError, FieldError, Result};
use crate::text::Label;

pub use form::{Accept, Form, Upload};
pub use model::StoredFile;

crate::words! {
    /// What a document is, told by its bytes.
    pub enum Kind {
        /// PDF.
        Pdf = "application/pdf",
        /// PNG.
        Png = "image/png",
        /// JPEG.
        Jpeg = "image/jpeg",
        /// WebP.
        Webp = "image/webp",
        /// MP4.
        Mp4 = "video/mp4",
        /// ZIP: made here, never taken in as a paper.
        Zip = "application/zip",
    }
}

/// Papers of a dossier.
pub const DOCUMENTS: &[Kind] = &[Kind::Pdf, Kind::Png, Kind::Jpeg, Kind::Webp, Kind::Mp4];

/// Pictures.
pub const IMAGES: &[Kind] = &[Kind::Png, Kind::Jpeg, Kind::Webp];

/// Bytes that are enough to tell a type.
const HEAD: usize = 1024;

/// How much is held in memory before it is written.
const PART: usize = 1024 * 1024;

/// A document that has arrived: its bytes are in the store, no row names it yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Received {
    /// SHA-256 of its bytes.
    pub sha256: String,
    /// How many.
    pub bytes: u64,
    /// What it is.
    pub kind: Kind,
}

/// Where documents are kept.
#[derive(Clone)]
pub struct Files {
    store: Arc<dyn ObjectStore>,
    /// The largest document, in bytes.
    pub limit: u64,
}

impl Files {
    /// Opens the store that `OCOP_STORAGE_URL` names: `file:` (in the data directory) or `file:/a/path`.
    ///
    /// # Errors
    /// When the folder cannot be made or the address has another form.
    pub fn open(config: &Config) -> Result<Self> {
        let folder = folder(config)?;
        let failed =
            |e: &dyn std::fmt::Display| AppError::Internal(format!("OCOP_STORAGE_URL {}: {e}", folder.display()));
        std::fs::create_dir_all(&folder).map_err(|e| failed(&e))?;
        let store = LocalFileSystem::new_with_prefix(&folder).map_err(|e| failed(&e))?.with_fsync(true);
        Ok(Self { store: Arc::new(store), limit: config.max_upload_bytes })
    }

    /// Takes a document in. A second copy of the same bytes is kept once.
    ///
    /// # Errors
    /// 413 beyond the limit, 415 for a type that is not accepted, 422 when empty.
    pub async fn receive<S, E>(&self, stream: S, limit: u64, kinds: &[Kind]) -> Result<Received>
    where
        S: Stream<Item = std::result::Result<Bytes, E>> + Unpin,
    {
        let temporary = Path::from(format!("tmp/{}", uuid::Uuid::now_v7().simple()));
        let upload = self.store.put_multipart(&temporary).await.map_err(AppError::internal)?;
        let mut writer = WriteMultipart::new_with_chunk_size(upload, PART);
        match pour(stream, &mut writer, limit, kinds).await {
            Err(e) => {
                let _ = writer.abort().await;
                Err(e)
            }
            Ok(received) => {
                writer.finish().await.map_err(AppError::internal)?;
                self.settle(&temporary, &received).await?;
                Ok(received)
            }
        }
    }

    async fn settle(&self, temporary: &Path, received: &Received) -> Result<()> {
        let name = name_of(&received.sha256);
        let known = self.store.head(&name).await.is_ok_and(|meta| meta.size == received.bytes);
        match known {
            true => self.store.delete(temporary).await,
            false => self.store.rename(temporary, &name).await,
        }
        .map_err(AppError::internal)
    }

    /// The bytes of a document.
    ///
    /// # Errors
    /// 500 when the store has lost it.
    pub async fn read(&self, sha256: &str) -> Result<(u64, impl Stream<Item = Result<Bytes>> + use<>)> {
        let got = self.store.get(&name_of(sha256)).await.map_err(AppError::internal)?;
        let size = got.meta.size;
        Ok((size, got.into_stream().map(|part| part.map_err(AppError::internal))))
    }

    /// Sends a document as an attachment; its tag is its hash. `cache` says who may keep it.
    ///
    /// # Errors
    /// 500 when the store has lost it.
    pub async fn send(
        &self,
        sha256: &str,
        media_type: &str,
        file_name: &str,
        cache: &'static str,
    ) -> Result<HttpResponse> {
        let (size, stream) = self.read(sha256).await?;
        Ok(HttpResponse::Ok()
            .content_type(media_type)
            .insert_header(attachment(file_name))
            .insert_header((ETAG, format!("\"{sha256}\"")))
            .insert_header((CACHE_CONTROL, cache))
            .body(SizedStream::new(size, Box::pin(stream))))
    }
}

async fn pour<S, E>(mut stream: S, writer: &mut WriteMultipart, limit: u64, kinds: &[Kind]) -> Result<Received>
where
    S: Stream<Item = std::result::Result<Bytes, E>> + Unpin,
{
    let (mut hash, mut bytes, mut head, mut kind) = (Sha256::new(), 0_u64, Vec::new(), None);
    while let Some(part) = stream.next().await {
        let part = part.map_err(|_| broken_off())?;
        bytes += part.len() as u64;
        if bytes > limit {
            return Err(AppError::TooLarge(limit));
        }
        hash.update(&part);
        if kind.is_none() {
            head.extend_from_slice(&part[..part.len().min(HEAD - head.len())]);
            if head.len() == HEAD {
                kind = Some(sniff(&head, kinds)?);
            }
        }
        writer.wait_for_capacity(2).await.map_err(AppError::internal)?;
        writer.put(part);
    }
    if bytes == 0 {
        return Err(AppError::field("/file", "empty", "Tệp không có nội dung.", "The file is empty."));
    }
    let kind = kind.map_or_else(|| sniff(&head, kinds), Ok)?;
    Ok(Received { sha256: hash.finalize().iter().map(|b| format!("{b:02x}")).collect(), bytes, kind })
}

fn broken_off() -> AppError {
    AppError::Malformed(Label::new("Kết nối bị đứt khi đang gửi tệp.", "The connection broke while the file was sent."))
}

/// The type of a document by its first bytes, when it is one of those accepted.
fn sniff(head: &[u8], kinds: &[Kind]) -> Result<Kind> {
    let found = infer::get(head).and_then(|t| Kind::parse(t.mime_type())).filter(|k| kinds.contains(k));
    let pictures = !kinds.contains(&Kind::Pdf);
    found.ok_or(AppError::UnsupportedMediaType(if pictures { PICTURES_WANTED } else { DOCUMENTS_WANTED }))
}

const PICTURES_WANTED: &str = "multipart/form-data, file: PNG, JPEG, WebP";
const DOCUMENTS_WANTED: &str = "multipart/form-data, file: PDF, PNG, JPEG, WebP, MP4";

fn name_of(sha256: &str) -> Path {
    Path::from(key_of(sha256))
}

/// The folder that `OCOP_STORAGE_URL` names.
///
/// # Errors
/// When the address has another form than `file:`.
pub fn folder(config: &Config) -> Result<std::path::PathBuf> {
    let path = config.storage_url.strip_prefix("file:").ok_or_else(|| {
        AppError::Internal(
            "OCOP_STORAGE_URL: this version keeps documents in a folder; use file: or file:/a/path".into(),
        )
    })?;
    Ok(match path.trim_start_matches("//") {
        "" => config.data_dir.join("files"),
        path => path.into(),
    })
}

/// Where the bytes of a document lie in the store: for backups.
pub fn key_of(sha256: &str) -> String {
    format!("{}/{sha256}", sha256.get(..2).unwrap_or("00"))
}

fn attachment(file_name: &str) -> ContentDisposition {
    let plain: String =
        crate::text::fold(file_name).chars().filter(|c| c.is_ascii_graphic() && !matches!(c, '"' | '\\')).collect();
    let exact = ExtendedValue { charset: Charset::Ext("UTF-8".into()), language_tag: None, value: file_name.into() };
    ContentDisposition {
        disposition: DispositionType::Attachment,
        parameters: vec![DispositionParam::Filename(plain), DispositionParam::FilenameExt(exact)],
    }
}

/// A file name as it may be kept: without folders and control characters, at most 200 characters.
pub fn tidy_name(sent: &str) -> String {
    let last = sent.rsplit(['/', '\\']).next().unwrap_or("");
    let kept: String = crate::text::nfc(last).chars().filter(|c| !c.is_control()).take(200).collect();
    match kept.trim() {
        "" | "." | ".." => "file".to_owned(),
        name => name.to_owned(),
    }
}

/// Makes a received document one of ours, in the deed's transaction.
///
/// # Errors
/// When the database fails.
pub fn note(cx: &mut Ctx<'_>, received: &Received) -> Result<()> {
    let row = StoredFile {
        sha256: received.sha256.clone(),
        bytes: i64::try_from(received.bytes).unwrap_or(i64::MAX),
        media_type: received.kind.word().to_owned(),
        created_at: cx.now,
    };
    store::insert(cx, &row)
}

/// A document of ours.
///
/// # Errors
/// 404 when no deed has noted it.
pub fn find(cx: &mut Ctx<'_>, sha256: &str) -> Result<StoredFile> {
    store::find(cx, sha256)?.ok_or(AppError::NotFound)
}

/// The documents after this hash, in order of their hashes: for backups and checks.
///
/// # Errors
/// When the database fails.
pub fn after(cx: &mut Ctx<'_>, sha256: &str, limit: i64) -> Result<Vec<StoredFile>> {
    store::after(cx, sha256, limit)
}

fn one(pointer: String, code: &str, vi: &str, en: &str) -> AppError {
    AppError::Invalid(vec![FieldError::new(pointer, code, vi, en)])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files(folder: &std::path::Path) -> Files {
        let mut config = Config::read(|_| None).unwrap();
        config.data_dir = folder.to_path_buf();
        Files::open(&config).unwrap()
    }

    fn parts(bytes: &[u8]) -> impl Stream<Item = Result<Bytes, ()>> + Unpin + use<> {
        let parts: Vec<_> = bytes.chunks(700).map(|c| Ok(Bytes::copy_from_slice(c))).collect();
        futures_util::stream::iter(parts)
    }

    fn pdf(length: usize) -> Vec<u8> {
        let mut bytes = b"%PDF-1.7\n".to_vec();
        bytes.resize(length, b' ');
        bytes
    }

    fn stored(folder: &std::path::Path) -> usize {
        let count = |dir: std::path::PathBuf| std::fs::read_dir(dir).map(|d| d.count()).unwrap_or(0);
        let folders = std::fs::read_dir(folder.join("files")).unwrap();
        folders.map(|d| count(d.unwrap().path())).sum()
    }

    #[actix_web::test]
    async fn what_comes_in_comes_out_and_is_kept_once() {
        let folder = tempfile::tempdir().unwrap();
        let files = files(folder.path());
        let bytes = pdf(3_000_000);
        let first = files.receive(parts(&bytes), 4_000_000, DOCUMENTS).await.unwrap();
        assert_eq!((first.bytes, first.kind), (3_000_000, Kind::Pdf));
        assert_eq!(first.sha256, crate::keys::sha256_hex(&bytes));
        assert_eq!(files.receive(parts(&bytes), 4_000_000, DOCUMENTS).await.unwrap(), first);
        assert_eq!(stored(folder.path()), 1);
        let (size, stream) = files.read(&first.sha256).await.unwrap();
        let back: Vec<Bytes> = stream.map(Result::unwrap).collect().await;
        assert_eq!((size, back.concat() == bytes), (3_000_000, true));
    }

    #[actix_web::test]
    async fn what_is_refused_leaves_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let files = files(folder.path());
        let large = files.receive(parts(&pdf(5_000)), 4_999, DOCUMENTS).await;
        assert!(matches!(large, Err(AppError::TooLarge(4_999))));
        let page = files.receive(parts(b"<html><script>"), 4_999, DOCUMENTS).await;
        assert!(matches!(page, Err(AppError::UnsupportedMediaType(_))));
        let paper = files.receive(parts(&pdf(50)), 4_999, IMAGES).await;
        assert!(matches!(paper, Err(AppError::UnsupportedMediaType(_))));
        let empty = files.receive(parts(b""), 4_999, DOCUMENTS).await;
        assert!(matches!(empty, Err(AppError::Invalid(_))));
        assert_eq!(stored(folder.path()), 0);
    }

    #[test]
    fn names_of_files_lose_what_could_lead_elsewhere() {
        assert_eq!(tidy_name("../../etc/passwd"), "passwd");
        assert_eq!(tidy_name("C:\\ảnh\\sản phẩm.png"), "sản phẩm.png");
        assert_eq!(tidy_name("a\r\nb"), "ab");
        assert_eq!(tidy_name(".."), "file");
    }
}
