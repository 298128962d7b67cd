//! The advisory team's review over HTTP.

use actix_web::web::{Data, Path};
use actix_web::{get, put};
use utoipa_actix_web::service_config::ServiceConfig;

use super::super::advisory;
use super::super::dto::{AdvisoryReview, WriteAdvisoryReview};
use crate::actor::Caller;
use crate::db::Db;
use crate::error::Result;
use crate::ids::DossierId;
use crate::web::{Answer, Body, IfMatch, found};

pub(super) fn routes(cfg: &mut ServiceConfig) {
    cfg.service(get_advisory_review).service(write_advisory_review);
}

/// What the advisory team makes of a dossier; empty until it is written
///
/// For the offices of the deciding levels. A member of the council reads beside each criterion of the
/// sheet what the regulation shows.
#[utoipa::path(tag = "Scoring", operation_id = "get_advisory_review",
    params(("id" = DossierId, Path, description = "The dossier")),
    responses((status = 200, body = AdvisoryReview, description = "The review of the level that holds the dossier")))]
#[get("/dossiers/{id}/advisory-review")]
async fn get_advisory_review(caller: Caller, db: Data<Db>, id: Path<DossierId>) -> Result<Answer> {
    db.read(caller, move |cx| {
        let row = advisory::review(cx, *id)?;
        found(row.version, &AdvisoryReview::of(&row)?)
    })
    .await
}

/// Write the advisory team's opinion, remarks and preliminary marks, until marking is opened
#[utoipa::path(tag = "Scoring", operation_id = "write_advisory_review",
    request_body(content = WriteAdvisoryReview, example = json!({"opinion": "Đủ điều kiện đưa ra Hội đồng",
        "remarks": [{"criterion": "4.1", "remark": "Hợp đồng phân phối còn hiệu lực đến 2027", "mark": {"option": "b"}}]})),
    params(("id" = DossierId, Path, description = "The dossier"), ("If-Match" = String, Header, description = "The tag that was read")),
    responses((status = 200, body = AdvisoryReview, description = "The review")))]
#[put("/dossiers/{id}/advisory-review")]
async fn write_advisory_review(
    caller: Caller,
    db: Data<Db>,
    id: Path<DossierId>,
    tag: IfMatch,
    body: Body<WriteAdvisoryReview>,
) -> Result<Answer> {
    db.write(caller, move |cx| {
        let (dossier, row) = advisory::hold_review(cx, *id)?;
        tag.check(row.version)?;
        let asked = body.valid()?;
        let row = advisory::write_review(cx, &dossier, row, &asked.opinion, &asked.remarks)?;
        found(row.version, &AdvisoryReview::of(&row)?)
    })
    .await
}
