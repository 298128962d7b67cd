//! What comes in: streamed, counted, hashed, told by its bytes; it gets its name last.

use actix_web::web::Bytes;
use futures_util::{Stream, StreamExt};
use object_store::path::Path;
use object_store::{ObjectStoreExt, WriteMultipart};
use sha2::{Digest, Sha256};

use super::{Files, Kind, Received, Scan, name_of, storage};
use crate::error::{AppError, Result};
use crate::text::Label;

/// Bytes that are enough to tell a type.
const HEAD: usize = 1024;
/// Within how many bytes of its end a PDF says that it ends.
const TAIL: usize = 1024;

impl Files {
    /// Takes a document in. A second copy of the same bytes takes the place of the first.
    ///
    /// # Errors
    /// 413 beyond the limit, 415 for a type that is not accepted, 422 when empty or cut off, 503 when the
    /// store is full or away. Nothing is left of what was refused.
    pub async fn receive<S, E>(&self, stream: S, limit: u64, kinds: &[Kind]) -> Result<Received>
    where
        S: Stream<Item = std::result::Result<Bytes, E>> + Unpin,
    {
        let temporary = Path::from(format!("tmp/{}", uuid::Uuid::now_v7().simple()));
        let upload = self.store.put_multipart(&temporary).await.map_err(storage)?;
        let mut writer = WriteMultipart::new_with_chunk_size(upload, self.part);
        match pour(stream, &mut writer, limit, kinds).await {
            Err(e) => {
                let _ = writer.abort().await;
                Err(e)
            }
            Ok((sha256, bytes, kind)) => {
                writer.finish().await.map_err(storage)?;
                // Over what may be there: the bytes are the same, and a sweep sees that they came just now.
                if let Err(e) = self.store.rename(&temporary, &name_of(&sha256)).await {
                    let _ = self.store.delete(&temporary).await;
                    return Err(storage(e));
                }
                let scan = if self.scanner.is_some() { Scan::Pending } else { Scan::Unscanned };
                Ok(Received { sha256, bytes, kind, scan })
            }
        }
    }
}

async fn pour<S, E>(
    mut stream: S,
    writer: &mut WriteMultipart,
    limit: u64,
    kinds: &[Kind],
) -> Result<(String, u64, Kind)>
where
    S: Stream<Item = std::result::Result<Bytes, E>> + Unpin,
{
    let (mut hash, mut bytes, mut head, mut kind) = (Sha256::new(), 0_u64, Vec::new(), None);
    let mut tail: Vec<u8> = Vec::new();
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
        tail.extend_from_slice(&part[part.len().saturating_sub(TAIL)..]);
        tail.drain(..tail.len().saturating_sub(TAIL));
        writer.wait_for_capacity(2).await.map_err(storage)?;
        writer.put(part);
    }
    if bytes == 0 {
        return Err(AppError::field("/file", "empty", "Tệp không có nội dung.", "The file is empty."));
    }
    let kind = kind.map_or_else(|| sniff(&head, kinds), Ok)?;
    if kind == Kind::Pdf && !tail.windows(5).any(|w| w == b"%%EOF") {
        return Err(AppError::field(
            "/file",
            "cut_off",
            "Tệp PDF bị hỏng hoặc bị cắt cụt (không có phần kết thúc); mở lại tệp trên máy rồi gửi lại.",
            "The PDF is broken or cut off (its end is missing); open it on your machine and send it again.",
        ));
    }
    Ok((hash.finalize().iter().map(|b| format!("{b:02x}")).collect(), bytes, kind))
}

pub(super) fn broken_off() -> AppError {
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
