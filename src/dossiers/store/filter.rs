//! Conditions on dossiers. Lists, counts and facets are made of the same ones, so that a count is the
//! length of its list.

use chrono::NaiveDate;
use diesel::dsl::sql;
use diesel::expression::SqlLiteral;
use diesel::prelude::*;
use diesel::sql_types::{Bool, Date, Nullable, Text};

use super::super::rules::{self, BookToday, Case, Desk, Status};
use super::super::voices::Voice;
use crate::actor::{OFFICIALS, Reach, Role};
use crate::db::schema::{
    criteria_sets, decision_items, decisions, dossier_rounds, dossiers, opinions, place_reach, places,
    producer_aliases, producers, product_aliases, products,
};
use crate::db::{Ctx, MultiBackend};
use crate::error::Result;
use crate::ids::{DossierId, PlaceId, ProducerId, ProductId};
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

/// The officials who see the dossiers of their territory.
fn officials() -> Vec<Role> {
    OFFICIALS.iter().copied().filter(|role| *role != Role::Department).collect()
}

/// What a department is asked about, until it has answered or the dossier has ended.
fn asked(cx: &Ctx<'_>) -> Option<Condition> {
    let departments = super::super::opinions::departments(cx);
    if departments.is_empty() {
        return None;
    }
    let ended: Vec<Status> = Status::ALL.iter().copied().filter(|s| s.is_final() || *s == Status::Draft).collect();
    let waiting = opinions::table
        .filter(opinions::organisation_id.eq_any(departments))
        .filter(opinions::answered_at.is_null())
        .filter(opinions::withdrawn_at.is_null())
        .select(opinions::dossier_id);
    Some(Box::new(dossiers::id.eq_any(waiting).and(dossiers::status.ne_all(ended))))
}

/// Of a draft nobody knows but its producer.
fn filed() -> Condition {
    Box::new(dossiers::status.ne(Status::Draft))
}

/// What the caller may know about. A draft is the producer's alone; a department sees what it is asked
/// about, while it is asked.
pub(super) fn visible(cx: &Ctx<'_>) -> Condition {
    let own = cx.actor().producers();
    let as_official = match cx.actor().reach(&officials()) {
        Reach::Everywhere if cx.actor().is_system() => return always(),
        Reach::Everywhere => Some(filed()),
        Reach::Offices(offices) if offices.is_empty() => None,
        Reach::Offices(offices) => Some(all_of([within(offices), filed()])),
    };
    let as_producer = (!own.is_empty()).then(|| of_producers(own));
    any_of(as_official.into_iter().chain(as_producer).chain(asked(cx)))
}

/// What a signed decision made of dossiers and a caller is not told: a list by status must not tell what
/// the dossier itself does not. Read once for a question, it is empty for nearly everybody, so that the
/// question itself stays plain: a sub-query in each of its conditions would keep the engines off their
/// indices.
#[derive(Debug, Clone, Default)]
pub(in crate::dossiers) struct Veil {
    /// The dossiers, as they stood before.
    hidden: Vec<(DossierId, Status)>,
}

impl Veil {
    /// What lies between this caller and the register. The deciding levels see through it, but for what
    /// they file themselves: whoever decides about others may be a producer too.
    ///
    /// # Errors
    /// When the database fails.
    pub(in crate::dossiers) fn of(cx: &mut Ctx<'_>) -> Result<Self> {
        let own = cx.actor().producers();
        let kept_from = match cx.actor().reads_early() {
            true if own.is_empty() => return Ok(Self::default()),
            true => of_producers(own),
            false => visible(cx),
        };
        let decided: Vec<Status> = Status::ALL.iter().copied().filter(|s| s.follows_decision()).collect();
        let undisclosed = decision_items::table
            .inner_join(decisions::table.on(decisions::id.eq(decision_items::decision_id)))
            .filter(decisions::state.eq("signed"))
            .filter(decision_items::dossier_id.is_not_null())
            .select(decision_items::dossier_id.assume_not_null());
        let rows: Vec<(DossierId, Option<Status>)> = dossiers::table
            .filter(dossiers::id.eq_any(undisclosed).and(dossiers::status.eq_any(decided)).and(kept_from))
            .select((dossiers::id, status_before()))
            .load(cx.conn)?;
        Ok(Self { hidden: rows.into_iter().filter_map(|(id, before)| Some((id, before?))).collect() })
    }

