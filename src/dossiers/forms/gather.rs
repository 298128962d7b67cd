//! Where what is printed on Mẫu 01, 02 and 03 comes from.

use std::collections::HashMap;

use chrono::{Datelike, NaiveDate};

use super::FormFile;
use super::data::{
    Enclosure, EvidencePaper, EvidenceRow, Form01, Form02, Form03, Goods, Head, KindBox, MarkedPart, MarkedRow,
    MarkedSet, Reception, Representative, Subject, Tick,
};
use super::written::{Lying, Mark, Party, Written};
use crate::db::Ctx;
use crate::dossiers::rules::CommuneReport;
use crate::error::Result;
use crate::ids::DocumentId;
use crate::paper::{Imprint, Qr};
use crate::places::{self, Level};
use crate::producers::{Particulars, Sex};
use crate::rulebook::marks::unmarked;
use crate::rulebook::{self, CriteriaSet, Criterion, DossierKind, Rulebook, Stage};

/// What is written in the form itself or comes with a letter: no row of the evidence table.
const NO_EVIDENCE: &[&str] =
    &["form01", "form02", "businessPlan", "organisation", "updatesSinceRecognition", "samples"];
/// Boxes a to d of Mẫu 02, I: type of the paper, words.
const TICKS: &[(&str, &str)] = &[
    ("businessRegistration", "Đăng ký kinh doanh"),
    ("qualityDeclaration", "Công bố chất lượng"),
    ("productionEligibility", "Giấy chứng nhận an toàn thực phẩm, giấy chứng nhận bắt buộc về sản xuất"),
    (
        "intellectualProperty",
        "Sở hữu trí tuệ: nhãn hiệu, quyền sử dụng chỉ dẫn địa lý, nhãn hiệu tập thể, nhãn hiệu chứng nhận, \
         sáng chế, kiểu dáng công nghiệp, quyền tác giả, khác",
    ),
];

/// What is printed: the content, today's or a sealed one, and what stands beside it on the paper.
pub(super) struct Source {
    pub written: Written,
    /// Where the electronic original is.
    pub address: String,
    /// The day of a draft that is not filed yet.
    pub opened: NaiveDate,
    /// The manifest that it was sealed in, in words.
    pub sealed: Option<String>,
}

/// What all forms show.
pub(super) struct Scene {
    written: Written,
    head: Head,
    subject: Subject,
    product: Goods,
    set: CriteriaSet,
    book: Rulebook,
}

pub(super) fn scene(
    cx: &mut Ctx<'_>,
    source: Source,
    form: FormFile,
    imprint: &Imprint,
    particulars: Option<&Particulars>,
) -> Result<Scene> {
    let Source { written, address, opened, sealed } = source;
    let book = match written.filed_on {
        Some(_) => rulebook::get(cx, written.rulebook.record)?.book,
        None => rulebook::for_filing(cx, written.kind, cx.today())?.book,
    };
    let set = rulebook::set(cx, written.criteria_set.id)?.set;
    let unit = if form == FormFile::CommuneReport { written.place } else { written.filed_place };
    let line = places::ancestors(cx, unit)?;
    let name = |level| line.iter().find(|p| p.level == level).map(|p| p.full_name.clone()).unwrap_or_default();
    let head = Head {
        draft: written.filed_on.is_none(),
        demo: imprint.demonstration(),
        particulars: particulars.is_some(),
        law: set.rulebook.clone(),
        receipt: written.receipt_number.clone(),
        product_code: written.product_code.clone(),
        filed_on: written.filed_on,
        year: written.filed_on.unwrap_or(opened).year(),
        province: name(Level::Province),
        commune: name(Level::Commune),
        electronic: Qr(address),
        sealed,
    };
    let product = Goods {
        name: written.product.name.clone(),
        sector: set.sector.as_ref().map(|s| s.vi.clone()),
        group: set.group.as_ref().map(|g| g.vi.clone()),
        subgroup: set.subgroup.as_ref().map(|s| s.vi.clone()).or_else(|| Some(set.name.vi.clone())),
        set: format!("Bộ {} – {}", set.code, set.name.vi),
    };
    let subject = subject(&written.producer, particulars);
    Ok(Scene { written, head, subject, product, set, book })
}

