//! The page that leads through an archive, for a person who opens it without this service.

use maud::{DOCTYPE, PreEscaped, html};
use serde_json::Value;

use super::{CONTENTS, Enclosed, KEYS, MANIFEST, SIGNATURES};
use crate::text::{Label, Lang};

/// Where it lies.
pub(super) const PATH: &str = "index.html";

const STYLE: &str = "body{font:16px/1.5 system-ui,sans-serif;margin:0 auto;max-width:60rem;padding:1rem;color:#1b1b1b}\
table{border-collapse:collapse;width:100%}td,th{border-bottom:1px solid #ddd;padding:.3rem .5rem;text-align:left;\
vertical-align:top}code{font-size:.8rem;word-break:break-all}dt{color:#555;font-size:.85rem}dd{margin:0 0 .5rem}";

/// The page.
pub(super) fn page(manifest: &Value, documents: &[Enclosed], lang: Lang) -> String {
    let say = |vi: &str, en: &str| Label::new(vi, en).say(lang).to_owned();
    let text = |value: &Value| value.as_str().unwrap_or("–").to_owned();
    let papers = manifest["papers"].as_array().map(Vec::as_slice).unwrap_or_default();
    let facts = [
        (say("Sản phẩm", "Product"), text(&manifest["product"]["name"])),
        (say("Chủ thể", "Producer"), text(&manifest["producer"]["name"])),
        (say("Mã số sản phẩm", "Product code"), text(&manifest["productCode"])),
        (say("Số tiếp nhận", "Receipt number"), text(&manifest["receiptNumber"])),
        (say("Bộ quy định", "Rulebook"), text(&manifest["rulebook"]["id"])),
        (say("Bộ tiêu chí", "Criteria set"), text(&manifest["criteriaSet"]["code"])),
        (say("Niêm phong lúc", "Sealed at"), text(&manifest["at"])),
        (say("Người thực hiện", "Done by"), text(&manifest["submitter"]["name"])),
    ];
    let number = manifest["number"].as_i64().unwrap_or_default();
    html! {
        (DOCTYPE)
        html lang=(lang.tag()) {
            head { meta charset="utf-8"; title { (say("Hồ sơ OCOP", "OCOP dossier")) } style { (PreEscaped(STYLE)) } }
            body {
                h1 { (say("Hồ sơ OCOP", "OCOP dossier")) " · " (say("bản niêm phong số", "sealed manifest")) " " (number) }
                dl { @for (name, value) in &facts { dt { (name) } dd { (value) } } }
                h2 { (say("Giấy tờ", "Papers")) }
                table {
                    tr { th { "#" } th { (say("Tên", "Title")) } th { (say("Tệp", "File")) } th { "SHA-256" } }
                    @for (n, (paper, file)) in papers.iter().zip(documents).enumerate() {
                        tr {
                            td { (n + 1) }
                            td { (text(&paper["title"])) br; (text(&paper["paper"])) }
                            td { a href=(file.path) { (file.path.trim_start_matches("documents/")) } br; (file.bytes) " byte" }
                            td { code { (file.sha256) } }
                        }
                    }
                }
                h2 { (say("Kiểm tra", "Verification")) }
                p {
                    (say("Tệp nén này tự chứng minh được: chạy", "This archive proves itself: run")) " "
                    code { "ocop verify-dossier" } " "
                    (say("để kiểm tra chữ ký và từng tệp mà không cần mạng.", "to check signature and every file without a network."))
                }
                ul { @for file in [MANIFEST, CONTENTS, SIGNATURES, KEYS] { li { a href=(file) { (file) } } } }
            }
        }
    }
    .into_string()
}
