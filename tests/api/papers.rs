//! Papers as PDF: forms, certificates, decisions, prints. What a page looks like, and whether other
//! readers can read it, is looked at by `.ci/paper-run`.

use ocop::actor::{Caller, Role};
use ocop::auth::Right;
use ocop::jobs;
use ocop::producers::Particulars;
use serde_json::{Value, json};

use crate::world::dossiers::{Case, pdf};
use crate::world::{Reply, World};

#[track_caller]
fn is_pdf(reply: Reply) -> Reply {
    let reply = reply.is(200);
    assert_eq!(reply.headers["content-type"], "application/pdf");
    assert!(reply.bytes.starts_with(b"%PDF-1.7") && reply.bytes.ends_with(b"%%EOF"), "{} bytes", reply.bytes.len());
    reply
}

fn audited(world: &World, id: uuid::Uuid, deed: &str) -> usize {
    world.record();
    let rows = world.db().read_now(&Caller::system("test"), move |cx| ocop::audit::of_subject(cx, id)).unwrap();
    rows.iter().filter(|r| r.deed == deed).count()
}

#[actix_web::test]
async fn forms_are_the_same_bytes_until_the_dossier_changes_and_seen_like_it() {
    let world = World::on("2026-06-01").await;
    let offices = world.offices("29242");
    let draft = world.draft(&offices, &Case::of("07")).await;
    let form = |n: &str| draft.path(&format!("/forms/{n}.pdf"));
    let first = is_pdf(draft.producer.get(&form("01")).await);
    assert_eq!(first.headers["cache-control"], "private, no-store");
    let again = is_pdf(draft.producer.get(&form("01")).await);
    assert!(first.bytes == again.bytes && first.tag() == again.tag());
    let request = draft.producer.request(actix_web::http::Method::GET, &form("01"));
    world.send(request.insert_header(("If-None-Match", first.tag()))).await.is(304);
    is_pdf(draft.producer.get(&form("02")).await);
    draft.producer.get(&form("03")).await.refused("dossier_report_missing");
    for unknown in ["04.pdf", "01", "01.docx"] {
        draft.producer.get(&draft.path(&format!("/forms/{unknown}"))).await.is(404);
    }
    offices.commune.get(&form("01")).await.is(404);
    world.stranger().get(&form("01")).await.is(401);

    draft
        .upload(&draft.producer, &[("paper", "testReport"), ("title", "Vi sinh 🦠 漢字")], &pdf("kiểm nghiệm"))
        .await
        .is(201);
    draft.act(&draft.producer, json!({"action": "submit"})).await.is(201);
    let filed = is_pdf(draft.producer.get(&form("01")).await);
    assert!(filed.bytes != first.bytes, "receipt number and papers are on it now");
    is_pdf(offices.commune.get(&form("02")).await);
    let (_, stranger) = world.producer_in(offices.place, ocop::producers::ProducerType::Company);
    stranger.get(&form("01")).await.is(404);
    draft.report().await;
    is_pdf(offices.province.get(&form("03")).await);
}

#[actix_web::test]
async fn particulars_are_printed_for_who_may_read_them_and_that_is_written_down() {
    let world = World::on("2026-06-01").await;
    let offices = world.offices("29242");
    let filed = world.filed(&offices, &Case::of("07")).await;
    let producer = filed.producer_id;
    let before = is_pdf(offices.commune.get(&filed.path("/forms/02.pdf")).await);
    let without = is_pdf(world.with_role(Role::Inspector).get(&filed.path("/forms/02.pdf")).await);
    world
        .db()
        .write_now(&Caller::system("test"), move |cx| {
            let held = ocop::producers::hold(cx, producer)?;
            let particulars = Particulars {
                representative_name: Some("Thạch Thị Sa".into()),
                ethnicity: Some("Khmer".into()),
                ..Particulars::none(producer)
            };
            ocop::producers::write_particulars(cx, &held, particulars)
        })
        .unwrap();
    let read = |world: &World| audited(world, producer.0, "producer.particulars_read");
    let count = read(&world);
    let with = is_pdf(offices.commune.get(&filed.path("/forms/02.pdf")).await);
    assert!(with.bytes != before.bytes);
    assert_eq!(read(&world), count + 1);
    // Who has no ground gets the form as it was: nothing of the representative is in it.
    let mandate = Right { producer: Some(producer), basis: "test".into(), ..Right::default() };
    for who in
        [world.with_role(Role::Inspector), world.with_role(Role::Central), world.person(Role::Consultant, mandate)]
    {
        let seen = is_pdf(who.get(&filed.path("/forms/02.pdf")).await);
        assert!(seen.bytes == without.bytes);
    }
    assert_eq!(read(&world), count + 1);
}

