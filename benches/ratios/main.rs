//! What the service costs beside the least it could cost, on both engines, as ratios in one run:
//! `cargo bench` (PostgreSQL joins in when `OCOP_TEST_DATABASE_URL` names a server).
//!
//! Every ratio is the median of paired windows: the service and its yardstick take turns, so that
//! what else the machine does meets both. `OCOP_BENCH_PRODUCTS` (5000), `OCOP_BENCH_DOSSIERS`
//! (100000) and `OCOP_BENCH_WINDOW_MS` (700) set the size; `cargo bench -- reads desks` measures some parts only
//! (rules, papers, reads, writes, uploads, desks, sessions). The table goes to the terminal; `docs/performance.md` keeps one of them.
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a benchmark stops where something is not as it says")]

mod council;
mod load;
mod papers;
mod queue;
mod raw;
mod scoring;
mod service;
mod stock;
mod uploads;

use std::time::Duration;

use load::{Request, Target};
use service::{Engine, Service};

/// Pairs of windows behind each ratio.
const PAIRS: usize = 7;

fn window() -> Duration {
    Duration::from_millis(setting("OCOP_BENCH_WINDOW_MS", 700))
}

fn setting(name: &str, usual: u64) -> u64 {
    std::env::var(name).ok().and_then(|v| v.parse().ok()).unwrap_or(usual)
}

/// One line of the table.
struct Line {
    engine: String,
    what: &'static str,
    beside: &'static str,
    ours: String,
    theirs: String,
    ratio: String,
}

fn main() {
    // `cargo bench -- --list` and the like ask for names only.
    if std::env::args().any(|a| a == "--list") {
        return;
    }
    // `cargo bench -- desks sessions` measures these parts only; cargo adds words of its own that begin with dashes.
    let parts: Vec<String> = std::env::args().skip(1).filter(|a| !a.starts_with('-')).collect();
    let wanted = |part: &str| parts.is_empty() || parts.iter().any(|p| p == part);
    let (mut lines, mut facts) = (Vec::new(), Vec::new());
    if wanted("rules") {
        lines.extend(scoring::lines());
    }
    if wanted("papers") {
        facts.push(papers::fact());
    }
    for engine in Engine::all() {
        eprintln!("{}: {} products", engine.name(), products());
        let (fresh, again) = engine.start_ups();
        facts.push(format!(
            "{}: start-up {:.1} s on a new database, {:.2} s on an existing one",
            engine.name(),
            fresh,
            again
        ));
        let stocked = stock::fill(&engine, products());
        let service = Service::start(&engine);
        facts.push(memory(&engine, &service, &stocked));
        let bearer = service.sign_in(&engine, &stocked.commune);
        if wanted("reads") {
            lines.extend(reads(&engine, &service, &stocked));
        }
        if wanted("writes") {
            lines.push(writes(&engine, &service, &stocked, &bearer));
        }
        if wanted("uploads") {
            let sender = uploads::sender(&engine, &service, &stocked);
            facts.push(uploads::memory(&engine, &service, &sender));
            lines.push(sent(&engine, &service, &sender));
        }
        if wanted("desks") {
            lines.extend(desks(&engine, &service, &stocked, &bearer));
        }
        if wanted("sessions") {
            let sitting = council::fill(&engine);
            lines.push(sessions(&engine, &service, &sitting));
            facts.push(council::marking(&engine, &service, &sitting));
        }
    }
    print(&lines, &facts);
}

fn products() -> usize {
    usize::try_from(setting("OCOP_BENCH_PRODUCTS", 5000)).unwrap()
}

fn memory(engine: &Engine, service: &Service, stocked: &stock::Stocked) -> String {
    let rest = service.resident_mb();
    let paths = [catalogue(), product(stocked, 0), verify(stocked, 0)];
    for n in 0..1000 {
        load::once(service.port, &Request::get(&paths[n % paths.len()]));
    }
    format!("{}: {rest:.0} MB resident when ready, {:.0} MB after 1,000 requests", engine.name(), service.resident_mb())
}

