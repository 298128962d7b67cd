//! Certificates, decisions and notices as papers: what is printed is gathered here, how it looks is in the
//! templates.

mod data; // what the templates are given

use chrono::NaiveDate;

use super::dto::{Printed, corrected};
use super::model::{Certificate, Decision, DecisionState, Notice};
use super::rules::DecisionKind;
use super::{rules, show, store};
use crate::db::{Ctx, Doc};
use crate::error::{AppError, Result};
use crate::paper::{Imprint, Qr, Sheet, Template};
use crate::places;
use data::{
    CertificatePage, CertificatePages, Copy, CorrectedWords, DecisionItemLine, DecisionPaper, Ended, NoticePaper,
};

/// The templates of this slice.
pub static TEMPLATES: [Template; 3] = [
    crate::paper_template!("../templates/", "certificate", CertificatePages, "Giấy chứng nhận", "Certificate"),
    crate::paper_template!(
        "../templates/",
        "decision",
        DecisionPaper,
        "Quyết định, thông báo và danh sách kèm theo",
        "Decision or notice with its list"
    ),
    crate::paper_template!(
        "../templates/",
        "notice",
        NoticePaper,
        "Thông báo quyết định cho chủ thể và xã",
        "Notice of a decision to producer and commune"
    ),
];

/// Which print of a certificate a paper is: its number, and its day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct PrintNumber {
    pub number: i32,
    pub on: NaiveDate,
}

/// Certificates, each on its page. One that has ended bears its end across the page.
///
/// # Errors
/// When what is printed cannot be read.
pub(super) fn certificates(
    pages: &[(Certificate, Option<PrintNumber>)],
    imprint: &Imprint,
    on: NaiveDate,
) -> Result<Sheet> {
    let page = |(row, copy): &(Certificate, Option<PrintNumber>)| page(row, *copy, imprint, on);
    let data = CertificatePages {
        demo: imprint.demonstration_in_both(),
        certificates: pages.iter().map(page).collect::<Result<_>>()?,
    };
    let first = pages.first().map(|(row, _)| row).ok_or_else(|| AppError::internal("no certificate to print"))?;
    let dated = pages.iter().filter_map(|(_, copy)| copy.map(|c| c.on)).max().unwrap_or(first.issued_on);
    let idents: Vec<String> =
        pages.iter().map(|(row, copy)| format!("{}/{}", row.id, copy.map_or(0, |c| c.number))).collect();
    Sheet::new(TEMPLATES[0].name, format!("certificates/{}", idents.join(",")), dated, &data)
}

fn page(row: &Certificate, copy: Option<PrintNumber>, imprint: &Imprint, on: NaiveDate) -> Result<CertificatePage> {
    let printed: Printed = row.printed.read().map_err(AppError::internal)?;
    let standing = row.standing(on);
    // A print is made of what is in force, and stays what it was when it was made.
    let ended = copy.is_none() && !standing.state.in_force();
    Ok(CertificatePage {
        verify: Qr(format!("{}/v/{}", imprint.public_url, row.number)),
        number: printed.number,
        stars: printed.stars,
        product: printed.product_name,
        product_code: printed.product_code,
        producer: printed.producer_name,
        producer_kind: printed.producer_type.map(|t| t.label()),
        place: printed.place,
        authority: printed.authority_name,
        decision_number: printed.decision_number,
        signed_on: printed.signed_on,
        issued_on: printed.issued_on,
        signer: printed.signer_name,
        valid_through: printed.valid_through,
        ended: ended.then(|| Ended { label: standing.state.label(), reason: standing.reason }),
        copy: copy.map(|c| Copy { number: c.number, on: c.on }),
    })
}

