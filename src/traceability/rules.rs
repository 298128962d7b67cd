//! Lots and their events: the code on a label, the order of events, the balance of quantities.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    products::check::{self, BadReason, Place, Read},
    refusal::Refusal,
    text::Label,
};

/// Symbols of a lot code before its check character, all random (5 bits each): nobody finds the
/// lots of a producer by counting.
pub const RANDOM_LEN: usize = 11;
const GROUP: usize = 4;

/// The printed code of a lot, `XXXX-XXXX-XXXK`, from random bytes; its last symbol is the check.
pub fn lot_code(random: [u8; RANDOM_LEN]) -> String {
    let body: String = random.iter().map(|byte| check::symbol(*byte)).collect();
    let check = check::character(&body).unwrap_or_default();
    print(&format!("{body}{check}"))
}

/// Reads a typed or scanned lot code; a look-alike is answered with a suggestion.
pub fn read_lot_code(input: &str) -> Read {
    let typed: Vec<char> = check::normalise(input).chars().collect();
    if typed.len() != RANDOM_LEN + 1 {
        return Read::Bad(BadReason::Shape);
    }
    match check::read(&typed, &[Place::Symbol; RANDOM_LEN + 1]) {
        Read::Exact(code) => Read::Exact(print(&code)),
        Read::Suggest(code) => Read::Suggest(print(&code)),
        bad => bad,
    }
}

fn print(symbols: &str) -> String {
    let symbols: Vec<char> = symbols.chars().collect();
    symbols.chunks(GROUP).map(|group| group.iter().collect::<String>()).collect::<Vec<_>>().join("-")
}

crate::words! {
    /// What happened to a lot, in the order in which it happens.
    pub enum EventKind {
        /// Thu hoạch.
        Harvest = "harvest",
        /// Chế biến.
        Process = "process",
        /// Đóng gói.
        Pack = "pack",
        /// Vận chuyển.
        Ship = "ship",
        /// Bán.
        Sell = "sell",
    }
}

impl EventKind {
    /// The kind in words.
    pub fn label(self) -> Label {
        match self {
            Self::Harvest => Label::new("thu hoạch", "harvest"),
            Self::Process => Label::new("chế biến", "processing"),
            Self::Pack => Label::new("đóng gói", "packing"),
            Self::Ship => Label::new("vận chuyển", "shipping"),
            Self::Sell => Label::new("bán", "sale"),
        }
    }

    /// The kind without which this one is refused, and whose quantity bounds it. Crafts and
    /// processed goods have no harvest, so packing asks for nothing.
    pub fn needs(self) -> Option<Self> {
        match self {
            Self::Harvest | Self::Process | Self::Pack => None,
            Self::Ship => Some(Self::Pack),
            Self::Sell => Some(Self::Ship),
        }
    }
}

crate::words! {
    /// What a quantity measures.
    pub enum Measure {
        /// Khối lượng.
        Mass = "mass",
        /// Thể tích.
        Volume = "volume",
        /// Cái.
        Piece = "piece",
        /// Hộp.
        Box = "box",
        /// Chai.
        Bottle = "bottle",
        /// Gói, túi.
        Bag = "bag",
        /// Thùng.
        Carton = "carton",
        /// Bộ.
        Set = "set",
        /// Bó.
        Bunch = "bunch",
    }
}

crate::words! {
    /// Units of quantity.
    pub enum Unit {
        /// Gam.
        Gram = "g",
        /// Kilôgam.
        Kilogram = "kg",
        /// Tạ.
        Quintal = "ta",
        /// Tấn.
        Tonne = "t",
        /// Mililit.
        Millilitre = "ml",
        /// Lít.
        Litre = "l",
        /// Cái.
        Piece = "piece",
        /// Hộp.
        Box = "box",
        /// Chai.
        Bottle = "bottle",
        /// Gói, túi.
        Bag = "bag",
        /// Thùng.
        Carton = "carton",
        /// Bộ.
        Set = "set",
        /// Bó.
        Bunch = "bunch",
    }
}

impl Unit {
    /// The unit in words.
    pub fn label(self) -> Label {
        let (vi, en) = match self {
            Self::Gram => ("g", "g"),
            Self::Kilogram => ("kg", "kg"),
            Self::Quintal => ("tạ", "quintal (100 kg)"),
            Self::Tonne => ("tấn", "t"),
            Self::Millilitre => ("ml", "ml"),
            Self::Litre => ("lít", "l"),
            Self::Piece => ("cái", "piece"),
            Self::Box => ("hộp", "box"),
            Self::Bottle => ("chai", "bottle"),
            Self::Bag => ("gói", "bag"),
            Self::Carton => ("thùng", "carton"),
            Self::Set => ("bộ", "set"),
            Self::Bunch => ("bó", "bunch"),
        };
        Label::new(vi, en)
    }

