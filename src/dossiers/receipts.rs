//! Numbers of receipts (Mẫu số 01): drawn when a dossier is filed, or kept for one that came on paper and is
//! entered later. Every number is given, kept, or void with a reason.

use chrono::Datelike;

use super::behalf;
use super::model::Dossier;
use crate::actor::Role;
use crate::audit::{self, Details};
use crate::auth::policy::{self, Act};
use crate::db::Ctx;
use crate::error::{AppError, Result};
use crate::ids::{PlaceId, RowId};
use crate::numbers::{self, Number};
use crate::places::{self, Level, Place};
use crate::products::rules::{ReceivingOffice, receipt_number};

/// Where numbers of a year are counted, and how they are written.
struct Series {
    office: ReceivingOffice,
    province: String,
    commune: String,
    year: i32,
}

impl Series {
    fn of(cx: &mut Ctx<'_>, place: PlaceId, office: ReceivingOffice, year: i32) -> Result<Self> {
        let line = places::ancestors(cx, place)?;
        let code = |level| line.iter().find(|p: &&Place| p.level == level).map(|p| p.code.clone()).unwrap_or_default();
        Ok(Self { office, province: code(Level::Province), commune: code(Level::Commune), year })
    }

    fn scope(&self) -> String {
        let Self { office, province, commune, year } = self;
        match office {
            ReceivingOffice::Commune => format!("receipt/{office}/{province}/{commune}/{year}"),
            ReceivingOffice::Province => format!("receipt/{office}/{province}/{year}"),
        }
    }

    fn written(&self, number: i64) -> Result<String> {
        let number = u32::try_from(number).map_err(AppError::internal)?;
        let year = u16::try_from(self.year).map_err(AppError::internal)?;
        Ok(receipt_number(number, self.office, &self.province, &self.commune, year)?)
    }
}

/// The next number of an office, for a dossier.
pub(super) fn draw(cx: &mut Ctx<'_>, dossier: &Dossier, office: ReceivingOffice) -> Result<String> {
    let year = cx.today().year();
    let series = Series::of(cx, dossier.place_id, office, year)?;
    let number = numbers::draw(cx, &series.scope(), dossier.id.0)?;
    series.written(number)
}

/// A number of this year that the commune kept, for the paper dossier that its officer enters.
pub(super) fn give(cx: &mut Ctx<'_>, dossier: &Dossier, number: i64) -> Result<String> {
    if behalf::mandate(cx, dossier.producer_id)?.is_none() || !is_its_officer(cx, dossier.place_id)? {
        return Err(AppError::field(
            "/receipt",
            "not_for_you",
            "Số giữ chỗ là của hồ sơ giấy do cán bộ xã nhập thay; hồ sơ nộp điện tử nhận số tiếp theo.",
            "A number that was kept is for a paper dossier that an officer of the commune enters; others get the next one.",
        ));
    }
    let year = cx.today().year();
    let series = Series::of(cx, dossier.place_id, ReceivingOffice::Commune, year)?;
    numbers::use_reserved(cx, &series.scope(), number, dossier.id.0)?;
    series.written(number)
}

/// A number as it is written, with what became of it.
#[derive(Debug, Clone)]
pub struct Receipt {
    /// The number.
    pub number: Number,
    /// The commune.
    pub place: PlaceId,
    /// As it is written.
    pub written: String,
}

fn is_its_officer(cx: &mut Ctx<'_>, place: PlaceId) -> Result<bool> {
    for grant in cx.actor().grants.clone() {
        if let (Role::Commune, Some(office)) = (grant.role, grant.place)
            && places::reaches(cx, office, place)?
        {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Refuses who is no officer of this commune.
///
/// # Errors
/// 403.
pub fn must_be_its_officer(cx: &mut Ctx<'_>, place: PlaceId) -> Result<()> {
    policy::must(cx, Act::KeepReceiptNumbers)?;
    match is_its_officer(cx, place)? {
        true => Ok(()),
        false => Err(AppError::Forbidden(Act::KeepReceiptNumbers.word())),
    }
}

/// Keeps the next number of this year for a dossier on paper.
///
/// # Errors
/// When the database fails.
pub fn reserve(cx: &mut Ctx<'_>, place: PlaceId) -> Result<RowId> {
    let year = cx.today().year();
    let series = Series::of(cx, place, ReceivingOffice::Commune, year)?;
    let kept = numbers::reserve(cx, &series.scope())?;
    let details = Details::none().with("place", place).with("receipt", series.written(kept.number)?);
    audit::record(cx, "receipt.reserved", "number", kept.id.0, details)?;
    Ok(kept.id)
}

/// The numbers of a year in the caller's communes, in order.
///
/// # Errors
/// When the database fails.
pub fn list(cx: &mut Ctx<'_>, year: Option<i32>) -> Result<Vec<Receipt>> {
    let year = year.unwrap_or_else(|| cx.today().year());
    let own = cx.actor().grants.iter().filter(|g| g.role == Role::Commune).filter_map(|g| g.place);
    let mut communes: Vec<PlaceId> = own.collect();
    communes.sort();
    communes.dedup();
    let mut all = Vec::new();
    for place in communes {
        let series = Series::of(cx, place, ReceivingOffice::Commune, year)?;
        for number in numbers::of_scope(cx, &series.scope())? {
            all.push(Receipt { written: series.written(number.number)?, place, number });
        }
    }
    Ok(all)
}

/// One number of the caller's communes, of any year.
///
/// # Errors
/// 404.
pub fn get(cx: &mut Ctx<'_>, id: RowId) -> Result<Receipt> {
    let number = numbers::find(cx, id)?;
    let year = number.scope.rsplit('/').next().and_then(|year| year.parse().ok());
    let year: i32 = year.ok_or(AppError::NotFound)?;
    let found = list(cx, Some(year))?.into_iter().find(|receipt| receipt.number.id == id);
    found.ok_or(AppError::NotFound)
}

/// Declares a number that was kept void.
///
/// # Errors
/// 409 when it is not one that is kept.
pub fn void(cx: &mut Ctx<'_>, receipt: &Receipt, reason: &str) -> Result<()> {
    numbers::void(cx, &receipt.number, reason.trim())?;
    let details = Details::none().with("receipt", &receipt.written).with("reason", reason.trim());
    audit::record(cx, "receipt.void", "number", receipt.number.id.0, details)
}