fn catalogue() -> String {
    "/v1/catalogue/products?limit=20".to_owned()
}

fn product(stocked: &stock::Stocked, n: usize) -> String {
    format!("/v1/catalogue/products/{}", stocked.products[n % stocked.products.len()])
}

fn verify(stocked: &stock::Stocked, n: usize) -> String {
    format!("/v1/verify/{}", stocked.numbers[n % stocked.numbers.len()])
}

/// Each public read: beside a bare handler that answers the same bytes, and beside the raw query.
fn reads(engine: &Engine, service: &Service, stocked: &stock::Stocked) -> Vec<Line> {
    let mut lines = Vec::new();
    // For a day that is named nothing is kept: the answer is made anew.
    let named = |n: usize| format!("{}?on=2026-11-01", verify(stocked, n));
    let kinds: [(&'static str, Vec<Request>, raw::Query); 4] = [
        ("catalogue page of 20", vec![Request::get(&catalogue())], raw::Query::Page),
        ("product by id", each(|n| product(stocked, n)), raw::Query::Product),
        ("verify a number", each(|n| verify(stocked, n)), raw::Query::Verify),
        ("verify a number, made anew", each(named), raw::Query::Verify),
    ];
    for (what, requests, query) in kinds {
        let answer = load::once(service.port, &requests[0]);
        assert!(answer.starts_with(b"HTTP/1.1 200"), "{what}: {}", String::from_utf8_lossy(&answer));
        let bare = service::bare(&answer);
        let here = Target { port: service.port, requests: &requests };
        let there = Target { port: bare.port, requests: &requests };
        let (ours, theirs, ratio) = paired(|| here.rate(window()), || there.rate(window()));
        lines.push(line(engine, what, "a bare handler with the same bytes", ours, theirs, ratio));
        let (ours, theirs, ratio) = paired(|| here.rate(window()), || raw::rate(engine, query, stocked, window()));
        lines.push(line(engine, what, "the raw query", ours, theirs, ratio));
    }
    lines.push(status_list(engine, service, stocked));
    lines
}

/// The list of 131,072 entries that says which certificates were revoked, as it is kept.
fn status_list(engine: &Engine, service: &Service, stocked: &stock::Stocked) -> Line {
    // The first credential of a certificate gives it its place in the list.
    let credential = format!("/v1/certificates/{}/credential", stocked.numbers[0]);
    let requests = [Request::get("/v1/credentials/status/revocation/1")];
    for request in [&Request::get(&credential), &requests[0]] {
        let answer = load::once(service.port, request);
        assert!(answer.starts_with(b"HTTP/1.1 200"), "{}", String::from_utf8_lossy(&answer));
    }
    let bare = service::bare(&load::once(service.port, &requests[0]));
    let target = |port| Target { port, requests: &requests };
    let (here, there) = (target(service.port), target(bare.port));
    let (ours, theirs, ratio) = paired(|| here.rate(window()), || there.rate(window()));
    line(engine, "status list of 131,072 entries", "a bare handler with the same bytes", ours, theirs, ratio)
}

fn each(path: impl Fn(usize) -> String) -> Vec<Request> {
    (0..500).map(|n| Request::get(&path(n * 7))).collect()
}

/// A durable write with its audit, outbox and idempotency rows, beside the same four rows by hand.
fn writes(engine: &Engine, service: &Service, stocked: &stock::Stocked, bearer: &str) -> Line {
    let place = stocked.place;
    let ours = || {
        let make = |n: usize| Request::post("/v1/producers", bearer, &service::producer(place, n));
        load::rate_of(service.port, &make, window())
    };
    let (ours, theirs, ratio) = paired(ours, || raw::writes(engine, place, window()));
    line(engine, "register a producer", "the same four rows by hand, one commit each", ours, theirs, ratio)
}

/// Documents of 20 MB, one after another, beside a plain copy of as many bytes with their hash.
fn sent(engine: &Engine, service: &Service, sender: &str) -> Line {
    let (ours, theirs) = uploads::rates(service, sender);
    let (ours, theirs, ratio) = paired(ours, theirs);
    let mut line = line(engine, "send a document of 20 MB", "a plain copy with SHA-256, flushed", ours, theirs, ratio);
    for rate in [&mut line.ours, &mut line.theirs] {
        *rate = rate.replace(" /s", " MB/s");
    }
    line
}

/// A work queue of 20 with counts over many dossiers of one commune, and one of them with everything
/// beside it; each beside the same SQL by hand.
fn desks(engine: &Engine, service: &Service, stocked: &stock::Stocked, bearer: &str) -> [Line; 2] {
    let count = usize::try_from(setting("OCOP_BENCH_DOSSIERS", 100_000)).unwrap();
    eprintln!("{}: {count} dossiers", engine.name());
    let lying = queue::fill(engine, stocked, count);
    let ask = |path: &str| vec![Request::get_as(path, bearer)];
    let (queue, full) = (ask(queue::QUEUE), ask(&queue::full(&lying)));
    for request in [&queue[0], &full[0]] {
        let answer = load::once(service.port, request);
        assert!(answer.starts_with(b"HTTP/1.1 200"), "{}", String::from_utf8_lossy(&answer));
    }
    let asked = |requests: &[Request]| Target { port: service.port, requests }.rate(window());
    let (ours, theirs, ratio) = paired(|| asked(&queue), || queue::queues(engine, &lying, window()));
    let first = line(engine, "queue of 20 with counts", "the same SQL by hand", ours, theirs, ratio);
    let (ours, theirs, ratio) = paired(|| asked(&full), || queue::fulls(engine, &lying, window()));
    [first, line(engine, "dossier with everything expanded", "the same SQL by hand", ours, theirs, ratio)]
}

/// What a council found for a hundred dossiers, in one answer, beside the rows that it is made of.
fn sessions(engine: &Engine, service: &Service, sitting: &council::Sitting) -> Line {
    let asked = [council::question(service, sitting)];
    let answer = load::once(service.port, &asked[0]);
    assert!(answer.starts_with(b"HTTP/1.1 200"), "{}", String::from_utf8_lossy(&answer));
    let target = Target { port: service.port, requests: &asked };
    let (ours, theirs, ratio) = paired(|| target.rate(window()), || council::by_hand(engine, sitting, window()));
    line(engine, "results of a session of 100 dossiers", "its rows by hand", ours, theirs, ratio)
}

/// Both in turn; the medians and the median of the ratios.
fn paired(ours: impl Fn() -> f64, theirs: impl Fn() -> f64) -> (f64, f64, f64) {
    let pairs: Vec<(f64, f64)> = (0..PAIRS)
        .map(|n| match n % 2 {
            0 => (ours(), theirs()),
            _ => {
                let second = theirs();
                (ours(), second)
            }
        })
        .collect();
    (
        median(pairs.iter().map(|p| p.0).collect()),
        median(pairs.iter().map(|p| p.1).collect()),
        median(pairs.iter().map(|p| p.0 / p.1).collect()),
    )
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

fn line(engine: &Engine, what: &'static str, beside: &'static str, ours: f64, theirs: f64, ratio: f64) -> Line {
    Line {
        engine: engine.name().to_owned(),
        what,
        beside,
        ours: rate(ours),
        theirs: rate(theirs),
        ratio: format!("{ratio:.2}"),
    }
}

fn rate(per_second: f64) -> String {
    if per_second < 20.0 { format!("{per_second:.1} /s") } else { format!("{per_second:.0} /s") }
}

fn print(lines: &[Line], facts: &[String]) {
    println!("| Engine | What | Beside | Service | Yardstick | Ratio |\n|---|---|---|---|---|---|");
    for l in lines {
        println!("| {} | {} | {} | {} | {} | {} |", l.engine, l.what, l.beside, l.ours, l.theirs, l.ratio);
    }
    println!();
    for fact in facts {
        println!("- {fact}");
    }
}
