//! Results of a whole session, its minutes, and what they are printed from.

use diesel::RunQueryDsl;
use ocop::db::Doc;
use ocop::db::schema::self_marks;
use ocop::dossiers::model::SelfMark;
use ocop::ids::DossierId;
use serde_json::{Value, json};

use super::{PROVINCE, paper_in};
use crate::world::World;
use crate::world::scoring::{but, marks, meets, set};

#[actix_web::test]
async fn the_results_of_a_session_are_to_the_letter_those_of_its_dossiers() {
    let world = World::new().await;
    let province = world.province("86");
    let council = world.council(PROVINCE, Some(province), 3).await;
    let dossiers: Vec<DossierId> = (0..100).map(|_| world.in_review("07", province)).collect();
    let session = council.sits(&dossiers).await;
    let sheets = [74, 75, 79].map(|total| marks(set("07"), total, meets(4)));
    for dossier in &dossiers[..99] {
        council.mark(&session, *dossier, &sheets).await;
    }
    council.close(&session).await;
    let whole = format!("/v1/sessions/{session}/results");
    assert_eq!(council.officer.get(&whole).await.is(200).text, r#"{"data":[]}"#);
    for dossier in &dossiers[..99] {
        council.record(&session, *dossier, json!({})).await.is(201);
    }
    for person in [&council.officer, council.chair(), &council.voters[2].person] {
        let mut singles = Vec::new();
        for dossier in &dossiers[..99] {
            singles.push(person.get(&format!("/v1/dossiers/{dossier}/result")).await.is(200).text);
        }
        let text = format!(r#"{{"data":[{}]}}"#, singles.join(","));
        assert!(person.get(&whole).await.is(200).text == text, "one answer for all differs from one by one");
    }
    world.plain().get(&whole).await.is(404);
}

#[actix_web::test]
async fn a_result_shows_the_minima_with_their_papers_and_the_sheets_behind_it() {
    let world = World::new().await;
    let province = world.province("86");
    let council = world.council(PROVINCE, Some(province), 3).await;
    let dossier = world.in_review("07", province);
    let session = council.sits(&[dossier]).await;
    council.mark(&session, dossier, &vec![but(set("07"), 92, 5, "4.1", "c"); 3]).await;
    council.close(&session).await;
    let result = council.record(&session, dossier, json!({})).await.is(201).body;
    let missed: Vec<&Value> = result["minima"].as_array().unwrap().iter().filter(|m| m["holds"] == false).collect();
    assert_eq!(missed.len(), 1, "{result}");
    let (m, shown) = (missed[0], json!(["4.1", 5, 0, 3]));
    assert_eq!(json!([m["criterion"], m["star"], m["reached"], m["sheets"]]), shown);
    assert!(m["article"]["vi"].as_str().unwrap().contains("Phụ lục II"), "{m}");
    let seats: Vec<&str> = result["sheets"].as_array().unwrap().iter().map(|s| s["seat"].as_str().unwrap()).collect();
    assert_eq!(seats, ["Ghế 1", "Ghế 2", "Ghế 3"]);
}

#[actix_web::test]
async fn each_result_of_a_session_stands_on_the_papers_of_its_own_dossier() {
    let world = World::new().await;
    let province = world.province("86");
    let council = world.council(PROVINCE, Some(province), 3).await;
    let dossiers = [world.in_review("07", province), world.in_review("07", province)];
    let mut behind = Vec::new();
    for dossier in dossiers {
        let proof = paper_in(&world, dossier, "Hợp đồng", &["4.1"]).await;
        let named = paper_in(&world, dossier, "Tờ khai", &[]).await;
        paper_in(&world, dossier, "Giấy khác", &["1.1"]).await;
        world.as_service(move |cx| {
            let mark = SelfMark {
                dossier_id: dossier,
                criterion: "4.1".into(),
                option_code: Some("c".into()),
                case_code: None,
                comment: None,
                evidence: Doc::of(&[named, proof]),
                points: 0,
                updated_at: cx.now,
            };
            diesel::insert_into(self_marks::table).values(&mark).execute(cx.conn)?;
            Ok(())
        });
        behind.push(json!([proof, named]));
    }
    let session = council.sits(&dossiers).await;
    for dossier in dossiers {
        council.mark(&session, dossier, &vec![but(set("07"), 92, 5, "4.1", "c"); 3]).await;
    }
    council.close(&session).await;
    for dossier in dossiers {
        council.record(&session, dossier, json!({})).await.is(201);
    }
    let whole = council.officer.get(&format!("/v1/sessions/{session}/results")).await.is(200).body;
    let papers = |one: &Value| {
        let minima = one["newest"]["minima"].as_array().unwrap();
        let minimum = minima.iter().find(|m| m["criterion"] == "4.1").unwrap();
        json!(minimum["evidence"].as_array().unwrap().iter().map(|p| &p["id"]).collect::<Vec<_>>())
    };
    assert_eq!(whole["data"].as_array().unwrap().iter().map(papers).collect::<Vec<_>>(), behind);
}

#[actix_web::test]
async fn minutes_are_drawn_up_once_and_printed_from_what_was_frozen() {
    let world = World::new().await;
    let province = world.province("86");
    let council = world.council(PROVINCE, Some(province), 5).await;
    let (clear, split, out) =
        (world.in_review("07", province), world.in_review("07", province), world.in_review("07", province));
    let session = council.convene(&[clear, split, out]).await;
    council.attend(&session, 5).await;
    let kept_away = &council.voters[4];
    kept_away.person.post("/v1/conflicts", json!({ "dossierId": clear, "reason": "Góp vốn" })).await.is(201);
    council.open(&session).await.is(200);
    council.totals(&session, clear, "07", &[75, 76, 77, 78], 4).await;
    let (four, three) = (marks(set("07"), 72, meets(4)), marks(set("07"), 68, meets(3)));
    council.mark(&session, split, &[four.clone(), four.clone(), four.clone(), four, three]).await;
    let at = format!("/v1/sessions/{session}/minutes");
    let wish = json!({ "remarks": "=Nhất trí" });
    council.secretary.person.post(&at, wish.clone()).await.refused("session_results_open");
    council.close(&session).await;
    for dossier in [clear, split] {
        council.record(&session, dossier, json!({})).await.is(201);
    }
    council.secretary.person.post(&at, wish.clone()).await.refused("session_results_open");
    council
        .post(&council.officer, &session, "postponements", json!({ "dossierId": out, "reason": "Chờ kiểm nghiệm" }))
        .await
        .is(200);
    council.voters[2].person.post(&at, wish.clone()).await.is(403);
    council.secretary.person.get(&at).await.is(404);
    let drawn = council.secretary.person.post(&at, wish.clone()).await.is(201).body;
    council.secretary.person.post(&at, wish).await.refused("minutes_drawn_up");
    let found = &drawn["minutes"];
    assert_eq!(found["quorum"], json!({ "seats": 5, "needed": 4, "present": 5 }));
    assert_eq!(found["conflicts"], json!([{ "seat": 5, "dossier": 1, "reason": "Góp vốn" }]));
    assert_eq!(found["dossiers"][0]["totals"], json!([[1, 75], [2, 76], [3, 77], [4, 78]]));
    assert_eq!(found["dossiers"][1]["found"]["dissent"][0]["seat"], "Ghế 5");
    assert_eq!(
        (&found["dossiers"][2]["found"], &found["dossiers"][2]["reason"]),
        (&Value::Null, &json!("Chờ kiểm nghiệm"))
    );

    // Members read them, whoever keeps away reads the rest; nobody else does.
    assert_eq!(council.voters[2].person.get(&at).await.is(200).body, drawn);
    let blank = kept_away.person.get(&at).await.is(200).body;
    let first = &blank["minutes"]["dossiers"][0];
    assert_eq!((&first["withheld"], &first["found"], &first["totals"]), (&json!(true), &Value::Null, &json!([])));
    assert_eq!(blank["minutes"]["dossiers"][1], found["dossiers"][1]);
    world.plain().get(&at).await.is(404);

    // The same bytes, whatever happens to the rows meanwhile.
    let (print, page) = (format!("{at}.xlsx"), format!("{at}.pdf"));
    let one = council.officer.get(&print).await.is(200);
    let paper = council.officer.get(&page).await.is(200);
    assert!(paper.text.starts_with("%PDF"));
    assert!(one.headers["content-disposition"].contains("bien-ban.xlsx"));
    world.today("2026-07-15");
    world.as_service(move |cx| {
        use diesel::{ExpressionMethods, QueryDsl, RunQueryDsl};
        use ocop::db::schema::sheets::dsl;
        diesel::update(dsl::sheets.filter(dsl::dossier_id.eq(clear))).set(dsl::total.eq(Some(1))).execute(cx.conn)?;
        Ok(())
    });
    let two = council.officer.get(&print).await.is(200);
    assert!(one.text == two.text, "regenerated byte for byte");
    assert!(council.officer.get(&page).await.is(200).text == paper.text, "the page too");
    council.voters[2].person.get(&print).await.is(200);
    // Whoever keeps away is given another page.
    assert!(kept_away.person.get(&page).await.is(200).text != paper.text);
    // The summary table is printed from the same record, single sheets from theirs.
    let summary = format!("/v1/sessions/{session}/summary");
    for (name, kind) in
        [(format!("{summary}.xlsx"), "bang-tong-hop.xlsx"), (format!("{summary}.pdf"), "bang-tong-hop.pdf")]
    {
        let one = council.officer.get(&name).await.is(200);
        assert!(one.headers["content-disposition"].contains(kind), "{:?}", one.headers);
        assert!(council.voters[2].person.get(&name).await.is(200).bytes == one.bytes, "{name}: byte for byte");
        assert!(
            kept_away.person.get(&name).await.is(200).bytes != one.bytes,
            "{name}: left blank for whoever keeps away"
        );
        world.plain().get(&name).await.is(404);
    }
    if let Some(folder) = std::env::var_os("OCOP_SHOW_PAPERS") {
        let made = ocop::paper::Press::with_folder(None, ocop::app::templates());
        for name in ["minutes", "summary", "sheet"] {
            let sheet = made.templates().iter().copied().find(|t| t.name == format!("{name}.typ")).unwrap();
            for sample in sheet.samples {
                let set = made.try_out(sheet, sample).unwrap();
                let file = format!("{name}.{}.pdf", sample.name);
                std::fs::write(std::path::Path::new(&folder).join(file), &set).unwrap();
            }
        }
    }
}

#[actix_web::test]
async fn a_sheet_is_printed_as_it_was_submitted_for_whoever_may_see_it() {
    let world = World::new().await;
    let province = world.province("86");
    let council = world.council(PROVINCE, Some(province), 3).await;
    let dossier = world.in_review("07", province);
    let session = council.sits(&[dossier]).await;
    let (holder, fellow) = (&council.voters[2], &council.voters[1]);
    let sheet = council.sheet_of(holder, &session, dossier).await;
    let at = |kind: &str| format!("/v1/sheets/{sheet}/print.{kind}");
    holder.person.get(&at("pdf")).await.refused("sheet_not_printed");
    let mut marked = marks(set("07"), 75, meets(4));
    let hostile = "=HYPERLINK(\"http://example.org\")";
    marked.values_mut().next().unwrap().comment = Some(hostile.into());
    council.mark(&session, dossier, &[marked.clone(), marked.clone(), marked]).await;
    let (one, page) = (holder.person.get(&at("xlsx")).await.is(200), holder.person.get(&at("pdf")).await.is(200));
    assert!(page.text.starts_with("%PDF"));
    for kind in ["xlsx", "pdf"] {
        for other in [&fellow.person, council.chair(), &council.secretary.person, &council.officer] {
            other.get(&at(kind)).await.is(404);
        }
    }
    // No cell of the workbook is taken for a formula.
    let mut book = zip::ZipArchive::new(std::io::Cursor::new(one.bytes.clone())).unwrap();
    let mut said = String::new();
    for at in 0..book.len() {
        let mut text = String::new();
        std::io::Read::read_to_string(&mut book.by_index(at).unwrap(), &mut text).unwrap();
        assert!(!text.contains("<f>"), "a formula in part {at}");
        said.push_str(&text);
    }
    assert!(said.contains("'=HYPERLINK") && !said.contains(">=HYPERLINK"), "the sign of a formula is prefixed");

    council.close(&session).await;
    world.today("2026-07-15");
    world.as_service(move |cx| {
        use diesel::prelude::*;
        use ocop::db::schema::{products, sheets};
        diesel::update(sheets::table.filter(sheets::dossier_id.eq(dossier)))
            .set(sheets::total.eq(Some(1)))
            .execute(cx.conn)?;
        let product = ocop::dossiers::any(cx, dossier)?.product_id;
        diesel::update(products::table.find(product)).set(products::name.eq("Tên khác")).execute(cx.conn)?;
        Ok(())
    });
    for other in [&holder.person, &fellow.person, council.chair(), &council.secretary.person, &council.officer] {
        assert!(other.get(&at("xlsx")).await.is(200).bytes == one.bytes, "byte for byte");
        assert!(other.get(&at("pdf")).await.is(200).bytes == page.bytes, "byte for byte");
    }
    let producer = world.speaker(world.dossier(dossier).producer_id);
    producer.get(&at("xlsx")).await.is(404);
    producer.get(&at("pdf")).await.is(404);
}
