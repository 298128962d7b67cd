//! The evidence library: a producer's papers live once, in versions; dossiers refer to versions.

use chrono::NaiveDate;

use super::model::{Evidence, EvidenceVersion, Product};
use super::rules::Stop;
use super::store::evidence as store;
use crate::audit::{self, Details};
use crate::db::{Ctx, Doc};
use crate::error::{AppError, Result};
use crate::files::{self, Form, Received};
use crate::ids::{EvidenceId, EvidenceVersionId, ProducerId, ProductId};

/// A paper with the version that is meant.
pub type Paper = (Evidence, EvidenceVersion);

/// The texts of a form with a paper.
pub const FIELDS: &[&str] = &[
    "producer",
    "paper",
    "title",
    "number",
    "issuer",
    "issuedOn",
    "expiresOn",
    "holderName",
    "holderTaxCode",
    "criteria",
    "products",
];

/// The texts of a form with a new version of a paper.
pub const VERSION_FIELDS: &[&str] = &["number", "issuer", "issuedOn", "expiresOn", "holderName", "holderTaxCode"];

/// What is told about one version.
#[derive(Debug, Clone, Default)]
pub struct NewVersion {
    /// As uploaded.
    pub file_name: String,
    /// The number it bears.
    pub number: Option<String>,
    /// Who issued it.
    pub issuer: Option<String>,
    /// Day of issue.
    pub issued_on: Option<NaiveDate>,
    /// Last day on which it holds.
    pub expires_on: Option<NaiveDate>,
    /// Whom it names.
    pub holder_name: Option<String>,
    /// The tax number of whom it names.
    pub holder_tax_code: Option<String>,
}

/// What is told about a paper.
#[derive(Debug, Clone, Default)]
pub struct NewEvidence {
    /// Stable word of its type.
    pub paper: String,
    /// In the sender's words.
    pub title: String,
    /// Criteria it proves.
    pub criteria: Vec<String>,
    /// Products it is about; empty for all.
    pub products: Vec<ProductId>,
    /// Its first version.
    pub version: NewVersion,
}

impl NewVersion {
    /// Reads the texts of a form.
    ///
    /// # Errors
    /// 422 with the field.
    pub fn of(form: &Form) -> Result<Self> {
        let version = Self {
            file_name: form.file_name.clone(),
            number: limited(form, "number", 100)?,
            issuer: limited(form, "issuer", 300)?,
            issued_on: day(form, "issuedOn")?,
            expires_on: day(form, "expiresOn")?,
            holder_name: limited(form, "holderName", 300)?,
            holder_tax_code: limited(form, "holderTaxCode", 20)?,
        };
        match (version.issued_on, version.expires_on) {
            (Some(issued), Some(expires)) if expires < issued => Err(AppError::field(
                "/expiresOn",
                "before_issue",
                "Ngày hết hiệu lực phải từ ngày cấp trở đi.",
                "The last day must not lie before the day of issue.",
            )),
            _ => Ok(version),
        }
    }
}

impl NewEvidence {
    /// Reads the texts of a form.
    ///
    /// # Errors
    /// 422 with the field.
    pub fn of(form: &Form) -> Result<Self> {
        let paper = limited(form, "paper", 60)?.ok_or_else(|| {
            AppError::field("/paper", "required", "Ghi loại giấy tờ.", "Say which type of paper it is.")
        })?;
        let unreadable = |_| {
            AppError::field(
                "/products",
                "wrong_type",
                "Mã sản phẩm viết dạng UUID, cách nhau bằng dấu phẩy.",
                "Write identifiers of products as UUIDs, separated by commas.",
            )
        };
        let products = parts(limited(form, "products", 4000)?).map(|p| p.parse().map_err(unreadable));
        Ok(Self {
            paper,
            title: limited(form, "title", 300)?.unwrap_or_default(),
            criteria: parts(limited(form, "criteria", 500)?).collect(),
            products: products.collect::<Result<_>>()?,
            version: NewVersion::of(form)?,
        })
    }
}

fn parts(list: Option<String>) -> impl Iterator<Item = String> {
    let parts: Vec<String> = list.unwrap_or_default().split(',').map(|part| part.trim().to_owned()).collect();
    parts.into_iter().filter(|part| !part.is_empty())
}

fn limited(form: &Form, name: &str, most: usize) -> Result<Option<String>> {
    match form.text(name) {
        Some(text) if text.chars().count() > most => Err(AppError::field(
            &format!("/{name}"),
            "length",
            &format!("Không dài quá {most}."),
            &format!("No longer than {most}."),
        )),
        text => Ok(text),
    }
}

fn day(form: &Form, name: &str) -> Result<Option<NaiveDate>> {
    let wrong = |_| {
        AppError::field(&format!("/{name}"), "wrong_type", "Ngày viết dạng YYYY-MM-DD.", "Write the day as YYYY-MM-DD.")
    };
    form.text(name).map(|text| text.parse().map_err(wrong)).transpose()
}

/// Takes a paper of a producer in. What an office puts into a dossier (`by_office`) is kept the same
/// way and stays out of the library.
///
/// # Errors
/// 422 for a product of another producer.
pub fn add(
    cx: &mut Ctx<'_>,
    producer: ProducerId,
    by_office: bool,
    received: &Received,
    new: NewEvidence,
) -> Result<Paper> {
    must_be_of(cx, producer, &new.products)?;
    let row = Evidence {
        id: EvidenceId::new(),
        producer_id: producer,
        paper: new.paper,
        title: new.title,
        criteria: Doc::of(&new.criteria),
        products: Doc::of(&new.products),
        by_office,
        created_by: cx.actor().user(),
        created_at: cx.now,
        retired_at: None,
        version: 1,
    };
    store::insert(cx, &row)?;
    let version = put(cx, &row, 1, received, new.version)?;
    let details = Details::none().with("paper", &row.paper).with("sha256", &version.sha256).with("producer", producer);
    audit::record(cx, "evidence.added", "evidence", row.id.0, details)?;
    Ok((row, version))
}

