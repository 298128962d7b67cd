//! What was submitted stays provable: sealed manifests, and archives that prove themselves offline.

use std::collections::BTreeMap;
use std::io::{Cursor, Read, Write};

use actix_web::http::Method;
use diesel::connection::SimpleConnection;
use ocop::actor::Role;
use ocop::auth::Right;
use ocop::db::Doc;
use ocop::dossiers::archive::verify::{Report, Wrong, verify};
use ocop::keys::{KeyStanding, PublicKey, Purpose, sha256_hex};
use serde_json::{Value, json};
use zip::write::{SimpleFileOptions, ZipWriter};
use zip::{CompressionMethod, ZipArchive};

use crate::world::dossiers::{Case, Played, multipart, pdf, send_letter};
use crate::world::{Person, Reply, World};

async fn manifest(who: &Person, played: &Played, number: i32) -> Reply {
    who.get(&played.path(&format!("/manifests/{number}"))).await
}

async fn seals(played: &Played) -> Vec<Value> {
    let list = played.producer.get(&played.path("/manifests")).await.is(200);
    list.body["data"].as_array().unwrap().clone()
}

/// The public keys as anybody reads them.
async fn published(world: &World) -> Value {
    world.stranger().get("/.well-known/jwks.json").await.is(200).body
}

/// Whether a manifest verifies by what is published, with nothing of the service but the key.
fn verifies(view: &Value, jwks: &Value) -> bool {
    let text = Doc(view["manifest"].clone()).text();
    let key = jwks["keys"].as_array().unwrap().iter().find(|k| k["kid"] == view["key"]).unwrap();
    assert_eq!(key["ocop:purpose"], "dossier");
    let x = key["x"].as_str().unwrap().to_owned();
    let id = ocop::ids::RowId(view["key"].as_str().unwrap().parse().unwrap());
    let key = PublicKey { id, purpose: Purpose::Dossier, x, standing: KeyStanding::Signs };
    view["sha256"] == sha256_hex(text.as_bytes()) && key.verifies(text.as_bytes(), view["signature"].as_str().unwrap())
}

