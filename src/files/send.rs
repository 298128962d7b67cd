//! What goes out: whole or in part (RFC 9110, 14), as an attachment under the hash as its tag.

use actix_web::HttpResponse;
use actix_web::body::SizedStream;
use actix_web::http::header::{
    ACCEPT_RANGES, CACHE_CONTROL, CONTENT_RANGE, Charset, ContentDisposition, DispositionParam, DispositionType, ETAG,
    ExtendedValue,
};
use actix_web::web::Bytes;
use futures_util::{Stream, StreamExt};
use object_store::{GetOptions, GetRange, ObjectStore, ObjectStoreExt};

use super::ranges::Wanted;
use super::{Asked, Files, IMAGES, Kind, Scan, Stop, StoredFile, name_of, storage, thumbs};
use crate::error::{AppError, Result};

impl StoredFile {
    /// Whether it is a picture.
    pub fn is_picture(&self) -> bool {
        Kind::parse(&self.media_type).is_some_and(|kind| IMAGES.contains(&kind))
    }

    /// Refuses what a scanner has found something in, or has not seen yet.
    ///
    /// # Errors
    /// 409 with what to do.
    pub fn servable(&self) -> std::result::Result<(), Stop> {
        match self.scan {
            Scan::Clean | Scan::Unscanned => Ok(()),
            Scan::Pending => Err(Stop::Pending),
            Scan::Infected => Err(Stop::Infected),
        }
    }
}

impl Files {
    /// The bytes of a document, and how many they are.
    ///
    /// # Errors
    /// 500 when the store has lost it, 503 when it is away.
    pub async fn read(&self, sha256: &str) -> Result<(u64, impl Stream<Item = Result<Bytes>> + use<>)> {
        let got = self.store.get(&name_of(sha256)).await.map_err(storage)?;
        let size = got.meta.size;
        Ok((size, got.into_stream().map(|part| part.map_err(storage))))
    }

    /// Whether the store has a document whole, asked before a promise is made to send it.
    ///
    /// # Errors
    /// 503 when the store does not answer, 500 when it has lost the document.
    pub async fn must_hold(&self, sha256: &str, bytes: u64) -> Result<()> {
        let meta = self.store.head(&name_of(sha256)).await.map_err(storage)?;
        match meta.size == bytes {
            true => Ok(()),
            false => Err(AppError::Internal(format!("{sha256}: {} bytes are kept of {bytes}", meta.size))),
        }
    }

    /// Sends a document, or the part that is asked for, as an attachment; its tag is its hash. `cache` says
    /// who may keep it.
    ///
    /// # Errors
    /// 409 when it is infected or was not scanned yet, 416 for a part that it does not have, 500 when the
    /// store has lost it, 503 when it is away.
    pub async fn send(
        &self,
        asked: &Asked,
        stored: &StoredFile,
        file_name: &str,
        cache: &'static str,
    ) -> Result<HttpResponse> {
        stored.servable()?;
        let size = u64::try_from(stored.bytes).unwrap_or_default();
        let tag = format!("\"{}\"", stored.sha256);
        let wanted = asked.wanted(size, &tag);
        let (mut answer, range) = match wanted {
            Wanted::Beyond => return Err(AppError::RangeBeyond(size)),
            Wanted::Whole => (HttpResponse::Ok(), 0..size),
            Wanted::Part(range) => {
                let mut answer = HttpResponse::PartialContent();
                answer.insert_header((CONTENT_RANGE, format!("bytes {}-{}/{size}", range.start, range.end - 1)));
                (answer, range)
            }
        };
        let length = range.end - range.start;
        let options = GetOptions { range: Some(GetRange::Bounded(range)), ..GetOptions::default() };
        let got = self.store.get_opts(&name_of(&stored.sha256), options).await.map_err(storage)?;
        if got.meta.size != size {
            return Err(AppError::Internal(format!("{}: {} bytes are kept of {size}", stored.sha256, got.meta.size)));
        }
        let stream = got.into_stream().map(|part| part.map_err(storage));
        Ok(answer
            .content_type(stored.media_type.as_str())
            .insert_header(attachment(file_name))
            .insert_header((ETAG, tag))
            .insert_header((ACCEPT_RANGES, "bytes"))
            .insert_header((CACHE_CONTROL, cache))
            .body(SizedStream::new(length, Box::pin(stream))))
    }

    /// Sends the small picture of a picture.
    ///
    /// # Errors
    /// 409 when it is no picture, too large, broken, infected or not scanned yet.
    pub async fn send_thumbnail(&self, stored: &StoredFile, cache: &'static str) -> Result<HttpResponse> {
        stored.servable()?;
        let small = self.thumbnail(stored).await?;
        Ok(HttpResponse::Ok()
            .content_type("image/jpeg")
            .insert_header((ETAG, format!("\"{}-{}\"", stored.sha256, thumbs::SIDE)))
            .insert_header((CACHE_CONTROL, cache))
            .body(small))
    }
}

/// The head that names a file to be saved.
pub fn attachment(file_name: &str) -> ContentDisposition {
    let plain: String =
        crate::text::fold(file_name).chars().filter(|c| c.is_ascii_graphic() && !matches!(c, '"' | '\\')).collect();
    let exact = ExtendedValue { charset: Charset::Ext("UTF-8".into()), language_tag: None, value: file_name.into() };
    ContentDisposition {
        disposition: DispositionType::Attachment,
        parameters: vec![DispositionParam::Filename(plain), DispositionParam::FilenameExt(exact)],
    }
}
