//! Mẫu số 01, 02 and 03 as papers, of today or as they were sealed, and the index of an archive: what is
//! printed is gathered here, how it looks is in the templates.

mod data; // what the templates are given
mod gather; // from content to data
mod sealed; // the papers of one manifest
mod written; // the content

use crate::db::Ctx;
use crate::error::Result;
use crate::paper::{Imprint, Sheet, Template};
use crate::producers::Particulars;

use super::model::Dossier;
use super::rules::Stop;
use super::seals;
use data::{Form01, Form02, Form03, Index};
use gather::Source;
use written::Written;

pub use sealed::{INDEX, sealed};

crate::words! {
    /// A form of Phụ lục III (26/2026), by the name of its file.
    pub enum FormFile {
        /// Phiếu đăng ký.
        Registration = "01.pdf",
        /// Báo cáo tự đánh giá.
        SelfAssessment = "02.pdf",
        /// Báo cáo của UBND cấp xã.
        CommuneReport = "03.pdf",
    }
}

impl FormFile {
    /// `01`, `02`, `03`.
    pub fn number(self) -> &'static str {
        self.word().trim_end_matches(".pdf")
    }
}

/// The templates of this slice.
pub static TEMPLATES: [Template; 4] = [
    crate::paper_template!("../templates/", "form-01", Form01, "Phiếu đăng ký (Mẫu số 01)", "Registration (Form 01)"),
    crate::paper_template!(
        "../templates/",
        "form-02",
        Form02,
        "Báo cáo tự đánh giá (Mẫu số 02)",
        "Self-assessment report (Form 02)"
    ),
    crate::paper_template!(
        "../templates/",
        "form-03",
        Form03,
        "Báo cáo của cấp xã (Mẫu số 03)",
        "Report of the commune (Form 03)"
    ),
    crate::paper_template!(
        "../templates/",
        "dossier-index",
        Index,
        "Mục lục của tệp hồ sơ niêm phong",
        "Index of the archive of a dossier"
    ),
];

/// A form of a dossier that the caller may see, ready to be set. The particulars of the producer's
/// representative are printed only where they are given.
///
/// # Errors
/// 409 for Mẫu 03 before the commune has written its report.
pub fn sheet(
    cx: &mut Ctx<'_>,
    dossier: &Dossier,
    form: FormFile,
    imprint: &Imprint,
    particulars: Option<&Particulars>,
) -> Result<Sheet> {
    let source = Source {
        written: Written::read(&seals::content(cx, dossier)?)?,
        address: format!("{}/v1/dossiers/{}/forms/{form}", imprint.public_url, dossier.id),
        opened: dossier.created_at.vietnam_day(),
        sealed: None,
    };
    let ident = format!("dossier/{}/form/{}", dossier.id, form.number());
    set(cx, source, ident, form, imprint, particulars)
}

fn set(
    cx: &mut Ctx<'_>,
    source: Source,
    ident: String,
    form: FormFile,
    imprint: &Imprint,
    particulars: Option<&Particulars>,
) -> Result<Sheet> {
    let dated = source.written.filed_on.unwrap_or(source.opened);
    let report = source.written.commune_report.clone();
    let scene = gather::scene(cx, source, form, imprint, particulars)?;
    match form {
        FormFile::Registration => Sheet::new(TEMPLATES[0].name, ident, dated, &gather::form01(scene)),
        FormFile::SelfAssessment => Sheet::new(TEMPLATES[1].name, ident, dated, &gather::form02(scene)),
        FormFile::CommuneReport => {
            let data = gather::form03(scene, report.ok_or(Stop::ReportMissing)?);
            let dated = data.issued_on.unwrap_or(dated);
            Sheet::new(TEMPLATES[2].name, ident, dated, &data)
        }
    }
}
