//! Workbooks (XLSX): the minutes with the record, the summary table by seat and the attendance; the summary
//! table alone; a single sheet.

use chrono::{Datelike, NaiveDate};
use rust_xlsxwriter::{
    DocProperties, ExcelDateTime, Format, FormatAlign, FormatBorder, Workbook, Worksheet, XlsxError,
};

use super::words;
use crate::error::{AppError, Result};
use crate::scoring::rules::minutes::{Minutes, MinutesDossier};
use crate::scoring::rules::record::SheetRecord;

/// Paper size A4, in the numbers of the format.
const A4: u8 = 9;

/// The whole workbook. The same record gives the same bytes.
///
/// # Errors
/// When a sheet cannot be written.
pub(in crate::scoring) fn minutes(record: &Minutes) -> Result<Vec<u8>> {
    let made = written("Biên bản họp Hội đồng", record.drawn_up_on, |book, styles| {
        record_sheet(book.add_worksheet(), record, styles)?;
        table_sheet(book.add_worksheet(), record, styles)?;
        people_sheet(book.add_worksheet(), record, styles)
    });
    made.map_err(AppError::internal)
}

/// The summary table alone.
///
/// # Errors
/// When a sheet cannot be written.
pub(in crate::scoring) fn summary(record: &Minutes) -> Result<Vec<u8>> {
    let made = written("Bảng tổng hợp kết quả chấm điểm", record.drawn_up_on, |book, styles| {
        table_sheet(book.add_worksheet(), record, styles)
    });
    made.map_err(AppError::internal)
}

/// A single sheet: whose, about what, and the table with what was chosen.
///
/// # Errors
/// When a sheet cannot be written.
pub(in crate::scoring) fn sheet(record: &SheetRecord) -> Result<Vec<u8>> {
    let made = written("Phiếu đánh giá", record.submitted_on, |book, styles| {
        marks_sheet(book.add_worksheet(), record, styles)
    });
    made.map_err(AppError::internal)
}

type Done<T> = std::result::Result<T, XlsxError>;

struct Styles {
    title: Format,
    head: Format,
    text: Format,
    number: Format,
    bold: Format,
}

impl Styles {
    fn new() -> Self {
        let font = |f: Format| f.set_font_name("Times New Roman").set_font_size(11);
        let cell = |f: Format| font(f).set_border(FormatBorder::Thin).set_align(FormatAlign::Top).set_text_wrap();
        let centred = |f: Format| f.set_align(FormatAlign::Center);
        Self {
            title: font(Format::new()).set_bold().set_font_size(14).set_text_wrap(),
            head: centred(cell(Format::new()).set_bold()),
            text: cell(Format::new()),
            number: centred(cell(Format::new())),
            bold: font(Format::new()).set_bold().set_text_wrap(),
        }
    }
}

/// A text that no program takes for a formula.
fn plain(text: &str) -> String {
    match text.starts_with(['=', '+', '-', '@', '\t', '\r', '\n']) {
        true => format!("'{text}"),
        false => text.to_owned(),
    }
}

/// A workbook that bears this day, and no other moment.
fn written(title: &str, on: NaiveDate, fill: impl FnOnce(&mut Workbook, &Styles) -> Done<()>) -> Done<Vec<u8>> {
    let mut book = Workbook::new();
    let (month, day) = (u8::try_from(on.month()).unwrap_or(1), u8::try_from(on.day()).unwrap_or(1));
    let year = u16::try_from(on.year()).unwrap_or(1900);
    let made = ExcelDateTime::from_ymd(year, month, day)?;
    book.set_properties(&DocProperties::new().set_title(title).set_author("OCOP").set_creation_datetime(&made));
    fill(&mut book, &Styles::new())?;
    book.save_to_buffer()
}

fn page(sheet: &mut Worksheet, name: &str, widths: &[f64]) -> Done<()> {
    sheet.set_name(name)?.set_paper_size(A4).set_landscape().set_print_fit_to_pages(1, 0);
    for (column, width) in (0..).zip(widths) {
        sheet.set_column_width(column, *width)?;
    }
    Ok(())
}

