//! Minutes, summary tables and single sheets on paper and as workbooks: made from frozen records alone, the
//! same bytes each time.

pub(super) mod page;
pub(super) mod sheet;
pub(super) mod workbook;
mod words; // the sentences that the prints share

use crate::paper::{Sample, Template};
use crate::scoring::rules::minutes::Minutes;
use crate::scoring::rules::record::SheetRecord;

const MINUTES: &[Sample] = &[
    Sample { name: "long", text: include_str!("../templates/minutes.long.json") },
    Sample { name: "short", text: include_str!("../templates/minutes.short.json") },
];

fn minutes_page(text: &str) -> serde_json::Result<serde_json::Value> {
    serde_json::from_str(text).and_then(|m: Minutes| serde_json::to_value(page::Page::of(&m, None)))
}

/// The templates of this slice. Their samples are frozen records, as the service keeps them.
pub static TEMPLATES: [Template; 3] = [
    Template {
        name: page::TEMPLATE,
        about: ("Biên bản họp Hội đồng", "Minutes of a session of a council"),
        text: include_str!("../templates/minutes.typ"),
        samples: MINUTES,
        read: minutes_page,
    },
    Template {
        name: page::SUMMARY,
        about: ("Bảng tổng hợp kết quả chấm điểm", "Summary table of a session of a council"),
        text: include_str!("../templates/summary.typ"),
        samples: MINUTES,
        read: minutes_page,
    },
    Template {
        name: sheet::TEMPLATE,
        about: ("Phiếu đánh giá", "A single sheet of a council"),
        text: include_str!("../templates/sheet.typ"),
        samples: &[
            Sample { name: "long", text: include_str!("../templates/sheet.long.json") },
            Sample { name: "short", text: include_str!("../templates/sheet.short.json") },
        ],
        read: |text| {
            serde_json::from_str(text).and_then(|r: SheetRecord| serde_json::to_value(sheet::Page::of(&r, None)))
        },
    },
];
