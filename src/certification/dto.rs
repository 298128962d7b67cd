//! What travels for decisions, certificates, revocations and verification.

mod notices; // results in writing
mod papers; // corrections, and scans of decisions
mod public; // what anybody may know

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::IntoParams;
use validator::Validate;

use super::decisions::{Draft, Subject};
use super::held::Named;
use super::model::{CaseState, Certificate, Decision, DecisionState, RecognitionKind, RevocationCase};
use super::rules::{DecisionKind, EvidenceKind, Ground, ReopenAt, Standing, State, assumption, is_late};
use super::show::NamedItem;
use super::store::prints::Print;
use crate::db::Moment;
use crate::dossiers::Status;
use crate::ids::{
    CertificateId, DecisionId, DossierId, JobId, PlaceId, ProducerId, ProductId, RecognitionId, ResultId, RevocationId,
    RowId, UserId,
};
use crate::producers::ProducerType;
use crate::rulebook::Authority;
use crate::text::Label;
use crate::web::body::{broken, not_blank, one_line, ordinary_day};

pub use notices::{NoticeView, NoticesQuery};
pub(super) use papers::corrected;
pub use papers::{
    CertificateCorrection, CorrectLine, CorrectedLine, MarkScan, PublicScan, ScanForm, ScanList, ScanView,
    VerifiedCorrection,
};
pub use public::{
    OnQuery, ProvenPlace, TimelineEvent, TimelineStanding, TimelineView, UnitView, VerifiedDecision, VerifiedMany,
    VerifiedOne, VerifiedPlace, VerifiedProducer, VerifiedProduct, VerifyMany, VerifyView,
};

/// A decision to prepare, or a draft written anew.
#[derive(Debug, Clone, Deserialize, Validate, utoipa::ToSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
#[validate(schema(function = "lists_fit"))]
pub struct PrepareDecision {
    /// What it does.
    pub kind: DecisionKind,
    /// The level of the authority.
    pub level: Authority,
    /// The unit of the authority; none at the centre.
    pub place_id: Option<PlaceId>,
    /// The authority as printed, when it is not the usual name.
    #[validate(length(min = 2, max = 200), custom(function = one_line))]
    pub authority_name: Option<String>,
    /// What it rests on, one text a line.
    #[serde(default)]
    #[validate(length(max = 50), custom(function = "short_lines"))]
    pub legal_bases: Vec<String>,
    /// Why: for notices of non-recognition, withdrawals and corrections.
    #[validate(length(min = 2, max = 2000), custom(function = not_blank))]
    pub reason: Option<String>,
    /// Dossiers, for recognitions, approvals and notices.
    #[serde(default)]
    #[validate(length(max = 500), nested)]
    pub dossiers: Vec<DossierLine>,
    /// Cases, for a decision of revocation.
    #[serde(default)]
    #[validate(length(max = 500))]
    pub revocations: Vec<RevocationId>,
    /// Certificates, for a withdrawal or an extension.
    #[serde(default)]
    #[validate(length(max = 500))]
    pub certificates: Vec<CertificateId>,
    /// Recognitions of before this service, which have no certificate, for a withdrawal
    /// (`history[].id` of `/v1/catalogue/products/{id}`).
    #[serde(default)]
    #[validate(length(max = 500))]
    pub recognitions: Vec<RecognitionId>,
    /// For a withdrawal that names certificates: the step at which their dossiers are taken up again.
    pub reopen_at: Option<ReopenAt>,
    /// Lines of certificates as they are to be, for a correction.
    #[serde(default)]
    #[validate(length(max = 500), nested)]
    pub corrections: Vec<CorrectLine>,
}

/// A dossier in a decision.
#[derive(Debug, Clone, Serialize, Deserialize, Validate, utoipa::ToSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct DossierLine {
    /// The dossier.
    pub dossier_id: DossierId,
    /// Remark; for a notice of non-recognition the reason of this product.
    #[serde(default)]
    #[validate(length(max = 2000))]
    pub note: String,
}

fn short_lines(lines: &[String]) -> Result<(), validator::ValidationError> {
    match lines.iter().all(|l| (1..=500).contains(&l.trim().chars().count())) {
        true => Ok(()),
        false => Err(broken("length", "Mỗi dòng dài từ 1 đến 500 ký tự.", "Each line has 1 to 500 characters.")),
    }
}

