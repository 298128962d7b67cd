//! The targets of a plan, as data, and how far they are reached.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    producers::ProducerType,
    refusal::{Item, Refusal},
    text::Label,
};

/// The plan that the platform was born from: Quyết định 2207/QĐ-UBND, Trà Vinh, 14/11/2022, part II.2.
pub const PLAN_2207: &str = include_str!("plan-2207.json");

/// A plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Plan {
    /// Stable word by which clients name it.
    pub id: String,
    /// Number of the decision.
    pub decision: String,
    /// Date of the decision.
    pub issued_on: NaiveDate,
    /// Who issued it.
    pub authority: Label,
    /// What it is called.
    pub label: Label,
    /// Code of the unit it is for, as valid on the date of the decision.
    pub place_code: String,
    /// First day of its period.
    pub from: NaiveDate,
    /// Last day of its period.
    pub to: NaiveDate,
    /// Its indicators, in the order of the plan.
    pub indicators: Vec<Indicator>,
}

/// One indicator of a plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Indicator {
    /// Word, unique in the plan: `a`, `c1`.
    pub id: String,
    /// The letter of the plan under which it stands.
    pub letter: String,
    /// The indicator in words.
    pub label: Label,
    /// Where the plan says so.
    pub article: String,
    /// What must be reached.
    pub target: Target,
    /// How it is found.
    pub how: How,
}

crate::words! {
    /// How a value stands to its target.
    pub enum Comparison {
        /// Not less than.
        AtLeast = "atLeast",
        /// Not more than.
        AtMost = "atMost",
    }
}

crate::words! {
    /// What a target counts.
    pub enum TargetUnit {
        /// Per cent of a denominator.
        Percent = "percent",
        /// Products.
        Product = "product",
        /// Showrooms.
        Showroom = "showroom",
        /// Tourism projects.
        TourismProject = "tourismProject",
        /// Brands.
        Brand = "brand",
        /// Registered trademarks.
        Trademark = "trademark",
    }
}

/// What must be reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Target {
    /// On which side of the value.
    pub op: Comparison,
    /// The value, in whole units.
    pub value: u32,
    /// Its unit.
    pub unit: TargetUnit,
}

/// How an indicator is found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", tag = "kind", deny_unknown_fields)]
pub enum How {
    /// Distinct products with a valid recognition of at least so many stars.
    #[serde(rename_all = "camelCase")]
    Products {
        /// Least star.
        min_star: u8,
    },
    /// Producers of some types among all producers of such products.
    #[serde(rename_all = "camelCase")]
    ProducerShare {
        /// Least star.
        min_star: u8,
        /// The types that count in the numerator.
        types: Vec<ProducerType>,
    },
    /// Not computed: the records do not exist yet.
    Recorded {
        /// What must be recorded.
        needs: Label,
    },
}

/// A product with a recognition that is valid on the day asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecognisedProduct {
    /// Identifier of the product.
    pub product: String,
    /// Identifier of its producer; none while a list names nobody.
    pub producer: Option<String>,
    /// Type of the producer; none while it is open.
    pub producer_type: Option<ProducerType>,
    /// Star of the recognition.
    pub star: u8,
}

crate::words! {
    /// Whether an indicator has a value.
    pub enum LineState {
        /// It has.
        Computed = "computed",
        /// It has none, and `needs` says what must be recorded.
        Unknown = "unknown",
    }
}

/// One indicator and how far it is reached.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Line {
    /// Word of the indicator.
    pub indicator: String,
    /// The indicator in words.
    pub label: Label,
    /// Its target.
    pub target: Target,
    /// Whether it has a value.
    pub state: LineState,
    /// What is counted.
    pub numerator: Option<u64>,
    /// Among how many; nothing for a plain count.
    pub denominator: Option<u64>,
    /// The value as shown: a count, or per cent with one decimal. Never compared.
    pub value: Option<String>,
    /// Whether the target is met, by the exact fraction.
    pub met: Option<bool>,
    /// What must be recorded before there is a value.
    pub needs: Option<Label>,
}

/// How far each indicator of a plan is reached. A product that has several valid recognitions counts once.
pub fn progress(plan: &Plan, recognised: &[RecognisedProduct]) -> Vec<Line> {
    plan.indicators.iter().map(|indicator| line(indicator, recognised)).collect()
}

