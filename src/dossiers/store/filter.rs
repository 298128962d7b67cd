//! Conditions on dossiers. Lists, counts and facets are made of the same ones, so that a count is the
//! length of its list.

use chrono::NaiveDate;
use diesel::dsl::sql;
use diesel::expression::SqlLiteral;
use diesel::prelude::*;
use diesel::sql_types::{Bool, Date};

use super::super::rules::{self, BookToday, Case, Desk, Status};
use super::super::voices::Voice;
use crate::actor::{OFFICIALS, Reach};
use crate::db::schema::{
    criteria_sets, dossier_rounds, dossiers, place_reach, places, producer_aliases, producers, product_aliases,
    products,
};
use crate::db::{Ctx, MultiBackend};
use crate::ids::{PlaceId, ProducerId, ProductId};
use crate::rulebook::{Authority, DossierKind};
use crate::text::containing;

/// Something that holds for a dossier or not.
pub(in crate::dossiers) type Condition = Box<dyn BoxableExpression<dossiers::table, MultiBackend, SqlType = Bool>>;

/// A day after every deadline: dossiers without one come last. Both engines have an index on this
/// expression, which must be written as it is here.
pub(super) fn due_on() -> SqlLiteral<Date> {
    sql::<Date>("coalesce(deadline_paused, '9999-12-31')")
}

/// The day of [`due_on`] for a dossier without a deadline.
pub(in crate::dossiers) const NO_DEADLINE: &str = "9999-12-31";

fn always() -> Condition {
    Box::new(sql::<Bool>("1 = 1"))
}

fn never() -> Condition {
    Box::new(sql::<Bool>("1 = 0"))
}

pub(super) fn any_of(conditions: impl IntoIterator<Item = Condition>) -> Condition {
    let either = |a: Condition, b: Condition| -> Condition { Box::new(a.or(b)) };
    conditions.into_iter().reduce(either).unwrap_or_else(never)
}

pub(super) fn all_of(conditions: impl IntoIterator<Item = Condition>) -> Condition {
    let both = |a: Condition, b: Condition| -> Condition { Box::new(a.and(b)) };
    conditions.into_iter().reduce(both).unwrap_or_else(always)
}

/// In the territory of one of these offices.
fn within(offices: Vec<PlaceId>) -> Condition {
    let territory = place_reach::table.filter(place_reach::office_id.eq_any(offices)).select(place_reach::place_id);
    Box::new(dossiers::place_id.eq_any(territory))
}

fn of_producers(producers: Vec<ProducerId>) -> Condition {
    Box::new(dossiers::producer_id.eq_any(producers))
}

/// What the caller may know about. A draft is the producer's alone.
pub(super) fn visible(cx: &Ctx<'_>) -> Condition {
    let filed = || -> Condition { Box::new(dossiers::status.ne(Status::Draft)) };
    let own = cx.actor().producers();
    let as_official = match cx.actor().reach(OFFICIALS) {
        Reach::Everywhere if cx.actor().is_system() => return always(),
        Reach::Everywhere => Some(filed()),
        Reach::Offices(offices) if offices.is_empty() => None,
        Reach::Offices(offices) => Some(all_of([within(offices), filed()])),
    };
    let as_producer = (!own.is_empty()).then(|| of_producers(own));
    any_of(as_official.into_iter().chain(as_producer))
}

/// Where a voice speaks.
fn spoken_for(voice: &Voice) -> Condition {
    if voice.everywhere {
        return always();
    }
    let offices = (!voice.offices.is_empty()).then(|| within(voice.offices.clone()));
    let own = (!voice.producers.is_empty()).then(|| of_producers(voice.producers.clone()));
    any_of(offices.into_iter().chain(own))
}

fn case(case: &Case) -> Condition {
    let mut parts: Vec<Condition> = Vec::new();
    if !case.rulebooks.is_empty() {
        parts.push(Box::new(dossiers::rulebook_id.eq_any(case.rulebooks.clone())));
    }
    if !case.kinds.is_empty() && case.kinds.len() < DossierKind::ALL.len() {
        parts.push(Box::new(dossiers::kind.eq_any(case.kinds.clone())));
    }
    if !case.statuses.is_empty() {
        parts.push(Box::new(dossiers::status.eq_any(case.statuses.clone())));
    }
    if !case.desks.is_empty() {
        parts.push(Box::new(dossiers::level.eq_any(case.desks.clone())));
    }
    all_of(parts)
}

/// The cases of each voice, where it speaks.
pub(super) fn shares(shares: &[(Voice, Vec<Case>)]) -> Condition {
    any_of(shares.iter().map(|(voice, cases)| all_of([spoken_for(voice), any_of(cases.iter().map(case))])))
}

/// The clock does not stand still.
pub(super) fn running() -> Condition {
    Box::new(dossiers::status.ne_all(rules::awaiting()))
}

/// The last day is past, and the clock runs.
pub(super) fn overdue(today: NaiveDate) -> Condition {
    Box::new(due_on().lt(today).and(dossiers::status.ne_all(rules::awaiting())))
}