/// Name and value, one a row.
fn record_sheet(sheet: &mut Worksheet, record: &Minutes, styles: &Styles) -> Done<()> {
    page(sheet, "Biên bản", &[34.0, 96.0])?;
    sheet.merge_range(0, 0, 0, 1, "BIÊN BẢN HỌP HỘI ĐỒNG ĐÁNH GIÁ, PHÂN HẠNG SẢN PHẨM OCOP", &styles.title)?;
    let council = &record.council;
    let presided = record.presided_by.and_then(|seat| person(record, seat)).unwrap_or_else(|| "–".to_owned());
    let quorum = record.quorum;
    let facts = [
        ("Hội đồng", council.name.clone()),
        ("Nơi", council.place.clone().unwrap_or_else(|| "Trung ương".to_owned())),
        ("Quyết định thành lập", format!("{} ngày {}", council.decision_number, words::day(council.decided_on))),
        ("Ngày họp", words::day(record.held_on)),
        ("Hình thức", words::form(record.form).to_owned()),
        ("Bắt đầu chấm", record.opened_at.clone().unwrap_or_else(|| "–".to_owned())),
        ("Kết thúc chấm", record.closed_at.clone().unwrap_or_else(|| "–".to_owned())),
        (
            "Báo cáo của Tổ tư vấn",
            record.report.as_ref().map_or("–".to_owned(), |(n, on)| format!("{n} ngày {}", words::day(*on))),
        ),
        ("Chủ trì", presided),
        (
            "Số thành viên tham gia",
            format!("{} trên {} thành viên chấm điểm (cần ít nhất {})", quorum.present, quorum.seats, quorum.needed),
        ),
        ("Số hồ sơ", record.dossiers.len().to_string()),
    ];
    let mut row = 2;
    for (name, value) in facts {
        sheet.write_string_with_format(row, 0, name, &styles.bold)?;
        sheet.write_string_with_format(row, 1, plain(&value), &styles.text)?;
        row += 1;
    }
    row += 1;
    sheet.write_string_with_format(row, 0, "Xung đột lợi ích", &styles.bold)?;
    if record.conflicts.is_empty() {
        sheet.write_string_with_format(row, 1, "Không có", &styles.text)?;
        row += 1;
    }
    for conflict in &record.conflicts {
        let who = person(record, conflict.seat).unwrap_or_default();
        let line = format!("Hồ sơ {}: {who}, không tham gia – {}", conflict.dossier, conflict.reason);
        sheet.write_string_with_format(row, 1, plain(&line), &styles.text)?;
        row += 1;
    }
    sheet.write_string_with_format(row + 1, 0, "Ý kiến khác", &styles.bold)?;
    let remarks = if record.remarks.trim().is_empty() { "Không có" } else { record.remarks.as_str() };
    sheet.write_string_with_format(row + 1, 1, plain(remarks), &styles.text)?;
    sheet.write_string_with_format(row + 3, 0, "THƯ KÝ", &styles.bold)?;
    sheet.write_string_with_format(row + 3, 1, "CHỦ TRÌ PHIÊN HỌP", &styles.bold)?;
    sheet.write_string_with_format(row + 4, 0, "(ký, ghi rõ họ tên)", &styles.text)?;
    sheet.write_string_with_format(row + 4, 1, "(ký, ghi rõ họ tên)", &styles.text)?;
    Ok(())
}

fn person(record: &Minutes, seat: i32) -> Option<String> {
    let people = record.attendance.iter().flat_map(|o| &o.people);
    people.into_iter().find(|p| p.seat == seat).map(|p| format!("{} (ghế {seat}, {})", p.name, words::role(p)))
}

/// One dossier a row, one seat a column.
fn table_sheet(sheet: &mut Worksheet, record: &Minutes, styles: &Styles) -> Done<()> {
    let mut seats: Vec<i32> = record.dossiers.iter().flat_map(|d| d.totals.iter().map(|(seat, _)| *seat)).collect();
    seats.sort_unstable();
    seats.dedup();
    let first = ["TT", "Mã số", "Sản phẩm", "Chủ thể", "Bộ", "Lượt"];
    let last = ["Trung bình", "Chênh lệch", "Kết luận", "Yêu cầu tối thiểu", "Ý kiến khác", "Bước tiếp theo"];
    let mut widths = vec![5.0, 18.0, 28.0, 28.0, 7.0, 6.0];
    widths.extend(seats.iter().map(|_| 8.0));
    widths.extend([14.0, 12.0, 22.0, 40.0, 40.0, 48.0]);
    page(sheet, "Bảng tổng hợp", &widths)?;
    sheet.set_repeat_rows(0, 0)?.set_freeze_panes(1, 3)?;
    let heads = first.iter().map(|h| (*h).to_owned());
    let heads = heads.chain(seats.iter().map(|s| format!("Ghế {s}"))).chain(last.iter().map(|h| (*h).to_owned()));
    for (column, head) in (0..).zip(heads) {
        sheet.write_string_with_format(0, column, head, &styles.head)?;
    }
    for (row, dossier) in (1..).zip(&record.dossiers) {
        table_row(sheet, row, dossier, &seats, styles)?;
    }
    Ok(())
}

