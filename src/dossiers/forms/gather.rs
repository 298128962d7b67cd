//! Where what is printed on Mẫu 01, 02 and 03 comes from.

use std::collections::HashMap;

use chrono::Datelike;

use super::FormFile;
use super::data::{
    Enclosure, EvidencePaper, EvidenceRow, Form01, Form02, Form03, Goods, Head, KindBox, MarkedPart, MarkedRow,
    MarkedSet, Reception, Representative, Subject, Tick,
};
use crate::auth;
use crate::db::Ctx;
use crate::dossiers::model::{Document, Dossier, MoveRow, SelfMark};
use crate::dossiers::rules::{Action, CommuneReport, DossierForm, Status};
use crate::dossiers::{book_of, documents, marks_of, papers, store};
use crate::error::Result;
use crate::ids::DocumentId;
use crate::paper::{Imprint, Qr};
use crate::places::{self, Level};
use crate::producers::{self, Particulars, Sex};
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

/// What all forms show.
pub(super) struct Scene {
    head: Head,
    subject: Subject,
    product: Goods,
    set: CriteriaSet,
    book: Rulebook,
}

pub(super) fn scene(
    cx: &mut Ctx<'_>,
    dossier: &Dossier,
    form: FormFile,
    imprint: &Imprint,
    particulars: Option<&Particulars>,
) -> Result<Scene> {
    let book = book_of(cx, dossier)?;
    let set = rulebook::set(cx, dossier.criteria_set_id)?.set;
    let unit = if form == FormFile::CommuneReport { dossier.place_id } else { dossier.filed_place_id };
    let line = places::ancestors(cx, unit)?;
    let name = |level| line.iter().find(|p| p.level == level).map(|p| p.full_name.clone()).unwrap_or_default();
    let opened = dossier.filed_on.unwrap_or_else(|| dossier.created_at.vietnam_day());
    let head = Head {
        draft: dossier.filed_on.is_none(),
        demo: imprint.demonstration(),
        particulars: particulars.is_some(),
        law: set.rulebook.clone(),
        receipt: dossier.receipt_number.clone(),
        product_code: dossier.product_code.clone(),
        filed_on: dossier.filed_on,
        year: opened.year(),
        province: name(Level::Province),
        commune: name(Level::Commune),
        electronic: Qr(format!("{}/v1/dossiers/{}/forms/{form}", imprint.public_url, dossier.id)),
    };
    let names = store::product_names(cx, &[dossier.product_id])?;
    let product = Goods {
        name: names.get(&dossier.product_id).cloned().unwrap_or_default(),
        sector: set.sector.as_ref().map(|s| s.vi.clone()),
        group: set.group.as_ref().map(|g| g.vi.clone()),
        subgroup: set.subgroup.as_ref().map(|s| s.vi.clone()).or_else(|| Some(set.name.vi.clone())),
        set: format!("Bộ {} – {}", set.code, set.name.vi),
    };
    Ok(Scene { head, subject: subject(cx, dossier, particulars)?, product, set, book })
}

fn subject(cx: &mut Ctx<'_>, dossier: &Dossier, particulars: Option<&Particulars>) -> Result<Subject> {
    let row = producers::any(cx, dossier.producer_id)?;
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
    Ok(Subject {
        name: row.name,
        kind: row.kind.map(|k| k.label().vi),
        tax_code: row.tax_code,
        registration_number: row.registration_number,
        founded_on: row.founded_on,
        address: row.address,
        representative: representative.unwrap_or_default(),
    })
}

pub(super) fn form01(cx: &mut Ctx<'_>, dossier: &Dossier, scene: Scene) -> Result<Form01> {
    let form: DossierForm = dossier.form.read().unwrap_or_default();
    let all_marked = unmarked(&scene.set, &marks_of(cx, dossier.id)?).is_empty();
    let lying = documents::list(cx, dossier.id)?;
    let mut enclosures = Vec::new();
    let self_made = form.papers(all_marked);
    for rule in filing(cx, dossier, &scene.book)? {
        let titles: Vec<String> =
            of_type(&lying, &rule.0).map(|d| title(d, &rule.1)).filter(|t| *t != rule.1).collect();
        let copies = of_type(&lying, &rule.0).count() + self_made.iter().filter(|p| p.paper == rule.0).count();
        if copies > 0 && !["form01", "samples"].contains(&rule.0.as_str()) {
            enclosures.push(Enclosure { label: rule.1, titles, copies });
        }
    }
    Ok(Form01 {
        offices: receptions(cx, dossier, &scene.head)?,
        kinds: DossierKind::ALL
            .iter()
            .map(|k| KindBox { label: capital(&k.label().vi), chosen: *k == dossier.kind })
            .collect(),
        papers: enclosures,
        samples: form.samples,
        commitment: form.commitment,
        head: scene.head,
        subject: scene.subject,
        product: scene.product,
    })
}