#[actix_web::test]
async fn each_submission_is_frozen_signed_and_kept() {
    let world = World::on("2026-06-01").await;
    let offices = world.offices("29242");
    let played = world.draft(&offices, &Case::of("07")).await;
    assert!(seals(&played).await.is_empty());
    played.act(&played.producer, json!({"action": "submit"})).await.is(201);
    let first = manifest(&offices.commune, &played, 1).await.is(200).body;
    let jwks = published(&world).await;
    assert!(verifies(&first, &jwks));
    assert_eq!((&first["action"], &first["intact"], &first["number"]), (&json!("submit"), &json!(true), &json!(1)));
    let told = &first["manifest"];
    assert_eq!(told["format"], "ocop-dossier-manifest/1");
    assert_eq!((&told["rulebook"]["id"], &told["criteriaSet"]["code"]), (&json!("26-2026"), &json!("07")));
    assert_eq!((&told["form"]["samples"], &told["previous"]), (&json!(5), &Value::Null));
    assert_eq!(told["receiptNumber"], played.view().await.body["receiptNumber"]);
    let papers = played.producer.get(&played.path("/documents")).await.body["data"].as_array().unwrap().clone();
    let told_papers = told["papers"].as_array().unwrap();
    assert_eq!(told_papers.len(), papers.len());
    for (told, paper) in told_papers.iter().zip(&papers) {
        assert_eq!((&told["sha256"], &told["fileName"]), (&paper["sha256"], &paper["fileName"]));
        assert!(told["bytes"].as_u64().unwrap() > 10 && told["mediaType"] == "application/pdf", "{told}");
    }
    assert!(!told["marks"].as_array().unwrap().is_empty());
    assert_eq!((&told["submitter"]["role"], &told["submitter"]["onBehalfOf"]), (&json!("producer"), &Value::Null));
    assert_eq!(told["submitter"]["user"], json!(played.producer.id));

    // Sent back, changed, filed again, handed over: each is frozen beside the others.
    played.act(&offices.commune, json!({"action": "return", "reason": "Bổ sung giấy tờ"})).await.is(201);
    played.upload(&played.producer, &[("paper", "award")], &pdf("giải thưởng")).await.is(201);
    let edit = json!({"form": {"description": "Viết lại", "organisation": "Tổ", "plan": "Kế hoạch", "samples": 5, "commitment": true}});
    played.producer.put(&played.path(""), &played.tag().await, edit).await.is(200);
    played.act(&played.producer, json!({"action": "submit"})).await.is(201);
    played.report().await;
    let sent = send_letter(&offices.commune, "province", &[&played]).await.is(201);
    let list = seals(&played).await;
    let actions: Vec<&str> = list.iter().map(|m| m["action"].as_str().unwrap()).collect();
    assert_eq!(actions, ["submit", "return", "submit", "propose"]);
    let mut before = Value::Null;
    for (n, told) in list.iter().enumerate() {
        let view = manifest(&offices.province, &played, n as i32 + 1).await.is(200).body;
        assert!(verifies(&view, &jwks), "{view}");
        assert_eq!(view["manifest"]["previous"], before);
        before = told["sha256"].clone();
    }
    assert_eq!(manifest(&played.producer, &played, 1).await.body, first);
    let (third, fourth) =
        (manifest(&played.producer, &played, 3).await.body, manifest(&played.producer, &played, 4).await.body);
    assert_eq!(third["manifest"]["papers"].as_array().unwrap().len(), papers.len() + 1);
    assert_eq!(third["manifest"]["form"]["description"], "Viết lại");
    assert_eq!(fourth["manifest"]["communeReport"]["proposed"], true);
    // The letter carries the number and the hash of what it hands over.
    let enclosed = &sent.body["dossiers"][0];
    assert_eq!((&enclosed["manifestNumber"], &enclosed["manifestHash"]), (&json!(4), &fourth["sha256"]));
    assert_eq!(fourth["manifest"]["letter"]["number"], sent.body["number"]);
    assert_eq!(fourth["manifest"]["productCode"], enclosed["productCode"]);
    let by_letter = format!("{}/manifests/{}", sent.headers["location"], played.id);
    assert_eq!(offices.province.get(&by_letter).await.is(200).body, fourth);

    // Nobody else knows of it.
    let (_, other) = world.producer_in(offices.place, ocop::producers::ProducerType::Cooperative);
    manifest(&other, &played, 1).await.is(404);
    manifest(&world.offices("29335").commune, &played, 1).await.is(404);
    manifest(&played.producer, &played, 5).await.is(404);
    manifest(&world.stranger(), &played, 1).await.is(401);
}

#[actix_web::test]
async fn who_files_on_behalf_and_for_whom_are_both_kept() {
    let world = World::on("2026-06-01").await;
    let offices = world.offices("29242");
    let played = world.draft(&offices, &Case::of("07")).await;
    let right = Right { producer: Some(played.producer_id), basis: "uỷ quyền số 3".into(), ..Right::default() };
    let consultant = world.person(Role::Consultant, right);
    let paper = [
        ("number", "3/GUQ"),
        ("signedOn", "2026-05-30"),
        ("validFrom", "2026-06-01"),
        ("validTo", "2026-12-31"),
        ("user", &consultant.id.unwrap().to_string()),
    ];
    let path = format!("/v1/producers/{}/mandates", played.producer_id);
    world.send(multipart(played.producer.request(Method::POST, &path), &paper, &pdf("ủy quyền"))).await.is(201);
    played.act(&consultant, json!({"action": "submit"})).await.is(201);
    let told = manifest(&played.producer, &played, 1).await.is(200).body["manifest"]["submitter"].clone();
    assert_eq!((&told["user"], &told["role"]), (&json!(consultant.id), &json!("consultant")));
    assert_eq!(told["onBehalfOf"]["producer"], json!(played.producer_id));
    assert!(told["name"].as_str().unwrap().contains("Nguyễn"));
}

fn sql(world: &World, text: &str) {
    ocop::db::open(world.db().url()).unwrap().batch_execute(text).unwrap();
}

