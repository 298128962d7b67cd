//! A rulebook as it is written down: the data types of `rulebooks/*.json` and of an imported one.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{places::calendar::Period, text::Label, words};

words! {
    /// A level that evaluates, recognises or sends on. Communes propose and award nothing.
    pub enum Authority {
        /// UBND cấp huyện, to 30 June 2025.
        District = "district",
        /// UBND cấp tỉnh.
        Province = "province",
        /// The Ministry (Bộ Nông nghiệp và Môi trường).
        Central = "central",
    }
}

impl Authority {
    /// The level in both languages.
    pub fn label(self) -> Label {
        match self {
            Self::District => Label::new("cấp huyện", "the district"),
            Self::Province => Label::new("cấp tỉnh", "the province"),
            Self::Central => Label::new("cấp trung ương", "the centre"),
        }
    }
}

words! {
    /// How the levels share the work; the life of a dossier is one table over these three.
    pub enum Pattern {
        /// 1048/781: the district scores and selects, the province recognises 3★ and 4★.
        DistrictSelects = "districtSelects",
        /// 148: the district recognises 3★ and sends the better ones on.
        DistrictRecognises = "districtRecognises",
        /// 1489 and 26/2026: no district; from the commune straight to the province.
        ProvinceDirect = "provinceDirect",
    }
}

words! {
    /// The kinds of dossier (26/2026, Điều 6.1; Mẫu số 01).
    pub enum DossierKind {
        /// Lần đầu.
        First = "first",
        /// Nâng hạng.
        Upgrade = "upgrade",
        /// Đánh giá, phân hạng lại.
        ReEvaluation = "reEvaluation",
    }
}

impl DossierKind {
    /// The kind in both languages.
    pub fn label(self) -> Label {
        match self {
            Self::First => Label::new("lần đầu", "first evaluation"),
            Self::Upgrade => Label::new("nâng hạng", "upgrade"),
            Self::ReEvaluation => Label::new("đánh giá, phân hạng lại", "re-evaluation"),
        }
    }
}

words! {
    /// The shape of a product code.
    pub enum CodePattern {
        /// Province, district, commune, sequence, year.
        WithDistrict = "T-H-X-STT-YYYY",
        /// Province, commune, sequence, year (head of every table of 26/2026, Phụ lục II).
        WithoutDistrict = "T-X-STT-YYYY",
    }
}

words! {
    /// The event from which a clock runs.
    pub enum ClockEvent {
        /// The producer filed at the commune.
        Submitted = "submitted",
        /// The level concerned received the full hand-over.
        HandedOver = "handedOver",
        /// A ground of revocation was concluded, or the commune confirmed that production ended.
        GroundConcluded = "groundConcluded",
        /// The certificate ends (the clock runs backwards from it).
        Expiry = "expiry",
        /// The rulebook came into force.
        InForce = "inForce",
    }
}

words! {
    /// The step at which a paper is due.
    pub enum Stage {
        /// With the producer's dossier, at the commune.
        Filing = "filing",
        /// With the hand-over to the first council (district or province).
        ToCouncil = "toCouncil",
        /// With the hand-over to the centre.
        ToCentre = "toCentre",
    }
}

words! {
    /// How much a paper is needed.
    pub enum PaperNeed {
        /// The dossier is incomplete without it.
        Required = "required",
        /// Due where it exists or was asked for.
        IfAny = "ifAny",
        /// Evidence for a criterion: missing it costs points, never the dossier.
        Supporting = "supporting",
    }
}

words! {
    /// What must be on record before a certificate may be revoked on a ground.
    pub enum Proof {
        /// A verification report of the OCOP agency.
        VerificationReport = "verificationReport",
        /// A dated conclusion of a competent body.
        Conclusion = "conclusion",
        /// The commune's confirmation that production ended.
        CommuneConfirmation = "communeConfirmation",
    }
}

