//! Mẫu số 01, 02 and 03 as papers: what is printed is gathered here, how it looks is in the templates.

mod data; // what the templates are given
mod gather; // where it comes from

use crate::db::Ctx;
use crate::error::{AppError, Result};
use crate::paper::{Imprint, Sheet, Template};
use crate::producers::Particulars;

use super::model::Dossier;
use super::rules::Stop;
use data::{Form01, Form02, Form03};

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
pub static TEMPLATES: [Template; 3] = [
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
    let scene = gather::scene(cx, dossier, form, imprint, particulars)?;
    let ident = format!("dossier/{}/form/{}", dossier.id, form.number());
    let dated = dossier.filed_on.unwrap_or_else(|| dossier.created_at.vietnam_day());
    match form {
        FormFile::Registration => Sheet::new(TEMPLATES[0].name, ident, dated, &gather::form01(cx, dossier, scene)?),
        FormFile::SelfAssessment => Sheet::new(TEMPLATES[1].name, ident, dated, &gather::form02(cx, dossier, scene)?),
        FormFile::CommuneReport => {
            let report = dossier.commune_report.as_ref().ok_or(Stop::ReportMissing)?;
            let data = gather::form03(cx, dossier, scene, report.read().map_err(AppError::internal)?)?;
            let dated = data.issued_on.unwrap_or(dated);
            Sheet::new(TEMPLATES[2].name, ident, dated, &data)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A sample that no longer fits the data that the service gives would prove nothing.
    #[test]
    fn samples_are_what_the_service_gives() {
        for template in &TEMPLATES {
            for sample in template.samples {
                let read = (template.read)(sample.text);
                assert!(read.is_ok(), "{} {}: {read:?}", template.name, sample.name);
            }
        }
    }
}
