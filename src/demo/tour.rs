//! The tour: what a visitor can ask, and what is answered. The answers are written down here, not
//! asked of the service: they are what the play must have come to.

use anyhow::Context;
use chrono::NaiveDate;
use serde::Serialize;

use super::seasons::Outcome;
use crate::config::Config;
use crate::text::{self, Label, Lang};

/// Somebody whom the visitor can be.
#[derive(Debug, Clone, Serialize)]
pub struct Account {
    /// The stable word of the role.
    pub role: String,
    /// Name.
    pub name: String,
    /// E-mail.
    pub email: String,
    /// Password until the next start.
    pub password: String,
}

/// One thing to try.
#[derive(Debug, Clone, Serialize)]
pub struct Step {
    /// What it shows.
    pub title: Label,
    /// Lines for a shell.
    pub run: String,
    /// The lines that it prints.
    pub expect: Vec<String>,
    /// Whether the service is ended by `kill -9` and started again before.
    pub restart: bool,
}

/// The tour.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Tour {
    /// The address of the service.
    pub url: String,
    /// The pages of the API.
    pub docs: String,
    /// The day that the seasons were played for.
    pub on: NaiveDate,
    /// Accounts.
    pub accounts: Vec<Account>,
    /// Lines that sign in, for the same shell.
    pub sign_in: String,
    /// What to try, in this order.
    pub steps: Vec<Step>,
}

/// A list as an office keeps it: one row is whole, one has no commune.
pub(super) const LIST: &str = "name,producer,producer_type,commune,district,province,stars,decision_no,decision_date,authority
Dưa mắm Cô Tư,Hộ kinh doanh Cô Tư (minh họa),Hộ kinh doanh,xã Đôn Châu,huyện Duyên Hải,Trà Vinh,3,88/QĐ-UBND,22/8/2024,UBND huyện
Nước cốt dừa Hai Lúa,Hợp tác xã Hai Lúa (minh họa),HTX,,,Trà Vinh,,,,
";

/// Why ninety-two points are four stars, word for word.
const MISSED: &str = "Set 07, criterion 4.1 “Main area of distribution”: 5 stars need at least option d “International market (contract and documents proving performance) or modern trade channels: supermarkets, e-commerce, etc. (contract, documents proving performance, link to the online shop)” (5 points). Chosen: option c “Market beyond the commune, 5 or more distribution representatives or agents” (3 points) on 5 sheets. Reached on 0 of 5 sheets, more than half are needed.";

/// Prints what fits a pattern, a line each, whatever the shell's language.
const FIND: &str = "grep -ao";
const JSON: &str = "-H 'Content-Type: application/json'";

/// Writes the tour of a play.
///
/// # Errors
/// When an account of the tour is missing.
pub(super) fn write(config: &Config, on: NaiveDate, outcome: &Outcome, accounts: Vec<Account>) -> anyhow::Result<Tour> {
    let url = config.public_url.clone();
    Ok(Tour {
        docs: format!("{url}/docs/"),
        sign_in: sign_in(&url, &accounts)?,
        steps: steps(config, on, outcome),
        url,
        on,
        accounts,
    })
}

fn sign_in(url: &str, accounts: &[Account]) -> anyhow::Result<String> {
    let line = |role: &str| {
        let found = accounts.iter().find(|a| a.role == role).with_context(|| format!("no account of {role}"))?;
        anyhow::Ok(format!("{role}=$(sign_in {} {})", found.email, found.password))
    };
    Ok(format!(
        "url={url}\n\
         sign_in() {{ curl -s \"$url/v1/auth/token\" {JSON} \\\n  \
         -d '{{\"grantType\":\"password\",\"email\":\"'\"$1\"'\",\"password\":\"'\"$2\"'\"}}' | {FIND} '\"accessToken\":\"[^\"]*' | cut -d'\"' -f4; }}\n\
         {}\n{}\n{}",
        line("province")?,
        line("signer")?,
        line("commune")?
    ))
}

fn step(vi: impl Into<String>, en: impl Into<String>, run: String, expect: &[&str]) -> Step {
    Step {
        title: Label::new(vi, en),
        run,
        expect: expect.iter().map(|line| (*line).to_owned()).collect(),
        restart: false,
    }
}