fn lists_fit(draft: &PrepareDecision) -> Result<(), validator::ValidationError> {
    let used = [
        !draft.dossiers.is_empty(),
        !draft.revocations.is_empty(),
        !draft.certificates.is_empty(),
        !draft.recognitions.is_empty(),
        !draft.corrections.is_empty(),
    ];
    let fits = match draft.kind {
        DecisionKind::Revocation => used == [false, true, false, false, false],
        DecisionKind::Withdrawal => matches!(used, [false, false, true, _, false] | [false, false, false, true, false]),
        DecisionKind::Extension => used == [false, false, true, false, false],
        DecisionKind::Correction => used == [false, false, false, false, true],
        _ => used == [true, false, false, false, false],
    };
    if !fits {
        return Err(broken(
            "lists",
            "Công nhận, phê duyệt và thông báo cần dossiers; thu hồi cần revocations; thu hồi công nhận cần certificates hoặc recognitions; kéo dài cần certificates; đính chính cần corrections.",
            "Recognition, approval and notice need dossiers; revocation needs revocations; withdrawal needs certificates or recognitions; extension needs certificates; correction needs corrections.",
        ));
    }
    // What a list tells of has no dossier here.
    let reopens = draft.kind == DecisionKind::Withdrawal && !draft.certificates.is_empty();
    if reopens != draft.reopen_at.is_some() {
        return Err(broken(
            "reopenAt",
            "Quyết định thu hồi công nhận có certificates nêu reopenAt, bước mở lại hồ sơ (receipt hoặc review); các loại khác thì không.",
            "A withdrawal with certificates names reopenAt, the step at which their dossiers are taken up again (receipt or review); other decisions do not.",
        ));
    }
    if named_twice(&draft.subjects()) {
        return Err(broken(
            "named_twice",
            "Một hồ sơ, vụ việc, giấy chứng nhận hoặc công nhận chỉ nêu một lần trong một văn bản.",
            "A dossier, case, certificate or recognition is named once in a decision.",
        ));
    }
    let mut lines: Vec<_> = draft.corrections.iter().map(|c| (c.certificate_id, c.field)).collect();
    lines.sort_unstable();
    lines.dedup();
    if lines.len() != draft.corrections.len() {
        return Err(broken(
            "corrections",
            "Mỗi dòng của một giấy chứng nhận chỉ đính chính một lần trong một văn bản.",
            "Each line of a certificate is corrected once in a decision.",
        ));
    }
    let reasoned = match draft.kind {
        DecisionKind::Withdrawal | DecisionKind::Correction => draft.reason.is_some(),
        DecisionKind::NotRecognition => {
            draft.reason.is_some() || draft.dossiers.iter().all(|d| !d.note.trim().is_empty())
        }
        _ => true,
    };
    match reasoned {
        true => Ok(()),
        false => Err(broken(
            "reason",
            "Cần lý do: chung trong reason, hoặc riêng trong note của từng hồ sơ.",
            "A reason is needed: one for all in reason, or one in the note of each dossier.",
        )),
    }
}

fn named_twice(subjects: &[(Subject, String)]) -> bool {
    let mut all: Vec<Subject> = subjects.iter().map(|(s, _)| *s).collect();
    all.sort_unstable();
    all.windows(2).any(|pair| pair[0] == pair[1])
}

impl PrepareDecision {
    /// What it is about, in the order of print.
    fn subjects(&self) -> Vec<(Subject, String)> {
        let dossiers = self.dossiers.iter().map(|d| (Subject::Dossier(d.dossier_id), d.note.trim().to_owned()));
        let cases = self.revocations.iter().map(|id| (Subject::Case(*id), String::new()));
        // A certificate stands once in the list, however many of its lines are corrected.
        let mut corrected: Vec<CertificateId> = Vec::new();
        for line in &self.corrections {
            if !corrected.contains(&line.certificate_id) {
                corrected.push(line.certificate_id);
            }
        }
        let certificates = self.certificates.iter().chain(&corrected);
        let certificates = certificates.map(|id| (Subject::Certificate(*id), String::new()));
        let recognitions = self.recognitions.iter().map(|id| (Subject::Recognition(*id), String::new()));
        dossiers.chain(cases).chain(certificates).chain(recognitions).collect()
    }

