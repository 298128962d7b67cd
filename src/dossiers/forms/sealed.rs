//! The papers of one manifest: its forms and the index of its archive. They say what was sealed: nothing
//! in them comes from the register or the dossier of today.

use serde_json::Value;

use super::data::{Index, IndexForm, IndexPaper};
use super::gather::Source;
use super::written::Written;
use super::{FormFile, TEMPLATES, set};
use crate::db::Ctx;
use crate::dossiers::model::ManifestRow;
use crate::error::{AppError, Result};
use crate::paper::{Imprint, Qr, Sheet};
use crate::rulebook;

/// Where the index lies in an archive.
pub const INDEX: &str = "index.pdf";

/// The index, then the forms that a manifest holds, each with its place in the archive. `documents` are
/// the places of the manifest's papers, in its order.
///
/// # Errors
/// When the manifest cannot be read, or the database fails.
pub fn sealed(
    cx: &mut Ctx<'_>,
    row: &ManifestRow,
    documents: &[String],
    imprint: &Imprint,
) -> Result<Vec<(String, Sheet)>> {
    let manifest: Value = serde_json::from_str(&row.body).map_err(AppError::internal)?;
    let written = Written::read(&manifest)?;
    let address = format!("{}/v1/dossiers/{}/manifests/{}", imprint.public_url, row.dossier_id, row.number);
    let ident = format!("dossier/{}/manifest/{}", row.dossier_id, row.number);
    let mut forms = vec![FormFile::Registration, FormFile::SelfAssessment];
    if written.commune_report.is_some() {
        forms.push(FormFile::CommuneReport);
    }
    let index = index(cx, row, &manifest, &written, &forms, documents, (imprint, &address))?;
    let mut sheets = vec![(
        INDEX.to_owned(),
        Sheet::new(TEMPLATES[3].name, format!("{ident}/index"), row.made_at.vietnam_day(), &index)?,
    )];
    for form in forms {
        let source = Source {
            written: written.clone(),
            address: address.clone(),
            opened: row.made_at.vietnam_day(),
            sealed: Some(format!("Bản niêm phong số {}", row.number)),
        };
        sheets.push((path(form), set(cx, source, format!("{ident}/form/{}", form.number()), form, imprint, None)?));
    }
    Ok(sheets)
}

fn path(form: FormFile) -> String {
    format!("forms/{form}")
}

fn index(
    cx: &mut Ctx<'_>,
    row: &ManifestRow,
    manifest: &Value,
    written: &Written,
    forms: &[FormFile],
    documents: &[String],
    (imprint, address): (&Imprint, &str),
) -> Result<Index> {
    let book = rulebook::get(cx, written.rulebook.record)?.book;
    let set = rulebook::set(cx, written.criteria_set.id)?.set;
    let submitter = &manifest["submitter"];
    let text = |value: &Value| value.as_str().map(str::to_owned);
    let papers = written.papers.iter().zip(documents).map(|(paper, path)| IndexPaper {
        title: paper.title.clone(),
        label: book.paper_label(&paper.paper).map_or_else(|| paper.paper.clone(), |label| label.vi.clone()),
        number: paper.number.clone(),
        issuer: paper.issuer.clone(),
        path: path.clone(),
        bytes: paper.bytes,
        sha256: paper.sha256.clone(),
    });
    Ok(Index {
        demo: imprint.demonstration(),
        product: written.product.name.clone(),
        producer: written.producer.name.clone(),
        tax_code: written.producer.tax_code.clone(),
        kind: written.kind.label().vi,
        set: format!("Bộ {} – {}", set.code, set.name.vi),
        law: set.rulebook,
        receipt: written.receipt_number.clone(),
        product_code: written.product_code.clone(),
        filed_on: written.filed_on,
        number: row.number,
        sealed_at: row.made_at.vietnam().format("%H:%M:%S ngày %d/%m/%Y").to_string(),
        action: row.action.label().vi,
        submitter: text(&submitter["name"]),
        on_behalf_of: text(&submitter["onBehalfOf"]["name"]),
        sha256: row.sha256.clone(),
        forms: forms.iter().map(|form| IndexForm { label: in_words(*form).to_owned(), path: path(*form) }).collect(),
        papers: papers.collect(),
        electronic: Qr(address.to_owned()),
    })
}

fn in_words(form: FormFile) -> &'static str {
    match form {
        FormFile::Registration => "Mẫu số 01 – Phiếu đăng ký",
        FormFile::SelfAssessment => "Mẫu số 02 – Báo cáo tự đánh giá",
        FormFile::CommuneReport => "Mẫu số 03 – Báo cáo của cấp xã",
    }
}
