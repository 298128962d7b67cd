//! Certificates as papers: how many a core sets in a minute, and what the memory does meanwhile.

use std::time::Instant;

use ocop::app;
use ocop::paper::{Press, Sheet};
use serde_json::{Value, json};

/// Certificates that are set.
const PAPERS: usize = 1_000;

/// Sets certificates one after another on one thread, each with a number of its own.
pub fn fact() -> String {
    let press = Press::with_folder(None, app::templates());
    let template = app::templates().into_iter().find(|t| t.name == "certificate.typ").expect("the certificate");
    let sample: Value = serde_json::from_str(template.samples[0].text).unwrap();
    let of = |n: usize| {
        let mut data = sample.clone();
        let mut page = data["certificates"][0].take();
        page["number"] = json!(format!("OCOP-86-2026-{n:06}-2"));
        page["verify"] = json!(format!("https://ocop.example.vn/v/OCOP-86-2026-{n:06}-2"));
        data["certificates"] = json!([page]);
        // As the service gives it: the address becomes a QR code.
        let data = (template.read)(&data.to_string()).unwrap();
        Sheet::new(template.name, format!("certificates/{n}"), chrono::NaiveDate::default(), &data).unwrap()
    };
    // The first one reads the fonts.
    assert!(press.set(&of(0)).unwrap().starts_with(b"%PDF"));
    let (before, begun) = (crate::service::resident_mb(std::process::id()), Instant::now());
    let mut half = before;
    for n in 1..=PAPERS {
        assert!(press.set(&of(n)).unwrap().len() > 10_000);
        if n == PAPERS / 2 {
            half = crate::service::resident_mb(std::process::id());
        }
    }
    let per_minute = PAPERS as f64 / begun.elapsed().as_secs_f64() * 60.0;
    let after = crate::service::resident_mb(std::process::id());
    format!(
        "certificates: {per_minute:.0} a minute on one core (at least 100 are asked for); {before:.0} MB resident after the first, \
         {half:.0} after {}, {after:.0} after {PAPERS}",
        PAPERS / 2
    )
}
