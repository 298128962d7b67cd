//! Whose move it is, said of many dossiers at once, and how a deadline lies to today.

use chrono::NaiveDate;

use super::{Desk, Moment, Party, Status};
use crate::ids::RulebookId;
use crate::rulebook::{DossierKind, Pattern};

/// A rulebook as a queue of today needs it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BookToday {
    /// Which one.
    pub id: RulebookId,
    /// How the levels share the work today; none where the record does not say.
    pub pattern: Option<Pattern>,
    /// The last day that counts as near.
    pub near_until: NaiveDate,
}

/// Dossiers by what decides whose move it is. An empty list stands for all.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Case {
    /// Under these rulebooks.
    pub rulebooks: Vec<RulebookId>,
    /// Of these kinds.
    pub kinds: Vec<DossierKind>,
    /// In these statuses.
    pub statuses: Vec<Status>,
    /// On these desks.
    pub desks: Vec<Desk>,
}

/// The rulebooks of each pattern that any of them has today.
fn by_pattern(books: &[BookToday]) -> impl Iterator<Item = (Pattern, Vec<RulebookId>)> {
    let of = |pattern: Pattern| {
        let ids: Vec<RulebookId> = books.iter().filter(|b| b.pattern == Some(pattern)).map(|b| b.id).collect();
        (!ids.is_empty()).then_some((pattern, ids))
    };
    Pattern::ALL.iter().copied().filter_map(of)
}

/// When it is the move of a party, under the rulebooks that the dossiers pinned.
pub fn turns(party: Party, books: &[BookToday]) -> Vec<Case> {
    let mut cases: Vec<Case> = Vec::new();
    for (pattern, rulebooks) in by_pattern(books) {
        for kind in DossierKind::ALL {
            let theirs = |status: &Status| {
                *status != Status::Draft
                    && Moment { status: *status, pattern, kind: *kind }.whose_move().contains(&party)
            };
            let statuses: Vec<Status> = Status::ALL.iter().copied().filter(theirs).collect();
            match cases.iter_mut().find(|c| c.rulebooks == rulebooks && c.statuses == statuses) {
                _ if statuses.is_empty() => {}
                Some(same) => same.kinds.push(*kind),
                None => {
                    cases.push(Case { rulebooks: rulebooks.clone(), kinds: vec![*kind], statuses, ..Case::default() })
                }
            }
        }
    }
    // A draft is the producer's under any law: it is filed under the one of that day.
    if party == Party::Producer {
        cases.push(Case { statuses: vec![Status::Draft], ..Case::default() });
    }
    cases
}

/// The statuses in which everybody waits for the producer.
pub fn awaiting() -> Vec<Status> {
    Status::ALL.iter().copied().filter(|s| s.awaits_completion()).collect()
}

/// What waits for the producer on the desk of a party; of the producer himself, on any desk.
pub fn waiting_on_desk(party: Party) -> Vec<Case> {
    match (party, party.desk()) {
        (_, Some(desk)) => vec![Case { statuses: awaiting(), desks: vec![desk], ..Case::default() }],
        (Party::Producer, None) => vec![Case { statuses: awaiting(), ..Case::default() }],
        (_, None) => Vec::new(),
    }
}

/// The desks directly below the desk of a party.
pub fn desks_below(party: Party, books: &[BookToday]) -> Vec<Case> {
    let Some(own) = party.desk() else { return Vec::new() };
    let below = |(pattern, rulebooks): (Pattern, Vec<RulebookId>)| {
        let desks: Vec<Desk> = Desk::ALL.iter().copied().filter(|d| d.above(pattern) == Some(own)).collect();
        (!desks.is_empty()).then(|| Case { rulebooks, desks, ..Case::default() })
    };
    by_pattern(books).filter_map(below).collect()
}

crate::words! {
    /// How the nearest deadline, with pauses, lies to today.
    pub enum Due {
        /// No clock runs.
        None = "none",
        /// There is time.
        OnTime = "onTime",
        /// The last day is near.
        Near = "near",
        /// The last day is past.
        Overdue = "overdue",
        /// The clock stands still: the producer completes the dossier.
        Paused = "paused",
    }
}

/// How a deadline lies to today.
pub fn due(status: Status, deadline: Option<NaiveDate>, today: NaiveDate, near_until: NaiveDate) -> Due {
    match deadline {
        None => Due::None,
        Some(_) if status.awaits_completion() => Due::Paused,
        Some(day) if day < today => Due::Overdue,
        Some(day) if day <= near_until => Due::Near,
        Some(_) => Due::OnTime,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn books() -> Vec<BookToday> {
        let book = |n: u128, pattern| BookToday {
            id: RulebookId(uuid::Uuid::from_u128(n)),
            pattern,
            near_until: day("2026-06-04"),
        };
        vec![
            book(1, Some(Pattern::DistrictSelects)),
            book(2, Some(Pattern::ProvinceDirect)),
            book(3, Some(Pattern::ProvinceDirect)),
            book(4, None),
        ]
    }

    /// The cases say of every dossier what the table of moves says of it alone.
    #[test]
    fn cases_and_the_table_agree() {
        for party in Party::ALL {
            let cases = turns(*party, &books());
            for book in books() {
                for kind in DossierKind::ALL {
                    for status in Status::ALL {
                        let within = cases.iter().any(|c| {
                            (c.rulebooks.is_empty() || c.rulebooks.contains(&book.id))
                                && (c.kinds.is_empty() || c.kinds.contains(kind))
                                && c.statuses.contains(status)
                        });
                        let alone = match (book.pattern, status) {
                            (_, Status::Draft) => *party == Party::Producer,
                            (Some(pattern), status) => {
                                Moment { status: *status, pattern, kind: *kind }.whose_move().contains(party)
                            }
                            (None, _) => false,
                        };
                        assert_eq!(within, alone, "{party} {kind} {status} {:?}", book.pattern);
                    }
                }
            }
        }
    }

    #[test]
    fn the_province_is_above_the_commune_where_no_district_stands_between() {
        let below = desks_below(Party::Province, &books());
        let desks = |n: u128| {
            let id = RulebookId(uuid::Uuid::from_u128(n));
            below.iter().find(|c| c.rulebooks.contains(&id)).map(|c| c.desks.clone())
        };
        assert_eq!(desks(1), Some(vec![Desk::District]));
        // What a district still held when districts ended is told to the province too.
        assert_eq!(desks(2), Some(vec![Desk::Commune, Desk::District]));
        assert_eq!(desks(4), None);
        assert!(desks_below(Party::Producer, &books()).is_empty());
        assert_eq!(desks_below(Party::Central, &books()).len(), 2);
    }

    #[test]
    fn the_last_day_itself_is_near_and_a_pause_stops_the_clock() {
        let (today, near) = (day("2026-06-01"), day("2026-06-04"));
        let at = |status, text: &str| due(status, Some(day(text)), today, near);
        assert_eq!(at(Status::Submitted, "2026-05-31"), Due::Overdue);
        assert_eq!(at(Status::Submitted, "2026-06-01"), Due::Near);
        assert_eq!(at(Status::Submitted, "2026-06-04"), Due::Near);
        assert_eq!(at(Status::Submitted, "2026-06-05"), Due::OnTime);
        assert_eq!(at(Status::Returned, "2026-05-31"), Due::Paused);
        assert_eq!(due(Status::Draft, None, today, near), Due::None);
    }
}
