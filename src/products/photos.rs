//! Pictures of a product.

use super::model::{Photo, Product};
use super::rules::Stop;
use super::{not_merged, store};
use crate::audit::{self, Details};
use crate::db::Ctx;
use crate::error::{AppError, Result};
use crate::files::{self, Received};
use crate::ids::{ProductId, RowId};

/// How many pictures a product has at most.
const MOST: usize = 10;

/// A picture and what its bytes are.
#[derive(Debug, Clone)]
pub struct PhotoFile {
    /// The product that has it now; another one than asked for after a merge.
    pub product: ProductId,
    /// SHA-256 of its bytes.
    pub sha256: String,
    /// What they are.
    pub media_type: String,
    /// Whether everybody may see it.
    pub public: bool,
}

/// Whether everybody may know of a product. The catalogue decides, a later slice; `app.rs` hands its
/// answer in.
pub type IsPublic = fn(&mut Ctx<'_>, ProductId) -> Result<bool>;

/// Adds a picture behind the others; the caller holds the product.
pub(super) fn add(cx: &mut Ctx<'_>, held: &Product, received: &Received, alt: &str) -> Result<Photo> {
    not_merged(held)?;
    let there = store::photos(cx, held.id)?;
    if there.len() >= MOST {
        return Err(Stop::PhotosFull.into());
    }
    files::note(cx, received)?;
    let row = Photo {
        id: RowId::new(),
        product_id: held.id,
        sha256: received.sha256.clone(),
        alt: alt.to_owned(),
        ordinal: there.iter().map(|p| p.ordinal).max().unwrap_or(0) + 1,
    };
    store::insert_photo(cx, &row)?;
    store::touch(cx, held.id)?;
    let details = Details::none().with("photo", row.id).with("sha256", &row.sha256);
    audit::record(cx, "product.photo_added", "product", held.id.0, details)?;
    super::tell(cx, held, "changed")?;
    Ok(row)
}

/// Takes a picture away; the caller holds the product.
pub(super) fn remove(cx: &mut Ctx<'_>, held: &Product, photo: RowId) -> Result<()> {
    let (row, _) = store::photo(cx, photo)?.filter(|(p, _)| p.product_id == held.id).ok_or(AppError::NotFound)?;
    store::remove_photo(cx, row.id)?;
    store::touch(cx, held.id)?;
    let details = Details::none().with("photo", row.id).with("sha256", &row.sha256);
    audit::record(cx, "product.photo_removed", "product", held.id.0, details)?;
    super::tell(cx, held, "changed")
}

/// Where the bytes of a picture are. Those of a published product are for everybody; before, they
/// are for whoever may know of the product.
pub(super) fn file(cx: &mut Ctx<'_>, is_public: IsPublic, product: ProductId, photo: RowId) -> Result<PhotoFile> {
    let (row, media_type) = store::photo(cx, photo)?.ok_or(AppError::NotFound)?;
    if row.product_id != super::canonical(cx, product)? {
        return Err(AppError::NotFound);
    }
    let public = is_public(cx, row.product_id)?;
    if !public {
        super::get(cx, row.product_id)?;
    }
    Ok(PhotoFile { product: row.product_id, sha256: row.sha256, media_type, public })
}