words! {
    /// What must be so, beside the paper, before a certificate may be revoked on a ground.
    pub enum GroundFact {
        /// Its last day has passed, and no re-evaluation has been filed or has taken its place.
        NotReEvaluated = "notReEvaluated",
        /// A re-evaluation of the product was answered with a published notice that nothing is recognised.
        ReEvaluationFailed = "reEvaluationFailed",
    }
}

words! {
    /// What happens when a band is reached and a minimum of its star is missed.
    pub enum MinimumMissed {
        /// Down to the highest star whose minima hold.
        StepDown = "stepDown",
        /// No star at all.
        NoStar = "noStar",
    }
}

words! {
    /// What happens to a re-evaluation filed after its window has closed.
    pub enum LateReEvaluation {
        /// Refused as a re-evaluation; the product is filed as a first evaluation in a round.
        FileAsFirst = "fileAsFirst",
        /// Accepted until the certificate ends.
        Accept = "accept",
    }
}

words! {
    /// Which year stands in the product code ("năm đánh giá").
    pub enum CodeYear {
        /// The year in which the commune proposes.
        Proposal = "proposal",
        /// The year of the round that the hand-over reaches.
        Round = "round",
    }
}

words! {
    /// What happens to an open dossier when its rulebook ended and no transition date was read.
    pub enum OpenAfterEnd {
        /// It finishes under its own rulebook.
        Finish = "finish",
        /// It must be filed again under the rulebook in force.
        Refile = "refile",
    }
}

/// A decision: its number and the day it was adopted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct DecisionRef {
    /// Number, as printed.
    pub number: String,
    /// Day of adoption.
    pub adopted_on: NaiveDate,
}

/// One band of the mean total: `from <= mean < below`, in points of 100. The top band has no `below`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = RulebookBand)]
pub struct Band {
    /// The star it gives.
    pub star: u8,
    /// Lowest mean, included.
    pub from: u32,
    /// First mean of the next band, excluded.
    pub below: Option<u32>,
}

/// Part of the points table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = CriteriaPart)]
pub struct Part {
    /// `A`, `B`, `C`.
    pub code: String,
    /// Points of 100.
    pub max_points: u32,
}

/// The criteria sets that a rulebook scores with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CriteriaSource {
    /// Name of the collection of sets.
    pub collection: String,
    /// How many sets the decision has.
    pub sets: u16,
    /// Parts and their points; they sum to 100.
    pub parts: Vec<Part>,
}

/// How the levels share the work for a while; `from` and `until` default to the rulebook's own life.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Regime {
    /// Which pattern of the life of a dossier applies.
    pub pattern: Pattern,
    /// Shape of the product codes given in that time.
    pub product_code: CodePattern,
    /// First day.
    pub from: Option<NaiveDate>,
    /// Last day.
    pub until: Option<NaiveDate>,
    /// Where it is written.
    pub article: String,
}

/// Who deals with a star: one row of the authority table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AuthorityRow {
    /// The star of the result.
    pub star: u8,
    /// The levels whose councils score it, in order; each sends it on to the next.
    pub scores: Vec<Authority>,
    /// The level that recognises it, the last of `scores`; none where the star is not recognised.
    pub recognises: Option<Authority>,
    /// First day of this row; the rulebook's own when absent.
    pub from: Option<NaiveDate>,
    /// Last day of this row; open when absent.
    pub until: Option<NaiveDate>,
    /// Where it is written.
    pub article: String,
}

/// A day of the year: month and day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DayOfYear {
    /// 1–31.
    pub day: u32,
    /// 1–12.
    pub month: u32,
}

/// One yearly round of a level.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RoundRule {
    /// The level that holds it.
    pub level: Authority,
    /// 1, 2 …
    pub number: u8,
    /// Dossiers are proposed before this day.
    pub cutoff: DayOfYear,
    /// The round is held before this day, the first one after the cut-off.
    pub hold_before: DayOfYear,
    /// The round's year minus the year of its cut-off: −1 where a cut-off in January closes the
    /// rounds of the year before.
    pub year_shift: i32,
    /// Where it is written.
    pub article: String,
}

