//! The evidence library: papers live once, in versions; dossiers refer to versions; an upgrade begins
//! as a copy and tells what changed.

use actix_web::http::Method;
use ocop::rulebook::Authority;
use serde_json::{Value, json};

use crate::world::dossiers::{Case, Played, multipart, pdf, shipped};
use crate::world::{Person, Reply, World};

async fn put_in(who: &Person, path: &str, fields: &[(&str, &str)], text: &str) -> Reply {
    who.world.send(multipart(who.request(Method::POST, path), fields, &pdf(text))).await
}

async fn refer(draft: &Played, evidence: &[&str]) -> Reply {
    let tag = draft.tag().await;
    draft.producer.put(&draft.path("/references"), &tag, json!({ "evidence": evidence })).await
}

fn rows(reply: &Reply) -> &Vec<Value> {
    reply.body["data"].as_array().unwrap()
}

#[actix_web::test]
async fn a_paper_lives_once_and_dossiers_refer_to_its_versions() {
    let world = World::on("2026-06-01").await;
    let offices = world.offices("29242");
    let (one, two) = (world.draft(&offices, &Case::of("07")).await, world.draft(&offices, &Case::of("07")).await);
    let fields =
        [("paper", "testReport"), ("number", "12/KN"), ("issuedOn", "2026-01-05"), ("expiresOn", "2026-12-31")];
    let kept = put_in(&one.producer, "/v1/evidence", &fields, "kiểm nghiệm").await.is(201);
    let (id, path) = (kept.id(), kept.headers["location"].clone());
    assert_eq!((&kept.body["state"], &kept.body["newest"]["ordinal"]), (&json!("valid"), &json!(1)));
    let of =
        async |state: &str, within: u16| one.producer.get(&format!("/v1/evidence?state={state}&within={within}")).await;
    assert_eq!(rows(&of("expiring", 213).await).len(), 1);
    assert!(rows(&of("expiring", 212).await).is_empty());

    // Nobody else reads the library: another producer, an office, a visitor.
    for who in [&two.producer, &offices.commune, &offices.province] {
        who.get(&path).await.is(404);
        assert!(rows(&who.get("/v1/evidence").await.is(200)).is_empty());
        who.get(kept.body["newest"]["content"].as_str().unwrap()).await.is(404);
    }
    world.stranger().get(&path).await.is(401);
    put_in(&offices.commune, "/v1/evidence", &fields, "x").await.is(403);
    put_in(&two.producer, "/v1/evidence", &[("paper", "poem")], "x").await.is(422);
    let backwards = [("paper", "award"), ("issuedOn", "2026-05-01"), ("expiresOn", "2026-04-30")];
    let refused = put_in(&two.producer, "/v1/evidence", &backwards, "x").await.is(422);
    assert_eq!(refused.body["errors"][0]["pointer"], "/expiresOn");

    // The dossier refers to it; a mark names it.
    let before = rows(&one.producer.get(&one.path("/documents")).await).len();
    let lying = refer(&one, &[&id]).await.is(200);
    assert_eq!(rows(&lying).len(), before + 1);
    let document = rows(&lying).iter().find(|d| d["evidence"] == json!(id)).unwrap().clone();
    assert_eq!((&document["ordinal"], &document["newer"]), (&json!(1), &json!(false)));
    let mark = json!({"option": "a", "evidence": [document["id"]]});
    one.producer.put(&one.path("/self-assessment/1.1"), &one.tag().await, mark).await.is(200);
    refer(&two, &[&id]).await.is(404);

    // A new version: the dossier keeps the old one until it is told to take the new one.
    let fresh = [("number", "40/KN"), ("issuedOn", "2026-05-20"), ("expiresOn", "2027-05-20")];
    let renewed = put_in(&one.producer, &format!("{path}/versions"), &fresh, "kiểm nghiệm mới").await.is(201);
    assert_eq!(renewed.body["versions"].as_array().unwrap().len(), 2);
    let seen = one.producer.get(&one.path("/documents")).await;
    let held = rows(&seen).iter().find(|d| d["evidence"] == json!(id)).unwrap();
    assert_eq!((&held["number"], &held["newer"]), (&json!("12/KN"), &json!(true)));
    let used = async || {
        let versions = one.producer.get(&path).await.is(200).body["versions"].as_array().unwrap().clone();
        versions.into_iter().map(|v| v["usedIn"].clone()).collect::<Vec<_>>()
    };
    assert_eq!(used().await, [json!([one.id]), json!([])]);
    let taken = refer(&one, &[&id]).await.is(200);
    assert_eq!(used().await, [json!([]), json!([one.id])], "the dossier refers to the new version now");
    let listed = one.producer.get("/v1/evidence?paper=testReport").await;
    assert!(rows(&listed).iter().any(|p| p["id"] == json!(id) && p["newest"]["usedIn"] == json!([one.id])));
    let now = rows(&taken).iter().find(|d| d["evidence"] == json!(id)).unwrap().clone();
    assert_eq!((&now["number"], &now["newer"], rows(&taken).len()), (&json!("40/KN"), &json!(false), before + 1));
    let own = one.producer.get(&one.path("/self-assessment")).await;
    let marked = own.body["marks"].as_array().unwrap().iter().find(|m| m["criterion"] == "1.1").unwrap();
    assert_eq!(marked["evidence"], json!([now["id"]]));

    // What is uploaded into a dossier is in the library too; what an office puts in is not.
    let added = one.upload(&one.producer, &[("paper", "award")], &pdf("giải thưởng")).await.is(201);
    one.producer.get(&format!("/v1/evidence/{}", added.body["evidence"].as_str().unwrap())).await.is(200);
    one.act(&one.producer, json!({"action": "submit"})).await.is(201);
    let count = rows(&one.producer.get("/v1/evidence").await).len();
    let office = one.upload(&offices.commune, &[("paper", "environment")], &pdf("biên bản")).await.is(201);
    assert_eq!(office.body["evidence"], Value::Null);
    assert_eq!(rows(&one.producer.get("/v1/evidence").await).len(), count);
    refer(&one, &[&id]).await.refused("dossier_not_with_producer");

    // Put away: no dossier takes it any more, those that refer to it keep it.
    let tag = one.producer.get(&path).await.tag().to_owned();
    one.producer.delete(&path, "\"1\"").await.is(412);
    one.producer.delete(&path, &tag).await.is(204);
    put_in(&one.producer, &format!("{path}/versions"), &[], "x").await.refused("evidence_retired");
    offices.commune.get(now["content"].as_str().unwrap()).await.is(200);
    assert_eq!(rows(&one.producer.get("/v1/evidence?retired=true").await).len(), 1);
}

