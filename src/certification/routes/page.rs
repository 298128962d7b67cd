//! The page behind a printed number: the verdict first, readable on any phone, without a script.

use maud::{DOCTYPE, Markup, PreEscaped, html};

use crate::certification::dto::{UnitView, VerifiedDecision, VerifyView};
use crate::certification::rules::State;
use crate::error::AppError;
use crate::text::{self, Label, Lang, day};

const STYLE: &str = include_str!("page.css");

/// The page of a certificate, or of a product found by its code.
pub(super) fn certificate(view: &VerifyView, lang: Lang, demo: bool) -> String {
    let say = |vi: &'static str, en: &'static str| if lang == Lang::Vi { vi } else { en };
    let ended = !view.in_force;
    let title = format!("{} – {}", view.product.name, view.state_label.say(lang));
    let body = html! {
        div.(view.state.word()).ended[ended] {
            section.verdict {
                (mark(view.state))
                h1 { (headline(view.state).say(lang)) }
                p.since { (view.reason.say(lang)) "." }
                p { (view.conclusion.say(lang)) }
                @if let Some(number) = &view.superseded_by {
                    a.go href={ "/v/" (number) } { (say("Xem chứng nhận mới ", "See the new certificate ")) (number) }
                }
            }
            section.card {
                h2 { (view.product.name) }
                @if let Some(producer) = &view.producer { p.by { (producer.name) } }
                @if let Some(count) = view.stars {
                    p.stars { (stars(count)) " " span { (count) (say(" sao OCOP", "-star OCOP")) } }
                }
                @if view.potential_five && view.stars.is_some() {
                    p.by { (say(
                        "Tiềm năng 5 sao: kết quả từ 90 điểm đang chờ Trung ương đánh giá.",
                        "Potential five stars: a result of 90 or more awaits the centre.",
                    )) }
                }
            }
            section.card { dl {
                @if let Some(number) = &view.number {
                    (row(say("Số giấy chứng nhận", "Certificate number"), html! { span.number { (number) } }))
                }
                @if let (Some(from), Some(through)) = (view.issued_on, view.valid_through) {
                    (row(say("Hiệu lực", "Validity"), html! {
                        (day(from, lang)) " – " (day(through, lang))
                        @if let Some(until) = view.extended_through {
                            small { (say("Được kéo dài chậm nhất đến ", "Extended at most through ")) (day(until, lang)) }
                        }
                    }))
                }
                @if let Some(kind) = view.producer.as_ref().and_then(|p| p.type_label.as_ref()) {
                    (row(say("Loại hình chủ thể", "Type of producer"), html! { (kind.say(lang)) }))
                }
                @let (printed, then, now) = (&view.place.printed, names(&view.place.then), names(&view.place.current));
                @if !printed.is_empty() {
                    (row(say("Nơi sản xuất ghi trong quyết định", "Place as printed in the decision"), html! {
                        (printed)
                        @if !now.is_empty() && now != *printed { small { (say("Nay là: ", "Today: ")) (now) } }
                    }))
                } @else if !then.is_empty() {
                    (row(say("Nơi sản xuất", "Place"), html! {
                        (then)
                        @if !now.is_empty() && now != then { small { (say("Nay là: ", "Today: ")) (now) } }
                    }))
                }
                @let carried = match view.state {
                    State::PotentialFive => say("Quyết định phê duyệt kết quả", "Decision approving the result"),
                    _ => say("Quyết định công nhận", "Decision of recognition"),
                };
                (row(carried, decision(&view.decision, lang)))
                @if let Some(by) = &view.ended_by {
                    (row(say("Quyết định thu hồi", "Decision of revocation"), decision(by, lang)))
                }
                @if let Some(why) = &view.withdrawn_because {
                    (row(say("Lý do thu hồi", "Reason"), html! { (why) }))
                }
                @for line in &view.corrections {
                    (row(say("Đã đính chính", "Corrected"), html! { (line.label.say(lang)) small { (decision(&line.decision, lang)) } }))
                }
                @if !view.product.codes.is_empty() {
                    (row(say("Mã số sản phẩm", "Product code"), html! { (view.product.codes.join(", ")) }))
                }
            } }
        }
    };
    let foot = html! {
        p { (say("Kiểm tra ngày ", "Checked on ")) (day(view.checked_on, lang)) "." }
        @if let Some(assumes) = &view.assumes { p { (assumes.say(lang)) } }
        p { (say(
            "Hãy so tên sản phẩm, chủ thể và số sao ở đây với bao bì. Nếu khác, đừng coi hàng đó là sản phẩm ghi ở đây.",
            "Compare product, producer and stars with the package. If they differ, it is not the product shown here.",
        )) }
    };
    whole(&title, lang, demo, &body, &foot)
}

