//! Fonts: those that are built in, those of the office's folder, and what is done about letters that
//! none of them has.

use std::path::Path;
use std::sync::OnceLock;

use serde_json::Value;
use typst::foundations::Bytes;
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;

/// What stands for a letter that no font has: seen, and never mistaken for another letter.
const UNKNOWN: char = '\u{fffd}';
/// After so many letters without a place to break, one is made.
const LONGEST_WORD: usize = 36;
/// A place to break, without width.
const BREAK: char = '\u{200b}';

/// The fonts of a press.
pub(super) struct Fonts {
    pub book: LazyHash<FontBook>,
    pub list: Vec<Font>,
}

fn built_in() -> &'static [Font] {
    static FONTS: OnceLock<Vec<Font>> = OnceLock::new();
    FONTS.get_or_init(|| typst_assets::fonts().flat_map(|data| Font::iter(Bytes::new(data))).collect())
}

impl Fonts {
    /// The built-in fonts, and every `.otf` and `.ttf` in the folder.
    pub fn load(folder: Option<&Path>) -> Self {
        let files = folder.and_then(|f| std::fs::read_dir(f).ok()).into_iter().flatten().flatten();
        let mut paths: Vec<_> = files.map(|entry| entry.path()).collect();
        paths.sort();
        let font =
            |p: &Path| p.extension().is_some_and(|e| e.eq_ignore_ascii_case("otf") || e.eq_ignore_ascii_case("ttf"));
        let own = paths.iter().filter(|p| font(p)).filter_map(|p| std::fs::read(p).ok());
        let own: Vec<Font> = own.flat_map(|data| Font::iter(Bytes::new(data))).collect();
        let list: Vec<Font> = own.into_iter().chain(built_in().iter().cloned()).collect();
        Self { book: LazyHash::new(FontBook::from_fonts(&list)), list }
    }
}

/// Whether some built-in font has the letter.
fn has(letter: char) -> bool {
    built_in().iter().any(|font| font.info().coverage.contains(u32::from(letter)))
}

/// Makes every text of the data fit to be set: what cannot be shown is replaced, what has no form is
/// left out, and no word is too long for its line. Pictures are left alone.
pub(super) fn clean(data: &mut Value) {
    match data {
        Value::String(text) => *text = clean_text(text),
        Value::Array(items) => items.iter_mut().for_each(clean),
        Value::Object(fields) => fields.iter_mut().filter(|(name, _)| *name != "svg").for_each(|(_, v)| clean(v)),
        _ => {}
    }
}

fn clean_text(text: &str) -> String {
    let mut run = 0;
    let mut out = String::with_capacity(text.len());
    for letter in text.chars().filter(|c| !has_no_form(*c)) {
        run = if letter.is_whitespace() { 0 } else { run + 1 };
        if run > LONGEST_WORD {
            out.push(BREAK);
            run = 1;
        }
        out.push(match letter {
            '\n' | '\t' => letter,
            '\u{e000}'..='\u{f8ff}' | '\u{f0000}'..='\u{10ffff}' => UNKNOWN,
            _ if letter.is_ascii_graphic() || letter == ' ' || has(letter) => letter,
            _ if letter.is_whitespace() => ' ',
            _ => UNKNOWN,
        });
    }
    out
}

/// Controls, marks of direction, selectors of variants.
fn has_no_form(letter: char) -> bool {
    (letter.is_control() && letter != '\n' && letter != '\t')
        || matches!(letter, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
            | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{fff0}'..='\u{fffb}' | '\u{e0000}'..='\u{e0fff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_vietnamese_letter_is_there_and_stays() {
        let letters = "AĂÂBCDĐEÊGHIKLMNOÔƠPQRSTUƯVXY ÀẢÃÁẠẰẲẴẮẶẦẨẪẤẬ ÈẺẼÉẸỀỂỄẾỆÌỈĨÍỊ ÒỎÕÓỌỒỔỖỐỘỜỞỠỚỢ ÙỦŨÚỤỪỬỮỨỰỲỶỸÝỴ";
        for text in [letters.to_owned(), letters.to_lowercase(), "Giá 50.000 ₫ – “tươi”… ★ ☐ ☑ m²".to_owned()]
        {
            assert_eq!(clean_text(&text), text);
        }
    }

    #[test]
    fn what_cannot_be_set_is_seen_or_gone() {
        assert_eq!(clean_text("Xoài 🥭 cát\u{e001}"), format!("Xoài {UNKNOWN} cát{UNKNOWN}"));
        assert_eq!(clean_text("a\u{202e}b\u{feff}c\u{7}d\ne"), "abcd\ne");
        let word = "x".repeat(80);
        let broken = clean_text(&word);
        assert_eq!(broken.matches(BREAK).count(), 2);
        assert_eq!(broken.replace(BREAK, ""), word);
        let mut data = serde_json::json!({"svg": word, "text": [word]});
        clean(&mut data);
        assert_eq!((data["svg"].as_str(), data["text"][0].as_str()), (Some(word.as_str()), Some(broken.as_str())));
    }
}