#[actix_web::test]
async fn a_broken_template_of_the_office_is_told_with_its_line() {
    let folder = tempfile::tempdir().unwrap();
    let own = folder.path().to_path_buf();
    let world = World::with_settings("2026-06-01", move |config| config.templates = Some(own)).await;
    let offices = world.offices("29242");
    let draft = world.draft(&offices, &Case::of("07")).await;
    let path = draft.path("/forms/01.pdf");
    let shipped = is_pdf(draft.producer.get(&path).await);
    std::fs::write(folder.path().join("form-01.typ"), "Mẫu của tỉnh\n\n#sản-phẩm").unwrap();
    let broken = draft.producer.get(&path).await.is(500);
    assert_eq!(broken.word(), "template_broken");
    assert!(broken.body["detail"].as_str().unwrap().contains("form-01.typ:3:2: unknown variable"), "{}", broken.text);
    std::fs::write(folder.path().join("form-01.typ"), "Mẫu của tỉnh").unwrap();
    assert!(is_pdf(draft.producer.get(&path).await).bytes != shipped.bytes);
    std::fs::remove_file(folder.path().join("form-01.typ")).unwrap();
    assert!(is_pdf(draft.producer.get(&path).await).bytes == shipped.bytes);
}

#[actix_web::test]
async fn a_certificate_is_one_paper_until_it_ends_and_its_prints_are_numbered() {
    let world = World::new().await;
    let office = world.province_office(world.vinh_long());
    let filed = world.scored_at_province("Mật hoa dừa", 4, (746, 9));
    let decision = office.decide("recognition", &[filed.dossier], "1693/QĐ-UBND", "2026-06-01").await;
    let id = decision.body["items"][0]["certificateId"].as_str().unwrap().to_owned();
    let path = |rest: &str| format!("/v1/certificates/{id}{rest}");
    let electronic = is_pdf(office.officer.get(&path("/pdf")).await);
    let own = Right { producer: Some(filed.producer), basis: "test".into(), ..Right::default() };
    let producer = world.person(Role::Producer, own);
    assert!(is_pdf(producer.get(&path("/pdf")).await).bytes == electronic.bytes);
    world.today("2026-07-01");
    assert!(is_pdf(producer.get(&path("/pdf")).await).bytes == electronic.bytes, "the day of reading is not on it");
    world.stranger().get(&path("/pdf")).await.is(401);

    office.officer.post(&path("/prints"), json!({})).await.is(428);
    producer.post_once(&path("/prints"), "p", json!({})).await.is(403);
    office.signer.post_once(&path("/prints"), "p", json!({})).await.is(403);
    let one = office.officer.post_once(&path("/prints"), "p1", json!({})).await.is(201);
    assert_eq!((&one.body["print"], &one.body["printedOn"]), (&json!(1), &json!("2026-07-01")));
    let same = office.officer.post_once(&path("/prints"), "p1", json!({})).await.is(201);
    assert_eq!((same.headers["idempotency-replayed"].as_str(), &same.body["print"]), ("true", &json!(1)));
    let bare = office.officer.post_once(&path("/prints"), "p2", json!({"reason": " "})).await.is(422);
    assert_eq!(bare.body["errors"][0]["pointer"], "/reason");
    let two = office.officer.post_once(&path("/prints"), "p2", json!({"reason": "Bản trước bị mất"})).await.is(201);
    assert_eq!(two.body["print"], 2);
    let first = is_pdf(office.officer.get(one.body["pdf"].as_str().unwrap()).await);
    let second = is_pdf(office.officer.get(two.body["pdf"].as_str().unwrap()).await);
    assert!(first.bytes != second.bytes && first.bytes != electronic.bytes);
    office.officer.get(&path("/prints/3/pdf")).await.is(404);
    producer.get(&path("/prints/1/pdf")).await.is(403);
    let list = producer.get(&path("/prints")).await.is(200);
    let reasons: Vec<&Value> = list.body["data"].as_array().unwrap().iter().map(|p| &p["reason"]).collect();
    assert_eq!(reasons, [&json!(""), &json!("Bản trước bị mất")]);
    assert_eq!(audited(&world, id.parse().unwrap(), "certificate.printed"), 2);

    office.revoke(&id, "2026-06-20", "1700/QĐ-UBND", "2026-07-01").await;
    let ended = is_pdf(producer.get(&path("/pdf")).await);
    assert!(ended.bytes != electronic.bytes, "its end is written across it");
    let refused = office.officer.post_once(&path("/prints"), "p3", json!({"reason": "x"})).await;
    refused.refused("certificate_not_in_force");
    assert!(is_pdf(office.officer.get(one.body["pdf"].as_str().unwrap()).await).bytes == first.bytes);
}