    /// What it measures, and how many of the smallest unit of that measure it is.
    fn measure(self) -> (Measure, i128) {
        match self {
            Self::Gram => (Measure::Mass, 1),
            Self::Kilogram => (Measure::Mass, 1_000),
            Self::Quintal => (Measure::Mass, 100_000),
            Self::Tonne => (Measure::Mass, 1_000_000),
            Self::Millilitre => (Measure::Volume, 1),
            Self::Litre => (Measure::Volume, 1_000),
            Self::Piece => (Measure::Piece, 1),
            Self::Box => (Measure::Box, 1),
            Self::Bottle => (Measure::Bottle, 1),
            Self::Bag => (Measure::Bag, 1),
            Self::Carton => (Measure::Carton, 1),
            Self::Set => (Measure::Set, 1),
            Self::Bunch => (Measure::Bunch, 1),
        }
    }
}

/// An exact quantity.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Quantity {
    /// Thousandths of the unit: 12,5 kg is 12500.
    pub thousandths: i64,
    /// The unit.
    pub unit: Unit,
}

/// Reads `12.5` or `12,5` as thousandths: at most three decimals, above zero, at most a billion.
///
/// ```
/// # use ocop::traceability::rules::read_amount;
/// assert_eq!(read_amount("12,5"), Some(12_500));
/// assert_eq!(read_amount("12.0001"), None);
/// assert_eq!(read_amount("0"), None);
/// ```
pub fn read_amount(written: &str) -> Option<i64> {
    let (whole, part) = written.split_once(['.', ',']).unwrap_or((written, "0"));
    let digits = |s: &str, most: usize| (1..=most).contains(&s.len()) && s.bytes().all(|b| b.is_ascii_digit());
    if !digits(whole, 10) || !digits(part, 3) {
        return None;
    }
    let amount = whole.parse::<i64>().ok()? * 1000 + format!("{part:0<3}").parse::<i64>().ok()?;
    (1..=1_000_000_000_000).contains(&amount).then_some(amount)
}

/// Writes thousandths as `12.5`.
pub fn write_amount(thousandths: i64) -> String {
    let text = format!("{}.{:03}", thousandths / 1000, thousandths % 1000);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// Whether a lot may carry the label: it is made while the certificate is valid.
pub fn may_make(made_on: NaiveDate, from: NaiveDate, through: NaiveDate) -> Result<(), Stop> {
    match (from..=through).contains(&made_on) {
        true => Ok(()),
        false => Err(Stop::MadeOutside { from, through }),
    }
}

impl Quantity {
    fn base(self) -> (Measure, i128) {
        let (measure, factor) = self.unit.measure();
        (measure, i128::from(self.thousandths) * factor)
    }
}

/// What the rules need of an event; place and actor are the store's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Event {
    /// What happened.
    pub kind: EventKind,
    /// When.
    pub at: DateTime<Utc>,
    /// How much.
    pub quantity: Quantity,
}

/// A refusal by the rules of traceability.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stop {
    /// An event without the one that must come before it.
    NotYet {
        /// The refused kind.
        kind: EventKind,
        /// What is missing.
        needs: EventKind,
    },
    /// An event earlier than the first event of a kind that comes before it.
    TooEarly {
        /// The kind that would come too early.
        kind: EventKind,
        /// The kind that comes before it.
        after: EventKind,
    },
    /// A quantity of zero or less.
    NoQuantity,
    /// More than there was: shipped above packed, sold above shipped.
    TooMuch {
        /// The kind that would be above.
        kind: EventKind,
        /// The kind that bounds it.
        bound: EventKind,
    },
    /// An event after now.
    Future,
    /// A lot of a product without a certificate in force.
    NoCertificate,
    /// A lot that was made outside the days of the certificate.
    MadeOutside {
        /// First day of the certificate.
        from: NaiveDate,
        /// Its last day.
        through: NaiveDate,
    },
    /// Two lots of a product with one batch name.
    BatchTaken,
}

