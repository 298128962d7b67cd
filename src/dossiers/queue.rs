//! The work queue: what waits for the caller, by the nearest deadline, and how much of it there is.
//! Page and counts are one reading of one moment, made of the same conditions.

use std::collections::HashMap;

use chrono::NaiveDate;

use super::dto::{Bucket, ListExpansion, QueueCounts, QueueItem, QueuePage, QueueQuery, StatusCount};
use super::model::Dossier;
use super::rules::{BookToday, Case, Status, desks_below, turns, waiting_on_desk};
use super::store::{self, Filter, Part, Urgency, Veil};
use super::voices::{self, Voice};
use super::{moving, search, show, untold};
use crate::db::Ctx;
use crate::error::Result;
use crate::ids::{DossierId, RulebookId};
use crate::places;
use crate::rulebook::{self, StoredRulebook};
use crate::web::{Page, page};

/// The rulebooks with what a queue of today needs to know of them.
pub(super) fn books_today(cx: &mut Ctx<'_>, books: &[StoredRulebook]) -> Result<Vec<BookToday>> {
    let (calendar, today) = (places::calendar(cx)?, cx.today());
    let of = |b: &StoredRulebook| BookToday {
        id: b.id,
        pattern: b.book.regime(today).ok().map(|r| r.pattern),
        near_until: calendar.about_working_days(today, b.book.parameters.near_deadline_days),
    };
    Ok(books.iter().map(of).collect())
}

/// What the caller's voices share in, by part of the queue.
struct Desk {
    mine: Vec<(Voice, Vec<Case>)>,
    waiting: Vec<(Voice, Vec<Case>)>,
    below: Vec<(Voice, Vec<Case>)>,
    books: Vec<BookToday>,
    veil: Veil,
}

impl Desk {
    fn of(voices: &[Voice], books: Vec<BookToday>, veil: Veil) -> Self {
        let share = |cases: &dyn Fn(&Voice) -> Vec<Case>| voices.iter().map(|v| (v.clone(), cases(v))).collect();
        Self {
            mine: share(&|v| turns(v.party, &books)),
            waiting: share(&|v| waiting_on_desk(v.party)),
            below: share(&|v| desks_below(v.party, &books)),
            books,
            veil,
        }
    }

    fn part<'a>(&'a self, bucket: Bucket, narrowed: &'a Filter) -> Part<'a> {
        let shares = match bucket {
            Bucket::Mine | Bucket::Near | Bucket::Overdue => &self.mine,
            Bucket::WaitingForProducer => &self.waiting,
            Bucket::Escalated => &self.below,
        };
        Part { shares, books: &self.books, narrowed, veil: &self.veil }
    }
}

/// Which of the dossiers of its part a bucket holds.
fn urgency(bucket: Bucket) -> Urgency {
    match bucket {
        Bucket::Mine | Bucket::WaitingForProducer => Urgency::Any,
        Bucket::Near => Urgency::Near,
        Bucket::Overdue | Bucket::Escalated => Urgency::Overdue,
    }
}

/// A page of a part of the caller's queue, and how many there are in each part. To be read in one
/// snapshot.
pub(super) fn page(cx: &mut Ctx<'_>, query: &QueueQuery) -> Result<QueuePage> {
    let limit = page::limit(query.limit)?;
    let expand = page::words("expand", query.expand.as_deref(), ListExpansion::ALL)?;
    let after: Option<(NaiveDate, DossierId)> = page::read_cursor(query.cursor.as_deref())?;
    let narrowed = Filter {
        status: query.status,
        kind: query.kind,
        place: query.place,
        set: search::text("set", query.set.as_deref())?,
        ..Filter::default()
    };
    let bucket = query.bucket.unwrap_or(Bucket::Mine);
    let voices = voices::of_caller(cx)?;
    let books = rulebook::all(cx)?;
    let desk = Desk::of(&voices, books_today(cx, &books)?, Veil::of(cx)?);
    let rows = store::waiting(cx, &desk.part(bucket, &narrowed), urgency(bucket), after, limit)?;
    let last: NaiveDate = store::NO_DEADLINE.parse().unwrap_or(NaiveDate::MAX);
    let page = Page::cut(rows, limit, |row| (row.deadline_paused.unwrap_or(last), row.id));
    let rows = untold::all_as_told(cx, page.data)?;
    let counts = counts(cx, &desk, bucket, &narrowed)?;
    Ok(QueuePage { data: items(cx, &voices, &books, &rows, &expand)?, page: page.page, counts })
}

/// How much each bucket holds, and the one that is asked for by status: the rows of each part are read once.
/// A status that narrows the list narrows these counts too, but not those by status.
fn counts(cx: &mut Ctx<'_>, desk: &Desk, asked: Bucket, narrowed: &Filter) -> Result<QueueCounts> {
    let any_status = Filter { status: None, ..narrowed.clone() };
    let mut tally = |bucket: Bucket| store::tally(cx, &desk.part(bucket, &any_status));
    let (mine, waiting) = (tally(Bucket::Mine)?, tally(Bucket::WaitingForProducer)?);
    let below = tally(Bucket::Escalated)?;
    let of = |bucket: Bucket, status: Status| {
        let tallies = match bucket {
            Bucket::Mine | Bucket::Near | Bucket::Overdue => &mine,
            Bucket::WaitingForProducer => &waiting,
            Bucket::Escalated => &below,
        };
        tallies.get(&status).map_or(0, |t| t.of(urgency(bucket)))
    };
    let wanted = || Status::ALL.iter().filter(|s| narrowed.status.is_none_or(|one| one == **s));
    let count = |bucket: Bucket| wanted().map(|s| of(bucket, *s)).sum();
    let by_status = Status::ALL.iter().map(|s| (*s, of(asked, *s))).filter(|(_, count)| *count > 0);
    Ok(QueueCounts {
        mine: count(Bucket::Mine),
        near: count(Bucket::Near),
        overdue: count(Bucket::Overdue),
        waiting_for_producer: count(Bucket::WaitingForProducer),
        escalated: count(Bucket::Escalated),
        by_status: by_status.map(|(s, count)| StatusCount { status: show::status(s), count }).collect(),
    })
}

/// The rows with what the caller may do.
fn items(
    cx: &mut Ctx<'_>,
    voices: &[Voice],
    books: &[StoredRulebook],
    rows: &[Dossier],
    expand: &[ListExpansion],
) -> Result<Vec<QueueItem>> {
    let parties = voices::parties(cx, voices, rows)?;
    let known: HashMap<RulebookId, &StoredRulebook> = books.iter().map(|b| (b.id, b)).collect();
    let summaries = show::summaries(cx, rows, expand)?;
    let mut items = Vec::new();
    for ((row, dossier), mine) in rows.iter().zip(summaries).zip(parties) {
        let open_actions = match (row.filed_on, known.get(&row.rulebook_id)) {
            // A draft follows the law of the day on which it will be filed.
            (None, _) => {
                moving::book_of(cx, row).map_or_else(|_| Vec::new(), |b| show::actions(&b, row, cx.today(), &mine))
            }
            (Some(_), Some(stored)) => show::actions(&stored.book, row, cx.today(), &mine),
            (Some(_), None) => Vec::new(),
        };
        items.push(QueueItem { dossier, open_actions });
    }
    Ok(items)
}