#[actix_web::test]
async fn a_decision_is_a_paper_for_officials_first_and_for_everybody_once_published() {
    let world = World::new().await;
    let office = world.province_office(world.vinh_long());
    let filed = world.scored_at_province("Gạo hạt ngọc", 3, (540, 9));
    let draft = office.prepare("recognition", &[filed.dossier]).await.is(201);
    let (own, public) =
        (format!("/v1/decisions/{}/pdf", draft.id()), format!("/v1/catalogue/decisions/{}/pdf", draft.id()));
    let stranger = world.stranger();
    let first = is_pdf(office.officer.get(&own).await);
    stranger.get(&own).await.is(401);
    stranger.get(&public).await.is(404);
    let signed = office.sign(&draft, "1693/QĐ-UBND", "2026-06-01").await.is(200);
    let second = is_pdf(office.officer.get(&own).await);
    assert!(first.bytes != second.bytes);
    stranger.get(&public).await.is(404);
    office.publish(&signed).await.is(200);
    let shown = is_pdf(stranger.get(&public).await);
    assert_eq!(shown.headers["cache-control"], "public, max-age=60");
    assert!(shown.bytes == is_pdf(office.officer.get(&own).await).bytes);
    // A notice stays between the office, the commune and the producer.
    let failed = world.scored_at_province("Ớt", 2, (400, 9));
    let mut body = office.body("notRecognition", &[failed.dossier]);
    body["reason"] = json!("Dưới 50 điểm");
    let notice = office.officer.post_once("/v1/decisions", "n", body).await.is(201);
    let signed = office.sign(&notice, "45/TB-UBND", "2026-06-01").await.is(200);
    office.publish(&signed).await.is(200);
    is_pdf(office.officer.get(&format!("/v1/decisions/{}/pdf", notice.id())).await);
    stranger.get(&format!("/v1/catalogue/decisions/{}/pdf", notice.id())).await.is(404);
}

