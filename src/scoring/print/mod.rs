//! Minutes on paper and as a workbook: made from the frozen record alone, the same bytes each time.

pub(super) mod page;
pub(super) mod workbook;
mod words; // the sentences that both prints share

use crate::paper::{Sample, Template};
use crate::scoring::rules::minutes::Minutes;

/// The templates of this slice. Their samples are frozen records, as the service keeps them.
pub static TEMPLATES: [Template; 1] = [Template {
    name: page::TEMPLATE,
    about: ("Biên bản họp Hội đồng", "Minutes of a session of a council"),
    text: include_str!("../templates/minutes.typ"),
    samples: &[
        Sample { name: "long", text: include_str!("../templates/minutes.long.json") },
        Sample { name: "short", text: include_str!("../templates/minutes.short.json") },
    ],
    read: |text| serde_json::from_str(text).and_then(|m: Minutes| serde_json::to_value(page::Page::of(&m, None))),
}];
