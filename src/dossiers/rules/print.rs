//! The life of a dossier as a page: printed from the table, compared with the file in a test.

use std::fmt::Write;

use super::{MOVES, Moment, Status};
use crate::{
    rulebook::{DossierKind, Pattern},
    text::Label,
};

const HEAD: &str = "# The life of a dossier

Printed from the table of moves in `src/dossiers/rules/moves.rs`; do not edit. To print it again:
`OCOP_WRITE_DOCS=1 cargo test --lib life_of_a_dossier`.

Articles are of Quyết định 26/2026/QĐ-TTg; \"148\" and \"1048/781\" are the earlier decisions, whose texts were not read; \"không quy định\" is an answer of ours (`docs/open-questions.md`).

| Pattern | Law | Who recognises |
|---|---|---|
| `districtSelects` | 1048/781, to 23/2/2023 | the district scores and selects, the province recognises 3★ and 4★, the centre 5★ |
| `districtRecognises` | 148, to 30/6/2025 | the district recognises 3★, the province 4★, the centre 5★ |
| `provinceDirect` | 1489 and 26/2026 | the province recognises 3★ and 4★, the centre 5★ |
";

/// The whole page, in Markdown.
pub fn print() -> String {
    let mut page = HEAD.to_owned();
    // Writing to a String cannot fail.
    let _ = statuses(&mut page).and_then(|()| moves(&mut page)).and_then(|()| pictures(&mut page));
    page
}

fn statuses(page: &mut String) -> std::fmt::Result {
    writeln!(page, "\n## Statuses, and whose move it is\n")?;
    writeln!(page, "| Status | Tiếng Việt | English | districtSelects | districtRecognises | provinceDirect |")?;
    writeln!(page, "|---|---|---|---|---|---|")?;
    for status in Status::ALL {
        let Label { vi, en } = status.label();
        write!(page, "| `{status}` | {vi} | {en} |")?;
        for pattern in Pattern::ALL {
            write!(page, " {} |", whose(*status, *pattern))?;
        }
        writeln!(page)?;
    }
    Ok(())
}

fn whose(status: Status, pattern: Pattern) -> String {
    if status.is_final() {
        return "end".into();
    }
    let parties: Vec<_> = DossierKind::ALL
        .iter()
        .map(|kind| words(Moment { status, pattern, kind: *kind }.whose_move().iter().map(|p| p.word())))
        .collect();
    parties.into_iter().find(|p| !p.is_empty()).unwrap_or_else(|| "–".into())
}

fn moves(page: &mut String) -> std::fmt::Result {
    writeln!(page, "\n## Moves\n")?;
    writeln!(page, "| From | Action | Việc | By | To | Patterns | Kinds | Needs | Article |")?;
    writeln!(page, "|---|---|---|---|---|---|---|---|---|")?;
    for m in MOVES {
        writeln!(
            page,
            "| {} | `{}` | {} | {} | `{}` | {} | {} | {} | {} |",
            words(m.from.iter().map(|s| s.word())),
            m.action,
            m.action.label().vi,
            words(m.by.iter().map(|p| p.word())),
            m.to,
            all_or(m.patterns.iter().map(|p| p.word()), Pattern::ALL.len()),
            all_or(m.kinds.iter().map(|k| k.word()), DossierKind::ALL.len()),
            words(m.needs.iter().map(|n| n.word())),
            m.article,
        )?;
    }
    Ok(())
}

/// One picture per pattern for a first evaluation, and one for the re-evaluation of 26/2026.
fn pictures(page: &mut String) -> std::fmt::Result {
    writeln!(
        page,
        "\n## Pictures\n\nWays out (withdraw, close, file again, end of production) and waiting for a later round are left out."
    )?;
    for pattern in Pattern::ALL {
        picture(page, *pattern, DossierKind::First)?;
    }
    picture(page, Pattern::ProvinceDirect, DossierKind::ReEvaluation)
}

fn picture(page: &mut String, pattern: Pattern, kind: DossierKind) -> std::fmt::Result {
    writeln!(page, "\n### {pattern}, {kind}\n\n```mermaid\nstateDiagram-v2\n    [*] --> draft")?;
    for status in reached(pattern, kind) {
        for m in (Moment { status, pattern, kind }).moves().filter(|m| !m.action.is_aside()) {
            writeln!(page, "    {status} --> {}: {}", m.to, m.action)?;
        }
        if status.is_final()
            && !matches!(status, Status::Withdrawn | Status::Closed | Status::Refiled | Status::ProductionEnded)
        {
            writeln!(page, "    {status} --> [*]")?;
        }
    }
    writeln!(page, "```")
}

/// The statuses that a dossier of this kind can reach under one pattern, in the order of `Status`.
pub(super) fn reached(pattern: Pattern, kind: DossierKind) -> Vec<Status> {
    let mut reached = vec![Status::Draft];
    let mut next = 0;
    while let Some(status) = reached.get(next).copied() {
        for m in (Moment { status, pattern, kind }).moves() {
            if !reached.contains(&m.to) {
                reached.push(m.to);
            }
        }
        next += 1;
    }
    reached.sort();
    reached
}

fn words<'a>(words: impl Iterator<Item = &'a str>) -> String {
    words.collect::<Vec<_>>().join(", ")
}

fn all_or<'a>(some: impl ExactSizeIterator<Item = &'a str>, all: usize) -> String {
    if some.len() == all { "all".into() } else { words(some) }
}
