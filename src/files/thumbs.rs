//! Small pictures of pictures. What is sent in may be hostile: sizes are read before anything is
//! decoded, memory is limited, and the work is done apart from requests, two pictures at once.

use std::io::Cursor;
use std::sync::LazyLock;

use actix_web::web::Bytes;
use futures_util::StreamExt;
use image::codecs::jpeg::JpegEncoder;
use image::{DynamicImage, ImageDecoder, ImageError, ImageFormat, ImageReader, Limits, RgbImage};
use object_store::path::Path;
use object_store::{ObjectStoreExt, PutPayload};
use tokio::sync::Semaphore;

use super::{Files, Kind, Stop, StoredFile, storage};
use crate::error::{AppError, Result};

/// The longest side of a small picture, in pixels.
pub const SIDE: u32 = 320;
/// The most pixels of a picture that is decoded.
const MOST_PIXELS: u64 = 60_000_000;
/// The most memory that decoding one may take, in bytes.
const MOST_MEMORY: u64 = 300 * 1024 * 1024;

/// How many are made at once.
static AT_ONCE: LazyLock<Semaphore> = LazyLock::new(|| Semaphore::new(2));

impl Files {
    /// The small picture of a stored picture: JPEG, upright, without what the camera wrote about place and
    /// owner. Made when it is first asked for, then kept.
    ///
    /// # Errors
    /// 409 when it is no picture, too large to be decoded, or broken.
    pub async fn thumbnail(&self, stored: &StoredFile) -> Result<Bytes> {
        let kind = Kind::parse(&stored.media_type).filter(|k| super::IMAGES.contains(k)).ok_or(Stop::NoPicture)?;
        let kept = thumb_of(&stored.sha256);
        if let Ok(found) = self.store.get(&kept).await {
            return found.bytes().await.map_err(storage);
        }
        let _turn = AT_ONCE.acquire().await.map_err(AppError::internal)?;
        let (_, mut stream) = self.read(&stored.sha256).await?;
        let mut bytes = Vec::new();
        while let Some(part) = stream.next().await {
            bytes.extend_from_slice(&part?);
        }
        let small = tokio::task::spawn_blocking(move || small(&bytes, kind)).await.map_err(AppError::internal)??;
        let small = Bytes::from(small);
        // A store that is away now does not keep anybody from seeing it.
        if let Err(e) = self.store.put(&kept, PutPayload::from_bytes(small.clone())).await {
            tracing::warn!(error = %e, "a small picture could not be kept");
        }
        Ok(small)
    }
}

/// Where the small picture of a document is kept.
pub(super) fn thumb_of(sha256: &str) -> Path {
    Path::from(format!("thumbs/{}/{sha256}.jpg", sha256.get(..2).unwrap_or("00")))
}

fn small(bytes: &[u8], kind: Kind) -> Result<Vec<u8>> {
    let format = match kind {
        Kind::Png => ImageFormat::Png,
        Kind::Jpeg => ImageFormat::Jpeg,
        Kind::Webp => ImageFormat::WebP,
        Kind::Pdf | Kind::Mp4 | Kind::Zip => return Err(Stop::NoPicture.into()),
    };
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
    let mut limits = Limits::default();
    limits.max_alloc = Some(MOST_MEMORY);
    reader.limits(limits);
    let mut decoder = reader.into_decoder().map_err(|e| refused(&e))?;
    let (width, height) = decoder.dimensions();
    if u64::from(width) * u64::from(height) > MOST_PIXELS || decoder.total_bytes() > MOST_MEMORY {
        return Err(Stop::PictureTooLarge.into());
    }
    let upright = decoder.orientation().map_err(|e| refused(&e))?;
    let mut picture = DynamicImage::from_decoder(decoder).map_err(|e| refused(&e))?;
    picture.apply_orientation(upright);
    let large = picture.width().max(picture.height()) > SIDE;
    let picture = on_white(&if large { picture.thumbnail(SIDE, SIDE) } else { picture });
    let mut out = Vec::new();
    JpegEncoder::new_with_quality(&mut out, 82).encode_image(&picture).map_err(AppError::internal)?;
    Ok(out)
}

fn refused(error: &ImageError) -> Stop {
    match error {
        ImageError::Limits(_) => Stop::PictureTooLarge,
        _ => Stop::PictureBroken,
    }
}

/// JPEG has no transparency: what is see-through becomes white.
fn on_white(picture: &DynamicImage) -> RgbImage {
    let see_through = picture.to_rgba8();
    RgbImage::from_fn(see_through.width(), see_through.height(), |x, y| {
        let [r, g, b, a] = see_through.get_pixel(x, y).0;
        let over = |c: u8| {
            let mixed = (u16::from(c) * u16::from(a) + 255 * (255 - u16::from(a))) / 255;
            u8::try_from(mixed).unwrap_or(255)
        };
        image::Rgb([over(r), over(g), over(b)])
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn png(width: u32, height: u32) -> Vec<u8> {
        let mut out = Vec::new();
        let picture = DynamicImage::new_rgba8(width, height);
        picture.write_to(&mut Cursor::new(&mut out), ImageFormat::Png).unwrap();
        out
    }

    #[test]
    fn a_small_picture_keeps_its_shape_and_see_through_becomes_white() {
        let made = small(&png(1000, 500), Kind::Png).unwrap();
        let seen = image::load_from_memory(&made).unwrap();
        assert_eq!((seen.width(), seen.height()), (SIDE, SIDE / 2));
        assert!(seen.to_rgb8().get_pixel(9, 9).0.iter().all(|c| *c > 250));
    }

    #[test]
    fn a_bomb_is_told_by_its_head_and_a_broken_picture_by_its_bytes() {
        // The head says 100,000 × 100,000; 40 GB would be decoded.
        let mut bomb = png(10, 10);
        bomb[16..20].copy_from_slice(&100_000_u32.to_be_bytes());
        bomb[20..24].copy_from_slice(&100_000_u32.to_be_bytes());
        let sum = crc32(&bomb[12..29]);
        bomb[29..33].copy_from_slice(&sum.to_be_bytes());
        let begun = std::time::Instant::now();
        let refused = |bytes: &[u8], kind| match small(bytes, kind) {
            Err(AppError::Refused(stop)) => stop.word(),
            other => panic!("{other:?}"),
        };
        assert_eq!(refused(&bomb, Kind::Png), "picture_too_large");
        assert!(begun.elapsed().as_secs() < 2);
        let whole = png(200, 200);
        assert_eq!(refused(&whole[..whole.len() / 2], Kind::Png), "picture_broken");
        assert_eq!(refused(&whole, Kind::Jpeg), "picture_broken");
        assert_eq!(refused(&whole, Kind::Pdf), "picture_none");
    }

    /// The check sum of a PNG chunk.
    fn crc32(bytes: &[u8]) -> u32 {
        let mut sum = flate2::Crc::new();
        sum.update(bytes);
        sum.sum()
    }
}