/// A legal clock.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Clock {
    /// Its name, by which acts find it.
    pub name: String,
    /// How long.
    pub period: Period,
    /// From which event.
    pub from: ClockEvent,
    /// For which kinds; all when empty.
    #[serde(default)]
    pub kinds: Vec<DossierKind>,
    /// In words.
    pub label: Label,
    /// Where it is written.
    pub article: String,
}

/// A paper of the dossier, or of a hand-over.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PaperRule {
    /// Stable word of the paper's type.
    pub paper: String,
    /// Its name.
    pub label: Label,
    /// At which step it is due.
    pub stage: Stage,
    /// How much it is needed.
    pub need: PaperNeed,
    /// How many (samples: five); one when absent.
    #[serde(default = "one")]
    pub copies: u16,
    /// For which kinds; all when empty.
    #[serde(default)]
    pub kinds: Vec<DossierKind>,
    /// Codes of sectors where it is not asked (samples of tourism).
    #[serde(default)]
    pub not_for_sectors: Vec<String>,
    /// Where it is written.
    pub article: String,
}

fn one() -> u16 {
    1
}

/// A kind of dossier under this rulebook.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct KindRule {
    /// The kind.
    pub kind: DossierKind,
    /// Does it wait for a round, or is it evaluated as it comes?
    pub in_rounds: bool,
    /// By written opinions of the council's members, a meeting only on divergence.
    pub written_opinions: bool,
    /// Stars whose re-evaluation skips the provincial council.
    #[serde(default)]
    pub straight_to_centre: Vec<u8>,
    /// Where it is written.
    pub article: String,
}

/// When a re-evaluation may be filed, in days before the certificate ends; both days included.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct FilingWindow {
    /// Not earlier than this many days before (180).
    pub opens_days: u16,
    /// Not later than this many days before (120).
    pub closes_days: u16,
    /// Where it is written.
    pub article: String,
}

/// The extension of certificates whose filing window had closed when the rulebook came.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Extension {
    /// At most this many days after expiry (180).
    pub days: u16,
    /// Only where the filing window closed before this day.
    pub window_closed_before: NaiveDate,
    /// Where it is written.
    pub article: String,
}

/// The certificate of a recognition.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CertificateRule {
    /// Validity in months from the decision (36).
    pub months: u32,
    /// From this many days before its end it counts as expiring (180).
    pub expiring_days: u16,
    /// The window of re-evaluation, where the text has one.
    pub re_evaluation: Option<FilingWindow>,
    /// The transitional extension, where the text has one.
    pub extension: Option<Extension>,
    /// Where it is written.
    pub article: String,
}

/// A ground of revocation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = RevocationGround)]
pub struct Ground {
    /// Its letter: a, b, c, d, đ, e; a word where the text was not read and has no letter for us.
    pub letter: String,
    /// In words.
    pub label: Label,
    /// What must be on record.
    pub proof: Proof,
    /// What must be so besides.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fact: Option<GroundFact>,
    /// Where it is written.
    pub article: String,
}

/// The last day on which an open dossier of a kind may still be moved under an ended rulebook.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = TransitionFinish)]
pub struct Finish {
    /// The kind.
    pub kind: DossierKind,
    /// Last day.
    pub until: NaiveDate,
    /// Where it is written.
    pub article: String,
}

/// How a new decision ends an older one: the day before it comes, with a time to finish.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Replaces {
    /// Ids of the replaced rulebooks.
    pub rulebooks: Vec<String>,
    /// Until when their open dossiers may finish.
    pub finish: Vec<Finish>,
    /// Where it is written.
    pub article: String,
}

