//! The state of a certificate on any date.

use chrono::{Datelike, Days, NaiveDate};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Ground, Stop};
use crate::text::{Label, Lang, day};

/// How long a certificate is valid and when its holder is reminded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Validity {
    /// Months from the day of issue (36: Article 4, Decision 26/2026/QĐ-TTg).
    pub months: u32,
    /// Whether the certificate is still valid on the day with the same number. The law is silent.
    pub last_day_counts: bool,
    /// Days before the last day from which it is expiring (180: the first day on which a
    /// re-evaluation may be filed, Article 7.6).
    pub expiring_days: u64,
}

impl Default for Validity {
    fn default() -> Self {
        Self { months: 36, last_day_counts: true, expiring_days: 180 }
    }
}

/// The last day on which a certificate issued on a day is valid: the same day number after so many
/// months, or the month's last day; nothing beyond the end of the calendar.
pub fn valid_through(issued_on: NaiveDate, validity: &Validity) -> Option<NaiveDate> {
    let same_day = add_months(issued_on, validity.months)?;
    if validity.last_day_counts { Some(same_day) } else { same_day.pred_opt() }
}

// same rule as places::calendar
fn add_months(day: NaiveDate, months: u32) -> Option<NaiveDate> {
    let month0 = day.month0().checked_add(months)?;
    let year = day.year().checked_add(i32::try_from(month0 / 12).ok()?)?;
    (1..=day.day()).rev().find_map(|d| NaiveDate::from_ymd_opt(year, month0 % 12 + 1, d))
}

/// A revocation, as the certificate knows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Revocation {
    /// The day of the decision; the certificate is invalid from this day.
    pub on: NaiveDate,
    /// Its ground.
    pub ground: Ground,
}

/// The dates that decide a state. All are civil dates in Việt Nam.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CertificateFacts {
    /// First day.
    pub issued_on: NaiveDate,
    /// Last day as printed.
    pub valid_through: NaiveDate,
    /// Last day by an extension (Article 12.3, Decision 26/2026/QĐ-TTg).
    pub extended_through: Option<NaiveDate>,
    /// Revoked by decision (Article 8, Decision 26/2026/QĐ-TTg).
    pub revoked: Option<Revocation>,
    /// A new recognition of the same product took its place.
    pub superseded_on: Option<NaiveDate>,
    /// The recognition was withdrawn after the Ministry's check (Article 10.1 b).
    pub withdrawn_on: Option<NaiveDate>,
}

crate::words! {
    /// The state of a certificate.
    pub enum State {
        /// Issued with a later first day.
        NotYet = "notYet",
        /// In force.
        Valid = "valid",
        /// In force, its last day near.
        Expiring = "expiring",
        /// Its printed last day has passed; it goes on until its re-evaluation is answered (Điều 12.3).
        Extended = "extended",
        /// Its last day has passed; no decision was needed.
        Expired = "expired",
        /// A new recognition took its place.
        Superseded = "superseded",
        /// Revoked by decision.
        Revoked = "revoked",
        /// The recognition itself was withdrawn.
        Withdrawn = "withdrawn",
        /// No certificate: an approved result of 90 or more awaits the centre ("tiềm năng 5 sao").
        PotentialFive = "potentialFive",
    }
}

impl State {
    /// Whether the product counts as recognised and the mark may be used.
    pub fn in_force(self) -> bool {
        matches!(self, Self::Valid | Self::Expiring | Self::Extended)
    }

    /// The state in words.
    pub fn label(self) -> Label {
        match self {
            Self::NotYet => Label::new("chưa có hiệu lực", "not yet in force"),
            Self::Valid => Label::new("còn hiệu lực", "valid"),
            Self::Expiring => Label::new("sắp hết hiệu lực", "expiring"),
            Self::Extended => Label::new("được kéo dài", "extended"),
            Self::Expired => Label::new("hết hiệu lực", "expired"),
            Self::Superseded => Label::new("đã được thay thế", "superseded"),
            Self::Revoked => Label::new("đã bị thu hồi", "revoked"),
            Self::Withdrawn => Label::new("công nhận đã bị thu hồi", "recognition withdrawn"),
            Self::PotentialFive => Label::new("tiềm năng 5 sao", "potential five stars"),
        }
    }