impl Refusal for Stop {
    fn word(&self) -> &'static str {
        match self {
            Self::NotYet { .. } => "event_not_yet",
            Self::TooEarly { .. } => "event_too_early",
            Self::NoQuantity => "event_no_quantity",
            Self::TooMuch { .. } => "event_too_much",
            Self::Future => "event_future",
            Self::NoCertificate => "lot_no_certificate",
            Self::MadeOutside { .. } => "lot_made_outside",
            Self::BatchTaken => "lot_batch_taken",
        }
    }

    fn say(&self) -> Label {
        match self {
            Self::NotYet { kind, needs } => {
                let (kind, needs) = (kind.label(), needs.label());
                Label::new(
                    format!("Chưa ghi sự kiện {} của lô này; hãy ghi trước khi ghi {}", needs.vi, kind.vi),
                    format!("This lot has no {} yet; record it before its {}", needs.en, kind.en),
                )
            }
            Self::TooEarly { kind, after } => {
                let (kind, after) = (kind.label(), after.label());
                Label::new(
                    format!("Sự kiện {} sớm hơn lần {} đầu tiên của lô; hãy sửa thời điểm", kind.vi, after.vi),
                    format!("The {} is earlier than the first {} of the lot; correct the time", kind.en, after.en),
                )
            }
            Self::NoQuantity => Label::new("Số lượng phải lớn hơn 0", "The quantity must be above 0"),
            Self::TooMuch { kind, bound } => {
                let (kind, bound) = (kind.label(), bound.label());
                Label::new(
                    format!("Tổng số lượng {} vượt tổng số lượng {} của lô; hãy kiểm tra số lượng", kind.vi, bound.vi),
                    format!(
                        "The total of {} is above the total of {} of the lot; check the quantity",
                        kind.en, bound.en
                    ),
                )
            }
            Self::Future => Label::new(
                "Không ghi sự kiện ở thời điểm chưa tới; hãy sửa thời điểm",
                "An event cannot be in the future; correct the time",
            ),
            Self::NoCertificate => Label::new(
                "Sản phẩm chưa có giấy chứng nhận OCOP còn hiệu lực, nên chưa lập lô mang nhãn OCOP",
                "The product has no certificate in force, so no lot can carry the OCOP label",
            ),
            Self::MadeOutside { from, through } => Label::new(
                format!(
                    "Lô mang nhãn OCOP phải được làm ra từ {} đến {}, thời gian có hiệu lực của giấy chứng nhận",
                    from.format("%d/%m/%Y"),
                    through.format("%d/%m/%Y")
                ),
                format!("A lot with the OCOP label is made from {from} to {through}, while the certificate is valid"),
            ),
            Self::BatchTaken => Label::new(
                "Sản phẩm đã có lô với mã này; hãy dùng mã lô khác",
                "The product has a lot with this batch name; use another",
            ),
        }
    }
}

/// Whether an event may join those that a lot has.
pub fn append(existing: &[Event], new: &Event, now: DateTime<Utc>) -> Result<(), Stop> {
    if new.at > now {
        return Err(Stop::Future);
    }
    if new.quantity.thousandths <= 0 {
        return Err(Stop::NoQuantity);
    }
    let with_new: Vec<Event> = existing.iter().chain([new]).copied().collect();
    has_what_it_needs(existing, new.kind)?;
    kinds_begin_in_order(&with_new)?;
    within_bound(&with_new, new)
}

fn has_what_it_needs(existing: &[Event], kind: EventKind) -> Result<(), Stop> {
    match kind.needs() {
        Some(needs) if !existing.iter().any(|e| e.kind == needs) => Err(Stop::NotYet { kind, needs }),
        _ => Ok(()),
    }
}

/// The first event of a kind is never before the first event of a kind that comes before it.
fn kinds_begin_in_order(events: &[Event]) -> Result<(), Stop> {
    let first = |kind: EventKind| events.iter().filter(|e| e.kind == kind).map(|e| e.at).min().map(|at| (kind, at));
    let firsts: Vec<_> = EventKind::ALL.iter().filter_map(|kind| first(*kind)).collect();
    match firsts.windows(2).find(|pair| pair[1].1 < pair[0].1) {
        Some(pair) => Err(Stop::TooEarly { kind: pair[1].0, after: pair[0].0 }),
        None => Ok(()),
    }
}