#[actix_web::test]
async fn a_changed_byte_of_a_manifest_is_found() {
    let world = World::on("2026-06-01").await;
    let offices = world.offices("29242");
    let played = world.filed(&offices, &Case::of("07")).await;
    sql(
        &world,
        "update dossier_manifests set body = replace(body, 'ocop-dossier-manifest/1', 'ocop-dossier-manifest/2')",
    );
    let found = manifest(&offices.commune, &played, 1).await.is(200).body;
    assert_eq!((&found["intact"], &found["faults"]), (&json!(false), &json!(["content", "signature"])));
    offices.commune.get(&played.path("/archive")).await.refused("dossier_seal_broken");
    // Who can also write the hash still lacks the key.
    let hash = sha256_hex(Doc(found["manifest"].clone()).text().as_bytes());
    sql(&world, &format!("update dossier_manifests set sha256 = '{hash}'"));
    assert_eq!(manifest(&offices.commune, &played, 1).await.body["faults"], json!(["signature"]));
    sql(&world, "update dossier_manifests set signature = null");
    assert_eq!(manifest(&offices.commune, &played, 1).await.body["faults"], json!(["signature"]));
    sql(&world, "update dossier_manifests set key_id = null");
    assert_eq!(seals(&played).await[0]["faults"], json!(["unsigned"]));
    offices.commune.get(&played.path("/archive")).await.refused("dossier_seal_broken");
}

/// The files of an archive, in order.
fn unpacked(bytes: &[u8]) -> Vec<(String, Vec<u8>)> {
    let mut zip = ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut files = Vec::new();
    for n in 0..zip.len() {
        let mut file = zip.by_index(n).unwrap();
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes).unwrap();
        files.push((file.name().unwrap().into_owned(), bytes));
    }
    files
}