    /// As the act needs it.
    pub fn draft(&self) -> Draft {
        Draft {
            kind: self.kind,
            level: self.level,
            place: self.place_id,
            authority_name: self.authority_name.clone(),
            legal_bases: self.legal_bases.clone(),
            reason: self.reason.clone(),
            reopen_at: self.reopen_at,
            subjects: self.subjects(),
            corrections: self.corrections.iter().map(|c| (c.certificate_id, c.field, c.to.trim().to_owned())).collect(),
        }
    }
}

crate::words! {
    /// What is done with a decision.
    pub enum DecisionAction {
        /// Sign it: the dossiers are closed, numbers given.
        Sign = "sign",
        /// Publish it: recognitions, certificates, revocations stand.
        Publish = "publish",
        /// Give the draft up.
        Discard = "discard",
    }
}

/// A move of a decision.
#[derive(Debug, Clone, Deserialize, Validate, utoipa::ToSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
#[validate(schema(function = "signing_is_whole"))]
pub struct MoveDecision {
    /// What is done.
    pub action: DecisionAction,
    /// For `sign`: the number.
    #[validate(length(min = 1, max = 100), custom(function = one_line))]
    pub number: Option<String>,
    /// For `sign`: the day.
    #[validate(custom(function = ordinary_day))]
    pub signed_on: Option<NaiveDate>,
    /// For `sign`: the signer as printed.
    #[validate(length(min = 2, max = 200), custom(function = one_line))]
    pub signer_name: Option<String>,
    /// For `sign` of a recognition: the day of issue of the certificates, from which their months count; the
    /// decision's day where it is not said.
    #[validate(custom(function = ordinary_day))]
    pub issued_on: Option<NaiveDate>,
}

fn signing_is_whole(asked: &MoveDecision) -> Result<(), validator::ValidationError> {
    let given = [asked.number.is_some(), asked.signed_on.is_some(), asked.signer_name.is_some()];
    let wanted = asked.action == DecisionAction::Sign;
    match given.iter().all(|g| *g == wanted) && (wanted || asked.issued_on.is_none()) {
        true => Ok(()),
        false => Err(broken(
            "signing",
            "Ký thì cần number, signedOn và signerName, có thể thêm issuedOn; các việc khác thì không.",
            "Signing needs number, signedOn and signerName and may name issuedOn; the other moves take none of them.",
        )),
    }
}

/// A decision with its products.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct DecisionView {
    /// The decision.
    #[serde(flatten)]
    pub head: DecisionHead,
    /// What it rests on.
    pub legal_bases: Vec<String>,
    /// Its products, in the order of print.
    pub items: Vec<DecisionLine>,
}

/// A decision in a list.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct DecisionHead {
    /// Identifier.
    pub id: DecisionId,
    /// What it does.
    pub kind: DecisionKind,
    /// The same in words.
    pub kind_label: Label,
    /// Where it is written (26/2026/QĐ-TTg).
    #[schema(example = "Điều 7.3 đ, 7.4")]
    pub article: &'static str,
    /// Where it stands.
    pub state: DecisionState,
    /// The level of the authority.
    pub level: Authority,
    /// The unit of the authority.
    pub place_id: Option<PlaceId>,
    /// The authority as printed.
    pub authority_name: String,
    /// Its number, once signed.
    pub number: Option<String>,
    /// Its date, once signed.
    pub signed_on: Option<NaiveDate>,
    /// The signer as printed.
    pub signer_name: Option<String>,
    /// Why.
    pub reason: Option<String>,
    /// When it became public.
    pub published_on: Option<NaiveDate>,
    /// From a list of before this service.
    pub imported: bool,
    /// For a withdrawal: the step at which the dossiers are taken up again.
    pub reopen_at: Option<ReopenAt>,
    /// Row version.
    pub version: i32,
}

impl From<&Decision> for DecisionHead {
    fn from(row: &Decision) -> Self {
        Self {
            id: row.id,
            kind: row.kind,
            kind_label: row.kind.label(),
            article: row.kind.article(),
            state: row.state,
            level: row.level,
            place_id: row.place_id,
            authority_name: row.authority_name.clone(),
            number: row.number.clone(),
            signed_on: row.signed_on,
            signer_name: row.signer_name.clone(),
            reason: row.reason.clone(),
            published_on: row.published_on,
            imported: row.imported,
            reopen_at: row.reopen_at,
            version: row.version,
        }
    }
}