/// What left is never more than what there was; compared only in one measure, because nobody knows
/// how many boxes a kilogram fills.
fn within_bound(events: &[Event], new: &Event) -> Result<(), Stop> {
    let Some(bound) = new.kind.needs() else { return Ok(()) };
    let measure = new.quantity.base().0;
    let amounts = |kind: EventKind| {
        events.iter().filter(move |e| e.kind == kind).map(|e| e.quantity.base()).filter(move |(m, _)| *m == measure)
    };
    let total = |kind: EventKind| amounts(kind).map(|(_, amount)| amount).sum::<i128>();
    let comparable = amounts(bound).next().is_some();
    if comparable && total(new.kind) > total(bound) {
        return Err(Stop::TooMuch { kind: new.kind, bound });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use EventKind::{Harvest, Pack, Process, Sell, Ship};

    fn event(kind: EventKind, day: u32, amount: i64, unit: Unit) -> Event {
        let at = format!("2026-03-{day:02}T02:00:00Z").parse().unwrap();
        Event { kind, at, quantity: Quantity { thousandths: amount * 1000, unit } }
    }

    fn kg(kind: EventKind, day: u32, amount: i64) -> Event {
        event(kind, day, amount, Unit::Kilogram)
    }

    fn answer(existing: &[Event], new: Event) -> Result<(), Stop> {
        append(existing, &new, "2026-04-01T00:00:00Z".parse().unwrap())
    }

    #[test]
    fn a_lot_goes_from_field_to_buyer() {
        let mut lot = Vec::new();
        for next in [
            kg(Harvest, 1, 100),
            kg(Process, 2, 90),
            kg(Pack, 3, 80),
            kg(Ship, 4, 50),
            kg(Ship, 5, 30),
            kg(Sell, 6, 80),
        ] {
            assert_eq!(answer(&lot, next), Ok(()), "{next:?}");
            lot.push(next);
        }
    }

    #[test]
    fn nothing_is_shipped_before_it_is_packed() {
        assert_eq!(answer(&[], kg(Ship, 1, 1)), Err(Stop::NotYet { kind: Ship, needs: Pack }));
        assert_eq!(answer(&[kg(Pack, 3, 9)], kg(Ship, 2, 1)), Err(Stop::TooEarly { kind: Ship, after: Pack }));
        assert_eq!(answer(&[kg(Pack, 3, 9)], kg(Sell, 4, 1)), Err(Stop::NotYet { kind: Sell, needs: Ship }));
        assert_eq!(answer(&[kg(Harvest, 3, 9)], kg(Pack, 2, 1)), Err(Stop::TooEarly { kind: Pack, after: Harvest }));
        assert_eq!(answer(&[kg(Pack, 3, 9)], kg(Harvest, 4, 9)), Err(Stop::TooEarly { kind: Pack, after: Harvest }));
    }

    #[test]
    fn nothing_leaves_that_was_not_there() {
        let packed = [kg(Pack, 3, 10)];
        assert_eq!(answer(&packed, event(Ship, 4, 10_000, Unit::Gram)), Ok(()));
        assert_eq!(answer(&packed, event(Ship, 4, 10_001, Unit::Gram)), Err(Stop::TooMuch { kind: Ship, bound: Pack }));
        assert_eq!(answer(&packed, event(Ship, 4, 500, Unit::Box)), Ok(()));
        let shipped = [kg(Pack, 3, 10), kg(Ship, 4, 6)];
        assert_eq!(answer(&shipped, kg(Sell, 5, 7)), Err(Stop::TooMuch { kind: Sell, bound: Ship }));
        assert_eq!(answer(&shipped, kg(Ship, 5, 5)), Err(Stop::TooMuch { kind: Ship, bound: Pack }));
    }

    #[test]
    fn an_amount_is_read_and_written_exactly() {
        for (written, read) in
            [("7", Some(7_000)), ("0,25", Some(250)), ("-1", None), ("1e3", None), (".5", None), ("", None)]
        {
            assert_eq!(read_amount(written), read, "{written}");
        }
        assert_eq!([write_amount(12_500), write_amount(7_000), write_amount(100_000)], ["12.5", "7", "100"]);
    }

    #[test]
    fn an_event_has_happened_and_has_a_quantity() {
        assert_eq!(answer(&[], kg(Harvest, 1, 0)), Err(Stop::NoQuantity));
        let before = "2026-02-01T00:00:00Z".parse().unwrap();
        assert_eq!(append(&[], &kg(Harvest, 1, 1), before), Err(Stop::Future));
    }

    fn many() -> impl Iterator<Item = String> {
        (0_u32..200).map(|i| lot_code(std::array::from_fn(|k| (i.wrapping_mul(2_654_435_761) >> (k * 2)) as u8)))
    }

    #[test]
    fn a_code_is_read_back_and_every_slip_is_detected() {
        for code in many() {
            assert_eq!(read_lot_code(&code.to_lowercase().replace('-', " ")), Read::Exact(code.clone()));
            let chars: Vec<char> = code.chars().filter(|c| *c != '-').collect();
            let exact = |typed: Vec<char>| matches!(read_lot_code(&typed.iter().collect::<String>()), Read::Exact(_));
            for at in 0..chars.len() {
                for other in ('0'..='9').chain('A'..='Z').filter(|c| *c != chars[at]) {
                    let mut typed = chars.clone();
                    typed[at] = other;
                    assert!(!exact(typed), "{code} at {at}");
                }
                if at > 0 && chars[at] != chars[at - 1] {
                    let mut typed = chars.clone();
                    typed.swap(at, at - 1);
                    assert!(!exact(typed), "{code} at {at}");
                }
            }
        }
    }
}
