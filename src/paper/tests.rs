use super::templates::{export, try_out};
use super::*;

static PLAIN: Template = Template {
    name: "plain.typ",
    about: ("", ""),
    text: "#import \"paper.typ\": *\n#let data = json(\"data.json\")\n#show: paper.with(title: data.name)\n#data.name\n#qr-code(data.qr)",
    samples: &[Sample { name: "short", text: r#"{"name": "Ữ ỗ đ", "qr": "https://ocop.example/v/1"}"# }],
    read: |text| {
        #[derive(serde::Serialize, serde::Deserialize)]
        struct Data {
            name: String,
            qr: Qr,
        }
        serde_json::from_str::<Data>(text).and_then(serde_json::to_value)
    },
};

fn press(folder: Option<&std::path::Path>) -> Press {
    Press::with_folder(folder.map(Into::into), vec![&PLAIN])
}

fn sheet(name: &str) -> Sheet {
    let data =
        serde_json::json!({"name": name, "qr": serde_json::to_value(Qr("https://ocop.example/v/1".into())).unwrap()});
    Sheet::new("plain.typ", "plain/1".into(), "2026-06-01".parse().unwrap(), &data).unwrap()
}

#[track_caller]
fn fault(press: &Press, name: &str) -> String {
    match press.set(&sheet(name)) {
        Err(AppError::Template(fault)) => fault,
        other => panic!("{other:?}"),
    }
}

#[test]
fn the_same_data_gives_the_same_bytes_and_says_what_it_is() {
    let one = press(None).set(&sheet("Đỗ")).unwrap();
    let two = press(None).set(&sheet("Đỗ")).unwrap();
    assert!(one == two && one.starts_with(b"%PDF-1.7"));
    let text = String::from_utf8_lossy(&one);
    for sign in ["pdfaid:part>2", "pdfaid:conformance>U", "D:20260601000000+07'00"] {
        assert!(text.contains(sign), "{sign}");
    }
    assert!(press(None).set(&sheet("Đổ")).unwrap() != one);
}

#[test]
fn letters_that_no_font_has_do_not_stop_a_paper() {
    for name in ["🥭 xoài", "漢字", "a\u{e000}\u{202e}\u{feff}", &"x".repeat(5000), "ក្រុម Khmer", "e\u{301}\u{323}"]
    {
        press(None).set(&sheet(name)).unwrap();
    }
}

#[test]
fn a_file_of_the_office_wins_from_the_next_paper_on_and_its_fault_is_told_by_line() {
    let folder = tempfile::tempdir().unwrap();
    let press = press(Some(folder.path()));
    let before = press.set(&sheet("a")).unwrap();
    let own = folder.path().join("plain.typ");
    std::fs::write(&own, "#let data = json(\"data.json\")\nÔng #data.name").unwrap();
    let after = press.set(&sheet("a")).unwrap();
    assert!(before != after);
    std::fs::write(&own, "Một\n\n  #data.name").unwrap();
    assert!(fault(&press, "a").starts_with("plain.typ:3:4: unknown variable: data"), "{}", fault(&press, "a"));
    std::fs::write(&own, "#let data = json(\"data.json\")\n\n#data.nmae").unwrap();
    assert!(fault(&press, "a").starts_with("plain.typ:3:"), "{}", fault(&press, "a"));
    std::fs::remove_file(&own).unwrap();
    assert!(press.set(&sheet("a")).unwrap() == before);
    std::fs::write(folder.path().join("paper.typ"), "#let paper(").unwrap();
    assert!(fault(&press, "a").starts_with("paper.typ:1:"), "{}", fault(&press, "a"));
}

#[test]
fn a_template_reads_its_folder_and_nothing_else() {
    let around = tempfile::tempdir().unwrap();
    let folder = around.path().join("templates");
    std::fs::create_dir(&folder).unwrap();
    std::fs::write(around.path().join("secret.txt"), "secret").unwrap();
    std::fs::write(
        folder.join("emblem.svg"),
        r#"<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><path d="M0 0h9v9z"/></svg>"#,
    )
    .unwrap();
    #[cfg(unix)]
    std::os::unix::fs::symlink(around.path().join("secret.txt"), folder.join("link.txt")).unwrap();
    let press = press(Some(&folder));
    let own = folder.join("plain.typ");
    std::fs::write(&own, "#image(\"emblem.svg\", alt: \"x\")").unwrap();
    press.set(&sheet("a")).unwrap();
    for line in [
        "#read(\"../secret.txt\")",
        "#read(\"/etc/passwd\")",
        "#read(\"link.txt\")",
        "#import \"@preview/cetz:0.3.1\"",
        "#datetime.today()",
    ] {
        std::fs::write(&own, line).unwrap();
        let fault = fault(&press, "a");
        assert!(fault.starts_with("plain.typ:1:") && !fault.contains("secret\n"), "{line}: {fault}");
    }
}

#[test]
fn what_is_exported_can_be_set_and_stays_when_it_is_there() {
    let folder = tempfile::tempdir().unwrap();
    let (written, _) = export(&[&PLAIN], folder.path()).unwrap();
    assert_eq!(written.len(), 3);
    assert!(try_out(&press(Some(folder.path())), |_, _| ()).iter().all(|t| t.fault.is_none() && t.bytes > 1000));
    std::fs::write(folder.path().join("plain.typ"), "#x").unwrap();
    let (written, stayed) = export(&[&PLAIN], folder.path()).unwrap();
    assert_eq!((written.len(), stayed.len()), (0, 3));
    let tried = try_out(&press(Some(folder.path())), |_, bytes| assert!(bytes.is_none()));
    assert!(tried[0].fault.as_ref().unwrap().starts_with("plain.typ:1:2: unknown variable: x"));
}

#[test]
fn what_was_asked_for_lately_is_kept_and_room_is_made() {
    let mut kept = Kept::default();
    let big = Bytes::from(vec![0; KEPT_BYTES / 2 + 1]);
    kept.keep("one", &big);
    kept.keep("two", &big);
    assert!(kept.find("one").is_none() && kept.find("two").is_some());
    kept.keep("three", &Bytes::from(vec![0; KEPT_BYTES + 1]));
    assert!(kept.find("three").is_none() && kept.find("two").is_some());
}
