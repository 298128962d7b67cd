//! Mẫu 01, 02 and 03 as PDF.

use actix_web::get;
use actix_web::web::{Data, Path};
use utoipa_actix_web::service_config::ServiceConfig;

use super::super::forms::{self, FormFile};
use super::super::get;
use crate::actor::Caller;
use crate::auth::policy::Act;
use crate::config::Config;
use crate::db::Db;
use crate::error::{AppError, Problem, Result};
use crate::ids::DossierId;
use crate::paper::{Imprint, Press};
use crate::producers;
use crate::web::Answer;

pub(super) fn routes(cfg: &mut ServiceConfig) {
    cfg.service(get_form);
}

/// Mẫu số 01, 02 or 03 of a dossier as PDF/A
///
/// The same dossier gives the same bytes. Particulars of the representative are printed for who may read them (and
/// that is written down); for others their lines stay empty.
#[utoipa::path(tag = "Dossiers", operation_id = "get_form",
    params(("id" = DossierId, Path, description = "Identifier of the dossier"),
        ("form" = inline(FormFile), Path, description = "01.pdf, 02.pdf or 03.pdf")),
    responses((status = 200, description = "The form", content((Vec<u8> = "application/pdf"))),
        (status = 409, description = "dossier_report_missing: Form 03 before the commune has written it", body = Problem),
        (status = 503, description = "Too many papers at once, try again", body = Problem)))]
#[get("/dossiers/{id}/forms/{form}")]
async fn get_form(
    caller: Caller,
    db: Data<Db>,
    press: Data<Press>,
    config: Data<Config>,
    path: Path<(DossierId, String)>,
) -> Result<Answer> {
    let (id, form) = path.into_inner();
    let form = FormFile::parse(&form).ok_or(AppError::NotFound)?;
    let ground = db
        .read(caller.clone(), move |cx| {
            let row = get(cx, id)?;
            producers::has_ground(cx, Act::ReadParticulars, Some(row.producer_id), Some(row.place_id))
        })
        .await?;
    let particulars = match ground {
        true => Some(
            db.write(caller.clone(), move |cx| {
                let row = get(cx, id)?;
                let producer = producers::any(cx, row.producer_id)?;
                producers::read_particulars(cx, &producer)
            })
            .await?,
        ),
        false => None,
    };
    let imprint = Imprint::from(config.get_ref());
    let sheet = db
        .read(caller, move |cx| {
            let row = get(cx, id)?;
            forms::sheet(cx, &row, form, &imprint, particulars.as_ref())
        })
        .await?;
    press.answer(sheet, &format!("mau-{}-{id}.pdf", form.number())).await
}