    /// As what it is told, where that is not what it is.
    pub(super) fn told(&self, id: DossierId) -> Option<Status> {
        self.hidden.iter().find(|(hidden, _)| *hidden == id).map(|(_, before)| *before)
    }

    fn ids(&self) -> Vec<DossierId> {
        self.hidden.iter().map(|(id, _)| *id).collect()
    }

    /// The dossiers that it hides; none when it hides nothing.
    pub(super) fn hidden(&self) -> Option<Condition> {
        (!self.hidden.is_empty()).then(|| Box::new(dossiers::id.eq_any(self.ids())) as Condition)
    }

    /// The dossiers that are seen as they stand.
    pub(super) fn open(&self) -> Condition {
        match self.hidden.is_empty() {
            true => always(),
            false => Box::new(dossiers::id.ne_all(self.ids())),
        }
    }

    /// In one of these statuses, as the caller is told.
    fn in_one_of(&self, statuses: Vec<Status>) -> Condition {
        let told = self.hidden.iter().filter(|(_, before)| statuses.contains(before)).map(|(id, _)| *id);
        let told: Vec<DossierId> = told.collect();
        let stands: Condition = Box::new(dossiers::status.eq_any(statuses));
        match (self.hidden.is_empty(), told.is_empty()) {
            (true, _) => stands,
            (false, true) => all_of([stands, self.open()]),
            (false, false) => any_of([all_of([stands, self.open()]), Box::new(dossiers::id.eq_any(told))]),
        }
    }
}

/// Where a dossier stood before its last move, which the decision made.
fn status_before() -> SqlLiteral<Nullable<Text>> {
    sql::<Nullable<Text>>(
        "(select m.from_status from dossier_moves m where m.dossier_id = dossiers.id order by m.ordinal desc limit 1)",
    )
}

/// Where a voice speaks: a part of what its caller may know about ([`visible`]), made of the same grants.
fn spoken_for(voice: &Voice) -> Condition {
    if voice.everywhere {
        return filed();
    }
    let offices = (!voice.offices.is_empty()).then(|| all_of([within(voice.offices.clone()), filed()]));
    let own = (!voice.producers.is_empty()).then(|| of_producers(voice.producers.clone()));
    any_of(offices.into_iter().chain(own))
}

fn case(case: &Case, veil: &Veil) -> Condition {
    let mut parts: Vec<Condition> = Vec::new();
    if !case.rulebooks.is_empty() {
        parts.push(Box::new(dossiers::rulebook_id.eq_any(case.rulebooks.clone())));
    }
    if !case.kinds.is_empty() && case.kinds.len() < DossierKind::ALL.len() {
        parts.push(Box::new(dossiers::kind.eq_any(case.kinds.clone())));
    }
    if !case.statuses.is_empty() {
        parts.push(veil.in_one_of(case.statuses.clone()));
    }
    if !case.desks.is_empty() {
        parts.push(Box::new(dossiers::level.eq_any(case.desks.clone())));
    }
    all_of(parts)
}

/// The cases of each voice, where it speaks. Nothing in it is unknown to the caller.
pub(super) fn shares(shares: &[(Voice, Vec<Case>)], veil: &Veil) -> Condition {
    let any_case = |cases: &[Case]| any_of(cases.iter().map(|c| case(c, veil)));
    any_of(shares.iter().map(|(voice, cases)| all_of([spoken_for(voice), any_case(cases)])))
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
    pub(super) fn condition(&self, veil: &Veil) -> Condition {
        let mut parts: Vec<Condition> = self.words.iter().map(|w| named(w)).collect();
        if let Some(code) = &self.code {
            let begins = format!("{}%", escaped(code));
            let coded = dossiers::product_code.assume_not_null().like(begins).escape('\\');
            parts.push(Box::new(coded.or(dossiers::receipt_number.assume_not_null().eq(code.clone()))));
        }
        if let Some(status) = self.status {
            parts.push(veil.in_one_of(vec![status]));
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