fn must_be_of(cx: &mut Ctx<'_>, producer: ProducerId, products: &[ProductId]) -> Result<()> {
    for (i, id) in products.iter().enumerate() {
        let own = super::get(cx, *id).is_ok_and(|p: Product| p.producer_id == Some(producer));
        if !own {
            return Err(AppError::field(
                &format!("/products/{i}"),
                "unknown_product",
                "Sản phẩm phải là của chủ thể này.",
                "The product must be one of this producer's.",
            ));
        }
    }
    Ok(())
}

fn put(cx: &mut Ctx<'_>, of: &Evidence, ordinal: i32, received: &Received, new: NewVersion) -> Result<EvidenceVersion> {
    files::note(cx, received)?;
    let row = EvidenceVersion {
        id: EvidenceVersionId::new(),
        evidence_id: of.id,
        ordinal,
        sha256: received.sha256.clone(),
        file_name: new.file_name,
        number: new.number,
        issuer: new.issuer,
        issued_on: new.issued_on,
        expires_on: new.expires_on,
        holder_name: new.holder_name,
        holder_tax_code: new.holder_tax_code,
        uploaded_by: cx.actor().user(),
        uploaded_at: cx.now,
        newest: true,
    };
    store::insert_version(cx, &row)?;
    Ok(row)
}

/// Puts a new version behind the others; the caller holds the paper. Dossiers that refer to an older
/// version keep it.
///
/// # Errors
/// 409 for a paper that was put away.
pub fn renew(cx: &mut Ctx<'_>, held: &Evidence, received: &Received, new: NewVersion) -> Result<EvidenceVersion> {
    must_be_kept(held)?;
    let last = store::versions(cx, held.id)?.last().map_or(0, |v| v.ordinal);
    let version = put(cx, held, last + 1, received, new)?;
    let details = Details::none().with("ordinal", version.ordinal).with("sha256", &version.sha256);
    save(cx, held.clone(), "evidence.renewed", details)?;
    Ok(version)
}

/// Changes what is told about a paper; the caller holds it.
///
/// # Errors
/// 409 for a paper that was put away, 422 for a product of another producer.
pub fn describe(
    cx: &mut Ctx<'_>,
    held: &Evidence,
    title: &str,
    criteria: &[String],
    products: &[ProductId],
) -> Result<Evidence> {
    must_be_kept(held)?;
    must_be_of(cx, held.producer_id, products)?;
    let row = Evidence {
        title: title.to_owned(),
        criteria: Doc::of(&criteria),
        products: Doc::of(&products),
        ..held.clone()
    };
    save(cx, row, "evidence.described", Details::none())
}

/// Puts a paper away; dossiers that refer to it keep it. The caller holds it.
///
/// # Errors
/// 409 when it was put away before.
pub fn retire(cx: &mut Ctx<'_>, held: &Evidence) -> Result<Evidence> {
    must_be_kept(held)?;
    save(cx, Evidence { retired_at: Some(cx.now), ..held.clone() }, "evidence.retired", Details::none())
}

fn save(cx: &mut Ctx<'_>, row: Evidence, deed: &str, details: Details) -> Result<Evidence> {
    let row = Evidence { version: row.version + 1, ..row };
    store::save(cx, &row)?;
    audit::record(cx, deed, "evidence", row.id.0, details)?;
    Ok(row)
}

fn must_be_kept(row: &Evidence) -> Result<()> {
    match row.retired_at {
        Some(_) => Err(Stop::EvidenceRetired.into()),
        None => Ok(()),
    }
}

/// A paper of a library that the caller keeps.
///
/// # Errors
/// 404.
pub fn get(cx: &mut Ctx<'_>, id: EvidenceId) -> Result<Evidence> {
    store::find(cx, id)?.ok_or(AppError::NotFound)
}

/// The same, locked until the deed ends.
///
/// # Errors
/// 404.
pub fn hold(cx: &mut Ctx<'_>, id: EvidenceId) -> Result<Evidence> {
    get(cx, id)?;
    store::lock(cx, id)
}

/// One version of a paper.
///
/// # Errors
/// 404.
pub fn version(cx: &mut Ctx<'_>, of: EvidenceId, id: EvidenceVersionId) -> Result<EvidenceVersion> {
    store::version(cx, of, id)?.ok_or(AppError::NotFound)
}

/// The papers of the caller's library with these identifiers, in their newest versions.
///
/// # Errors
/// 404 when one is unknown, 409 when one was put away.
pub fn pick(cx: &mut Ctx<'_>, ids: &[EvidenceId]) -> Result<Vec<Paper>> {
    for id in ids {
        must_be_kept(&get(cx, *id)?)?;
    }
    store::newest(cx, ids)
}

/// These papers in their newest versions, whoever asks: for dossiers that refer to them.
///
/// # Errors
/// When the database fails.
pub fn newest(cx: &mut Ctx<'_>, ids: &[EvidenceId]) -> Result<Vec<Paper>> {
    store::newest(cx, ids)
}
