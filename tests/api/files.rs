//! Documents: parts of them, small pictures, the limit of a dossier, the virus scanner, and what a
//! sweep takes away.

use std::io::{Cursor, Read, Write};
use std::net::TcpListener;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use actix_web::http::Method;
use image::{DynamicImage, ImageFormat};
use ocop::files::sweep::{Swept, sweep};
use ocop::files::{folder, key_of, scan};
use serde_json::{Value, json};

use crate::world::dossiers::{Case, Played, multipart_named, pdf};
use crate::world::{Person, Reply, World};

async fn put(played: &Played, name: &str, bytes: &[u8]) -> Reply {
    let request = played.producer.request(Method::POST, &played.path("/documents"));
    played.producer.world.send(multipart_named(request, &[("paper", "award")], name, bytes)).await
}

async fn part(who: &Person, path: &str, headers: &[(&str, &str)]) -> Reply {
    let request = headers.iter().fold(who.request(Method::GET, path), |r, h| r.insert_header(*h));
    who.world.send(request).await
}

fn picture(width: u32, height: u32, format: ImageFormat) -> Vec<u8> {
    let mut out = Vec::new();
    DynamicImage::new_rgb8(width, height).write_to(&mut Cursor::new(&mut out), format).unwrap();
    out
}

#[actix_web::test]
async fn a_document_is_read_whole_or_in_parts() {
    let world = World::on("2026-06-01").await;
    let offices = world.offices("29242");
    let played = world.draft(&offices, &Case::of("07")).await;
    let bytes = pdf(&"một giấy dài ".repeat(2000));
    let size = bytes.len();
    let added = put(&played, "Giải thưởng.pdf", &bytes).await.is(201);
    let path = added.body["content"].as_str().unwrap().to_owned();
    let whole = part(&played.producer, &path, &[]).await.is(200);
    assert!(whole.bytes == bytes);
    assert_eq!(
        (whole.headers["accept-ranges"].as_str(), whole.tag()),
        ("bytes", format!("\"{}\"", added.body["sha256"].as_str().unwrap()).as_str())
    );
    assert!(whole.headers["content-disposition"].contains("attachment"));
    let some = part(&played.producer, &path, &[("Range", "bytes=100-199")]).await.is(206);
    assert_eq!(some.headers["content-range"], format!("bytes 100-199/{size}"));
    assert!(some.bytes == bytes[100..200]);
    let last = part(&played.producer, &path, &[("Range", "bytes=-7")]).await.is(206);
    assert!(last.bytes == bytes[size - 7..]);
    let same = part(&played.producer, &path, &[("Range", "bytes=5-"), ("If-Range", whole.tag())]).await.is(206);
    assert!(same.bytes == bytes[5..]);
    let other = part(&played.producer, &path, &[("Range", "bytes=5-"), ("If-Range", "\"another\"")]).await.is(200);
    assert!(other.bytes == bytes);
    let beyond = part(&played.producer, &path, &[("Range", &format!("bytes={size}-"))]).await.is(416);
    assert_eq!(
        (beyond.headers["content-range"].as_str(), beyond.word()),
        (format!("bytes */{size}").as_str(), "range_beyond")
    );
    part(&played.producer, &path, &[("Range", "bytes=5-"), ("If-None-Match", whole.tag())]).await.is(304);
    // The library sends parts too.
    let library = format!("/v1/evidence/{}", added.body["evidence"].as_str().unwrap());
    let kept = played.producer.get(&library).await.is(200).body["newest"]["content"].as_str().unwrap().to_owned();
    assert!(part(&played.producer, &kept, &[("Range", "bytes=0-3")]).await.is(206).bytes == b"%PDF");
}