/// A product in a decision.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct DecisionLine {
    /// Its place in the list.
    pub ordinal: i32,
    /// The product.
    pub product_id: ProductId,
    /// Its name.
    pub product_name: String,
    /// Its producer.
    pub producer_id: Option<ProducerId>,
    /// The producer's name.
    pub producer_name: Option<String>,
    /// The dossier.
    pub dossier_id: Option<DossierId>,
    /// The council's result.
    pub result_id: Option<ResultId>,
    /// The star; none where the decision carries none.
    pub stars: Option<i32>,
    /// The mean.
    #[schema(example = "82.33")]
    pub mean: Option<String>,
    /// The certificate that it issues or ends.
    pub certificate_id: Option<CertificateId>,
    /// The recognition that it ends, where no certificate was issued.
    pub recognition_id: Option<RecognitionId>,
    /// The certificate's number: none for a draft.
    pub certificate_number: Option<String>,
    /// Reason or remark.
    pub note: String,
    /// For a published withdrawal: where the dossier stands since; none where none was taken up again.
    pub reopened: Option<Status>,
    /// For a published withdrawal: the Ministry's order to evaluate that dossier again, where there is one.
    pub evaluation_review: Option<RowId>,
    /// For a correction: what it corrects.
    pub corrections: Vec<CorrectedLine>,
}

impl From<NamedItem> for DecisionLine {
    fn from(NamedItem { item, product, producer, number }: NamedItem) -> Self {
        Self {
            ordinal: item.ordinal,
            product_id: item.product_id,
            product_name: product,
            producer_id: item.producer_id,
            producer_name: producer,
            dossier_id: item.dossier_id,
            result_id: item.result_id,
            stars: Some(item.stars).filter(|s| *s > 0),
            mean: item.mean,
            certificate_id: item.certificate_id,
            recognition_id: item.recognition_id,
            certificate_number: number,
            note: item.note,
            reopened: item.reopened,
            evaluation_review: None,
            corrections: corrected(item.corrections.as_ref()),
        }
    }
}

/// What is printed on a certificate, sealed at signing.
#[derive(Debug, Clone, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Printed {
    /// Its number.
    pub number: String,
    /// 3, 4 or 5.
    pub stars: i32,
    /// The product.
    pub product_name: String,
    /// The code that it bore.
    pub product_code: Option<String>,
    /// Group of Annex I.
    pub group_code: String,
    /// The producer.
    pub producer_name: String,
    /// The producer's type.
    pub producer_type: Option<ProducerType>,
    /// The units of then.
    pub place: String,
    /// The commune of then.
    pub place_id: PlaceId,
    /// The authority.
    pub authority_name: String,
    /// The decision.
    pub decision_number: String,
    /// Its day.
    pub signed_on: NaiveDate,
    /// The first day of the certificate, where it is not the decision's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub issued_on: Option<NaiveDate>,
    /// Who signed.
    pub signer_name: String,
    /// How the product came to it.
    pub kind: RecognitionKind,
    /// Last day.
    pub valid_through: NaiveDate,
    /// From this day it is expiring.
    pub expiring_on: NaiveDate,
}

impl Printed {
    /// The day of issue.
    pub fn first_day(&self) -> NaiveDate {
        self.issued_on.unwrap_or(self.signed_on)
    }
}

/// Asks for a print, or for the prints of a whole decision.
#[derive(Debug, Clone, Deserialize, utoipa::ToSchema, Validate)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PrintCertificate {
    /// Why it is printed again: lost, damaged…
    #[validate(length(max = 500))]
    pub reason: Option<String>,
}

/// A numbered print of a certificate.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct PrintView {
    /// The certificate.
    pub certificate: CertificateId,
    /// Its number.
    #[schema(example = "OCOP-86-2026-000123-1")]
    pub certificate_number: String,
    /// The number of the print, from 1.
    pub print: i32,
    /// The day that it bears.
    pub printed_on: NaiveDate,
    /// Why; empty for the first one.
    pub reason: String,
    /// The job that printed a whole decision.
    pub job: Option<JobId>,
    /// Who.
    pub by: Option<UserId>,
    /// When.
    pub at: Moment,
    /// Where the paper is.
    pub pdf: String,
}