#[actix_web::test]
async fn a_decisions_certificates_are_printed_in_one_job_as_one_pdf_and_a_zip() {
    let world = World::new().await;
    let office = world.province_office(world.vinh_long());
    // `OCOP_TEST_CERTIFICATES=104` in a step of its own of `.ci/run`: what a province gives out in a round.
    let asked = std::env::var("OCOP_TEST_CERTIFICATES").ok().and_then(|n| n.parse().ok());
    let printed: usize = asked.unwrap_or(11);
    let one = |at: usize| {
        let name: &'static str = format!("Sản phẩm {at}").leak();
        world.scored_at_province(name, 3, (540, 9)).dossier
    };
    // One more, which ends before.
    let filed: Vec<_> = (0..=printed).map(one).collect();
    let draft = office.prepare("recognition", &filed).await.is(201);
    let path = format!("/v1/decisions/{}/prints", draft.id());
    office.officer.post_once(&path, "early", json!({})).await.refused("decision_wrong_moment");
    let signed = office.sign(&draft, "9/QĐ-UBND", "2026-06-01").await.is(200);
    let published = office.publish(&signed).await.is(200);
    let ended = published.body["items"][3]["certificateId"].as_str().unwrap().to_owned();
    office.revoke(&ended, "2026-06-01", "10/QĐ-UBND", "2026-06-01").await;

    office.officer.post(&path, json!({})).await.is(428);
    office.signer.post_once(&path, "s", json!({})).await.is(403);
    let started = office.officer.post_once(&path, "b", json!({"reason": "Trao tại hội nghị"})).await.is(202);
    let again = office.officer.post_once(&path, "b", json!({"reason": "Trao tại hội nghị"})).await.is(202);
    assert_eq!(started.id(), again.id());
    let file = |kind: &str| format!("{path}/{}/certificates.{kind}", started.id());
    office.officer.get(&file("pdf")).await.refused("prints_under_way");
    // While the worker is at it, the job says how far it is.
    let (db, handlers) = (world.db().clone(), world.state.handlers());
    let at_work = std::thread::spawn(move || while jobs::work_once(&db, &handlers).unwrap() {});
    let (mut told, mut memory) = (Vec::new(), Vec::new());
    let began = std::time::Instant::now();
    while !at_work.is_finished() {
        let job = office.officer.get(started.body["job"].as_str().unwrap()).await.is(200);
        told.push(job.body["percent"].as_i64().unwrap());
        memory.push(resident());
        actix_web::rt::time::sleep(std::time::Duration::from_millis(5)).await;
    }
    at_work.join().unwrap();
    assert!(told.is_sorted() && told.iter().any(|percent| (1..100).contains(percent)), "{told:?}");
    if asked.is_some() {
        // Alone in its process: what one certificate after another leaves behind.
        let at = |percent: i64| memory[told.iter().position(|p| *p >= percent).unwrap()];
        let (early, late, most) = (at(20), at(90), memory.iter().max().unwrap());
        let mut steps: Vec<(i64, u64)> = told.iter().copied().zip(memory.iter().map(|kib| kib / 1024)).collect();
        steps.dedup_by_key(|(percent, _)| *percent);
        println!("{printed} certificates in {:?}: percent and MiB resident {steps:?}", began.elapsed());
        println!("{early} KiB at 20 %, {late} KiB at 90 %, {most} KiB at most, the one PDF and the ZIP included");
        assert!(late < early + 48 * 1024, "memory grows with the certificates: {early} KiB, then {late} KiB");
    }
    let job = office.officer.get(started.body["job"].as_str().unwrap()).await.is(200);
    assert_eq!((&job.body["state"], &job.body["percent"]), (&json!("done"), &json!(100)), "{}", job.text);
    assert_eq!((&job.body["result"]["printed"], &job.body["result"]["notInForce"]), (&json!(printed), &json!(1)));

    let whole = is_pdf(office.officer.get(job.body["result"]["pdf"].as_str().unwrap()).await).bytes;
    let count = format!("/Count {printed}");
    assert!(whole.windows(count.len()).any(|part| part == count.as_bytes()), "a page for each certificate");
    let packed = office.officer.get(job.body["result"]["zip"].as_str().unwrap()).await.is(200);
    assert_eq!(packed.headers["content-type"], "application/zip");
    let mut zip = zip::ZipArchive::new(std::io::Cursor::new(packed.bytes)).unwrap();
    assert_eq!(zip.len(), printed);
    let first = zip.by_index(0).unwrap().name().unwrap().into_owned();
    assert_eq!(first, format!("{}.pdf", published.body["items"][0]["certificateNumber"].as_str().unwrap()));
    let mut bytes = Vec::new();
    std::io::Read::read_to_end(&mut zip.by_index(0).unwrap(), &mut bytes).unwrap();
    let print =
        format!("/v1/certificates/{}/prints/1/pdf", published.body["items"][0]["certificateId"].as_str().unwrap());
    assert!(is_pdf(office.officer.get(&print).await).bytes == bytes, "the ZIP holds the prints themselves");

    if asked.is_some() {
        return;
    }
    // Another officer of the office fetches them; another office, or another decision, does not.
    is_pdf(world.province_office(world.vinh_long()).officer.get(&file("pdf")).await);
    office.signer.get(&file("pdf")).await.is(403);
    office.officer.get(&file("docx")).await.is(404);
    let other = office
        .decide("recognition", &[world.scored_at_province("Khoai", 3, (540, 9)).dossier], "11/QĐ-UBND", "2026-06-01")
        .await;
    office.officer.get(&format!("/v1/decisions/{}/prints/{}/certificates.pdf", other.id(), started.id())).await.is(404);
    // A second job numbers second prints.
    let second = office.officer.post_once(&path, "c", json!({"reason": "In lại"})).await.is(202);
    work_off(&world);
    assert_eq!(office.officer.get(second.body["job"].as_str().unwrap()).await.is(200).body["state"], "done");
    let prints = format!("/v1/certificates/{}/prints", published.body["items"][0]["certificateId"].as_str().unwrap());
    let list = office.officer.get(&prints).await.is(200);
    assert_eq!(
        list.body["data"].as_array().unwrap().iter().map(|p| p["print"].as_i64().unwrap()).collect::<Vec<_>>(),
        [1, 2]
    );
    // A print that is made again is logged with its reason.
    let logged: Vec<String> = world
        .db()
        .read_now(&ocop::actor::Caller::system("test"), |cx| {
            use diesel::prelude::*;
            use ocop::db::schema::audit;
            Ok(audit::table.filter(audit::deed.eq("certificate.printed")).select(audit::details).load(cx.conn)?)
        })
        .unwrap();
    assert_eq!(logged.len(), 2 * printed);
    assert_eq!(logged.iter().filter(|row| row.contains("\"print\":2") && row.contains("In lại")).count(), printed);
}

/// Workers are threads of their own.
fn work_off(world: &World) {
    let (db, handlers) = (world.db().clone(), world.state.handlers());
    std::thread::spawn(move || while jobs::work_once(&db, &handlers).unwrap() {}).join().unwrap();
}

/// Memory of this process, in KiB; 0 where the system does not tell it so.
fn resident() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    line.and_then(|line| line.trim().trim_end_matches(" kB").parse().ok()).unwrap_or(0)
}