#[actix_web::test]
async fn pictures_have_small_pictures_and_bombs_a_clear_answer() {
    let world = World::on("2026-06-01").await;
    let offices = world.offices("29242");
    let played = world.draft(&offices, &Case::of("07")).await;
    let small = async |name: &str, bytes: &[u8]| {
        let added = put(&played, name, bytes).await.is(201);
        played.producer.get(&played.path(&format!("/documents/{}/thumbnail", added.id()))).await
    };
    let made = small("anh.jpg", &picture(1200, 600, ImageFormat::Jpeg)).await.is(200);
    assert_eq!(made.headers["content-type"], "image/jpeg");
    let seen = image::load_from_memory(&made.bytes).unwrap();
    assert_eq!((seen.width(), seen.height()), (320, 160));
    assert!(small("anh.webp", &picture(40, 80, ImageFormat::WebP)).await.is(200).bytes.starts_with(b"\xff\xd8"));
    small("giay.pdf", &pdf("không phải ảnh")).await.refused("picture_none");
    // The head says 30,000 × 30,000.
    let mut bomb = picture(10, 10, ImageFormat::Png);
    bomb[16..24].copy_from_slice(&[0, 0, 0x75, 0x30, 0, 0, 0x75, 0x30]);
    let mut sum = flate2::Crc::new();
    sum.update(&bomb[12..29]);
    bomb[29..33].copy_from_slice(&sum.sum().to_be_bytes());
    small("bom.png", &bomb).await.refused("picture_too_large");
    let whole = picture(300, 300, ImageFormat::Png);
    small("hong.png", &whole[..whole.len() - 60]).await.refused("picture_broken");
    let stranger = world.offices("29335");
    let list = played.producer.get(&played.path("/documents")).await;
    let any = list.body["data"][0]["id"].as_str().unwrap();
    stranger.commune.get(&played.path(&format!("/documents/{any}/thumbnail"))).await.is(404);
}

#[actix_web::test]
async fn what_is_not_what_it_says_is_refused_and_leaves_nothing() {
    let world = World::on("2026-06-01").await;
    let offices = world.offices("29242");
    let played = world.draft(&offices, &Case::of("07")).await;
    let files = || folder(&world.state.config).unwrap();
    let count = |at: &std::path::Path| std::fs::read_dir(at).map_or(0, |d| d.count());
    let kept = || std::fs::read_dir(files()).unwrap().map(|d| count(&d.unwrap().path())).sum::<usize>();
    let before = (kept(), rows(&world));
    put(&played, "giay.pdf", b"MZ\x90\0 this is a program").await.is(415);
    put(&played, "giay.pdf", b"PK\x03\x04 an archive that unpacks to much").await.is(415);
    let broken = put(&played, "giay.pdf", b"%PDF-1.7\n1 0 obj << /Length 5000 >> stream").await.is(422);
    assert_eq!(
        (&broken.body["errors"][0]["pointer"], &broken.body["errors"][0]["code"]),
        (&json!("/file"), &json!("cut_off"))
    );
    put(&played, "giay.pdf", b"").await.is(422);
    // The connection ends before the form does.
    let head = "--xOCOPx\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.pdf\"\r\n\r\n%PDF-1.4\n";
    let cut = played
        .producer
        .request(Method::POST, &played.path("/documents"))
        .insert_header(("Content-Type", "multipart/form-data; boundary=xOCOPx"))
        .set_payload(format!("{head}{}", "x".repeat(90_000)));
    world.send(cut).await.is(400);
    assert_eq!((kept(), rows(&world)), before, "something was left");
    // A name with parts of a path is only a name.
    let named = put(&played, "../../../etc/cron.d/a.pdf", &pdf("tên")).await.is(201);
    assert_eq!(named.body["fileName"], "a.pdf");
    assert!(files().join(key_of(named.body["sha256"].as_str().unwrap())).exists());
}

fn rows(world: &World) -> i64 {
    let mut conn = ocop::db::open(world.db().url()).unwrap();
    crate::world::rows::count(&mut conn, "select count(*) as n from stored_files")
}

#[actix_web::test]
async fn the_papers_of_a_dossier_have_a_limit_together() {
    let world = World::with_settings("2026-06-01", |config| config.max_dossier_bytes = 60_000).await;
    let offices = world.offices("29242");
    let played = world.draft(&offices, &Case::of("07")).await;
    put(&played, "a.pdf", &pdf(&"a".repeat(40_000))).await.is(201);
    // The same bytes once more take no more room.
    put(&played, "a lan hai.pdf", &pdf(&"a".repeat(40_000))).await.is(201);
    let full = put(&played, "b.pdf", &pdf(&"b".repeat(40_000))).await.refused("dossier_full");
    assert!(full.text.contains("MB"));
    let lying = played.producer.get(&played.path("/documents")).await;
    assert!(lying.body["data"].as_array().unwrap().iter().all(|d| d["fileName"] != "b.pdf"));
    // Neither does the library go round it.
    let request = played.producer.request(Method::POST, "/v1/evidence");
    let kept =
        world.send(multipart_named(request, &[("paper", "award")], "c.pdf", &pdf(&"c".repeat(40_000)))).await.is(201);
    let refer = json!({"evidence": [kept.id()]});
    played.producer.put(&played.path("/references"), &played.tag().await, refer).await.refused("dossier_full");
}

async fn swept(world: &World, grace: i64) -> Swept {
    sweep(world.db(), &world.state.files, grace).await.unwrap()
}