/// The blocks of the commune and of the provincial agency.
fn receptions(cx: &mut Ctx<'_>, dossier: &Dossier, head: &Head) -> Result<Vec<Reception>> {
    let moves = store::moves(cx, dossier.id)?;
    let commune = Reception {
        name: format!("Ủy ban nhân dân {}", head.commune),
        number: dossier.receipt_number.clone(),
        received_on: dossier.filed_on,
        receiver: dossier.filed_on.map(|_| "nhận trên hệ thống điện tử".to_owned()),
    };
    let at_province = |m: &&MoveRow| m.action == Action::Receive && m.to_status == Status::AtProvince;
    let received = moves.iter().rev().find(at_province);
    let receiver = match received.and_then(|m| m.by_user) {
        Some(user) => auth::user(cx, user)?.map(|u| u.name),
        None => None,
    };
    let province = Reception {
        name: format!("cơ quan tham mưu quản lý OCOP {}", head.province),
        number: received.and_then(|m| m.details.0["receipt"].as_str().map(str::to_owned)),
        received_on: received.map(|m| m.at.vietnam_day()),
        receiver,
    };
    Ok(vec![commune, province])
}

pub(super) fn form02(cx: &mut Ctx<'_>, dossier: &Dossier, scene: Scene) -> Result<Form02> {
    let lying = documents::list(cx, dossier.id)?;
    let own: Vec<Document> = lying.into_iter().filter(|d| !d.evidence.by_office).collect();
    let marks = store::marks(cx, dossier.id)?;
    let missing = unmarked(&scene.set, &marks_of(cx, dossier.id)?).len();
    let tick = |(paper, label): &(&str, &str)| Tick {
        label: (*label).to_owned(),
        there: of_type(&own, paper).next().is_some(),
        details: of_type(&own, paper).filter_map(number_and_issuer).collect(),
    };
    let mut evidence = Vec::new();
    for (paper, label) in filing(cx, dossier, &scene.book)? {
        if !NO_EVIDENCE.contains(&paper.as_str()) {
            let papers = of_type(&own, &paper).map(|d| evidence_paper(d, &label)).collect();
            evidence.push(EvidenceRow { label, papers });
        }
    }
    Ok(Form02 {
        form: dossier.form.read().unwrap_or_default(),
        ticks: TICKS.iter().map(tick).collect(),
        set: marked_set(&scene.set, scene.product.set.clone(), &marks, &own, missing),
        evidence,
        head: scene.head,
        subject: scene.subject,
        product: scene.product,
    })
}

pub(super) fn form03(cx: &mut Ctx<'_>, dossier: &Dossier, scene: Scene, report: CommuneReport) -> Result<Form03> {
    let moves = store::moves(cx, dossier.id)?;
    let issued = moves.iter().rev().find(|m| matches!(m.action, Action::Report | Action::Refuse));
    Ok(Form03 {
        issued_on: issued.map(|m| m.at.vietnam_day()),
        kind: dossier.kind.label().vi,
        report,
        head: scene.head,
        subject: scene.subject,
        product: scene.product,
    })
}

/// The papers that the rulebook names for filing: type and name, each once, in its order.
fn filing(cx: &mut Ctx<'_>, dossier: &Dossier, book: &Rulebook) -> Result<Vec<(String, String)>> {
    let sector = papers::sector(cx, dossier)?;
    let mut found: Vec<(String, String)> = Vec::new();
    for rule in book.papers(dossier.kind, Stage::Filing, &sector) {
        if !found.iter().any(|(paper, _)| *paper == rule.paper) {
            found.push((rule.paper.clone(), rule.label.vi.clone()));
        }
    }
    Ok(found)
}

fn of_type<'a>(lying: &'a [Document], paper: &str) -> impl Iterator<Item = &'a Document> + use<'a> {
    let paper = paper.to_owned();
    lying.iter().filter(move |d| d.evidence.paper == paper)
}

/// In the sender's words, else the name of the type.
fn title(document: &Document, label: &str) -> String {
    match document.evidence.title.trim() {
        "" => label.to_owned(),
        told => told.to_owned(),
    }
}

fn number_and_issuer(document: &Document) -> Option<String> {
    let told: Vec<String> =
        [&document.version.number, &document.version.issuer].into_iter().flatten().cloned().collect();
    (!told.is_empty()).then(|| told.join(", "))
}

fn evidence_paper(document: &Document, label: &str) -> EvidencePaper {
    EvidencePaper {
        title: title(document, label),
        number: document.version.number.clone(),
        issuer: document.version.issuer.clone(),
        issued_on: document.version.issued_on,
        expires_on: document.version.expires_on,
    }
}

fn marked_set(set: &CriteriaSet, name: String, marks: &[SelfMark], own: &[Document], missing: usize) -> MarkedSet {
    let titles: HashMap<DocumentId, String> =
        own.iter().map(|d| (d.reference.id, title(d, &d.version.file_name))).collect();
    let by_code: HashMap<&str, &SelfMark> = marks.iter().map(|m| (m.criterion.as_str(), m)).collect();
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
    marks: &HashMap<&str, &SelfMark>,
    titles: &HashMap<DocumentId, String>,
    rows: &mut Vec<MarkedRow>,
) {
    if criterion.is_container() {
        rows.push(heading(&criterion.code, &criterion.title.vi, criterion.max_points));
        criterion.criteria.iter().for_each(|c| push_rows(c, marks, titles, rows));
        return;
    }
    let mark = marks.get(criterion.code.as_str());
    let chosen = mark.and_then(|m| m.option_code.as_deref()).map(|code| match criterion.option(code) {
        Some(option) => option.label.vi.clone(),
        None => code.to_owned(),
    });
    let proofs: Vec<DocumentId> = mark.and_then(|m| m.evidence.read().ok()).unwrap_or_default();
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