fn line<'a>(indicator: &Indicator, recognised: &'a [RecognisedProduct]) -> Line {
    match &indicator.how {
        How::Products { min_star } => {
            let products: BTreeSet<_> = at_least(recognised, *min_star).map(|r| &r.product).collect();
            counted(indicator, len(products.len()))
        }
        How::ProducerShare { min_star, types } => {
            let named = |r: &'a RecognisedProduct| Some((r.producer.as_ref()?, r.producer_type));
            let producers: BTreeMap<_, _> = at_least(recognised, *min_star).filter_map(named).collect();
            let of_type = producers.values().filter(|kind| kind.is_some_and(|kind| types.contains(&kind))).count();
            share(indicator, len(of_type), len(producers.len()))
        }
        How::Recorded { needs } => unknown(indicator, needs.clone()),
    }
}

fn at_least(recognised: &[RecognisedProduct], star: u8) -> impl Iterator<Item = &RecognisedProduct> {
    recognised.iter().filter(move |r| r.star >= star)
}

fn len(n: usize) -> u64 {
    u64::try_from(n).unwrap_or(u64::MAX)
}

fn unknown(indicator: &Indicator, needs: Label) -> Line {
    Line {
        indicator: indicator.id.clone(),
        label: indicator.label.clone(),
        target: indicator.target,
        state: LineState::Unknown,
        numerator: None,
        denominator: None,
        value: None,
        met: None,
        needs: Some(needs),
    }
}

fn counted(indicator: &Indicator, count: u64) -> Line {
    Line {
        state: LineState::Computed,
        numerator: Some(count),
        value: Some(count.to_string()),
        met: Some(indicator.target.met(u128::from(count), 1)),
        needs: None,
        ..unknown(indicator, Label::new("", ""))
    }
}

fn share(indicator: &Indicator, numerator: u64, denominator: u64) -> Line {
    if denominator == 0 {
        let needs = Label::new(
            "Chưa có chủ thể nào có sản phẩm được công nhận: không có mẫu số",
            "No producer has a recognised product yet: there is no denominator",
        );
        return unknown(indicator, needs);
    }
    Line {
        denominator: Some(denominator),
        value: Some(percent(numerator, denominator)),
        met: Some(indicator.target.met(u128::from(numerator) * 100, u128::from(denominator))),
        ..counted(indicator, numerator)
    }
}

impl Target {
    /// Compares a fraction with the target by cross-multiplication: nothing is rounded first.
    fn met(self, numerator: u128, denominator: u128) -> bool {
        let bound = u128::from(self.value) * denominator;
        match self.op {
            Comparison::AtLeast => numerator >= bound,
            Comparison::AtMost => numerator <= bound,
        }
    }
}

/// Per cent with one decimal, halves up.
fn percent(numerator: u64, denominator: u64) -> String {
    let (numerator, denominator) = (u128::from(numerator), u128::from(denominator));
    let tenths = (numerator * 2000 + denominator) / (denominator * 2);
    format!("{}.{}", tenths / 10, tenths % 10)
}

/// Why a plan cannot be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Stop {
    /// The file is not a plan; the text says where.
    Unreadable(String),
    /// The plan contradicts itself in these places.
    Unsound(Vec<Fault>),
    /// No unit had this code on the day of the decision.
    NoPlace(String),
    /// Another plan is published under this word.
    Published(String),
}

/// One place where a plan contradicts itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// The indicator, or the plan's own field.
    pub at: String,
    /// What is wrong.
    pub what: FaultKind,
}

crate::words! {
    /// What can be wrong in a plan.
    pub enum FaultKind {
        /// A text is empty.
        Blank = "blank",
        /// The period ends before it begins.
        Period = "period",
        /// No indicator at all.
        NoIndicators = "noIndicators",
        /// Two indicators with one word.
        Twice = "twice",
        /// The unit does not fit the way it is found.
        UnitDiffers = "unitDiffers",
        /// More than 100 per cent.
        AboveHundred = "aboveHundred",
        /// A least star outside 3 to 5.
        StarOutside = "starOutside",
        /// A share of no type.
        NoTypes = "noTypes",
    }
}

impl FaultKind {
    /// What to do about it.
    pub fn label(self) -> Label {
        match self {
            Self::Blank => Label::new("không được để trống", "must not be empty"),
            Self::Period => Label::new("ngày cuối phải sau ngày đầu", "the last day must follow the first"),
            Self::NoIndicators => Label::new("phải có ít nhất một chỉ tiêu", "give at least one indicator"),
            Self::Twice => Label::new("mã chỉ tiêu bị trùng", "this indicator's id is used twice"),
            Self::UnitDiffers => Label::new(
                "đơn vị không khớp cách tính: tỷ lệ chủ thể dùng percent, số sản phẩm dùng product",
                "the unit does not fit: a producer share is in percent, a number of products in product",
            ),
            Self::AboveHundred => Label::new("tỷ lệ không quá 100", "a share is at most 100"),
            Self::StarOutside => Label::new("hạng sao từ 3 đến 5", "the star is 3 to 5"),
            Self::NoTypes => Label::new("hãy ghi ít nhất một loại hình chủ thể", "give at least one type of producer"),
        }
    }
}