#[actix_web::test]
async fn a_paper_about_one_product_proves_nothing_of_another() {
    let world = World::on("2026-06-01").await;
    let offices = world.offices("29242");
    let draft = world.draft(&offices, &Case::of("07")).await;
    let other = world.product_of(draft.producer_id, "Mắm tôm", "07").to_string();
    let fields = [("paper", "testReport"), ("products", other.as_str())];
    let kept = put_in(&draft.producer, "/v1/evidence", &fields, "của sản phẩm kia").await.is(201);
    let refused = refer(&draft, &[&kept.id()]).await.is(422);
    assert_eq!(refused.body["errors"][0]["pointer"], "/evidence");
    let path = kept.headers["location"].clone();
    let about = json!({"title": "Chung", "criteria": ["10.1"], "products": [other, draft.product_id]});
    draft.producer.put(&path, kept.tag(), about).await.is(200);
    refer(&draft, &[&kept.id()]).await.is(200);
    let listed = draft.producer.get(&format!("/v1/evidence?product={}&criterion=10.1", draft.product_id)).await;
    assert_eq!(rows(&listed).len(), 1);
    assert!(rows(&draft.producer.get("/v1/evidence?criterion=10").await).is_empty());
    let foreign = world.draft(&offices, &Case::of("07")).await;
    let wrong = json!({"title": "", "products": [foreign.product_id]});
    let tag = draft.producer.get(&path).await.tag().to_owned();
    draft.producer.put(&path, &tag, wrong).await.is(422);
}

