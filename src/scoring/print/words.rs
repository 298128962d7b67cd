//! The sentences that the workbook and the page share, in Vietnamese as an official paper is.

use chrono::NaiveDate;

use crate::scoring::rules::minutes::{MinutesDossier, MinutesFinding, MinutesPerson};
use crate::scoring::rules::record::{Chosen, SheetRecord};
use crate::scoring::rules::{Form, Mean};
use crate::text::Lang;

pub(super) fn day(on: NaiveDate) -> String {
    on.format("%d/%m/%Y").to_string()
}

pub(super) fn form(form: Form) -> &'static str {
    match form {
        Form::InPerson => "họp trực tiếp",
        Form::WrittenOpinions => "lấy ý kiến bằng văn bản",
    }
}

/// Two decimals, and the fraction where those do not say all.
pub(super) fn mean(mean: Option<Mean>) -> String {
    match mean {
        None => "–".to_owned(),
        Some(m) if m.shown_in_full() => m.shown(Lang::Vi),
        Some(m) => format!("{} ({}/{})", m.shown(Lang::Vi), m.sum, m.sheets),
    }
}

pub(super) fn spread(spread: Option<(i64, i64)>) -> String {
    spread.map_or_else(|| "–".to_owned(), |(high, low)| format!("{} ({high}–{low})", high - low))
}

/// What was concluded about a dossier.
pub(super) fn conclusion(dossier: &MinutesDossier) -> String {
    match &dossier.found {
        _ if dossier.withheld => "Người đọc không được xem do xung đột lợi ích".to_owned(),
        None => format!("Rút khỏi phiên họp: {}", dossier.reason.as_deref().unwrap_or("–")),
        Some(f) if f.rejected => "Loại, không xếp sao".to_owned(),
        Some(f) if f.stars == 0 => "Không xếp sao".to_owned(),
        Some(f) if f.stars < f.stars_by_band => {
            format!("{} sao (điểm đạt {} sao, thiếu yêu cầu tối thiểu)", f.stars, f.stars_by_band)
        }
        Some(f) => format!("{} sao", f.stars),
    }
}

/// The minima that do not hold, and those that the chair settled.
pub(super) fn minima(found: &MinutesFinding) -> String {
    let told = found.minima.iter().filter(|m| !m.holds || m.concluded.is_some());
    let one = |m: &crate::scoring::rules::MinimumFinding| {
        let verdict = if m.holds { "đạt" } else { "không đạt" };
        let settled = m.concluded.as_ref().map(|r| format!("; chủ tịch kết luận: {r}")).unwrap_or_default();
        format!("Tiêu chí {} ({} sao): {}/{} phiếu, {verdict}{settled}", m.criterion, m.star, m.reached, m.sheets)
    };
    let all: Vec<String> = told.map(one).collect();
    if all.is_empty() { "Đạt đủ yêu cầu tối thiểu".to_owned() } else { all.join(". ") }
}

/// The sheets that by themselves give another star, the chair's word on a knock-out, a close result.
pub(super) fn dissent(found: &MinutesFinding) -> String {
    let mut out: Vec<String> = Vec::new();
    for one in &found.dissent {
        let star = if one.stars == 0 { "không xếp sao".to_owned() } else { format!("{} sao", one.stars) };
        let said = if one.opinion.trim().is_empty() { String::new() } else { format!(" – {}", one.opinion) };
        out.push(format!("{}: {star}{said}", one.seat));
    }
    if let Some(concluded) = &found.knock_out {
        let verdict = if concluded.reject { "loại" } else { "không loại" };
        out.push(format!("Chủ tịch kết luận {verdict}: {}", concluded.reason));
    }
    if found.sensitive {
        out.push("Kết quả sát ngưỡng: bỏ một phiếu là số sao hoặc kết luận khác".to_owned());
    }
    if out.is_empty() { "Không có".to_owned() } else { out.join(". ") }
}

pub(super) fn role(person: &MinutesPerson) -> String {
    let vote = if person.votes { "" } else { ", không chấm điểm" };
    format!("{}{vote}", person.office.label().vi)
}

/// What a sheet is about: name and value.
pub(super) fn sheet_head(record: &SheetRecord) -> Vec<(&'static str, String)> {
    let code = record.product_code.clone().unwrap_or_else(|| "chưa có mã".to_owned());
    let round = if record.scoring_round > 1 { format!(", lượt {}", record.scoring_round) } else { String::new() };
    vec![
        (
            "Hội đồng",
            format!("{} (Quyết định {} ngày {})", record.council, record.decision_number, day(record.decided_on)),
        ),
        ("Ngày họp", format!("{}{round}", day(record.held_on))),
        ("Tên sản phẩm", record.product.clone()),
        ("Mã số sản phẩm", code),
        ("Tên chủ thể", record.producer.clone()),
        ("Địa chỉ", record.address.clone()),
        ("Bộ tiêu chí", format!("{} – {}", record.set, record.set_name.vi)),
        ("Người đánh giá", format!("{} (ghế {})", record.member, record.seat)),
    ]
}

/// The option of a line.
pub(super) fn option(chosen: &Chosen) -> &str {
    chosen.option.as_deref().unwrap_or("không")
}

/// What the option says.
pub(super) fn says(chosen: &Chosen) -> String {
    chosen.says.as_ref().map_or_else(|| "Không có lựa chọn phù hợp".to_owned(), |l| l.vi.clone())
}

/// What a sheet comes to.
pub(super) fn sheet_total(record: &SheetRecord) -> String {
    match (&record.knock_out, record.total) {
        (Some(found), _) => format!("Loại tại {}: {}", found.at, found.reason),
        (None, Some(total)) => format!("{total} điểm"),
        (None, None) => "–".to_owned(),
    }
}
