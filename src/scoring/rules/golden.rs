//! Twelve dossiers whose written reasons are kept word for word in `golden/`.

use std::path::Path;

use super::regulation::Aggregation;
use super::star::{Conclusion, KnockOutConclusion};
use super::tests::{bands, but, council, marks, meets, none, sealed, set, split, stopped};
use super::*;
use crate::text::Lang;

struct Dossier {
    name: &'static str,
    set: &'static str,
    sheets: Vec<SealedSheet>,
    regulation: Regulation,
    conclusions: Conclusions,
}

fn dossier(name: &'static str, set: &'static str, sheets: Vec<SealedSheet>) -> Dossier {
    Dossier { name, set, sheets, regulation: Regulation::default(), conclusions: Conclusions::default() }
}

fn five_of(code: &'static str, total: i64, criterion: &str, option: &str) -> Vec<SealedSheet> {
    (1..=5).map(|seat| sealed(set(code), seat, but(set(code), total, criterion, option))).collect()
}

fn dossiers() -> Vec<Dossier> {
    let conclusions = |minima, knock_out| Conclusions { minima, knock_out };
    let chair =
        |holds, reason: &str| vec![Conclusion { criterion: "4.1".into(), star: 5, holds, reason: reason.to_owned() }];
    let mut without_label = marks(set("14"), 84, meets(4));
    let label = "2.3".to_owned();
    without_label.insert(label, none("mẫu nộp không có nhãn"));
    let no_option = (1..=3).map(|seat| sealed(set("14"), seat, without_label.clone())).collect();
    let forged =
        |seat| stopped(set("07"), seat, "forgedDossier", "Phiếu kiểm nghiệm không do đơn vị ghi trên phiếu cấp");
    let cloudy = |seat| stopped(set("16"), seat, "6", "Nước có vẩn đục");
    let dirty = |seat| stopped(set("13"), seat, "6.1.1", "Có lẫn đất trong hai mẫu");
    let four = |code: &'static str, seat| sealed(set(code), seat, marks(set(code), 78, meets(4)));
    vec![
        dossier("01-five-stars-sent-on", "07", council(set("07"), &[95, 94, 93, 95, 96, 94, 95], 5)),
        dossier("02-ninety-two-stays-at-four", "07", five_of("07", 92, "4.1", "c")),
        dossier("03-just-below-ninety", "09", council(set("09"), &[90, 90, 90, 90, 90, 90, 89], 5)),
        dossier("04-three-stars-tourism", "26", council(set("26"), &[60, 62, 64], 3)),
        dossier("05-two-stars-no-certificate", "21", council(set("21"), &[45, 48, 44], 2)),
        dossier("06-no-option-fits", "14", no_option),
        Dossier {
            conclusions: conclusions(chair(true, "Hợp đồng xuất khẩu đã được thanh lý, có tờ khai hải quan"), None),
            ..dossier("07-half-and-chair-says-met", "07", split(4, 4))
        },
        Dossier {
            conclusions: conclusions(chair(false, "Hợp đồng chưa có chứng từ thực hiện"), None),
            ..dossier("08-half-and-chair-says-not-met", "07", split(4, 4))
        },
        dossier("09-rejected-by-majority", "07", vec![forged(1), forged(2), forged(3), four("07", 4)]),
        Dossier {
            conclusions: conclusions(
                vec![],
                Some(KnockOutConclusion {
                    reject: true, reason: "Kết quả kiểm nghiệm lại xác nhận".into()
                }),
            ),
            ..dossier("10-rejected-by-the-chair", "16", vec![cloudy(1), cloudy(2), four("16", 3), four("16", 4)])
        },
        Dossier {
            conclusions: conclusions(
                vec![],
                Some(KnockOutConclusion { reject: false, reason: "Mẫu bị bẩn khi vận chuyển".into() }),
            ),
            ..dossier("11-one-sheet-set-aside", "13", vec![dirty(1), four("13", 2), four("13", 3), four("13", 4)])
        },
        Dossier {
            regulation: Regulation { aggregation: Aggregation::TrimmedMean, ..Regulation::default() },
            ..dossier("12-trimmed-mean-hangs-on-one-sheet", "11", council(set("11"), &[66, 69, 70, 71, 74], 4))
        },
    ]
}

fn reasons(dossier: &Dossier) -> Vec<Paragraph> {
    let set = set(dossier.set);
    let finding = outcome(set, &bands(), &dossier.sheets, &dossier.regulation, &dossier.conclusions)
        .unwrap_or_else(|stop| panic!("{}: {stop:?}", dossier.name));
    explain(&finding, set, &bands(), &References::province_2026())
}

/// `OCOP_GOLDEN=write` writes the files anew; what they then say is for a person to read.
#[test]
fn the_reasons_of_twelve_dossiers_are_word_for_word() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/scoring/rules/golden");
    let write = std::env::var("OCOP_GOLDEN").as_deref() == Ok("write");
    let dossiers = dossiers();
    assert_eq!(dossiers.len(), 12);
    for dossier in &dossiers {
        let paragraphs = reasons(dossier);
        for lang in [Lang::Vi, Lang::En] {
            let path = folder.join(format!("{}.{}.txt", dossier.name, lang.tag()));
            let text = written(&paragraphs, lang) + "\n";
            if write {
                std::fs::write(&path, &text).unwrap();
            }
            assert_eq!(std::fs::read_to_string(&path).unwrap_or_default(), text, "{}", path.display());
        }
    }
}