fn subject(producer: &Party, particulars: Option<&Particulars>) -> Subject {
    let sex = |sex: Sex| match sex {
        Sex::Female => "Nữ".to_owned(),
        Sex::Male => "Nam".to_owned(),
    };
    let representative = particulars.map(|p| Representative {
        name: p.representative_name.clone(),
        role: p.representative_role.clone(),
        sex: p.sex.map(sex),
        ethnicity: p.ethnicity.clone(),
        residence: p.residence.clone(),
        phone: p.phone.clone(),
        email: p.email.clone(),
    });
    Subject {
        name: producer.name.clone(),
        kind: producer.kind.map(|k| k.label().vi),
        tax_code: producer.tax_code.clone(),
        registration_number: producer.registration_number.clone(),
        founded_on: producer.founded_on,
        address: producer.address.clone(),
        representative: representative.unwrap_or_default(),
    }
}

pub(super) fn form01(scene: Scene) -> Form01 {
    let Scene { written, head, subject, product, set, book } = scene;
    let form = written.form();
    let self_made = form.papers(unmarked(&set, &written.choices()).is_empty());
    let mut enclosures = Vec::new();
    for (paper, label) in filing(&written, &book) {
        let lying: Vec<&Lying> = written.papers.iter().filter(|p| p.paper == paper).collect();
        let titles = lying.iter().map(|p| title(p, &label)).filter(|t| *t != label).collect();
        let copies = lying.len() + self_made.iter().filter(|p| p.paper == paper).count();
        if copies > 0 && !["form01", "samples"].contains(&paper.as_str()) {
            enclosures.push(Enclosure { label, titles, copies });
        }
    }
    let kind = |k: &DossierKind| KindBox { label: capital(&k.label().vi), chosen: *k == written.kind };
    Form01 {
        offices: receptions(&written, &head),
        kinds: DossierKind::ALL.iter().map(kind).collect(),
        papers: enclosures,
        samples: form.samples,
        commitment: form.commitment,
        head,
        subject,
        product,
    }
}

/// The blocks of the commune and of the provincial agency.
fn receptions(written: &Written, head: &Head) -> Vec<Reception> {
    let commune = Reception {
        name: format!("Ủy ban nhân dân {}", head.commune),
        number: written.receipt_number.clone(),
        received_on: written.filed_on,
        receiver: written.filed_on.map(|_| "nhận trên hệ thống điện tử".to_owned()),
    };
    let received = written.province_receipt.as_ref();
    let province = Reception {
        name: format!("cơ quan tham mưu quản lý OCOP {}", head.province),
        number: received.and_then(|r| r.number.clone()),
        received_on: received.and_then(|r| r.received_on),
        receiver: received.and_then(|r| r.receiver.clone()),
    };
    vec![commune, province]
}

pub(super) fn form02(scene: Scene) -> Form02 {
    let Scene { written, head, subject, product, set, book } = scene;
    let own: Vec<&Lying> = written.papers.iter().filter(|p| !p.by_office).collect();
    let of_type = |paper: &str| own.iter().copied().filter(move |p| p.paper == paper).collect::<Vec<_>>();
    let tick = |(paper, label): &(&str, &str)| Tick {
        label: (*label).to_owned(),
        there: !of_type(paper).is_empty(),
        details: of_type(paper).into_iter().filter_map(number_and_issuer).collect(),
    };
    let mut evidence = Vec::new();
    for (paper, label) in filing(&written, &book) {
        if !NO_EVIDENCE.contains(&paper.as_str()) {
            let papers = of_type(&paper).into_iter().map(|d| evidence_paper(d, &label)).collect();
            evidence.push(EvidenceRow { label, papers });
        }
    }
    Form02 {
        form: written.form(),
        ticks: TICKS.iter().map(tick).collect(),
        set: marked_set(&set, product.set.clone(), &written, &own),
        evidence,
        head,
        subject,
        product,
    }
}