impl Refusal for Stop {
    fn word(&self) -> &'static str {
        match self {
            Self::Unreadable(_) => "plan_unreadable",
            Self::Unsound(_) => "plan_unsound",
            Self::NoPlace(_) => "plan_no_place",
            Self::Published(_) => "plan_published",
        }
    }

    fn say(&self) -> Label {
        match self {
            Self::Unreadable(at) => {
                Label::new(format!("Tệp không phải là kế hoạch: {at}"), format!("The file is not a plan: {at}"))
            }
            Self::Unsound(_) => Label::new(
                "Kế hoạch có chỗ chưa đúng; hãy sửa các mục được liệt kê",
                "The plan contradicts itself; correct the listed places",
            ),
            Self::NoPlace(code) => Label::new(
                format!("Không có đơn vị mang mã {code} vào ngày ban hành kế hoạch; hãy sửa placeCode hoặc issuedOn"),
                format!("No unit had the code {code} on the day of the plan; correct placeCode or issuedOn"),
            ),
            Self::Published(id) => Label::new(
                format!("Đã có kế hoạch {id} với nội dung khác; kế hoạch mới phải có id khác"),
                format!("The plan {id} is published with other content; give the new plan another id"),
            ),
        }
    }

    fn items(&self) -> Vec<Item> {
        match self {
            Self::Unreadable(_) | Self::NoPlace(_) | Self::Published(_) => Vec::new(),
            Self::Unsound(faults) => {
                faults.iter().map(|f| Item { at: f.at.clone(), word: f.what.word(), say: f.what.label() }).collect()
            }
        }
    }
}

/// Reads and checks a plan.
pub fn read(json: &str) -> Result<Plan, Stop> {
    let plan = serde_json::from_str(json).map_err(|e| Stop::Unreadable(e.to_string()))?;
    check(&plan)?;
    Ok(plan)
}

/// Whether a plan can be used; names every fault.
pub fn check(plan: &Plan) -> Result<(), Stop> {
    let mut faults = Vec::new();
    let mut fault = |at: &str, what, is: bool| {
        if is {
            faults.push(Fault { at: at.to_owned(), what });
        }
    };
    for (at, text) in [("id", &plan.id), ("decision", &plan.decision), ("placeCode", &plan.place_code)] {
        fault(at, FaultKind::Blank, text.trim().is_empty());
    }
    fault("to", FaultKind::Period, plan.to < plan.from);
    fault("indicators", FaultKind::NoIndicators, plan.indicators.is_empty());
    let mut seen = BTreeSet::new();
    for indicator in &plan.indicators {
        let (id, unit) = (indicator.id.as_str(), indicator.target.unit);
        fault(id, FaultKind::Blank, id.trim().is_empty() || is_blank(&indicator.label));
        fault(id, FaultKind::Twice, !seen.insert(id));
        fault(id, FaultKind::AboveHundred, unit == TargetUnit::Percent && indicator.target.value > 100);
        fault(id, FaultKind::UnitDiffers, !indicator.how.takes(unit));
        fault(id, FaultKind::StarOutside, indicator.how.min_star().is_some_and(|s| !(3..=5).contains(&s)));
        fault(id, FaultKind::NoTypes, matches!(&indicator.how, How::ProducerShare { types, .. } if types.is_empty()));
        fault(id, FaultKind::Blank, matches!(&indicator.how, How::Recorded { needs } if is_blank(needs)));
    }
    if faults.is_empty() { Ok(()) } else { Err(Stop::Unsound(faults)) }
}

fn is_blank(label: &Label) -> bool {
    label.vi.trim().is_empty() || label.en.trim().is_empty()
}

impl How {
    fn takes(&self, unit: TargetUnit) -> bool {
        match self {
            Self::Products { .. } => unit == TargetUnit::Product,
            Self::ProducerShare { .. } => unit == TargetUnit::Percent,
            Self::Recorded { .. } => true,
        }
    }