impl PrintView {
    pub(super) fn of(row: &Certificate, print: &Print) -> Self {
        Self {
            certificate: row.id,
            certificate_number: row.number.clone(),
            print: print.ordinal,
            printed_on: print.printed_on,
            reason: print.reason.clone(),
            job: print.job_id,
            by: print.by_user,
            at: print.at,
            pdf: format!("/v1/certificates/{}/prints/{}/pdf", row.id, print.ordinal),
        }
    }
}

/// The prints of a certificate.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct PrintList {
    /// In order.
    pub data: Vec<PrintView>,
}

/// The job that prints.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct PrintsStarted {
    /// The job.
    pub id: JobId,
    /// Where it tells how far it is; its result names `pdf` and `zip`.
    pub job: String,
}

/// A certificate for officials.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct CertificateView {
    /// Identifier.
    pub id: CertificateId,
    /// Its number.
    #[schema(example = "OCOP-86-2026-000123-1")]
    pub number: String,
    /// The product.
    pub product_id: ProductId,
    /// Its producer; the entry that stays when two turned out to be one.
    pub producer_id: Option<ProducerId>,
    /// 3, 4 or 5.
    pub stars: i32,
    /// First day.
    pub issued_on: NaiveDate,
    /// Last day.
    pub valid_through: NaiveDate,
    /// The day that the standing is for.
    pub on: NaiveDate,
    /// How it stands on that day.
    pub standing: Standing,
    /// Last day by an extension (26/2026, Điều 12.3).
    pub extended_through: Option<NaiveDate>,
    /// What an answer for a day to come takes for granted.
    pub assumes: Option<Label>,
    /// Whether a re-evaluation of the product has been filed and not been answered, today.
    pub re_evaluation_filed: bool,
    /// What is printed on it.
    pub printed: Printed,
    /// What decisions of correction changed of it, in their order.
    pub corrections: Vec<CertificateCorrection>,
}

impl CertificateView {
    /// A certificate as it stands on a day.
    ///
    /// # Errors
    /// When what is printed cannot be read.
    pub(super) fn of(
        row: &Certificate,
        days: (NaiveDate, NaiveDate),
        filed: bool,
        corrections: Vec<CertificateCorrection>,
    ) -> crate::error::Result<Self> {
        let (on, today) = days;
        Ok(Self {
            id: row.id,
            number: row.number.clone(),
            product_id: row.product_id,
            producer_id: row.producer_id,
            stars: row.stars,
            issued_on: row.issued_on,
            valid_through: row.valid_through,
            on,
            standing: row.standing(on),
            extended_through: row.extended_through,
            assumes: assumption(on, today),
            re_evaluation_filed: filed,
            printed: row.printed.read().map_err(crate::error::AppError::internal)?,
            corrections,
        })
    }
}

/// A ground and the paper behind it.
#[derive(Debug, Clone, Deserialize, Validate, utoipa::ToSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
#[validate(schema(function = "one_is_named"))]
pub struct OpenRevocation {
    /// The certificate.
    pub certificate_id: Option<CertificateId>,
    /// In its place, a recognition of before this service, which has no certificate.
    pub recognition_id: Option<RecognitionId>,
    /// The ground (Điều 8.1 a–e).
    pub ground: Ground,
    /// The paper.
    #[validate(nested)]
    pub evidence: EvidenceBody,
    /// Remark.
    #[serde(default)]
    #[validate(length(max = 2000))]
    pub note: String,
}

fn one_is_named(asked: &OpenRevocation) -> Result<(), validator::ValidationError> {
    match asked.certificate_id.is_some() != asked.recognition_id.is_some() {
        true => Ok(()),
        false => Err(broken(
            "about",
            "Nêu certificateId, hoặc recognitionId nếu công nhận đó không có giấy chứng nhận.",
            "Name certificateId, or recognitionId where the recognition has no certificate.",
        )),
    }
}

impl OpenRevocation {
    /// What it is about.
    pub fn about(&self) -> Option<Named> {
        Named::of(self.certificate_id, self.recognition_id)
    }
}