#[actix_web::test]
async fn a_sweep_finds_bytes_without_a_row_and_rows_without_bytes() {
    let world = World::on("2026-06-01").await;
    world.spoil();
    let offices = world.offices("29242");
    let played = world.draft(&offices, &Case::of("07")).await;
    let added = put(&played, "a.pdf", &pdf("có hàng")).await.is(201);
    let hash = added.body["sha256"].as_str().unwrap().to_owned();
    let at = |hash: &str| folder(&world.state.config).unwrap().join(key_of(hash));
    let aside = |hash: &str| folder(&world.state.config).unwrap().join("aside").join(hash);
    // Bytes of a deed that failed: the store has them, no row does.
    let stream = futures_util::stream::once(std::future::ready(Ok::<_, std::io::Error>(actix_web::web::Bytes::from(
        pdf("mồ côi"),
    ))));
    let orphan = world.state.files.receive(stream, 1000, ocop::files::DOCUMENTS).await.unwrap().sha256;
    // The clock of the world stands in June; files are of now.
    world.today("2099-01-01");
    let day = 24 * 3600;
    world.today(&ocop::db::Clock::real().now().vietnam_day().to_string());
    assert_eq!(swept(&world, day).await, Swept::default(), "what is just arriving is left alone");
    world.today("2099-01-01");
    let first = swept(&world, day).await;
    assert_eq!((first.put_aside, first.forgotten), (1, 0));
    assert!(!at(&orphan).exists() && aside(&orphan).exists() && at(&hash).exists());
    // It was wanted after all: a row names it, and it is put back.
    let row = |hash: &str| {
        let url = world.db().url();
        // Younger than the clock of the scene: a row that somebody is about to refer to.
        let sqlite = matches!(url, ocop::config::DatabaseUrl::Sqlite(_));
        let moment = if sqlite { "4102444800000000" } else { "'2100-01-01'" };
        format!(
            "insert into stored_files (sha256, bytes, media_type, created_at, scan, scan_after) values ('{hash}', 20, 'application/pdf', {moment}, 'clean', {moment})"
        )
    };
    let sql = |text: &str| {
        diesel::connection::SimpleConnection::batch_execute(&mut ocop::db::open(world.db().url()).unwrap(), text)
            .unwrap()
    };
    sql(&row(&orphan));
    assert_eq!(swept(&world, day).await.put_back, 1);
    assert!(at(&orphan).exists());
    sql(&format!("delete from stored_files where sha256 = '{orphan}'"));
    swept(&world, day).await;
    // What a killed process left half written goes too.
    let half = folder(&world.state.config).unwrap().join("tmp").join("0198#1");
    std::fs::create_dir_all(half.parent().unwrap()).unwrap();
    std::fs::write(&half, b"%PDF-1.7 half").unwrap();
    let last = swept(&world, day).await;
    assert_eq!((last.forgotten, last.bytes > 13, last.missing.len()), (2, true, 0));
    assert!(!at(&orphan).exists() && !aside(&orphan).exists() && !half.exists());
    // A row whose bytes are gone is named.
    std::fs::remove_file(at(&hash)).unwrap();
    assert_eq!(swept(&world, day).await.missing, vec![hash]);
}

#[actix_web::test]
async fn a_row_that_nothing_refers_to_is_forgotten_and_its_bytes_after_it() {
    let world = World::on("2026-06-01").await;
    world.spoil();
    let owner = world.a_producer("29242");
    let product = world.a_product(owner.id, "Dừa sáp");
    let alt: &[(&str, &str)] = &[("alt", "Quả dừa")];
    let path = format!("/v1/products/{product}/photos");
    let made = owner.person.uploads(&path, "a.png", &crate::world::register::a_picture(), alt).await.is(201);
    let photo = made.body["photos"][0]["id"].as_str().unwrap().to_owned();
    let hash = ocop::keys::sha256_hex(&crate::world::register::a_picture());
    let at = folder(&world.state.config).unwrap().join(key_of(&hash));
    let day = 24 * 3600;
    world.today("2040-01-01");
    assert_eq!(swept(&world, day).await.rows, 0, "a picture that is shown stays, however old");
    owner.person.delete(&format!("{path}/{photo}"), made.tag()).await.is(204);
    let first = swept(&world, day).await;
    assert_eq!((first.rows, first.put_aside, first.missing.len(), at.exists()), (1, 1, 0, false));
    let hashes = vec![hash];
    assert!(world.deed(move |cx| ocop::files::find_all(cx, &hashes)).is_empty());
    world.today("2040-01-03");
    swept(&world, day).await;
    assert_eq!(swept(&world, day).await, Swept::default(), "nothing is left of it");
}