fn table_row(sheet: &mut Worksheet, row: u32, dossier: &MinutesDossier, seats: &[i32], styles: &Styles) -> Done<()> {
    sheet.write_number_with_format(row, 0, dossier.ordinal, &styles.number)?;
    let texts = [dossier.product_code.as_deref().unwrap_or("–"), &dossier.product, &dossier.producer, &dossier.set];
    for (column, text) in (1..).zip(texts) {
        sheet.write_string_with_format(row, column, plain(text), &styles.text)?;
    }
    sheet.write_number_with_format(row, 5, dossier.scoring_round, &styles.number)?;
    let mut column = 6;
    for seat in seats {
        match dossier.totals.iter().find(|(s, _)| s == seat) {
            // Totals lie between 0 and 100.
            Some((_, Some(total))) => {
                sheet.write_number_with_format(row, column, i32::try_from(*total).unwrap_or(0), &styles.number)?
            }
            Some((_, None)) => sheet.write_string_with_format(row, column, "dừng", &styles.number)?,
            None => sheet.write_string_with_format(row, column, "–", &styles.number)?,
        };
        column += 1;
    }
    let found = dossier.found.as_ref();
    let or_none = |text: Option<String>| text.unwrap_or_else(|| "–".to_owned());
    let texts = [
        or_none(found.map(|f| words::mean(f.mean))),
        or_none(found.map(|f| words::spread(f.spread))),
        words::conclusion(dossier),
        or_none(found.map(words::minima)),
        or_none(found.map(words::dissent)),
        or_none(found.map(|f| f.next_step.vi.clone())),
    ];
    for text in texts {
        sheet.write_string_with_format(row, column, plain(&text), &styles.text)?;
        column += 1;
    }
    Ok(())
}

/// Everybody who sits in the council, by organisation.
fn people_sheet(sheet: &mut Worksheet, record: &Minutes, styles: &Styles) -> Done<()> {
    page(sheet, "Thành viên", &[44.0, 8.0, 30.0, 36.0, 30.0, 12.0])?;
    sheet.set_repeat_rows(0, 0)?;
    let heads = ["Cơ quan, đơn vị", "Ghế", "Họ tên", "Chức vụ", "Trong Hội đồng", "Tham gia"];
    for (column, head) in (0..).zip(heads) {
        sheet.write_string_with_format(0, column, head, &styles.head)?;
    }
    let mut row = 1;
    for office in &record.attendance {
        for person in &office.people {
            sheet.write_string_with_format(row, 0, plain(&office.organisation), &styles.text)?;
            sheet.write_number_with_format(row, 1, person.seat, &styles.number)?;
            sheet.write_string_with_format(row, 2, plain(&person.name), &styles.text)?;
            sheet.write_string_with_format(row, 3, plain(&person.title), &styles.text)?;
            sheet.write_string_with_format(row, 4, words::role(person), &styles.text)?;
            let there = if person.present { "có" } else { "vắng" };
            sheet.write_string_with_format(row, 5, there, &styles.number)?;
            row += 1;
        }
    }
    Ok(())
}

/// What a sheet is about, and its table: one line a row.
fn marks_sheet(sheet: &mut Worksheet, record: &SheetRecord, styles: &Styles) -> Done<()> {
    page(sheet, "Phiếu đánh giá", &[9.0, 56.0, 9.0, 11.0, 56.0, 9.0, 40.0])?;
    sheet.merge_range(0, 0, 0, 6, "PHIẾU ĐÁNH GIÁ SẢN PHẨM OCOP", &styles.title)?;
    let mut row = 2;
    for (name, value) in words::sheet_head(record) {
        sheet.merge_range(row, 0, row, 1, name, &styles.bold)?;
        sheet.merge_range(row, 2, row, 6, &plain(&value), &styles.text)?;
        row += 1;
    }
    row += 1;
    sheet.set_repeat_rows(row, row)?;
    let heads = ["Mã", "Tiêu chí", "Tối đa", "Lựa chọn", "Nội dung lựa chọn", "Điểm", "Ghi chú"];
    for (column, head) in (0..).zip(heads) {
        sheet.write_string_with_format(row, column, head, &styles.head)?;
    }
    for line in &record.lines {
        row += 1;
        let style = if line.chosen.is_some() { &styles.text } else { &styles.bold };
        sheet.write_string_with_format(row, 0, plain(&line.code), style)?;
        sheet.write_string_with_format(row, 1, plain(&line.title.vi), style)?;
        sheet.write_number_with_format(row, 2, i32::try_from(line.max_points).unwrap_or(0), &styles.number)?;
        let Some(chosen) = &line.chosen else { continue };
        sheet.write_string_with_format(row, 3, words::option(chosen), &styles.number)?;
        sheet.write_string_with_format(row, 4, plain(&words::says(chosen)), &styles.text)?;
        sheet.write_number_with_format(row, 5, i32::try_from(chosen.points).unwrap_or(0), &styles.number)?;
        sheet.write_string_with_format(row, 6, plain(chosen.comment.as_deref().unwrap_or("")), &styles.text)?;
    }
    row += 2;
    sheet.merge_range(row, 0, row, 1, "Kết quả", &styles.bold)?;
    sheet.merge_range(row, 2, row, 6, &plain(&words::sheet_total(record)), &styles.text)?;
    sheet.merge_range(row + 1, 0, row + 1, 1, "Ý kiến của người đánh giá", &styles.bold)?;
    sheet.merge_range(row + 1, 2, row + 1, 6, &plain(&record.opinion), &styles.text)?;
    Ok(())
}
