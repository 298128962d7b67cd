//! The light page that a phone opens from a label.

use maud::{DOCTYPE, Markup, PreEscaped, html};

use super::dto::{AmountView, TraceView};
use crate::products::check::Read;
use crate::text::{self, Label, Lang};
use crate::web::Answer;

const STYLE: &str = "body{font:16px/1.5 system-ui,sans-serif;margin:0 auto;max-width:40rem;padding:1rem;color:#1b1b1b}\
h1{font-size:1.3rem}.state{border-radius:.5rem;padding:.75rem 1rem;margin:1rem 0}.good{background:#e3f4e4}\
.bad{background:#fbe3e1}dt{color:#555;font-size:.85rem}dd{margin:0 0 .5rem}ol{padding-left:1.2rem}li{margin:.4rem 0}.demo{background:#fff3cd;border-radius:.5rem;padding:.5rem 1rem}";

/// A page as an answer. A revocation shows at once: whoever keeps it asks again each time.
pub(super) fn answer(page: &Markup) -> Answer {
    Answer::bytes("text/html; charset=utf-8", page.0.clone().into_bytes()).revalidated()
}

fn frame(lang: Lang, demo: bool, title: &str, body: &Markup) -> Markup {
    html! {
        (DOCTYPE)
        html lang=(lang.tag()) {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { (title) " · OCOP" }
                style { (PreEscaped(STYLE)) }
            }
            body {
                @if demo { p.demo role="note" { (text::demonstration().say(lang)) } }
                main { (body) }
            }
        }
    }
}

/// A lot.
pub(super) fn lot(view: &TraceView, lang: Lang, demo: bool) -> Markup {
    let say = |vi: &str, en: &str| Label::new(vi, en).say(lang).to_owned();
    let certificate = &view.certificate;
    let standing = &certificate.standing;
    let tone = if standing.state.in_force() { "state good" } else { "state bad" };
    let body = html! {
        h1 { (view.product.name) }
        div class=(tone) role="status" {
            strong { (stars(certificate.stars)) " " (standing.state.label().say(lang)) }
            p { (standing.conclusion.say(lang)) }
            p { (standing.reason.say(lang)) " · " a href={ "/v/" (certificate.number) } { (certificate.number) } }
        }
        dl {
            @if let Some(producer) = &view.producer {
                dt { (say("Chủ thể", "Producer")) }
                dd {
                    (producer.name)
                    @if let Some(place) = &producer.place { br; (place) }
                }
            }
            dt { (say("Lô", "Lot")) } dd { (view.batch) " · " (view.code) }
            @if let Some(amount) = &view.amount { dt { (say("Số lượng", "Quantity")) } dd { (quantity(amount, lang)) } }
            @if let Some(day) = view.made_on { dt { (say("Ngày sản xuất", "Made on")) } dd { (day.format("%d/%m/%Y")) } }
            @if let Some(day) = view.expires_on { dt { (say("Hạn dùng", "Best before")) } dd { (day.format("%d/%m/%Y")) } }
        }
        h2 { (say("Hành trình", "Journey")) }
        @if view.events.is_empty() { p { (say("Chưa có sự kiện nào.", "No event yet.")) } }
        ol {
            @for event in &view.events {
                li {
                    strong { (event.label.say(lang)) } " · " (event.at.vietnam_day().format("%d/%m/%Y"))
                    br; (event.place) " · " (event.actor)
                    @if let Some(amount) = &event.amount { " · " (quantity(amount, lang)) }
                }
            }
        }
    };
    frame(lang, demo, &view.product.name, &body)
}

fn stars(count: i32) -> String {
    "★".repeat(usize::try_from(count).unwrap_or(0))
}

fn quantity(amount: &AmountView, lang: Lang) -> String {
    let number = match lang {
        Lang::Vi => amount.quantity.replace('.', ","),
        Lang::En => amount.quantity.clone(),
    };
    format!("{number} {}", amount.unit_label.say(lang))
}

/// A code that leads nowhere.
pub(super) fn unknown(read: &Read, lang: Lang, demo: bool) -> Markup {
    let say = |vi: &str, en: &str| Label::new(vi, en).say(lang).to_owned();
    let title = say("Không tìm thấy lô", "No such lot");
    let body = html! {
        h1 { (title) }
        @match read {
            Read::Suggest(code) => p { (say("Có phải mã này?", "Did you mean this code?")) " " a href={ "/t/" (code) } { (code) } },
            Read::Bad(reason) => p { (reason.label().say(lang)) },
            Read::Exact(_) => p {
                (say(
                    "Mã đúng dạng nhưng không có lô nào mang mã này. Hãy hỏi nơi bán và báo cho cán bộ xã.",
                    "The code is well formed, but no lot carries it. Ask the seller, and tell the commune's officer.",
                ))
            },
        }
    };
    frame(lang, demo, &title, &body)
}
