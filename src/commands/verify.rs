//! `ocop verify`: what a credential proves, offline, with saved keys and a saved status list.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, bail};
use ocop::certification::credential::check::{self, TokenVerdict};
use ocop::db::Clock;

/// What to verify, and with what.
#[derive(clap::Args)]
pub struct Verify {
    /// The credential, the text of a QR code, or a file with either.
    token: String,
    /// The saved keys: `/.well-known/did.json` or `/.well-known/jwks.json` of the issuer.
    #[arg(long)]
    keys: PathBuf,
    /// A saved list, `/v1/credentials/status/message/1`; may be given again for more.
    #[arg(long)]
    list: Vec<PathBuf>,
    /// The day to verify for, at noon in Việt Nam; now unless said.
    #[arg(long)]
    on: Option<chrono::NaiveDate>,
}

/// Verifies; the exit code is 0 only for a credential in force.
///
/// # Errors
/// When a file cannot be read, or does not hold what it should.
pub fn verify(json: bool, asked: &Verify) -> anyhow::Result<ExitCode> {
    if is_pdf(Path::new(&asked.token)) {
        bail!(
            "{}: a PDF bears no credential of its own and anybody can change it. Read its QR code, or look its number up at /v/NUMBER; the credential is at /v1/certificates/NUMBER/credential. \
             Tệp PDF không tự chứng minh được và có thể bị sửa; hãy quét mã QR hoặc tra số giấy chứng nhận.",
            asked.token
        );
    }
    let keys = check::read_keys(&read(&asked.keys)?).filter(|keys| !keys.is_empty()).with_context(|| {
        format!("{}: neither a did.json nor a JWKS with a key of certificates", asked.keys.display())
    })?;
    let mut lists = Vec::new();
    for path in &asked.list {
        match check::read_list(&read(path)?, &keys) {
            Some(list) => lists.push(list),
            None => eprintln!(
                "{0}: left out, it is no status list signed with one of these keys; fetch did.json and the list again.\n\
                 {0}: không dùng được: không phải danh sách trạng thái ký bằng các khóa này; hãy tải lại did.json và danh sách.",
                path.display()
            ),
        }
    }
    let file = Path::new(&asked.token);
    let text = match file.is_file() {
        // Lines that a letter broke, and the mark that some editors put first.
        true => read(file)?.trim_start_matches('\u{feff}').split_whitespace().collect(),
        false if names_a_file(&asked.token) => bail!(
            "{0}: no such file, and no credential either (a credential has two dots and begins with eyJ). \
             {0}: không có tệp này.",
            asked.token
        ),
        false => asked.token.clone(),
    };
    let clock = Clock::real();
    if let Some(noon) = asked.on.and_then(|day| day.and_hms_opt(5, 0, 0)) {
        clock.set(ocop::db::Moment::new(noon.and_utc()));
    }
    let checked = check::check(&text, &keys, &lists, clock.now());
    super::print(json, &checked, || {
        let line = |name: &str, value: Option<String>| value.map(|v| format!("\n  {name}: {v}")).unwrap_or_default();
        let day = |day: Option<chrono::NaiveDate>| day.map(|d| d.to_string());
        [
            format!("{}: {}\n{}", checked.verdict, checked.say.en, checked.say.vi),
            line("number", checked.number.clone()),
            line("stars", checked.stars.map(|s| s.to_string())),
            line("product", checked.product.clone()),
            line("producer", checked.producer.clone()),
            line("first day", day(checked.valid_from)),
            line("last day", day(checked.valid_through)),
            line("list holds until", checked.list_holds_until.clone()),
        ]
        .concat()
    })?;
    Ok(if checked.verdict == TokenVerdict::Valid { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Whether a text that is no file looks like the name of one rather than like a credential.
fn names_a_file(text: &str) -> bool {
    let token = check::token_of(text);
    token.matches('.').count() != 2 && !text.contains("://") && Path::new(text).extension().is_some()
}

fn is_pdf(path: &Path) -> bool {
    let mut head = [0; 5];
    let read = std::fs::File::open(path).and_then(|mut file| std::io::Read::read_exact(&mut file, &mut head));
    read.is_ok() && &head == b"%PDF-"
}

fn read(path: &Path) -> anyhow::Result<String> {
    std::fs::read_to_string(path).with_context(|| path.display().to_string())
}