/// A decision, or a notice, with its list. A draft says so.
///
/// # Errors
/// When the database fails.
pub fn decision(cx: &mut Ctx<'_>, row: &Decision, imprint: &Imprint) -> Result<Sheet> {
    let mut items = Vec::new();
    for line in show::lines(cx, row.id)? {
        let printed: Option<Printed> =
            line.item.printed.as_ref().map(Doc::read).transpose().map_err(AppError::internal)?;
        items.push(DecisionItemLine {
            ordinal: line.item.ordinal,
            product: line.product,
            product_code: printed.as_ref().and_then(|p| p.product_code.clone()),
            producer: line.producer,
            place: printed.as_ref().map(|p| p.place.clone()),
            stars: line.item.stars,
            number: line.number,
            valid_through: printed.as_ref().map(|p| p.valid_through),
            corrections: corrected(line.item.corrections.as_ref())
                .into_iter()
                .map(|c| CorrectedWords { line: c.label.vi, before: c.wording.before, after: c.wording.after })
                .collect(),
            note: line.item.note,
        });
    }
    let issued_at = issued_at(cx, row)?;
    let draft = matches!(row.state, DecisionState::Draft | DecisionState::Discarded);
    let public = row.state == DecisionState::Published && row.kind != DecisionKind::NotRecognition;
    let address = |part: &str| Qr(format!("{}/v1/{part}/{}/pdf", imprint.public_url, row.id));
    let data = DecisionPaper {
        demo: imprint.demonstration(),
        kind: row.kind.word().to_owned(),
        kind_label: row.kind.label().vi,
        draft,
        authority: row.authority_name.clone(),
        issued_at: Some(issued_at),
        number: row.number.clone(),
        signed_on: row.signed_on,
        signer: row.signer_name.clone(),
        legal_bases: row.bases(),
        reason: row.reason.clone(),
        electronic: (!draft).then(|| address(if public { "catalogue/decisions" } else { "decisions" })),
        items,
    };
    let dated = row.signed_on.unwrap_or_else(|| row.created_at.vietnam_day());
    Sheet::new(TEMPLATES[1].name, format!("decision/{}", row.id), dated, &data)
}

/// Where an authority sits, as it stands before a date.
fn issued_at(cx: &mut Ctx<'_>, row: &Decision) -> Result<String> {
    let place = row.place_id.map(|id| places::get(cx, id)).transpose()?;
    Ok(place.map_or_else(|| "Hà Nội".to_owned(), |place| place.name))
}

/// A notice of a decision about one product.
///
/// # Errors
/// When the database fails.
pub(super) fn notice(cx: &mut Ctx<'_>, row: &Notice, imprint: &Imprint) -> Result<Sheet> {
    let decision = store::decisions_of(cx, &[row.decision_id])?.pop().ok_or(AppError::NotFound)?;
    let producer = row.producer_id.map(|id| store::producer(cx, id)).transpose()?;
    let commune = row.place_id.map(|id| places::ancestors(cx, id)).transpose()?;
    let named = |line: Vec<places::Place>| line.into_iter().map(|p| p.full_name).collect::<Vec<_>>().join(", ");
    let issued_at = issued_at(cx, &decision)?;
    let view = show::notice(cx, row.clone())?;
    let data = NoticePaper {
        demo: imprint.demonstration(),
        authority: decision.authority_name,
        issued_at,
        number: view.number,
        issued_on: view.issued_on,
        outcome: row.outcome.word().to_owned(),
        outcome_label: row.outcome.label().vi,
        decision_kind: decision.kind.label().vi,
        decision_number: decision.number,
        decided_on: decision.signed_on,
        article: Some(view.article).filter(|a| a != rules::UNWRITTEN),
        product: view.product_name,
        producer: producer.map(|p| p.name),
        commune: commune.map(named),
        stars: row.stars,
        certificate: view.certificate_number,
        ground: row.ground.map(|g| g.label().vi),
        extended_through: row.extended_through,
        reason: view.reason,
        electronic: Qr(format!("{}/v1/notices/{}/pdf", imprint.public_url, row.id)),
    };
    Sheet::new(TEMPLATES[2].name, format!("notice/{}", row.id), row.issued_on, &data)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every kind of decision has standing words in the template that ships.
    #[test]
    fn every_kind_of_decision_has_its_words() {
        for kind in DecisionKind::ALL {
            assert!(TEMPLATES[1].text.contains(&format!("\n  {kind}: (")), "decision.typ has no words for {kind}");
        }
    }
}