#[actix_web::test]
async fn papers_that_contradict_keep_a_dossier_from_being_filed() {
    let world = World::on("2026-06-01").await;
    let offices = world.offices("29242");
    let draft = world.draft(&offices, &Case::of("07")).await;
    let put = async |fields: &[(&str, &str)]| draft.upload(&draft.producer, fields, &pdf("giấy")).await.is(201);
    let mut wrong = Vec::new();
    for fields in [
        [("paper", "businessRegistration"), ("holderTaxCode", "2100123456")],
        [("paper", "environment"), ("holderTaxCode", "2100 999 999")],
        [("paper", "award"), ("holderName", "Công ty Khác")],
        [("paper", "testReport"), ("issuedOn", "2025-05-31")],
        [("paper", "qualitySystem"), ("expiresOn", "2026-07-01")],
    ] {
        wrong.push(put(&fields).await.id());
    }
    put(&[("paper", "intellectualProperty"), ("expiresOn", "2029-01-01")]).await;
    let refused = draft.act(&draft.producer, json!({"action": "submit"})).await.refused("dossier_incomplete");
    let mut said: Vec<(&str, &str)> = refused.body["errors"]
        .as_array()
        .unwrap()
        .iter()
        .map(|e| (e["pointer"].as_str().unwrap(), e["code"].as_str().unwrap()))
        .collect();
    said.sort_unstable();
    assert_eq!(
        said,
        [
            ("award", "paper_other_holder"),
            ("businessRegistration", "paper_other_tax_code"),
            ("environment", "paper_other_tax_code"),
            ("qualitySystem", "paper_ends_before_round"),
            ("testReport", "paper_too_old"),
        ]
    );
    let check = draft.producer.get(&draft.path("/completeness")).await.is(200);
    assert_eq!(check.body["complete"], false);
    for id in wrong {
        draft.producer.delete(&draft.path(&format!("/documents/{id}")), &draft.tag().await).await.is(204);
    }
    let check = draft.producer.get(&draft.path("/completeness")).await.is(200);
    assert_eq!(check.body["complete"], true, "{}", check.text);
    let early = check.body["papers"].as_array().unwrap().iter().find(|p| p["paper"] == "intellectualProperty").unwrap();
    assert_eq!(early["doubts"], json!(["paper_ends_in_validity"]));
    draft.act(&draft.producer, json!({"action": "submit"})).await.is(201);
}

/// A product recognised with three stars on the papers of its first dossier.
async fn recognised(
    world: &World,
    offices: &crate::world::dossiers::Offices,
    papers: &[Vec<(&str, &str)>],
) -> (Played, Vec<String>) {
    let draft = world.draft(offices, &Case::of("07")).await;
    let mut kept = Vec::new();
    for fields in papers {
        kept.push(put_in(&draft.producer, "/v1/evidence", fields, &format!("{fields:?}")).await.is(201).id());
    }
    let ids: Vec<&str> = kept.iter().map(String::as_str).collect();
    let lying = refer(&draft, &ids).await.is(200);
    let proof = rows(&lying).iter().find(|d| d["evidence"] == json!(kept[0])).unwrap()["id"].clone();
    let mark = json!({"option": "b", "evidence": [proof]});
    draft.producer.put(&draft.path("/self-assessment/1.1"), &draft.tag().await, mark).await.is(200);
    draft.act(&draft.producer, json!({"action": "submit"})).await.is(201);
    draft.report().await;
    let letter = draft.hand_over(&offices.commune, "province").await;
    crate::world::dossiers::receive(&offices.province, &letter, &[&draft]).await;
    draft.act(&offices.province, json!({"action": "startReview"})).await.is(201);
    draft.upload(&offices.province, &[("paper", "advisoryReport")], &pdf("báo cáo")).await.is(201);
    let council = world.council(Authority::Province, Some(offices.province_place), 3).await;
    let id = draft.id.parse().unwrap();
    council.scores(id, "07", &[55, 58, 61], 3).await.is(201);
    world.today("2026-09-01");
    world.province_office(offices.province_place).decide("recognition", &[id], "12/QĐ-UBND", "2026-09-01").await;
    (draft, kept)
}