    /// What a shopper with the product in hand may conclude.
    pub fn conclusion(self) -> Label {
        match self {
            Self::NotYet => Label::new(
                "Chứng nhận này chưa đến ngày có hiệu lực: chưa coi là sản phẩm OCOP theo chứng nhận này.",
                "This certificate is not yet in force: do not rely on it today.",
            ),
            Self::Valid => Label::new(
                "Sản phẩm đang được Nhà nước công nhận OCOP với hạng sao ghi ở đây.",
                "The State recognises this product as OCOP, with the stars shown here.",
            ),
            Self::Expiring => Label::new(
                "Sản phẩm đang được công nhận OCOP với hạng sao ghi ở đây; chứng nhận sắp hết hạn, hãy xem ngày cuối.",
                "The product is recognised today with the stars shown here; the certificate ends soon, see its last day.",
            ),
            Self::Extended => Label::new(
                "Sản phẩm vẫn được công nhận OCOP với hạng sao ghi ở đây: chứng nhận được kéo dài trong khi chờ kết quả đánh giá lại.",
                "The product is still recognised with the stars shown here: the certificate goes on while its re-evaluation is awaited.",
            ),
            Self::Expired => Label::new(
                "Chứng nhận đã hết hạn: hàng làm ra sau ngày cuối không được mang dấu OCOP theo chứng nhận này.",
                "The certificate has expired: goods made after its last day may not bear the OCOP mark under it.",
            ),
            Self::Superseded => Label::new(
                "Sản phẩm đã có chứng nhận mới thay chứng nhận này: hãy xem hạng sao ở chứng nhận mới.",
                "A new certificate of the same product has replaced this one: look at the stars there.",
            ),
            Self::Revoked => Label::new(
                "Chứng nhận đã bị thu hồi: sản phẩm không còn được công nhận theo chứng nhận này.",
                "The certificate was revoked: the product is no longer recognised under it.",
            ),
            Self::Withdrawn => Label::new(
                "Quyết định công nhận đã bị thu hồi: không coi đây là sản phẩm OCOP theo chứng nhận này.",
                "The recognition was withdrawn: do not take this for an OCOP product under this certificate.",
            ),
            Self::PotentialFive => Label::new(
                "Kết quả cấp tỉnh từ 90 điểm đang chờ Trung ương đánh giá: sản phẩm chưa được công nhận 5 sao, chưa được mang dấu 5 sao.",
                "A provincial result of 90 or more awaits the centre: the product is not recognised with five stars yet and may not bear them.",
            ),
        }
    }
}

/// A state, since when, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Standing {
    /// The state.
    pub state: State,
    /// First day of this state; for `notYet`, the day on which it will be in force.
    pub since: NaiveDate,
    /// Why, in a sentence.
    pub reason: Label,
    /// What a shopper may conclude.
    pub conclusion: Label,
}

/// The state of a certificate on a day. Ends by an act of the State come before the end by time,
/// and the graver act before the lighter: a certificate that expired and was then revoked is revoked.
pub fn state(facts: &CertificateFacts, validity: &Validity, on: NaiveDate) -> Standing {
    let expiring_on =
        facts.valid_through.checked_sub_days(Days::new(validity.expiring_days)).map(|day| day.max(facts.issued_on));
    let extended = facts.extended_through.filter(|day| *day > facts.valid_through);
    let ends = [
        (State::Withdrawn, facts.withdrawn_on),
        (State::Revoked, facts.revoked.map(|r| r.on)),
        (State::Superseded, facts.superseded_on),
        (State::Expired, facts.last_day().succ_opt()),
        (State::Extended, extended.and_then(|_| facts.valid_through.succ_opt())),
        (State::Expiring, expiring_on),
        (State::Valid, Some(facts.issued_on)),
    ];
    let reached = ends.into_iter().find_map(|(state, day)| Some((state, day.filter(|d| *d <= on)?)));
    let (state, since) = reached.unwrap_or((State::NotYet, facts.issued_on));
    Standing { state, since, reason: reason(state, since, facts), conclusion: state.conclusion() }
}