/// The last day is near by the rulebook that the dossier pinned, and the clock runs.
pub(super) fn near(today: NaiveDate, books: &[BookToday]) -> Condition {
    let mut days: Vec<NaiveDate> = books.iter().map(|b| b.near_until).collect();
    days.sort_unstable();
    days.dedup();
    let until = |day: NaiveDate| -> Condition { Box::new(due_on().le(day)) };
    let by_book = match days.as_slice() {
        [one] => until(*one),
        several => any_of(several.iter().map(|day| {
            let ids: Vec<_> = books.iter().filter(|b| b.near_until == *day).map(|b| b.id).collect();
            all_of([until(*day), Box::new(dossiers::rulebook_id.eq_any(ids)) as Condition])
        })),
    };
    let from: Condition = Box::new(due_on().ge(today));
    all_of([from, by_book, running()])
}

/// A round as its word names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::dossiers) struct RoundKey {
    pub level: Authority,
    pub number: i32,
    pub year: i32,
}

/// What a list of dossiers is narrowed by.
#[derive(Debug, Clone, Default)]
pub(in crate::dossiers) struct Filter {
    /// Folded words; every one must be found.
    pub words: Vec<String>,
    /// The beginning of a product code, or a receipt number.
    pub code: Option<String>,
    pub status: Option<Status>,
    pub level: Option<Desk>,
    pub kind: Option<DossierKind>,
    pub place: Option<PlaceId>,
    pub product: Option<ProductId>,
    pub producer: Option<ProducerId>,
    /// Code of a criteria set.
    pub set: Option<String>,
    pub round: Option<RoundKey>,
    pub filed_from: Option<NaiveDate>,
    pub filed_to: Option<NaiveDate>,
    pub due_from: Option<NaiveDate>,
    pub due_to: Option<NaiveDate>,
}

impl Filter {
    /// What must hold.
    pub(super) fn condition(&self) -> Condition {
        let mut parts: Vec<Condition> = self.words.iter().map(|w| named(w)).collect();
        if let Some(code) = &self.code {
            let begins = format!("{}%", escaped(code));
            let coded = dossiers::product_code.assume_not_null().like(begins).escape('\\');
            parts.push(Box::new(coded.or(dossiers::receipt_number.assume_not_null().eq(code.clone()))));
        }
        if let Some(status) = self.status {
            parts.push(Box::new(dossiers::status.eq(status)));
        }
        if let Some(level) = self.level {
            parts.push(Box::new(dossiers::level.eq(level)));
        }
        if let Some(kind) = self.kind {
            parts.push(Box::new(dossiers::kind.eq(kind)));
        }
        if let Some(place) = self.place {
            parts.push(within(vec![place]));
        }
        if let Some(product) = self.product {
            parts.push(Box::new(dossiers::product_id.eq(product)));
        }
        if let Some(producer) = self.producer {
            parts.push(Box::new(dossiers::producer_id.eq(producer)));
        }
        if let Some(set) = &self.set {
            let revisions = criteria_sets::table.filter(criteria_sets::code.eq(set.clone())).select(criteria_sets::id);
            parts.push(Box::new(dossiers::criteria_set_id.eq_any(revisions)));
        }
        if let Some(round) = self.round {
            parts.push(in_round(round));
        }
        parts.extend(self.days());
        all_of(parts)
    }

    fn days(&self) -> impl Iterator<Item = Condition> {
        let filed = || dossiers::filed_on.assume_not_null();
        let due = || dossiers::deadline_paused.assume_not_null();
        let from = self.filed_from.map(|d| Box::new(filed().ge(d)) as Condition);
        let to = self.filed_to.map(|d| Box::new(filed().le(d)) as Condition);
        let due_from = self.due_from.map(|d| Box::new(due().ge(d)) as Condition);
        let due_to = self.due_to.map(|d| Box::new(due().le(d)) as Condition);
        [from, to, due_from, due_to].into_iter().flatten()
    }
}

/// A text with its wild cards made plain.
fn escaped(text: &str) -> String {
    text.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_")
}

/// One word: of the product, its producer (by other names too) or its commune; digits also of the code.
fn named(word: &str) -> Condition {
    let like = || containing(word);
    let product = products::table.filter(products::folded.like(like()).escape('\\')).select(products::id);
    let product_alias = product_aliases::table
        .filter(product_aliases::folded.like(like()).escape('\\'))
        .select(product_aliases::product_id);
    let producer = producers::table.filter(producers::folded.like(like()).escape('\\')).select(producers::id);
    let producer_alias = producer_aliases::table
        .filter(producer_aliases::folded.like(like()).escape('\\'))
        .select(producer_aliases::producer_id);
    let commune = places::table.filter(places::folded.like(like()).escape('\\')).select(places::id);
    let mut ways: Vec<Condition> = vec![
        Box::new(dossiers::product_id.eq_any(product)),
        Box::new(dossiers::product_id.eq_any(product_alias)),
        Box::new(dossiers::producer_id.eq_any(producer)),
        Box::new(dossiers::producer_id.eq_any(producer_alias)),
        Box::new(dossiers::place_id.eq_any(commune)),
    ];
    if word.chars().all(|c| c.is_ascii_digit()) {
        ways.push(Box::new(dossiers::product_code.assume_not_null().like(like()).escape('\\')));
    }
    any_of(ways)
}

/// Lies at the level of the round, reached by a letter of that round.
fn in_round(round: RoundKey) -> Condition {
    let letters = dossier_rounds::table
        .filter(dossier_rounds::level.eq(round.level))
        .filter(dossier_rounds::number.eq(round.number))
        .filter(dossier_rounds::year.eq(round.year))
        .select(dossier_rounds::dossier_id);
    Box::new(dossiers::level.eq(round.level.word()).and(dossiers::id.eq_any(letters)))
}
