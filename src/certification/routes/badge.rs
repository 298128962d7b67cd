//! The star badge: a picture for web sites that shows the state as of now.

use maud::{PreEscaped, html};

use crate::certification::dto::VerifyView;
use crate::text::{self, Lang};

/// Five-pointed, of radius 9, around the origin.
const STAR: &str = "M0-9L2.6-3L9-2.6L4.1 1.6L5.6 7.9L0 4.5L-5.6 7.9L-4.1 1.6L-9-2.6L-2.6-3Z";
/// Width of a star with its space.
const STEP: i32 = 22;
/// Width beside the stars: the longest state and number stand below them in any common font.
const ROOM: i32 = 52;

/// Draws the badge: stars in gold while the certificate is in force, struck out and grey when not.
pub(super) fn draw(view: &VerifyView, lang: Lang, demo: bool) -> String {
    let stars = view.stars.unwrap_or(0).clamp(0, 5);
    let (tone, gold) = if view.in_force { ("#12703c", "#ffc83d") } else { ("#4d5560", "#aeb4bb") };
    let width = 74 + STEP * 5 + ROOM;
    let state = view.state_label.say(lang);
    let number = view.number.as_deref().or(view.product.codes.first().map(String::as_str)).unwrap_or_default();
    let told = match view.stars {
        Some(stars) => format!("OCOP {stars}★ – {} – {state} – {number}", view.product.name),
        None => format!("OCOP – {} – {state} – {number}", view.product.name),
    };
    let told = if demo { format!("{told} – {}", text::demonstration().say(lang)) } else { told };
    let strike = 74 + STEP * stars - 2;
    let picture = html! {
        svg xmlns="http://www.w3.org/2000/svg" width=(width) height="64" viewBox={ "0 0 " (width) " 64" }
            role="img" aria-label=(told) lang=(lang.tag()) {
            title { (told) }
            rect x=".5" y=".5" width=(width - 1) height="63" rx="9" fill="#fff" stroke=(tone) {}
            path d="M9.5 .5H64V63.5H9.5A9 9 0 0 1 .5 54.5V9.5A9 9 0 0 1 9.5 .5Z" fill=(tone) {}
            g font-family="system-ui,-apple-system,Segoe UI,Roboto,Noto Sans,sans-serif" {
                text x="32" y="37" fill="#fff" font-size="15" font-weight="700" text-anchor="middle" { "OCOP" }
                @for at in 0..5 {
                    path d=(STAR) transform={ "translate(" (85 + STEP * at) " 21)" }
                        fill=(if at < stars { gold } else { "none" }) stroke=(if at < stars { tone } else { "#c9ced3" }) {}
                }
                @if !view.in_force && stars > 0 { path d={ "M72 21H" (strike) } stroke="#b3201f" stroke-width="3" {} }
                text x="74" y="44" fill="#1d2320" font-size="11" font-weight="600" { (state) }
                text x="74" y="57" fill="#5b655f" font-size="9.5" { (number) }
                @if demo { text x=(width - 6) y="24" fill="#b3201f" font-size="9" text-anchor="end" { "DEMO" } }
            }
        }
    };
    // An SVG as a file of its own names its encoding.
    format!("{}{}", r#"<?xml version="1.0" encoding="UTF-8"?>"#, PreEscaped(picture.into_string()).0)
}