impl CertificateFacts {
    /// The last day, with an extension.
    pub fn last_day(&self) -> NaiveDate {
        self.extended_through.map_or(self.valid_through, |day| day.max(self.valid_through))
    }
}

/// What the answer for a day after today takes for granted; nothing for today and before.
pub fn assumption(on: NaiveDate, today: NaiveDate) -> Option<Label> {
    let (vi, en) = (day(on, Lang::Vi), day(on, Lang::En));
    (on > today).then(|| {
        Label::new(
            format!(
                "Với điều kiện từ nay đến ngày {vi} không có quyết định mới nào (công nhận lại, kéo dài, thu hồi)."
            ),
            format!("Provided that no decision is taken before {en} (new recognition, extension, revocation)."),
        )
    })
}

fn reason(state: State, since: NaiveDate, facts: &CertificateFacts) -> Label {
    let both = |on: NaiveDate| (day(on, Lang::Vi), day(on, Lang::En));
    let last = if state == State::Expired { facts.last_day() } else { facts.valid_through };
    let ((vi_since, since), (vi_last, last)) = (both(since), both(last));
    match state {
        State::NotYet => Label::new(format!("Có hiệu lực từ ngày {vi_since}"), format!("In force from {since}")),
        State::Valid => Label::new(
            format!("Cấp ngày {vi_since}, có hiệu lực đến hết ngày {vi_last}"),
            format!("Issued on {since}, valid through {last}"),
        ),
        State::Expiring => Label::new(
            format!(
                "Có hiệu lực đến hết ngày {vi_last}; hồ sơ đánh giá lại nộp trước ngày hết hạn từ 180 đến 120 ngày"
            ),
            format!("Valid through {last}; re-evaluation is filed 180 to 120 days before the end"),
        ),
        State::Extended => {
            let (vi_until, until) = both(facts.last_day());
            Label::new(
                format!(
                    "Hết hạn ngày {vi_last}, được kéo dài đến khi có kết quả đánh giá lại, chậm nhất hết ngày {vi_until} (Điều 12.3)"
                ),
                format!(
                    "Its printed last day was {last}; it goes on until the re-evaluation is answered, at most through {until} (Điều 12.3)"
                ),
            )
        }
        State::Expired => Label::new(format!("Hết hiệu lực sau ngày {vi_last}"), format!("Its last day was {last}")),
        State::Superseded => Label::new(
            format!("Được thay bằng lần công nhận mới ngày {vi_since}"),
            format!("Replaced by a new recognition on {since}"),
        ),
        State::Revoked => {
            let ground = facts.revoked.map(|r| r.ground.label()).unwrap_or_else(|| Label::new("", ""));
            Label::new(format!("Thu hồi ngày {vi_since}: {}", ground.vi), format!("Revoked on {since}: {}", ground.en))
        }
        State::Withdrawn => Label::new(
            format!("Quyết định công nhận bị thu hồi ngày {vi_since} sau kiểm tra của Bộ"),
            format!("The recognition was withdrawn on {since} after the Ministry's check"),
        ),
        State::PotentialFive => Label::new(
            format!("Kết quả từ 90 điểm được phê duyệt ngày {vi_since}, đang chờ Trung ương đánh giá"),
            format!("A result of 90 or more was approved on {since} and awaits the centre"),
        ),
    }
}