/// The paper behind a revocation.
#[derive(Debug, Clone, Serialize, Deserialize, Validate, utoipa::ToSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct EvidenceBody {
    /// What it is.
    pub kind: EvidenceKind,
    /// Its number.
    #[validate(length(min = 1, max = 100), custom(function = one_line))]
    pub number: String,
    /// Its date: the 15 days run from it.
    #[validate(custom(function = ordinary_day))]
    pub dated: NaiveDate,
    /// Who issued it.
    #[validate(length(min = 2, max = 200), custom(function = one_line))]
    pub body: String,
    /// The inspection that it concludes.
    pub inspection_id: Option<RowId>,
}

/// A case for revocation.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct RevocationView {
    /// Identifier.
    pub id: RevocationId,
    /// The certificate.
    pub certificate_id: Option<CertificateId>,
    /// The recognition, where no certificate was issued.
    pub recognition_id: Option<RecognitionId>,
    /// The ground.
    pub ground: Ground,
    /// Its letter in the article.
    #[schema(example = "đ")]
    pub letter: &'static str,
    /// The ground in words.
    pub ground_label: Label,
    /// The paper.
    pub evidence: EvidenceBody,
    /// The last day for the decision.
    pub due_on: NaiveDate,
    /// Whether that day has passed while the case is open.
    pub late: bool,
    /// Where it stands.
    pub state: CaseState,
    /// The decision that carries it.
    pub decision_id: Option<DecisionId>,
    /// Remark.
    pub note: String,
    /// Row version.
    pub version: i32,
}

impl RevocationView {
    /// A case as it stands on a day.
    pub fn of(row: &RevocationCase, today: NaiveDate) -> Self {
        let open = matches!(row.state, CaseState::Open | CaseState::InDecision);
        Self {
            id: row.id,
            certificate_id: row.certificate_id,
            recognition_id: row.recognition_id,
            ground: row.ground,
            letter: row.ground.letter(),
            ground_label: row.ground.label(),
            evidence: EvidenceBody {
                kind: row.evidence_kind,
                number: row.evidence_number.clone(),
                dated: row.evidence_dated,
                body: row.evidence_body.clone(),
                inspection_id: row.inspection_id,
            },
            due_on: row.due_on,
            late: open && is_late(row.evidence_dated, today),
            state: row.state,
            decision_id: row.decision_id,
            note: row.note.clone(),
            version: row.version,
        }
    }
}

crate::words! {
    /// What is done with a case for revocation; the revocation itself is a decision.
    pub enum CaseAction {
        /// Close it without a revocation.
        Drop = "drop",
    }
}

/// A move of a case.
#[derive(Debug, Clone, Deserialize, Validate, utoipa::ToSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct MoveRevocation {
    /// What is done.
    pub action: CaseAction,
    /// Why.
    #[validate(length(min = 2, max = 2000), custom(function = not_blank))]
    pub reason: String,
}

/// What a list of decisions is narrowed by.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
#[into_params(parameter_in = Query)]
pub struct DecisionsQuery {
    /// What it does.
    pub kind: Option<DecisionKind>,
    /// Where it stands.
    pub state: Option<DecisionState>,
    /// The unit of the authority.
    pub place_id: Option<PlaceId>,
    /// 1 to 100; 20 unless said.
    pub limit: Option<i64>,
    /// `page.next` of the page before.
    pub cursor: Option<String>,
}

/// What a list of cases is narrowed by.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
#[into_params(parameter_in = Query)]
pub struct CasesQuery {
    /// Where it stands.
    pub state: Option<CaseState>,
    /// 1 to 100; 20 unless said.
    pub limit: Option<i64>,
    /// `page.next` of the page before.
    pub cursor: Option<String>,
}

/// What a list of certificates is narrowed by.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
#[into_params(parameter_in = Query)]
pub struct CertificatesQuery {
    /// The state on the day asked for.
    pub state: Option<State>,
    /// The day; today unless said.
    pub on: Option<NaiveDate>,
    /// A unit at any level.
    pub place_id: Option<PlaceId>,
    /// 3, 4 or 5.
    pub stars: Option<i32>,
    /// The number as printed.
    pub number: Option<String>,
    /// A producer, by any identifier that it has or had.
    pub producer_id: Option<ProducerId>,
    /// 1 to 100; 20 unless said.
    pub limit: Option<i64>,
    /// `page.next` of the page before.
    pub cursor: Option<String>,
}
