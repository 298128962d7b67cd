//! The life of a product as one time line, and how the product stands on any day of it.

use chrono::NaiveDate;

use super::states::{CertificateFacts, Standing, State, Validity, state};
use crate::text::Label;

crate::words! {
    /// What happened to the recognition of a product.
    pub enum LifeEvent {
        /// Recognised for the first time.
        Recognised = "recognised",
        /// Recognised with more stars than before.
        Upgraded = "upgraded",
        /// Recognised again with the same stars.
        Kept = "kept",
        /// Recognised again with fewer stars.
        Lowered = "lowered",
        /// Its certificate went on past its printed day (26/2026, Điều 12.3).
        Extended = "extended",
        /// Its last day passed.
        Expired = "expired",
        /// Its certificate was revoked.
        Revoked = "revoked",
        /// Its recognition was withdrawn.
        Withdrawn = "withdrawn",
        /// A clerical mistake of its certificate was corrected.
        Corrected = "corrected",
    }
}

impl LifeEvent {
    /// The event in words.
    pub fn label(self) -> Label {
        match self {
            Self::Recognised => Label::new("công nhận lần đầu", "recognised for the first time"),
            Self::Upgraded => Label::new("nâng hạng", "raised to more stars"),
            Self::Kept => Label::new("giữ hạng", "recognised again with the same stars"),
            Self::Lowered => Label::new("xuống hạng", "recognised again with fewer stars"),
            Self::Extended => Label::new("kéo dài chờ kết quả đánh giá lại", "extended until its re-evaluation"),
            Self::Expired => Label::new("hết hiệu lực", "expired"),
            Self::Revoked => Label::new("bị thu hồi giấy chứng nhận", "certificate revoked"),
            Self::Withdrawn => Label::new("bị thu hồi quyết định công nhận", "recognition withdrawn"),
            Self::Corrected => Label::new("đính chính giấy chứng nhận", "certificate corrected"),
        }
    }
}

/// One recognition of a product.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Recognised {
    /// 3, 4 or 5.
    pub stars: i32,
    /// Its dates.
    pub facts: CertificateFacts,
    /// The figures of its rulebook.
    pub validity: Validity,
}

/// Something that happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// The day from which it counts.
    pub on: NaiveDate,
    /// What.
    pub kind: LifeEvent,
    /// Which recognition of the list it is about.
    pub of: usize,
}

/// The life of a product up to a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Life {
    /// What happened up to that day, the earliest first.
    pub events: Vec<Event>,
    /// The recognition that counts on that day, and how it stands; none before the first.
    pub standing: Option<(usize, Standing)>,
}

/// The life of a product with these recognitions, in the order of time, up to a day. What lies
/// ahead is what follows from the recognitions alone: they run out unless a decision comes.
///
/// The recognition that counts is the one in force, else the last that began. A recognition is
/// compared with the last one that was not withdrawn, whether or not that one had run out.
pub fn life(all: &[Recognised], on: NaiveDate) -> Life {
    let mut events: Vec<Event> = all.iter().enumerate().flat_map(|(of, _)| events_of(all, of)).collect();
    events.retain(|e| e.on <= on);
    events.sort_by_key(|e| e.on);
    let begun: Vec<(usize, Standing)> = all
        .iter()
        .enumerate()
        .filter(|(_, r)| r.facts.issued_on <= on)
        .map(|(of, r)| (of, state(&r.facts, &r.validity, on)))
        .collect();
    let counts = begun.iter().position(|(_, s)| s.state.in_force()).or(begun.len().checked_sub(1));
    Life { events, standing: counts.and_then(|at| begun.into_iter().nth(at)) }
}

fn events_of(all: &[Recognised], of: usize) -> Vec<Event> {
    let Recognised { stars, facts, .. } = all[of];
    let began = facts.issued_on;
    let counted = |r: &&Recognised| r.facts.withdrawn_on.is_none_or(|day| day > began);
    let kind = match all[..of].iter().rev().find(counted).map(|before| before.stars) {
        None => LifeEvent::Recognised,
        Some(before) if before < stars => LifeEvent::Upgraded,
        Some(before) if before > stars => LifeEvent::Lowered,
        Some(_) => LifeEvent::Kept,
    };
    let ended = [facts.superseded_on, facts.revoked.map(|r| r.on), facts.withdrawn_on].into_iter().flatten().min();
    let by_time = |day: Option<NaiveDate>| day.filter(|day| ended.is_none_or(|end| end > *day));
    let extended = facts.extended_through.filter(|day| *day > facts.valid_through);
    let dated = [
        (kind, Some(began)),
        (LifeEvent::Extended, extended.and_then(|_| by_time(facts.valid_through.succ_opt()))),
        (LifeEvent::Expired, by_time(facts.last_day().succ_opt())),
        (LifeEvent::Revoked, facts.revoked.map(|r| r.on)),
        (LifeEvent::Withdrawn, facts.withdrawn_on),
    ];
    dated.into_iter().filter_map(|(kind, on)| Some(Event { on: on?, kind, of })).collect()
}

impl Life {
    /// The state of the product on the day; none before its first recognition.
    pub fn state(&self) -> Option<State> {
        self.standing.as_ref().map(|(_, standing)| standing.state)
    }
}

#[cfg(test)]
mod tests;
