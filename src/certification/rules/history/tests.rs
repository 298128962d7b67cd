//! Thirty lives and the days that matter in each.

use chrono::NaiveDate;

use super::super::{Ground, Revocation, valid_through};
use super::{CertificateFacts, Recognised, Validity, life};

fn d(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// `4@2023-05-31` recognises, and what follows it ends it: `x` revokes, `w` withdraws, `+` extends through a day.
fn read(history: &str) -> Vec<Recognised> {
    let mut all: Vec<Recognised> = Vec::new();
    for token in history.split_whitespace() {
        let (head, day) = token.split_at(token.len() - 10);
        match head {
            "x" => all.last_mut().unwrap().facts.revoked = Some(Revocation { on: d(day), ground: Ground::LawBroken }),
            "w" => all.last_mut().unwrap().facts.withdrawn_on = Some(d(day)),
            "+" => all.last_mut().unwrap().facts.extended_through = Some(d(day)),
            _ => {
                // As `settle` does: a later recognition ends the one before, unless an act ended it.
                let ended = |r: &&mut Recognised| r.facts.revoked.is_some() || r.facts.withdrawn_on.is_some();
                if let Some(before) = all.last_mut().filter(|r| !ended(r)) {
                    before.facts.superseded_on = Some(d(day));
                }
                let validity = Validity::default();
                let facts = CertificateFacts {
                    issued_on: d(day),
                    valid_through: valid_through(d(day), &validity).unwrap(),
                    extended_through: None,
                    revoked: None,
                    superseded_on: None,
                    withdrawn_on: None,
                };
                all.push(Recognised { stars: head.trim_end_matches('@').parse().unwrap(), facts, validity });
            }
        }
    }
    all
}

/// `day state stars`, or `day -` before the first recognition.
fn on(all: &[Recognised], day: &str) -> String {
    match life(all, d(day)).standing {
        None => format!("{day} -"),
        Some((of, standing)) => format!("{day} {} {}", standing.state, all[of].stars),
    }
}

/// A life, its days, and what has happened by 2035.
const LIVES: &[(&str, &[&str], &str)] = &[
    // Running out, on the expiry day and its neighbours.
    (
        "3@2023-05-31",
        &[
            "2023-05-30 -",
            "2023-05-31 valid 3",
            "2025-12-01 valid 3",
            "2025-12-02 expiring 3",
            "2026-05-30 expiring 3",
            "2026-05-31 expiring 3",
            "2026-06-01 expired 3",
        ],
        "recognised expired",
    ),
    ("4@2024-02-29", &["2027-02-28 expiring 4", "2027-03-01 expired 4"], "recognised expired"),
    ("5@2022-12-31", &["2025-12-31 expiring 5", "2026-01-01 expired 5"], "recognised expired"),
    ("4@2021-03-30", &["2024-03-29 expiring 4", "2024-03-30 expiring 4", "2024-03-31 expired 4"], "recognised expired"),
    // Recognised again before the end.
    (
        "3@2021-06-01 3@2024-05-20",
        &["2024-05-19 expiring 3", "2024-05-20 valid 3", "2024-06-02 valid 3", "2027-05-21 expired 3"],
        "recognised kept expired",
    ),
    (
        "3@2021-06-01 4@2022-12-30",
        &["2022-12-29 valid 3", "2022-12-30 valid 4", "2024-06-02 valid 4", "2025-12-31 expired 4"],
        "recognised upgraded expired",
    ),
    (
        "4@2021-06-01 3@2024-05-20",
        &["2024-05-19 expiring 4", "2024-05-20 valid 3", "2024-06-02 valid 3"],
        "recognised lowered expired",
    ),
    ("4@2021-06-01 5@2023-01-01", &["2022-12-31 valid 4", "2023-01-01 valid 5"], "recognised upgraded expired"),
    ("5@2021-06-01 4@2024-04-01", &["2024-03-31 expiring 5", "2024-04-01 valid 4"], "recognised lowered expired"),
    ("5@2021-06-01 5@2024-04-01", &["2024-04-01 valid 5", "2027-04-02 expired 5"], "recognised kept expired"),
    // On the last day itself, and on the day after it.
    ("3@2021-06-01 4@2024-06-01", &["2024-05-31 expiring 3", "2024-06-01 valid 4"], "recognised upgraded expired"),
    ("3@2021-06-01 3@2024-06-02", &["2024-06-01 expiring 3", "2024-06-02 valid 3"], "recognised kept expired"),
    // Again after a gap: down, the same, up.
    (
        "4@2020-03-30 3@2024-05-20",
        &["2023-03-30 expiring 4", "2023-03-31 expired 4", "2024-05-19 expired 4", "2024-05-20 valid 3"],
        "recognised expired lowered expired",
    ),
    ("3@2020-03-30 3@2024-05-20", &["2023-03-31 expired 3", "2024-05-20 valid 3"], "recognised expired kept expired"),
    (
        "3@2020-03-30 4@2024-05-20",
        &["2024-05-19 expired 3", "2024-05-20 valid 4"],
        "recognised expired upgraded expired",
    ),
    // Revoked: at once, on the last day, after the end.
    (
        "4@2023-05-31 x2025-03-01",
        &["2025-02-28 valid 4", "2025-03-01 revoked 4", "2026-06-01 revoked 4"],
        "recognised revoked",
    ),
    ("4@2023-05-31 x2023-05-31", &["2023-05-30 -", "2023-05-31 revoked 4"], "recognised revoked"),
    (
        "4@2023-05-31 x2026-05-31",
        &["2026-05-30 expiring 4", "2026-05-31 revoked 4", "2026-06-01 revoked 4"],
        "recognised revoked",
    ),
    ("4@2023-05-31 x2026-06-01", &["2026-05-31 expiring 4", "2026-06-01 revoked 4"], "recognised revoked"),
    ("4@2023-05-31 x2026-08-01", &["2026-07-31 expired 4", "2026-08-01 revoked 4"], "recognised expired revoked"),
    // Revoked and recognised again.
    (
        "4@2023-05-31 x2024-03-01 3@2025-07-01",
        &["2024-02-29 valid 4", "2024-03-01 revoked 4", "2025-06-30 revoked 4", "2025-07-01 valid 3"],
        "recognised revoked lowered expired",
    ),
    (
        "3@2021-06-01 4@2022-12-30 x2023-06-01",
        &["2023-05-31 valid 4", "2023-06-01 revoked 4", "2024-05-31 revoked 4"],
        "recognised upgraded revoked",
    ),
    // Withdrawn: the recognition is undone from its day, and the next is compared with the one before.
    (
        "4@2023-05-31 w2024-01-01",
        &["2023-12-31 valid 4", "2024-01-01 withdrawn 4", "2026-06-01 withdrawn 4"],
        "recognised withdrawn",
    ),
    (
        "3@2021-06-01 5@2022-12-30 w2023-06-01 4@2024-01-01",
        &["2023-05-31 valid 5", "2023-06-01 withdrawn 5", "2024-01-01 valid 4"],
        "recognised upgraded withdrawn upgraded expired",
    ),
    (
        "5@2022-12-30 w2023-06-01 4@2024-01-01",
        &["2023-06-01 withdrawn 5", "2024-01-01 valid 4"],
        "recognised withdrawn recognised expired",
    ),
    ("4@2023-05-31 w2024-01-01 x2024-02-01", &["2024-02-01 withdrawn 4"], "recognised withdrawn revoked"),
    // Extended under Điều 12.3.
    (
        "4@2023-06-10 +2026-12-07",
        &["2026-06-10 expiring 4", "2026-06-11 extended 4", "2026-12-07 extended 4", "2026-12-08 expired 4"],
        "recognised extended expired",
    ),
    (
        "4@2023-06-10 +2026-12-07 3@2026-09-01",
        &["2026-08-31 extended 4", "2026-09-01 valid 3", "2026-12-08 valid 3"],
        "recognised extended lowered expired",
    ),
    (
        "4@2023-06-10 +2026-12-07 x2026-08-01",
        &["2026-07-31 extended 4", "2026-08-01 revoked 4"],
        "recognised extended revoked",
    ),
    // A long life.
    (
        "3@2019-12-30 3@2022-11-01 4@2024-07-01 +2028-01-01 5@2027-09-15",
        &[
            "2022-10-31 expiring 3",
            "2022-11-01 valid 3",
            "2024-07-01 valid 4",
            "2027-07-01 expiring 4",
            "2027-07-02 extended 4",
            "2027-09-15 valid 5",
            "2030-09-16 expired 5",
        ],
        "recognised kept upgraded extended upgraded expired",
    ),
];

#[test]
fn thirty_lives_on_the_days_that_matter() {
    assert!(LIVES.len() >= 30, "{}", LIVES.len());
    let mut wrong = Vec::new();
    for (history, days, happened) in LIVES {
        let all = read(history);
        wrong.extend(days.iter().filter_map(|day| {
            let found = on(&all, &day[..10]);
            (found != *day).then(|| format!("{history}: {found}, not {day}"))
        }));
        let events: Vec<String> = life(&all, d("2035-01-01")).events.iter().map(|e| e.kind.to_string()).collect();
        if events.join(" ") != *happened {
            wrong.push(format!("{history}: {}, not {happened}", events.join(" ")));
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn a_day_knows_nothing_of_what_comes_after_it() {
    let all = read("3@2021-06-01 4@2022-12-30 x2023-06-01");
    let kinds = |day| life(&all, d(day)).events.iter().map(|e| e.kind.word()).collect::<Vec<_>>();
    assert_eq!(kinds("2021-05-31"), [""; 0]);
    assert_eq!(kinds("2022-12-29"), ["recognised"]);
    assert_eq!(kinds("2023-05-31"), ["recognised", "upgraded"]);
    assert_eq!(kinds("2023-06-01"), ["recognised", "upgraded", "revoked"]);
}