/// The golden list: three papers replaced, two expired, one option changed, one new market.
#[actix_web::test]
async fn an_upgrade_begins_as_a_copy_and_tells_exactly_what_changed() {
    let world = World::on("2026-06-01").await;
    let offices = world.offices("29242");
    let set = shipped("07");
    let codes: Vec<&str> = set.scored().iter().map(|c| c.code.as_str()).collect();
    let of = |paper, number, criterion, ends| {
        vec![("paper", paper), ("number", number), ("criteria", criterion), ("expiresOn", ends)]
    };
    let papers = [
        of("materialOrigin", "1", codes[0], "2032-01-01"),
        of("qualitySystem", "2", codes[9], "2032-01-01"),
        of("localLabour", "3", codes[4], "2032-01-01"),
        of("environment", "4", codes[7], "2026-12-31"),
        of("barcodeTrace", "5", codes[2], "2027-02-28"),
        of("award", "6", codes[5], "2032-01-01"),
        of("promotion", "7", codes[1], "2032-01-01"),
    ];
    let (first, kept) = recognised(&world, &offices, &papers).await;
    let own = first.producer.clone();
    world.today("2027-03-01");
    for at in [0, 1, 2] {
        let number = format!("{}/2027", at + 1);
        let path = format!("/v1/evidence/{}/versions", kept[at]);
        put_in(&own, &path, &[("number", &number), ("expiresOn", "2033-01-01")], &number).await.is(201);
    }
    // Nothing is sent twice: the copy brings form, marks and papers.
    let opened = own.post("/v1/dossiers", json!({"product": first.product_id, "kind": "upgrade"})).await.is(201);
    assert_eq!((&opened.body["copiedFrom"], &opened.body["form"]["commitment"]), (&json!(first.id), &json!(false)));
    assert_eq!(opened.body["form"]["description"], "Làm từ nguyên liệu của xã");
    let upgrade = Played { id: opened.id(), ..first.clone() };
    let lying = own.get(&upgrade.path("/documents")).await;
    assert!(rows(&lying).iter().all(|d| d["paper"] != "advisoryReport"), "an office's report is of its dossier alone");
    let proof = rows(&lying).iter().find(|d| d["evidence"] == json!(kept[0])).unwrap();
    let marks = own.get(&upgrade.path("/self-assessment")).await.body;
    let marked = marks["marks"].as_array().unwrap().iter().find(|m| m["criterion"] == "1.1").unwrap();
    assert_eq!((&marked["option"], &marked["evidence"]), (&json!("b"), &json!([proof["id"]])));

    let changed = codes[3];
    let criterion = set.criterion(changed).unwrap();
    let case = criterion.cases.first().map(|c| c.case);
    let other = &criterion.branch(case).min_by_key(|o| o.points).unwrap().code;
    let path = upgrade.path(&format!("/self-assessment/{changed}"));
    own.put(&path, &upgrade.tag().await, json!({"option": other, "case": case})).await.is(200);
    let mut form = own.get(&upgrade.path("")).await.body["form"].clone();
    form["markets"] = json!("Thêm siêu thị ở Cần Thơ");
    own.put(&upgrade.path(""), &upgrade.tag().await, json!({ "form": form })).await.is(200);

    let told = own.get(&upgrade.path("/differences")).await.is(200);
    assert_eq!(told.body["since"], json!(first.id));
    let lines: Vec<(&str, &str, Value)> = rows(&told)
        .iter()
        .map(|l| (l["change"].as_str().unwrap(), l["subject"].as_str().unwrap(), l["criterion"].clone()))
        .collect();
    assert_eq!(
        lines,
        [
            ("paperReplaced", "materialOrigin", json!(codes[0])),
            ("paperExpired", "barcodeTrace", json!(codes[2])),
            ("optionChanged", changed, json!(changed)),
            ("paperReplaced", "localLabour", json!(codes[4])),
            ("paperExpired", "environment", json!(codes[7])),
            ("paperReplaced", "qualitySystem", json!(codes[9])),
            ("formChanged", "markets", Value::Null),
        ]
    );
    let side = |at: usize, side: &str| rows(&told)[at][side].clone();
    assert_eq!((&side(0, "old")["text"], &side(0, "new")["text"]), (&json!("1"), &json!("1/2027")));
    assert_eq!(
        (&side(1, "old")["expiresOn"], &side(1, "new")["expiresOn"]),
        (&json!("2027-02-28"), &json!("2027-02-28"))
    );
    assert_eq!(
        (side(2, "new")["text"].as_str().unwrap().ends_with(other.as_str()), side(2, "old").is_object()),
        (true, true)
    );
    assert_eq!((side(6, "old"), &side(6, "new")["text"]), (Value::Null, &json!("Thêm siêu thị ở Cần Thơ")));

    // Filed with what is new and nothing else.
    upgrade.upload(&own, &[("paper", "changesSinceRecognition")], &pdf("thay đổi")).await.is(201);
    form["commitment"] = json!(true);
    own.put(&upgrade.path(""), &upgrade.tag().await, json!({ "form": form })).await.is(200);
    upgrade.act(&own, json!({"action": "submit"})).await.is(201);
    assert_eq!(
        offices.commune.get(&upgrade.path("/differences")).await.is(200).body["data"].as_array().unwrap().len(),
        8
    );
}