/// A scanner that finds something wherever it reads EICAR, and that can go away.
struct Clamd {
    address: String,
    there: Arc<AtomicBool>,
}

impl Clamd {
    fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let there = Arc::new(AtomicBool::new(true));
        let open = Arc::clone(&there);
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let mut stream = stream.unwrap();
                if !open.load(Ordering::SeqCst) {
                    continue;
                }
                let mut command = [0; 10];
                if stream.read_exact(&mut command).is_err() || &command != b"zINSTREAM\0" {
                    continue;
                }
                let mut bytes = Vec::new();
                loop {
                    let mut length = [0; 4];
                    stream.read_exact(&mut length).unwrap();
                    let length = u32::from_be_bytes(length) as usize;
                    if length == 0 {
                        break;
                    }
                    let from = bytes.len();
                    bytes.resize(from + length, 0);
                    stream.read_exact(&mut bytes[from..]).unwrap();
                }
                let found = bytes.windows(5).any(|w| w == b"EICAR");
                stream.write_all(if found { b"stream: Eicar-Test FOUND\0" } else { b"stream: OK\0" }).unwrap();
            }
        });
        Self { address, there }
    }
}

/// The scanner's worker, on a thread of its own as in the service, until nothing more can be done.
fn scan_all(world: &World) {
    let (db, files) = (world.db().clone(), world.state.files.clone());
    std::thread::spawn(move || while scan::work_once(&db, &files).unwrap() {}).join().unwrap();
}

#[actix_web::test]
async fn what_the_scanner_has_not_seen_waits_and_what_is_infected_is_never_served() {
    let clamd = Clamd::start();
    let address = clamd.address.clone();
    let world = World::with_settings("2026-06-01", |config| config.clamd = Some(address)).await;
    let offices = world.offices("29242");
    let played = world.draft(&offices, &Case::of("07")).await;
    let (good, bad) = (pdf("sạch"), pdf("X5O!P%@AP EICAR"));
    let clean = put(&played, "sach.pdf", &good).await.is(201);
    let infected = put(&played, "ban.pdf", &bad).await.is(201);
    assert_eq!(clean.body["scan"], "pending");
    let content = |reply: &Reply| reply.body["content"].as_str().unwrap().to_owned();
    played.producer.get(&content(&clean)).await.refused("file_pending");

    // The scanner is away: documents wait, and are tried again later.
    clamd.there.store(false, Ordering::SeqCst);
    scan_all(&world);
    played.producer.get(&content(&clean)).await.refused("file_pending");
    clamd.there.store(true, Ordering::SeqCst);
    scan_all(&world);
    world.today("2026-06-02");
    scan_all(&world);
    played.producer.get(&content(&clean)).await.is(200);
    for path in [content(&infected), played.path(&format!("/documents/{}/thumbnail", infected.id()))] {
        played.producer.get(&path).await.refused("file_infected");
    }
    let kept = format!("/v1/evidence/{}", infected.body["evidence"].as_str().unwrap());
    let kept = played.producer.get(&kept).await.is(200).body["newest"]["content"].as_str().unwrap().to_owned();
    played.producer.get(&kept).await.refused("file_infected");
    let seen = played.producer.get(&played.path("/documents")).await;
    let states: Vec<&Value> = seen.body["data"].as_array().unwrap().iter().map(|d| &d["scan"]).collect();
    assert!(states.contains(&&json!("infected")) && states.contains(&&json!("clean")), "{states:?}");
    // It is not filed, and not taken again; without it the dossier goes on.
    played.act(&played.producer, json!({"action": "submit"})).await.refused("file_infected");
    put(&played, "lan-nua.pdf", &bad).await.refused("file_infected");
    let path = played.path(&format!("/documents/{}", infected.id()));
    played.producer.delete(&path, &played.tag().await).await.is(204);
    played.act(&played.producer, json!({"action": "submit"})).await.is(201);
    played.producer.get(&played.path("/archive")).await.is(200);
}

#[actix_web::test]
async fn an_archive_waits_for_the_scanner() {
    let clamd = Clamd::start();
    let address = clamd.address.clone();
    let world = World::with_settings("2026-06-01", |config| config.clamd = Some(address)).await;
    let played = world.draft(&world.offices("29242"), &Case::of("07")).await;
    put(&played, "giai-thuong.pdf", &pdf("giải thưởng")).await.is(201);
    played.act(&played.producer, json!({"action": "submit"})).await.is(201);
    played.producer.get(&played.path("/archive")).await.refused("file_pending");
    scan_all(&world);
    played.producer.get(&played.path("/archive")).await.is(200);
}
