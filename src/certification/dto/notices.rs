//! What travels for notices.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::IntoParams;

use super::super::model::{Decision, Notice, NoticeOutcome};
use super::super::rules::{Ground, article};
use super::VerifiedDecision;
use crate::db::Moment;
use crate::ids::{DossierId, NoticeId, PlaceId, ProducerId, ProductId};
use crate::text::Label;

/// A decision about a product in writing.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct NoticeView {
    /// Identifier.
    pub id: NoticeId,
    /// Its number.
    #[schema(example = "TB-OCOP-86-2026-000012")]
    pub number: String,
    /// The decision that it tells of.
    pub decision: VerifiedDecision,
    /// The article of 26/2026 on which it rests, with the letter of a ground.
    #[schema(example = "Điều 8.1 c")]
    pub article: String,
    /// The dossier; none where a list told of the recognition.
    pub dossier_id: Option<DossierId>,
    /// The product.
    pub product_id: ProductId,
    /// Its name.
    pub product_name: String,
    /// The certificate that is revoked, withdrawn, extended or corrected.
    pub certificate_number: Option<String>,
    /// The producer that it goes to, where the record names one.
    pub producer_id: Option<ProducerId>,
    /// The commune that it goes to, where the record names one.
    pub place_id: Option<PlaceId>,
    /// What it tells.
    pub outcome: NoticeOutcome,
    /// The same in words.
    pub outcome_label: Label,
    /// The star that was found; none where no band was reached or the dossier was rejected.
    pub stars: Option<i32>,
    /// The ground of a revocation, which counts from the day of the decision.
    pub ground: Option<Ground>,
    /// The ground in words.
    pub ground_label: Option<Label>,
    /// The last day by an extension.
    pub extended_through: Option<NaiveDate>,
    /// Reason or remark.
    pub reason: String,
    /// Its day: that of the publication.
    pub issued_on: NaiveDate,
    /// When the producer confirmed it.
    pub producer_read_at: Option<Moment>,
    /// When the commune confirmed it.
    pub commune_read_at: Option<Moment>,
    /// Row version.
    pub version: i32,
}

impl NoticeView {
    /// A notice with the names around it.
    pub fn of(row: Notice, product_name: String, certificate_number: Option<String>, decision: &Decision) -> Self {
        Self {
            id: row.id,
            number: row.number,
            decision: decision.into(),
            article: article(decision.kind, row.ground),
            dossier_id: row.dossier_id,
            product_id: row.product_id,
            product_name,
            certificate_number,
            producer_id: row.producer_id,
            place_id: row.place_id,
            outcome: row.outcome,
            outcome_label: row.outcome.label(),
            stars: Some(row.stars).filter(|s| *s > 0),
            ground: row.ground,
            ground_label: row.ground.map(Ground::label),
            extended_through: row.extended_through,
            reason: row.reason,
            issued_on: row.issued_on,
            producer_read_at: row.producer_read_at,
            commune_read_at: row.commune_read_at,
            version: row.version,
        }
    }
}

/// What a list of notices is narrowed by.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
#[into_params(parameter_in = Query)]
pub struct NoticesQuery {
    /// The dossier.
    pub dossier_id: Option<DossierId>,
    /// 1 to 100; 20 unless said.
    pub limit: Option<i64>,
    /// `page.next` of the page before.
    pub cursor: Option<String>,
}