fn steps(config: &Config, on: NaiveDate, outcome: &Outcome) -> Vec<Step> {
    let number = |c: &super::life::Certified| c.number.clone();
    let (valid, expiring, expired) = (number(&outcome.valid), number(&outcome.expiring), number(&outcome.expired));
    let (revoked, to_revoke) = (number(&outcome.revoked), number(&outcome.to_revoke));
    let state = format!("{FIND} '\"state\":\"[a-z]*\"'");
    let list = config.data_dir.join("list.csv");
    let moves = format!("-X POST \"$url/v1/decisions/{}/moves\" {JSON}", outcome.draft);
    let ends = text::day(outcome.expiring_through, Lang::En);
    let (by, tet) = (outcome.must_file_by.format("%d/%m/%Y"), outcome.tet.format("%d/%m/%Y"));
    vec![
        step(
            "Tiến độ kế hoạch 2207/QĐ-UBND: số sản phẩm, tỷ lệ hợp tác xã, tỷ lệ doanh nghiệp và hộ kinh doanh.",
            "How far the plan 2207/QĐ-UBND is: products, share of co-operatives, share of enterprises and households.",
            format!(
                "curl -s \"$url/v1/plans/2207-2022/progress?on={on}\" |\n  {FIND} '\"numerator\":[0-9]*,\"denominator\":[^,]*,\"value\":\"[^\"]*\",\"met\":[a-z]*'"
            ),
            &[
                "\"numerator\":4,\"denominator\":null,\"value\":\"4\",\"met\":false",
                "\"numerator\":1,\"denominator\":4,\"value\":\"25.0\",\"met\":false",
                "\"numerator\":3,\"denominator\":4,\"value\":\"75.0\",\"met\":true",
            ],
        ),
        step(
            "Bốn giấy chứng nhận: còn hiệu lực, sắp hết hạn, đã hết hạn, đã bị thu hồi.",
            "Four certificates: valid, expiring, expired, revoked.",
            format!(
                "curl -s \"$url/v1/verify\" {JSON} \\\n  -d '{{\"numbers\":[\"{valid}\",\"{expiring}\",\"{expired}\",\"{revoked}\"]}}' |\n  {state}"
            ),
            &["\"state\":\"valid\"", "\"state\":\"expiring\"", "\"state\":\"expired\"", "\"state\":\"revoked\""],
        ),
        step(
            "92 điểm mà 4 sao: thiếu một yêu cầu tối thiểu.",
            "Ninety-two points and four stars: one minimum is missed.",
            format!(
                "curl -s -H \"Authorization: Bearer $province\" \"$url/v1/dossiers/{}/result\" |\n  {FIND} 'The mean total is [^\"]*\\|Set 07, criterion 4.1[^\"]*'",
                outcome.ninety_two
            ),
            &["The mean total is 92.00: 460 points on 5 sheets.", MISSED],
        ),
        step(
            format!("Ai phải nộp hồ sơ đánh giá lại trước Tết ({tet}): hạn {by}; xã nào còn ba ngày làm việc."),
            format!(
                "Who must file for re-evaluation before Tết ({tet}): by {by}; and a commune with three working days left."
            ),
            format!(
                "curl -s -H \"Authorization: Bearer $province\" \"$url/v1/certificates?state=expiring&on={on}\" |\n  {FIND} 'Valid through [^\"]*\\|\"productName\":\"[^\"]*\"'\n\
                 curl -s -H \"Authorization: Bearer $commune\" \"$url/v1/queue\" | {FIND} '\"productName\":\"[^\"]*\"\\|\"deadline\":\"[^\"]*\"'"
            ),
            &[
                &format!("Valid through {ends}; re-evaluation is filed 180 to 120 days before the end"),
                &format!("\"productName\":\"{}\"", outcome.must_file),
                &format!("\"productName\":\"{}\"", outcome.waiting),
                &format!("\"deadline\":\"{}\"", outcome.due),
            ],
        ),
        step(
            "Tra một lô: giấy chứng nhận và hành trình.",
            "A lot looked up: its certificate and its journey.",
            format!(
                "curl -s \"$url/v1/trace/{}\" | {FIND} '\"state\":\"[a-z]*\"\\|\"kind\":\"[a-z]*\",\"label\"'",
                outcome.lot
            ),
            &[
                "\"state\":\"valid\"",
                "\"kind\":\"harvest\",\"label\"",
                "\"kind\":\"process\",\"label\"",
                "\"kind\":\"pack\",\"label\"",
                "\"kind\":\"ship\",\"label\"",
                "\"kind\":\"sell\",\"label\"",
            ],
        ),
        step(
            "Thu hồi một giấy chứng nhận: lãnh đạo ký, cán bộ công bố, rồi kiểm tra lại.",
            "A certificate is revoked: one signs, another publishes, and it is checked again.",
            format!(
                "curl -s \"$url/v1/verify/{to_revoke}\" | {state}\n\
                 curl -s {moves} -H \"Authorization: Bearer $signer\" -H 'If-Match: \"1\"' -H 'Idempotency-Key: tour-sign' \\\n  \
                 -d '{{\"action\":\"sign\",\"number\":\"2026/QĐ-UBND\",\"signedOn\":\"{on}\",\"signerName\":\"Lãnh đạo UBND tỉnh\"}}' | {state} | head -1\n\
                 curl -s {moves} -H \"Authorization: Bearer $province\" -H 'If-Match: \"2\"' -H 'Idempotency-Key: tour-publish' \\\n  \
                 -d '{{\"action\":\"publish\"}}' | {state} | head -1\n\
                 curl -s \"$url/v1/verify/{to_revoke}\" | {state}"
            ),
            &["\"state\":\"valid\"", "\"state\":\"signed\"", "\"state\":\"published\"", "\"state\":\"revoked\""],
        ),
        step(
            "Nhập một danh sách; dòng thiếu xã thành việc cho cán bộ.",
            "A list is taken over; a row without a commune becomes a task for an officer.",
            format!(
                "curl -s \"$url/v1/imports\" -H \"Authorization: Bearer $province\" -H 'Content-Type: text/csv' \\\n  --data-binary @'{}' > /dev/null\n\
                 until curl -s -H \"Authorization: Bearer $province\" \"$url/v1/officer-tasks?state=open\" |\n  {FIND} '\"subjectName\":\"[^\"]*\"\\|No commune[^\"]*'; do sleep 1; done",
                list.display()
            ),
            &["\"subjectName\":\"Nước cốt dừa Hai Lúa\"", "No commune; an officer adds it"],
        ),
        Step {
            restart: true,
            ..step(
                "Ngắt đột ngột (kill -9), chạy lại: không mất gì.",
                "A sudden end (kill -9), and started again: nothing is lost.",
                format!(
                    "curl -s \"$url/v1/verify/{to_revoke}\" | {state}\ncurl -s \"$url/v1/catalogue/stats?by=star&on={on}\" | {FIND} '\"recognised\":[0-9]*' | head -1"
                ),
                &["\"state\":\"revoked\"", "\"recognised\":4"],
            )
        },
    ]
}