#[actix_web::test]
async fn a_paper_with_the_code_of_a_growing_area_that_is_over_keeps_a_dossier_from_being_filed() {
    let world = World::on("2026-06-01").await;
    let offices = world.offices("29242");
    let draft = world.draft(&offices, &Case::of("07")).await;
    let area = json!({"producer": draft.producer_id, "place": offices.place, "name": "Vườn dừa ấp 3", "crop": "dừa",
        "areaM2": 5000, "code": "VN-TVOR-0012", "codeFrom": "2024-01-01", "codeThrough": "2026-05-31"});
    let made = draft.producer.post("/v1/growing-areas", area.clone()).await.is(201);
    assert_eq!((&made.body["codeFrom"], &made.body["codeThrough"]), (&json!("2024-01-01"), &json!("2026-05-31")));
    let paper = [("paper", "materialOrigin"), ("number", "vn-tvor 0012"), ("issuedOn", "2024-01-01")];
    put_in(&draft.producer, &draft.path("/documents"), &paper, "mã số vùng trồng").await.is(201);
    let stopped = draft.act(&draft.producer, json!({"action": "submit"})).await;
    assert_eq!(stopped.status, 409);
    assert!(
        stopped.text.contains("paper_area_code_not_valid") && stopped.text.contains("mã số vùng trồng"),
        "{}",
        stopped.text
    );
    let told = offices.commune.get(&draft.path("/completeness")).await;
    assert_eq!(told.status, 404, "a draft is the producer's alone");
    let told = draft.producer.get(&draft.path("/completeness")).await.is(200);
    assert!(told.text.contains("paper_area_code_not_valid"), "{}", told.text);
    let mut longer = area;
    longer["codeThrough"] = json!("2029-12-31");
    draft.producer.put(&format!("/v1/growing-areas/{}", made.id()), made.tag(), longer).await.is(200);
    draft.act(&draft.producer, json!({"action": "submit"})).await.is(201);
}
