//! Sealed manifests over HTTP.

use actix_web::http::header::CACHE_CONTROL;
use actix_web::web::{Data, Path, Query};
use actix_web::{HttpResponse, get};
use utoipa_actix_web::service_config::ServiceConfig;

use super::super::dto::{ArchiveQuery, ManifestList, ManifestView};
use super::super::seals::Sealer;
use super::super::{archive, get, seals, show};
use crate::actor::Caller;
use crate::db::Db;
use crate::error::{Problem, Result};
use crate::files::{Files, attachment};
use crate::ids::DossierId;
use crate::paper::Press;
use crate::web::{Answer, found};

pub(super) fn routes(cfg: &mut ServiceConfig) {
    cfg.service(list_dossier_manifests).service(get_dossier_manifest).service(get_dossier_archive);
}

/// What a dossier held at each submission, sending back and hand-over: hashes and signatures
#[utoipa::path(tag = "Dossiers", operation_id = "list_dossier_manifests",
    params(("id" = DossierId, Path, description = "Identifier of the dossier")),
    responses((status = 200, description = "Every sealed manifest, the first one first", body = ManifestList,
        example = json!({"data": []}))))]
#[get("/dossiers/{id}/manifests")]
async fn list_dossier_manifests(caller: Caller, db: Data<Db>, id: Path<DossierId>) -> Result<Answer> {
    db.read(caller, move |cx| {
        let row = get(cx, *id)?;
        found(row.version, &ManifestList { data: show::manifests(cx, &row)? })
    })
    .await
}

/// One sealed manifest of a dossier
#[utoipa::path(tag = "Dossiers", operation_id = "get_dossier_manifest",
    params(("id" = DossierId, Path, description = "Identifier of the dossier"),
        ("ordinal" = i32, Path, description = "1, 2, 3…", example = 1)),
    responses((status = 200, description = "The manifest with its signature", body = ManifestView)))]
#[get("/dossiers/{id}/manifests/{ordinal}")]
async fn get_dossier_manifest(caller: Caller, db: Data<Db>, path: Path<(DossierId, i32)>) -> Result<Answer> {
    let (id, ordinal) = path.into_inner();
    db.read(caller, move |cx| {
        let row = get(cx, id)?;
        let manifest = seals::get(cx, id, ordinal)?;
        found(row.version, &show::manifest(cx, manifest)?)
    })
    .await
}

/// A dossier as one ZIP that proves itself: index and forms as PDF, papers, sealed manifest, public keys
///
/// Index and forms are set from what was sealed, the same bytes each time; the representative's particulars are no
/// part of them. `ocop verify-dossier FILE` checks it without the service. Every reading by others than its producer is
/// written down.
#[utoipa::path(tag = "Dossiers", operation_id = "get_dossier_archive",
    params(("id" = DossierId, Path, description = "Identifier of the dossier"), ArchiveQuery),
    responses((status = 200, description = "An attachment", content((Vec<u8> = "application/zip"))),
        (status = 409, description = "dossier_never_sealed, dossier_seal_broken, file_pending, file_infected", body = Problem),
        (status = 503, description = "Too many papers at once, or the store is away: try again", body = Problem)))]
#[get("/dossiers/{id}/archive")]
async fn get_dossier_archive(
    caller: Caller,
    db: Data<Db>,
    files: Data<Files>,
    sealer: Data<Sealer>,
    press: Data<Press>,
    id: Path<DossierId>,
    query: Query<ArchiveQuery>,
) -> Result<HttpResponse> {
    let (id, imprint) = (*id, sealer.imprint.clone());
    let papers = db
        .read(caller.clone(), move |cx| {
            let row = get(cx, id)?;
            archive::papers(cx, &row, query.manifest, &imprint)
        })
        .await?;
    let mut set = Vec::new();
    for (path, sheet) in papers.sheets {
        set.push((path, press.bytes(sheet).await?.to_vec()));
    }
    let plan = db
        .write(caller, move |cx| {
            let row = get(cx, id)?;
            archive::plan(cx, &sealer, &row, papers.number, &set)
        })
        .await?;
    let file_name = plan.file_name.clone();
    let stream = archive::stream(&files, plan).await?;
    Ok(HttpResponse::Ok()
        .content_type("application/zip")
        .insert_header(attachment(&file_name))
        .insert_header((CACHE_CONTROL, "private, no-store"))
        .streaming(Box::pin(stream)))
}