/// The last day of a certificate that is extended by a decision of a day (Article 12.3).
///
/// `law` is the last day that the rulebook of the day gives it, if it gives any; `under_way` tells
/// whether a re-evaluation of its product has been filed and not been answered.
///
/// # Errors
/// Which condition is not met.
pub fn extend(
    facts: &CertificateFacts,
    law: Option<NaiveDate>,
    under_way: bool,
    on: NaiveDate,
) -> Result<NaiveDate, Stop> {
    if facts.withdrawn_on.or(facts.revoked.map(|r| r.on)).or(facts.superseded_on).is_some() {
        return Err(Stop::AlreadyEnded);
    }
    if let Some(through) = facts.extended_through {
        return Err(Stop::AlreadyExtended { through });
    }
    let last = law.ok_or(Stop::ExtensionNotOpen { last: facts.valid_through })?;
    match (last < on, under_way) {
        (true, _) => Err(Stop::ExtensionOver { last }),
        (false, false) => Err(Stop::NoReEvaluation),
        (false, true) => Ok(last),
    }
}

/// How a product stands that has an approved result of 90 or more and no certificate.
pub fn potential_five(approved_on: NaiveDate) -> Standing {
    let facts = CertificateFacts {
        issued_on: approved_on,
        valid_through: approved_on,
        extended_through: None,
        revoked: None,
        superseded_on: None,
        withdrawn_on: None,
    };
    let state = State::PotentialFive;
    Standing { state, since: approved_on, reason: reason(state, approved_on, &facts), conclusion: state.conclusion() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn d(s: &str) -> NaiveDate {
        s.parse().unwrap()
    }

    fn issued(on: &str) -> CertificateFacts {
        let issued_on = d(on);
        CertificateFacts {
            issued_on,
            valid_through: valid_through(issued_on, &Validity::default()).unwrap(),
            extended_through: None,
            revoked: None,
            superseded_on: None,
            withdrawn_on: None,
        }
    }

    #[test]
    fn thirty_six_months_end_on_the_same_day_number_or_the_last_of_the_month() {
        let rows = [
            ("2023-05-31", "2026-05-31"),
            ("2024-02-29", "2027-02-28"),
            ("2025-02-28", "2028-02-28"),
            ("2022-12-30", "2025-12-30"),
            ("2022-01-12", "2025-01-12"),
        ];
        for (from, through) in rows {
            assert_eq!(valid_through(d(from), &Validity::default()), Some(d(through)), "{from}");
        }
        let strict = Validity { last_day_counts: false, ..Validity::default() };
        assert_eq!(valid_through(d("2023-05-31"), &strict), Some(d("2026-05-30")));
        let six = Validity { months: 6, ..Validity::default() };
        assert_eq!(valid_through(d("2023-08-31"), &six), Some(d("2024-02-29")));
    }

    #[test]
    fn a_life_day_by_day() {
        let facts = issued("2023-05-31");
        let rows = [
            ("2023-05-30", State::NotYet, "2023-05-31"),
            ("2023-05-31", State::Valid, "2023-05-31"),
            ("2025-12-01", State::Valid, "2023-05-31"),
            ("2025-12-02", State::Expiring, "2025-12-02"),
            ("2026-05-30", State::Expiring, "2025-12-02"),
            ("2026-05-31", State::Expiring, "2025-12-02"),
            ("2026-06-01", State::Expired, "2026-06-01"),
            ("2030-01-01", State::Expired, "2026-06-01"),
        ];
        for (on, state_then, since) in rows {
            let standing = state(&facts, &Validity::default(), d(on));
            assert_eq!((standing.state, standing.since), (state_then, d(since)), "{on}");
        }
    }

    #[test]
    fn acts_of_the_state_come_before_the_end_by_time() {
        let revoked = |on| Some(Revocation { on: d(on), ground: Ground::ProductionEnded });
        let rows = [
            (CertificateFacts { revoked: revoked("2025-03-01"), ..issued("2023-05-31") }, "2025-02-28", State::Valid),
            (CertificateFacts { revoked: revoked("2025-03-01"), ..issued("2023-05-31") }, "2025-03-01", State::Revoked),
            (CertificateFacts { revoked: revoked("2026-08-01"), ..issued("2023-05-31") }, "2026-07-31", State::Expired),
            (CertificateFacts { revoked: revoked("2026-08-01"), ..issued("2023-05-31") }, "2026-08-01", State::Revoked),
            (
                CertificateFacts { superseded_on: Some(d("2026-05-20")), ..issued("2023-05-31") },
                "2026-06-01",
                State::Superseded,
            ),
            (
                CertificateFacts { withdrawn_on: Some(d("2024-01-01")), ..issued("2023-05-31") },
                "2024-01-01",
                State::Withdrawn,
            ),
        ];
        for (facts, on, expected) in rows {
            assert_eq!(state(&facts, &Validity::default(), d(on)).state, expected, "{on}");
        }
    }

    #[test]
    fn only_three_states_are_in_force() {
        let in_force: Vec<_> = State::ALL.iter().filter(|s| s.in_force()).collect();
        assert_eq!(in_force, [&State::Valid, &State::Expiring, &State::Extended]);
    }

    #[test]
    fn an_extension_goes_on_after_the_printed_day_and_ends_by_any_act() {
        let extended = CertificateFacts { extended_through: Some(d("2027-02-10")), ..issued("2023-08-14") };
        let rows = [
            ("2026-08-14", State::Expiring, "2026-02-15"),
            ("2026-08-15", State::Extended, "2026-08-15"),
            ("2027-02-10", State::Extended, "2026-08-15"),
            ("2027-02-11", State::Expired, "2027-02-11"),
        ];
        for (on, state_then, since) in rows {
            let standing = state(&extended, &Validity::default(), d(on));
            assert_eq!((standing.state, standing.since), (state_then, d(since)), "{on}");
        }
        let answered = CertificateFacts { superseded_on: Some(d("2026-11-01")), ..extended };
        assert_eq!(state(&answered, &Validity::default(), d("2026-11-01")).state, State::Superseded);
    }

    #[test]
    fn an_extension_is_given_once_and_only_where_the_law_gives_it() {
        let facts = issued("2023-06-10");
        let law = Some(d("2026-12-07"));
        assert_eq!(extend(&facts, law, true, d("2026-06-01")), Ok(d("2026-12-07")));
        assert_eq!(extend(&facts, law, true, d("2026-12-07")), Ok(d("2026-12-07")));
        let refused = |facts: &CertificateFacts, law, under_way, on: &str| {
            use crate::refusal::Refusal;
            extend(facts, law, under_way, d(on)).unwrap_err().word()
        };
        assert_eq!(refused(&facts, None, true, "2026-06-01"), "extension_not_open");
        assert_eq!(refused(&facts, law, false, "2026-06-01"), "extension_no_re_evaluation");
        assert_eq!(refused(&facts, law, true, "2026-12-08"), "extension_over");
        let given = CertificateFacts { extended_through: law, ..facts };
        assert_eq!(refused(&given, law, true, "2026-06-01"), "extension_given_already");
        let ended = CertificateFacts { superseded_on: Some(d("2026-01-01")), ..facts };
        assert_eq!(refused(&ended, law, true, "2026-06-01"), "certificate_already_ended");
    }

    #[test]
    fn only_a_day_to_come_is_assumed() {
        assert_eq!(assumption(d("2026-06-01"), d("2026-06-01")), None);
        assert!(assumption(d("2026-06-02"), d("2026-06-01")).is_some_and(|l| l.vi.contains("02/06/2026")));
    }

    #[test]
    fn a_revoked_certificate_says_why() {
        let ground = Ground::MarkMisused;
        let facts =
            CertificateFacts { revoked: Some(Revocation { on: d("2025-03-01"), ground }), ..issued("2023-05-31") };
        let standing = state(&facts, &Validity::default(), d("2025-03-02"));
        assert!(standing.reason.vi.starts_with("Thu hồi ngày 01/03/2025"), "{}", standing.reason.vi);
        assert!(standing.reason.vi.contains(&ground.label().vi));
    }
}