/// The answers given where the law is silent or unread. Each has a line in
/// `docs/open-questions.md`; an imported rulebook that leaves one out gets the default.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct Parameters {
    /// A band reached with a minimum missed: step down, or no star.
    pub band_with_minimum_missed: MinimumMissed,
    /// Recorded pauses stop a clock.
    pub pauses_count: bool,
    /// A last day that is a day off moves to the next working day.
    pub roll_to_working_day: bool,
    /// A certificate is valid through its last day, not only until it begins.
    pub certificate_through_day: bool,
    /// "Trước ngày 30/4" leaves 30/4 out.
    pub strictly_before: bool,
    /// A failed upgrade leaves the present certificate to its own end.
    pub failed_upgrade_keeps_certificate: bool,
    /// A failed re-evaluation leaves the present certificate to its own end.
    pub failed_re_evaluation_keeps_certificate: bool,
    /// A re-evaluation filed after its window.
    pub late_re_evaluation: LateReEvaluation,
    /// The year in a product code.
    pub code_year: CodeYear,
    /// The commune's sequence begins at 1 each year.
    pub sequence_per_year: bool,
    /// Open dossiers of an ended rulebook without a transition date.
    pub open_after_end: OpenAfterEnd,
    /// How old a test report may be when it is filed, in months.
    pub test_report_months: u32,
    /// How long the producer has to complete a dossier where the office names no day, in calendar days.
    pub correction_days: u16,
    /// From how many working days before its last day on a clock counts as near its end.
    pub near_deadline_days: u16,
}

impl Default for Parameters {
    fn default() -> Self {
        Self {
            band_with_minimum_missed: MinimumMissed::StepDown,
            pauses_count: true,
            roll_to_working_day: true,
            certificate_through_day: true,
            strictly_before: true,
            failed_upgrade_keeps_certificate: true,
            failed_re_evaluation_keeps_certificate: true,
            late_re_evaluation: LateReEvaluation::FileAsFirst,
            code_year: CodeYear::Proposal,
            sequence_per_year: false,
            open_after_end: OpenAfterEnd::Finish,
            test_report_months: 12,
            correction_days: 10,
            near_deadline_days: 3,
        }
    }
}

/// A decision on evaluating OCOP products, as dated data.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Rulebook {
    /// Its id, by which dossiers pin it: `26-2026`.
    pub id: String,
    /// Name in both languages.
    pub title: Label,
    /// The decision, and those that amend it, in order.
    pub decisions: Vec<DecisionRef>,
    /// First day on which a dossier may be filed under it.
    pub valid_from: NaiveDate,
    /// Last such day; open when absent.
    pub valid_to: Option<NaiveDate>,
    /// The rulebooks that it replaces, where their own records do not know it yet.
    #[serde(default)]
    pub replaces: Option<Replaces>,
    /// Until when open dossiers may finish after `validTo`.
    #[serde(default)]
    pub finish: Vec<Finish>,
    /// How the levels share the work.
    pub regimes: Vec<Regime>,
    /// Bands of the mean total.
    pub bands: Vec<Band>,
    /// Where the bands are written.
    pub bands_article: String,
    /// Who deals with which star.
    pub authorities: Vec<AuthorityRow>,
    /// Yearly rounds; empty where the text fixes none.
    #[serde(default)]
    pub rounds: Vec<RoundRule>,
    /// Legal clocks.
    #[serde(default)]
    pub clocks: Vec<Clock>,
    /// Kinds of dossier.
    pub kinds: Vec<KindRule>,
    /// Papers of dossiers and hand-overs.
    pub papers: Vec<PaperRule>,
    /// The certificate.
    pub certificate: CertificateRule,
    /// Grounds of revocation; empty where the text was not read.
    #[serde(default)]
    pub grounds: Vec<Ground>,
    /// The criteria sets.
    pub criteria: CriteriaSource,
    /// Answers where the law is silent.
    #[serde(default)]
    pub parameters: Parameters,
    /// What is doubtful or was not read.
    #[serde(default)]
    pub remarks: Vec<Label>,
}