    fn min_star(&self) -> Option<u8> {
        match self {
            Self::Products { min_star } | Self::ProducerShare { min_star, .. } => Some(*min_star),
            Self::Recorded { .. } => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ProducerType as T;

    /// 5/4/2024: 291 products of 197 producers.
    fn stock() -> Vec<RecognisedProduct> {
        let types = [
            (T::Company, 25),
            (T::Enterprise, 6),
            (T::Cooperative, 30),
            (T::CooperativeGroup, 3),
            (T::HouseholdBusiness, 133),
        ];
        let producers: Vec<T> = types.iter().flat_map(|(kind, n)| vec![*kind; *n]).collect();
        (0..291)
            .map(|i| RecognisedProduct {
                product: format!("p{i}"),
                producer: Some(format!("c{}", i % producers.len())),
                producer_type: Some(producers[i % producers.len()]),
                star: 3,
            })
            .collect()
    }

    fn of<'a>(lines: &'a [Line], id: &str) -> &'a Line {
        lines.iter().find(|l| l.indicator == id).unwrap()
    }

    fn told(line: &Line) -> (Option<u64>, Option<u64>, Option<&str>, Option<bool>) {
        (line.numerator, line.denominator, line.value.as_deref(), line.met)
    }

    #[test]
    fn the_plan_has_eleven_indicators_under_eight_letters() {
        let plan = read(PLAN_2207).unwrap();
        assert_eq!(plan.indicators.len(), 11);
        let letters: BTreeSet<_> = plan.indicators.iter().map(|i| i.letter.as_str()).collect();
        assert_eq!(letters, BTreeSet::from(["a", "b", "c", "d", "đ", "e", "g", "h"]));
    }

    #[test]
    fn the_published_stock_of_april_2024() {
        let lines = progress(&read(PLAN_2207).unwrap(), &stock());
        assert_eq!(told(of(&lines, "a")), (Some(291), None, Some("291"), Some(true)));
        assert_eq!(told(of(&lines, "c1")), (Some(30), Some(197), Some("15.2"), Some(false)));
        assert_eq!(told(of(&lines, "c2")), (Some(164), Some(197), Some("83.2"), Some(true)));
        let unknown: Vec<_> = lines.iter().filter(|l| l.state == LineState::Unknown).collect();
        assert_eq!(unknown.len(), 8);
        for line in unknown {
            assert_eq!(told(line), (None, None, None, None), "{}", line.indicator);
            assert!(line.needs.is_some());
        }
    }

    #[test]
    fn a_product_counts_once_and_only_from_three_stars() {
        let mut rows = stock();
        rows.truncate(165);
        rows.push(rows[0].clone());
        let plan = read(PLAN_2207).unwrap();
        assert_eq!(told(of(&progress(&plan, &rows), "a")), (Some(165), None, Some("165"), Some(true)));
        rows[1].star = 2;
        assert_eq!(of(&progress(&plan, &rows), "a").met, Some(false));
    }

    #[test]
    fn the_fraction_decides_and_not_what_is_shown() {
        let target = Target { op: Comparison::AtLeast, value: 50, unit: TargetUnit::Percent };
        assert_eq!(percent(4_999, 10_000), "50.0");
        assert!(!target.met(4_999 * 100, 10_000));
        assert!(target.met(5_000 * 100, 10_000));
        assert_eq!(percent(1, 3), "33.3");
        assert_eq!(percent(2, 3), "66.7");
    }

    #[test]
    fn nothing_recognised_is_no_share() {
        let lines = progress(&read(PLAN_2207).unwrap(), &[]);
        assert_eq!(told(of(&lines, "a")), (Some(0), None, Some("0"), Some(false)));
        assert_eq!(of(&lines, "c1").state, LineState::Unknown);
    }

    #[test]
    fn another_target_needs_no_rebuild() {
        let mut json: serde_json::Value = serde_json::from_str(PLAN_2207).unwrap();
        json["indicators"][0]["target"]["value"] = 300.into();
        let plan = read(&json.to_string()).unwrap();
        assert_eq!(of(&progress(&plan, &stock()), "a").met, Some(false));
    }

    #[test]
    fn every_fault_is_named() {
        let mut plan = read(PLAN_2207).unwrap();
        plan.indicators[0].target.unit = TargetUnit::Percent;
        plan.indicators[1].id = plan.indicators[0].id.clone();
        plan.to = plan.from.pred_opt().unwrap();
        let words: BTreeSet<_> = check(&plan).unwrap_err().items().iter().map(|i| i.word).collect();
        assert_eq!(words, BTreeSet::from(["aboveHundred", "period", "twice", "unitDiffers"]));
        assert_eq!(read("{}").unwrap_err().word(), "plan_unreadable");
    }
}
