//! Names inside an archive: unique, readable, and harmless on every machine that unpacks them.

/// The longest part that comes from a sender, in characters.
const LONGEST: usize = 80;

/// Where the n-th document of a manifest lies: `documents/03-testReport-phiếu kiểm nghiệm.pdf`.
pub fn document(ordinal: usize, paper: &str, file_name: &str, media_type: &str) -> String {
    let ending = ending(media_type);
    let stem = match file_name.rsplit_once('.') {
        Some((stem, _)) if !stem.is_empty() => stem,
        _ => file_name,
    };
    format!("documents/{ordinal:02}-{}-{}{ending}", harmless(paper), harmless(stem))
}

/// The ending that fits what the bytes are, whatever the sender called it.
fn ending(media_type: &str) -> &'static str {
    match media_type {
        "application/pdf" => ".pdf",
        "image/png" => ".png",
        "image/jpeg" => ".jpg",
        "image/webp" => ".webp",
        "video/mp4" => ".mp4",
        _ => ".bin",
    }
}

/// Without what any system gives a meaning: separators, drive letters, wildcards, control characters,
/// characters that turn the direction of writing, dots and spaces at the edges.
fn harmless(text: &str) -> String {
    let meant = |c: char| {
        c.is_control()
            || matches!(c, '/' | '\\' | ':' | '*' | '?' | '"' | '<' | '>' | '|' | '#' | '%' | '&' | ';' | '`' | '$')
            || matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
    };
    let kept: String = crate::text::nfc(text).chars().map(|c| if meant(c) { '_' } else { c }).take(LONGEST).collect();
    match kept.trim_matches(['.', ' ']) {
        "" => "file".to_owned(),
        kept => kept.to_owned(),
    }
}

/// Whether a name in somebody's archive leads only below the folder it is unpacked into.
pub fn is_safe(name: &str) -> bool {
    let parts = || name.split('/');
    !name.is_empty()
        && name.len() <= 400
        && !name.chars().any(|c| c.is_control() || matches!(c, '\\' | ':'))
        && parts().all(|p| !matches!(p, "" | "." | ".."))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_sender_called_it_leads_nowhere_else() {
        assert_eq!(
            document(3, "testReport", "phiếu.kiểm nghiệm.PDF", "application/pdf"),
            "documents/03-testReport-phiếu.kiểm nghiệm.pdf"
        );
        for sent in ["../../etc/passwd", "C:\\Windows\\a", "a\u{202e}fdp.exe", "", "...", "CON:", "x/../y", "a\0b"] {
            let name = document(1, "other", sent, "application/pdf");
            assert!(is_safe(&name) && name.starts_with("documents/01-other-") && name.ends_with(".pdf"), "{name}");
        }
        assert!(document(1, "p", &"đ".repeat(500), "image/png").len() <= 400);
        for name in ["/a", "a//b", "../a", "a/../b", "a/.", "a\\b", "c:d", "", "a\nb"] {
            assert!(!is_safe(name), "{name}");
        }
    }
}
