//! The codes that a product bears: given at the commune's proposal, kept, found on paper.

use super::model::{Product, ProductCode};
use super::rules::{Code, Stop};
use super::store;
use crate::audit::{self, Details};
use crate::db::Ctx;
use crate::error::{AppError, OnConstraint, Result};
use crate::ids::{DossierId, ProductCodeId};
use crate::numbers;
use crate::places::{self, Level, Place};
use crate::rulebook::CodePattern;

/// How a rulebook has codes made.
#[derive(Debug, Clone, Copy)]
pub struct CodeRules {
    /// With the district or without.
    pub pattern: CodePattern,
    /// The year in the code.
    pub year: i32,
    /// Whether the commune's numbers begin again each year; otherwise a number is the product's place
    /// in the commune's list, for life (`sequencePerYear`).
    pub per_year: bool,
}

/// The numbers of a commune: of one year, or of its list.
fn scope(province: &str, commune: &str, year: Option<i32>) -> String {
    match year {
        Some(year) => format!("product-code/{province}-{commune}/{year}"),
        None => format!("product-code/{province}-{commune}"),
    }
}

/// Gives a product the code that stands on every sheet, form and decision of a dossier.
///
/// A product keeps the code it bears in this commune and year, and its number as long as the list
/// runs (`CodeRules::per_year`); otherwise it gets the number that the officer enters, or the next one.
///
/// # Errors
/// 409 when the number or the code belongs to another product, or when another number is wanted
/// for a code that was given; 422 when the number is none.
pub fn give_code(
    cx: &mut Ctx<'_>,
    product: &Product,
    dossier: DossierId,
    commune: &Place,
    rules: CodeRules,
    wanted: Option<i64>,
) -> Result<Code> {
    let stays = super::canonical(cx, product.id)?;
    let product = &store::lock(cx, stays)?;
    let (province, district) = above(cx, commune)?;
    let code = |sequence: u32| build(rules, &province, district.as_deref(), &commune.code, sequence);
    let wanted = wanted.map(number).transpose()?;
    let known = store::codes(cx, product.id)?;
    let same_list = |c: &&ProductCode| !rules.per_year || c.year == rules.year;
    let here = known.iter().filter(same_list).find(|c| c.province == province && c.commune == commune.code);
    let scope = scope(&province, &commune.code, rules.per_year.then_some(rules.year));
    let kept = here.map(|c| number(c.sequence)).transpose()?;
    if let Some(kept) = kept {
        let given = code(kept)?;
        if known.iter().any(|c| c.code == given.to_string()) {
            return match wanted.is_some_and(|w| w != kept) {
                true => Err(Stop::CodeGiven(given.to_string()).into()),
                false => Ok(given),
            };
        }
    }
    let id = ProductCodeId::new();
    let sequence = match (wanted, kept) {
        (None, Some(kept)) => kept,
        (Some(wanted), Some(kept)) if wanted == kept => kept,
        (Some(wanted), _) => {
            numbers::take(cx, &scope, i64::from(wanted), id.0)?;
            wanted
        }
        (None, None) => number(numbers::draw(cx, &scope, id.0)?)?,
    };
    let given = code(sequence)?;
    let last = cx.today().pred_opt().unwrap_or(cx.today());
    store::end_codes(cx, product.id, last)?;
    insert(cx, id, product, Some(dossier), &given, cx.today())?;
    Ok(given)
}

/// Writes down a code that a list or a decision on paper gives a product; the commune's next number
/// is beyond it. Tells whether it is new.
///
/// # Errors
/// 409 when another product bears the code.
pub fn import_code(cx: &mut Ctx<'_>, product: &Product, code: &Code, from: chrono::NaiveDate) -> Result<bool> {
    if store::codes(cx, product.id)?.iter().any(|c| c.code == code.to_string()) {
        return Ok(false);
    }
    let id = ProductCodeId::new();
    // On paper one number may stand under several years; it is accounted for once in each list.
    for year in [None, Some(i32::from(code.year))] {
        match numbers::take(cx, &scope(&code.province, &code.commune, year), i64::from(code.sequence), id.0) {
            Err(AppError::Refused(_)) | Ok(()) => {}
            Err(other) => return Err(other),
        }
    }
    insert(cx, id, product, None, code, from)?;
    Ok(true)
}

fn insert(
    cx: &mut Ctx<'_>,
    id: ProductCodeId,
    product: &Product,
    dossier_id: Option<DossierId>,
    code: &Code,
    valid_from: chrono::NaiveDate,
) -> Result<()> {
    let row = ProductCode {
        id,
        product_id: product.id,
        dossier_id,
        code: code.to_string(),
        province: code.province.clone(),
        district: code.district.clone(),
        commune: code.commune.clone(),
        sequence: i64::from(code.sequence),
        year: i32::from(code.year),
        valid_from,
        valid_to: None,
    };
    cx.try_step(|cx| store::insert_code(cx, &row))
        .on_constraint("product_codes_one_per_code", || Stop::CodeTaken(row.code.clone()))?;
    store::touch(cx, product.id)?;
    let details = Details::none().with("code", &row.code).with("dossier", dossier_id).with("from", valid_from);
    audit::record(cx, "product.code_given", "product", product.id.0, details)
}

/// Codes of the province and, in three tiers, of the district above a commune.
fn above(cx: &mut Ctx<'_>, commune: &Place) -> Result<(String, Option<String>)> {
    let line = places::ancestors(cx, commune.id)?;
    let of = |level| line.iter().find(|p| p.level == level).map(|p| p.code.clone());
    let province = of(Level::Province).ok_or(Stop::Malformed("province"))?;
    Ok((province, of(Level::District)))
}

fn build(rules: CodeRules, province: &str, district: Option<&str>, commune: &str, sequence: u32) -> Result<Code> {
    let year = u16::try_from(rules.year).map_err(|_| Stop::Malformed("year"))?;
    Ok(Code::build(rules.pattern, province, district, commune, sequence, year)?)
}

fn number(sequence: i64) -> Result<u32> {
    u32::try_from(sequence).ok().filter(|n| *n > 0).ok_or_else(|| {
        AppError::field("/sequence", "range", "Số thứ tự là số nguyên từ 1.", "The sequence is a whole number from 1.")
    })
}