pub(super) fn form03(scene: Scene, report: CommuneReport) -> Form03 {
    Form03 {
        issued_on: scene.written.reported_on,
        kind: scene.written.kind.label().vi,
        report,
        head: scene.head,
        subject: scene.subject,
        product: scene.product,
    }
}

/// The papers that the rulebook names for filing: type and name, each once, in its order.
fn filing(written: &Written, book: &Rulebook) -> Vec<(String, String)> {
    let sector = written.sector.as_deref().unwrap_or_default();
    let mut found: Vec<(String, String)> = Vec::new();
    for rule in book.papers(written.kind, Stage::Filing, sector) {
        if !found.iter().any(|(paper, _)| *paper == rule.paper) {
            found.push((rule.paper.clone(), rule.label.vi.clone()));
        }
    }
    found
}

/// In the sender's words, else the name of the type.
fn title(paper: &Lying, label: &str) -> String {
    match paper.title.trim() {
        "" => label.to_owned(),
        told => told.to_owned(),
    }
}

fn number_and_issuer(paper: &Lying) -> Option<String> {
    let told: Vec<String> = [&paper.number, &paper.issuer].into_iter().flatten().cloned().collect();
    (!told.is_empty()).then(|| told.join(", "))
}

fn evidence_paper(paper: &Lying, label: &str) -> EvidencePaper {
    EvidencePaper {
        title: title(paper, label),
        number: paper.number.clone(),
        issuer: paper.issuer.clone(),
        issued_on: paper.issued_on,
        expires_on: paper.expires_on,
    }
}

fn marked_set(set: &CriteriaSet, name: String, written: &Written, own: &[&Lying]) -> MarkedSet {
    let titles: HashMap<DocumentId, String> = own.iter().map(|p| (p.id, title(p, &p.file_name))).collect();
    let by_code: HashMap<&str, &Mark> = written.marks.iter().map(|m| (m.criterion.as_str(), m)).collect();
    let missing = unmarked(set, &written.choices()).len();
    let parts = set.parts.iter().map(|part| {
        let mut rows = Vec::new();
        for section in &part.sections {
            rows.push(heading(&section.code, &section.title.vi, section.max_points));
            section.criteria.iter().for_each(|c| push_rows(c, &by_code, &titles, &mut rows));
        }
        MarkedPart {
            code: part.code.clone(),
            title: part.title.vi.clone(),
            max_points: part.max_points,
            points: rows.iter().filter_map(|r| r.points).sum(),
            rows,
        }
    });
    let parts: Vec<MarkedPart> = parts.collect();
    MarkedSet { name, total: parts.iter().map(|p| p.points).sum(), parts, unmarked: missing }
}

fn heading(code: &str, title: &str, max_points: i64) -> MarkedRow {
    let (code, title) = (code.to_owned(), title.to_owned());
    MarkedRow {
        heading: true,
        code,
        title,
        max_points,
        option: None,
        comment: None,
        points: None,
        evidence: Vec::new(),
    }
}

fn push_rows(
    criterion: &Criterion,
    marks: &HashMap<&str, &Mark>,
    titles: &HashMap<DocumentId, String>,
    rows: &mut Vec<MarkedRow>,
) {
    if criterion.is_container() {
        rows.push(heading(&criterion.code, &criterion.title.vi, criterion.max_points));
        criterion.criteria.iter().for_each(|c| push_rows(c, marks, titles, rows));
        return;
    }
    let mark = marks.get(criterion.code.as_str());
    let chosen = mark.and_then(|m| m.option.as_deref()).map(|code| match criterion.option(code) {
        Some(option) => option.label.vi.clone(),
        None => code.to_owned(),
    });
    let proofs = mark.map(|m| m.evidence.as_slice()).unwrap_or_default();
    rows.push(MarkedRow {
        heading: false,
        code: criterion.code.clone(),
        title: criterion.title.vi.clone(),
        max_points: criterion.max_points,
        option: chosen,
        comment: mark.and_then(|m| m.comment.clone()),
        points: mark.map(|m| m.points),
        evidence: proofs.iter().filter_map(|id| titles.get(id).cloned()).collect(),
    });
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}