/// The page for a number that nothing bears.
pub(super) fn unknown(typed: &str, error: &AppError, lang: Lang, demo: bool) -> String {
    let say = |vi: &'static str, en: &'static str| if lang == Lang::Vi { vi } else { en };
    let (told, suggestion) = match error {
        AppError::Unknown { say, suggestion } => (say.clone(), suggestion.clone()),
        _ => (Label::new("", ""), None),
    };
    let shown: String = typed.chars().take(64).collect();
    let body = html! {
        div.unknown.ended {
            section.verdict {
                div.mark { svg viewBox="0 0 24 24" aria-hidden="true" {
                    path d="M8.5 9a3.5 3.5 0 1 1 5.6 2.8c-1.3 1-2.1 1.6-2.1 3.2" {} path d="M12 19.2v.1" {}
                } }
                h1 { (say("Không có số này", "This number is not known")) }
                p { (told.say(lang)) }
                @if let Some(number) = &suggestion {
                    a.go href={ "/v/" (number) } { (number) }
                }
            }
            section.card { dl { (row(say("Số đã tra", "The number asked for"), html! { span.number { (shown) } })) } }
        }
    };
    let foot = html! {
        p { (say(
            "Số giấy chứng nhận có dạng OCOP-86-2026-000123-1; mã số sản phẩm có dạng 84-845-29338-1-2021 hoặc 86-29242-3-2026.",
            "A certificate number looks like OCOP-86-2026-000123-1; a product code like 84-845-29338-1-2021 or 86-29242-3-2026.",
        )) }
    };
    whole(say("Không có số này", "Unknown number"), lang, demo, &body, &foot)
}

fn whole(title: &str, lang: Lang, demo: bool, body: &Markup, foot: &Markup) -> String {
    let (other, name) = match lang {
        Lang::Vi => ("en", "English"),
        Lang::En => ("vi", "Tiếng Việt"),
    };
    let page = html! {
        (DOCTYPE)
        html lang=(lang.tag()) {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="robots" content="noarchive";
                title { (title) " · OCOP" }
                style { (PreEscaped(STYLE)) }
            }
            body {
                header { b { "OCOP" } a href={ "?lang=" (other) } hreflang=(other) lang=(other) { (name) } }
                @if demo { p.demo role="note" { (text::demonstration().say(lang)) } }
                main { (body) }
                footer { (foot) }
            }
        }
    };
    page.into_string()
}

/// The verdict in the words of somebody who stands in a shop.
fn headline(state: State) -> Label {
    match state {
        State::Valid => Label::new("Chứng nhận còn hiệu lực", "Certificate valid"),
        State::Expiring => Label::new("Còn hiệu lực, sắp hết hạn", "Valid, ending soon"),
        State::Extended => Label::new("Còn hiệu lực, được kéo dài", "Valid, extended"),
        State::Expired => Label::new("Chứng nhận đã hết hạn", "Certificate expired"),
        State::Superseded => Label::new("Đã có chứng nhận mới", "Replaced by a new certificate"),
        State::Revoked => Label::new("Chứng nhận đã bị thu hồi", "Certificate revoked"),
        State::Withdrawn => Label::new("Công nhận đã bị thu hồi", "Recognition withdrawn"),
        State::NotYet => Label::new("Chứng nhận chưa có hiệu lực", "Not yet in force"),
        State::PotentialFive => {
            Label::new("Tiềm năng 5 sao, chưa được công nhận", "Potential five stars, not recognised yet")
        }
    }
}

/// A sign of its own for each state, so that colour is never the only difference.
fn mark(state: State) -> Markup {
    let paths: &[&str] = match state {
        State::Valid => &["M5 12.5l4.6 4.6L19 7.5"],
        State::Expiring => &["M12 6v6l4 2.5", "M12 2.8a9.2 9.2 0 1 1 0 18.4a9.2 9.2 0 1 1 0-18.4"],
        State::Extended => &["M5 12.5l4.6 4.6L19 7.5", "M3 21h18"],
        State::PotentialFive => &["M12 4v12", "M7 9l5-5l5 5", "M6 20h12"],
        State::Expired => &["M7 3h10M7 21h10", "M8 3c0 5 8 5.5 8 9s-8 4-8 9", "M16 3c0 5-8 5.5-8 9s8 4 8 9"],
        State::Superseded => &["M5 12h13", "M13 6l6 6-6 6"],
        State::NotYet => &["M6 12h.1M12 12h.1M18 12h.1"],
        State::Revoked | State::Withdrawn => &["M6 6l12 12M18 6L6 18"],
    };
    html! { div.mark { svg viewBox="0 0 24 24" aria-hidden="true" { @for p in paths { path d=(p) {} } } } }
}

fn row(name: &str, value: Markup) -> Markup {
    html! { div { dt { (name) } dd { (value) } } }
}

fn decision(row: &VerifiedDecision, lang: Lang) -> Markup {
    html! {
        @if let Some(number) = &row.number { (number) }
        @if let Some(on) = row.signed_on {
            (if lang == Lang::Vi { " ngày " } else { " of " }) (day(on, lang))
        }
        small { (row.authority_name) }
    }
}

/// Units with those above, as an address has them.
fn names(units: &[UnitView]) -> String {
    units.iter().map(|u| u.name.as_str()).collect::<Vec<_>>().join(", ")
}

fn stars(count: i32) -> String {
    "★".repeat(usize::try_from(count).unwrap_or(0).min(5))
}
