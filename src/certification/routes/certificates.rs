//! Certificates, for officials and for their producers.

use actix_web::get;
use actix_web::web::{Data, Path, Query};
use utoipa_actix_web::service_config::ServiceConfig;

use crate::actor::Caller;
use crate::auth::policy::{self, Act};
use crate::certification::dto::{CertificateView, CertificatesQuery, OnQuery};
use crate::certification::show;
use crate::db::Db;
use crate::error::Result;
use crate::ids::CertificateId;
use crate::web::page::sensible_day;
use crate::web::{Answer, Page, found};

pub(super) fn routes(cfg: &mut ServiceConfig) {
    cfg.service(list_certificates).service(get_certificate);
}

/// Certificates of the territory, or one's own, as they stand on a day
#[utoipa::path(tag = "Certification", operation_id = "list_certificates", params(CertificatesQuery),
    responses((status = 200, body = Page<CertificateView>, description = "A page of certificates, the newest first")))]
#[get("/certificates")]
async fn list_certificates(caller: Caller, db: Data<Db>, query: Query<CertificatesQuery>) -> Result<Answer> {
    let query = query.into_inner();
    db.read(caller, move |cx| {
        policy::must(cx, Act::ReadCertificates)?;
        let on = sensible_day("on", query.on)?.unwrap_or_else(|| cx.today());
        show::certificates(cx, &query, on)?.answer()
    })
    .await
}

/// One certificate as it stands on a day
#[utoipa::path(tag = "Certification", operation_id = "get_certificate",
    params(("id" = CertificateId, Path, description = "The certificate"), OnQuery),
    responses((status = 200, body = CertificateView, description = "The certificate")))]
#[get("/certificates/{id}")]
async fn get_certificate(
    caller: Caller,
    db: Data<Db>,
    id: Path<CertificateId>,
    query: Query<OnQuery>,
) -> Result<Answer> {
    db.read(caller, move |cx| {
        let row = show::certificate(cx, *id)?;
        policy::must(cx, Act::ReadCertificates)?;
        let on = sensible_day("on", query.on)?.unwrap_or_else(|| cx.today());
        found(1, &show::certificate_on(cx, &row, on)?)
    })
    .await
}