fn packed(files: &[(String, Vec<u8>)]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in files {
        let large = bytes.len() > 10_000_000;
        let method = if large { CompressionMethod::Deflated } else { CompressionMethod::Stored };
        zip.start_file(name.as_str(), SimpleFileOptions::default().compression_method(method)).unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

fn checked(bytes: &[u8], jwks: Option<&Value>) -> Report {
    verify(Cursor::new(bytes), jwks.map(|j| j.to_string().into_bytes()).as_deref()).unwrap()
}

/// What is wrong, file by file.
fn faults(bytes: &[u8], jwks: Option<&Value>) -> BTreeMap<String, Wrong> {
    checked(bytes, jwks).faults.into_iter().map(|f| (f.file, f.what)).collect()
}

#[actix_web::test]
async fn an_archive_proves_itself_and_every_change_is_named() {
    let world = World::on("2026-06-01").await;
    let offices = world.offices("29242");
    let played = world.draft(&offices, &Case::of("07")).await;
    played.producer.get(&played.path("/archive")).await.refused("dossier_never_sealed");
    let pictures = [("paper", "award"), ("title", "Giải thưởng <b>")];
    let name = "..\\..\\Ảnh giải/thưởng\u{202e}.pdf";
    let form = crate::world::dossiers::multipart_named(
        played.producer.request(actix_web::http::Method::POST, &played.path("/documents")),
        &pictures,
        name,
        &pdf("giải"),
    );
    world.send(form).await.is(201);
    played.act(&played.producer, json!({"action": "submit"})).await.is(201);
    let sent = offices.commune.get(&played.path("/archive")).await.is(200);
    assert_eq!(sent.headers["content-type"], "application/zip");
    assert!(sent.headers["content-disposition"].contains(".zip"));
    let jwks = published(&world).await;
    let good = checked(&sent.bytes, Some(&jwks));
    assert!(good.faults.is_empty() && good.keys_trusted, "{good:?}");
    assert_eq!((good.dossier.as_str(), good.manifest), (played.id.as_str(), 1));
    let alone = checked(&sent.bytes, None);
    assert!(alone.faults.is_empty() && !alone.keys_trusted && alone.keys == good.keys);
    let files = unpacked(&sent.bytes);
    let paths: Vec<&str> = files.iter().map(|(name, _)| name.as_str()).collect();
    for wanted in
        ["manifest.json", "contents.json", "signatures.json", "jwks.json", "index.pdf", "forms/01.pdf", "forms/02.pdf"]
    {
        assert!(paths.contains(&wanted), "{paths:?}");
    }
    let award = *paths.iter().find(|p| p.contains("award")).unwrap();
    assert!(award.starts_with("documents/") && !award.contains("..") && award.ends_with(".pdf"), "{award}");
    assert!(!paths.contains(&"forms/03.pdf"), "the commune has not reported yet");
    assert_eq!(good.derived, ["index.pdf", "forms/01.pdf", "forms/02.pdf"]);
    for path in &good.derived {
        let (_, bytes) = files.iter().find(|(name, _)| name == path).unwrap();
        assert!(bytes.starts_with(b"%PDF-1.7") && bytes.ends_with(b"%%EOF"), "{path}");
    }

    // One change each; each is named.
    let with = |change: &dyn Fn(&mut Vec<(String, Vec<u8>)>)| {
        let mut files = files.clone();
        change(&mut files);
        packed(&files)
    };
    assert!(faults(&with(&|_| {}), Some(&jwks)).is_empty());
    let at = |files: &Vec<(String, Vec<u8>)>, name: &str| files.iter().position(|(n, _)| n == name).unwrap();
    let one = |name: &str, what| BTreeMap::from([(name.to_owned(), what)]);
    for name in [award, "index.pdf", "forms/01.pdf"] {
        let changed = with(&|files| {
            let n = at(files, name);
            let last = files[n].1.len() - 2;
            files[n].1[last] ^= 1;
        });
        assert_eq!(faults(&changed, Some(&jwks)), one(name, Wrong::Changed));
        let removed = with(&|files| drop(files.remove(at(files, name))));
        assert_eq!(faults(&removed, Some(&jwks)), one(name, Wrong::Missing));
    }
    let added = with(&|files| files.push(("documents/99-other.pdf".into(), pdf("thêm"))));
    assert_eq!(faults(&added, Some(&jwks)), one("documents/99-other.pdf", Wrong::Extra));
    for name in ["../../etc/cron.d/x", "documents/a\\b.pdf", "/abs", "C:x"] {
        let led = with(&|files| files.push((name.into(), pdf("x"))));
        assert_eq!(faults(&led, Some(&jwks)), one(name, Wrong::BadName));
    }
    let manifest = with(&|files| {
        let n = at(files, "manifest.json");
        let at = files[n].1.windows(4).position(|w| w == b"2026").unwrap();
        files[n].1[at + 3] = b'5';
    });
    assert!(faults(&manifest, Some(&jwks)).contains_key("manifest.json"));
    let list = with(&|files| {
        let n = at(files, "contents.json");
        files[n].1.push(b' ');
    });
    assert_eq!(faults(&list, Some(&jwks)), one("contents.json", Wrong::BadSignature));
    // A bomb: a listed file that unpacks to far more than was signed for; nothing is read of it.
    let bomb = with(&|files| {
        let n = at(files, award);
        files[n].1 = vec![0; 50_000_000];
    });
    assert!(bomb.len() < 2_000_000);
    assert_eq!(faults(&bomb, Some(&jwks)), one(award, Wrong::TooLarge));
    assert!(verify(Cursor::new(&sent.bytes[..sent.bytes.len() - 30]), None).is_err());

    // Somebody else's key: the archive agrees with itself, not with what the instance publishes.
    let stranger = World::on("2026-06-01").await;
    let elsewhere = stranger.offices("29242");
    let theirs = stranger.filed(&elsewhere, &Case::of("07")).await;
    let other = theirs.producer.get(&theirs.path("/archive")).await.is(200);
    assert!(faults(&other.bytes, None).is_empty());
    let wrong = faults(&other.bytes, Some(&jwks));
    assert_eq!(wrong.get("manifest.json"), Some(&Wrong::WrongKey));
    assert_eq!(wrong.get("contents.json"), Some(&Wrong::WrongKey));

    // The command says the same in its exit code, and names the file.
    let folder = tempfile::tempdir().unwrap();
    let run = |name: &str, bytes: &[u8]| {
        let path = folder.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        std::fs::write(folder.path().join("jwks.json"), jwks.to_string()).unwrap();
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_ocop"));
        let done = command
            .arg("verify-dossier")
            .arg(&path)
            .arg("--jwks")
            .arg(folder.path().join("jwks.json"))
            .output()
            .unwrap();
        (done.status.code(), String::from_utf8_lossy(&done.stdout).into_owned())
    };
    let (code, said) = run("good.zip", &sent.bytes);
    assert!(code == Some(0) && said.contains("set from the manifest for reading"), "{said}");
    let (code, said) = run("added.zip", &added);
    assert!(code == Some(1) && said.contains("documents/99-other.pdf: nobody signed for it"), "{said}");
    assert_eq!(run("none.zip", b"PK no").0, Some(2));
    assert_eq!(run("wrong-key.zip", &other.bytes).0, Some(1));
}

#[actix_web::test]
async fn an_archive_holds_what_was_sealed_then_and_reading_it_is_written_down() {
    let world = World::on("2026-06-01").await;
    let offices = world.offices("29242");
    let played = world.filed(&offices, &Case::of("07")).await;
    played.act(&offices.commune, json!({"action": "return", "reason": "Bổ sung"})).await.is(201);
    played.upload(&played.producer, &[("paper", "award")], &pdf("giải thưởng")).await.is(201);
    played.act(&played.producer, json!({"action": "submit"})).await.is(201);
    let taken = async |number: u8| {
        let sent = offices.commune.get(&played.path(&format!("/archive?manifest={number}"))).await.is(200);
        assert!(faults(&sent.bytes, None).is_empty());
        unpacked(&sent.bytes).iter().filter(|(name, _)| name.starts_with("documents/")).count()
    };
    assert_eq!(taken(1).await + 1, taken(3).await);
    offices.commune.get(&played.path("/archive?manifest=9")).await.is(404);
    played.producer.get(&played.path("/archive")).await.is(200);
    let read = world.deed({
        let id: uuid::Uuid = played.id.parse().unwrap();
        move |cx| Ok(ocop::audit::of_subject(cx, id)?.into_iter().filter(|r| r.deed == "dossier.archive_read").count())
    });
    assert_eq!(read, 2, "the office's readings, not the producer's own");
    // A document that the store has lost: an answer before the first byte, not half an archive.
    let hash =
        played.producer.get(&played.path("/documents")).await.body["data"][0]["sha256"].as_str().unwrap().to_owned();
    let path = ocop::files::folder(&world.state.config).unwrap().join(ocop::files::key_of(&hash));
    std::fs::remove_file(path).unwrap();
    assert!(played.producer.get(&played.path("/archive")).await.status.as_u16() >= 500);
}

#[actix_web::test]
async fn papers_of_an_archive_say_what_was_sealed_and_are_the_same_bytes_later() {
    let world = World::on("2026-06-01").await;
    let offices = world.offices("29242");
    let played = world.filed(&offices, &Case::of("07")).await;
    let papers = async |number: u8| {
        let sent = offices.commune.get(&played.path(&format!("/archive?manifest={number}"))).await;
        let files = unpacked(&sent.is(200).bytes);
        files
            .into_iter()
            .filter(|(name, _)| name.ends_with(".pdf") && !name.starts_with("documents/"))
            .collect::<Vec<_>>()
    };
    let first = papers(1).await;
    assert_eq!(
        first.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>(),
        ["index.pdf", "forms/01.pdf", "forms/02.pdf"]
    );
    let today = played.producer.get(&played.path("/forms/02.pdf")).await.is(200).bytes;

    // The register, the form and the papers change; what was sealed does not.
    played.act(&offices.commune, json!({"action": "return", "reason": "Bổ sung"})).await.is(201);
    sql(&world, "update producers set name = 'Tên khác', address = 'Nơi khác'; update products set name = 'Khác'");
    let edit = json!({"form": {"description": "Viết lại", "organisation": "Tổ", "plan": "Kế hoạch", "samples": 5, "commitment": true}});
    played.producer.put(&played.path(""), &played.tag().await, edit).await.is(200);
    played.upload(&played.producer, &[("paper", "award")], &pdf("giải thưởng")).await.is(201);
    assert!(papers(1).await == first);
    assert!(played.producer.get(&played.path("/forms/02.pdf")).await.is(200).bytes != today);
    played.act(&played.producer, json!({"action": "submit"})).await.is(201);
    played.report().await;
    send_letter(&offices.commune, "province", &[&played]).await.is(201);
    let last = papers(4).await;
    assert_eq!(last.last().unwrap().0, "forms/03.pdf");
    assert!(last[1].1 != first[1].1 && papers(1).await == first);
}
