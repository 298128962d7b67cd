//! What comes in, what goes out, what is refused, what is swept.

use actix_web::http::header::{HeaderMap, HeaderValue, RANGE};
use actix_web::web::Bytes;
use futures_util::{Stream, StreamExt};
use object_store::Error as StoreError;

use super::*;
use crate::config::Config;

fn files(folder: &std::path::Path) -> Files {
    let mut config = Config::read(|_| None).unwrap();
    config.data_dir = folder.to_path_buf();
    Files::open(&config).unwrap()
}

fn parts(bytes: &[u8]) -> impl Stream<Item = Result<Bytes, ()>> + Unpin + use<> {
    let parts: Vec<_> = bytes.chunks(700).map(|c| Ok(Bytes::copy_from_slice(c))).collect();
    futures_util::stream::iter(parts)
}

fn pdf(length: usize) -> Vec<u8> {
    let mut bytes = b"%PDF-1.7\n".to_vec();
    bytes.resize(length - 5, b' ');
    bytes.extend_from_slice(b"%%EOF");
    bytes
}

fn stored(folder: &std::path::Path) -> usize {
    let count = |dir: std::path::PathBuf| std::fs::read_dir(dir).map(|d| d.count()).unwrap_or(0);
    let folders = std::fs::read_dir(folder.join("files")).unwrap();
    folders.map(|d| count(d.unwrap().path())).sum()
}

#[actix_web::test]
async fn what_comes_in_comes_out_and_is_kept_once() {
    let folder = tempfile::tempdir().unwrap();
    let files = files(folder.path());
    let bytes = pdf(3_000_000);
    let first = files.receive(parts(&bytes), 4_000_000, DOCUMENTS).await.unwrap();
    assert_eq!((first.bytes, first.kind), (3_000_000, Kind::Pdf));
    assert_eq!(first.sha256, crate::keys::sha256_hex(&bytes));
    assert_eq!(files.receive(parts(&bytes), 4_000_000, DOCUMENTS).await.unwrap(), first);
    assert_eq!(stored(folder.path()), 1);
    let (size, stream) = files.read(&first.sha256).await.unwrap();
    let back: Vec<Bytes> = stream.map(Result::unwrap).collect().await;
    assert_eq!((size, back.concat() == bytes), (3_000_000, true));
}

#[actix_web::test]
async fn what_is_refused_leaves_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let files = files(folder.path());
    let large = files.receive(parts(&pdf(5_000)), 4_999, DOCUMENTS).await;
    assert!(matches!(large, Err(AppError::TooLarge(4_999))));
    let page = files.receive(parts(b"<html><script>"), 4_999, DOCUMENTS).await;
    assert!(matches!(page, Err(AppError::UnsupportedMediaType(_))));
    let paper = files.receive(parts(&pdf(50)), 4_999, IMAGES).await;
    assert!(matches!(paper, Err(AppError::UnsupportedMediaType(_))));
    let whole = pdf(3_000_000);
    let cut = files.receive(parts(&whole[..2_500_000]), 4_000_000, DOCUMENTS).await;
    assert!(matches!(&cut, Err(AppError::Invalid(e)) if e[0].code == "cut_off"), "{cut:?}");
    let broken = [Ok(Bytes::from(whole)), Err(())];
    let broken = files.receive(futures_util::stream::iter(broken), 4_000_000, DOCUMENTS).await;
    assert!(matches!(broken, Err(AppError::Malformed(_))));
    let empty = files.receive(parts(b""), 4_999, DOCUMENTS).await;
    assert!(matches!(empty, Err(AppError::Invalid(_))));
    assert_eq!(stored(folder.path()), 0);
}

#[test]
fn names_of_files_lose_what_could_lead_elsewhere() {
    assert_eq!(tidy_name("../../etc/passwd"), "passwd");
    assert_eq!(tidy_name("C:\\ảnh\\sản phẩm.png"), "sản phẩm.png");
    assert_eq!(tidy_name("a\r\nb"), "ab");
    assert_eq!(tidy_name(".."), "file");
}

#[actix_web::test]
async fn a_store_that_is_full_or_away_says_so_and_nothing_is_left() {
    let full = |kind| StoreError::Generic { store: "x", source: Box::new(std::io::Error::from(kind)) };
    assert!(matches!(storage(full(std::io::ErrorKind::StorageFull)), AppError::Storage { full: true, .. }));
    assert!(matches!(storage(full(std::io::ErrorKind::ConnectionRefused)), AppError::Storage { full: false, .. }));
    let folder = tempfile::tempdir().unwrap();
    let files = files(folder.path());
    let there = folder.path().join("files");
    std::fs::remove_dir_all(&there).unwrap();
    std::fs::write(&there, b"no folder any more").unwrap();
    let away = files.receive(parts(&pdf(3_000_000)), 4_000_000, DOCUMENTS).await;
    assert!(matches!(away, Err(AppError::Storage { full: false, .. })), "{away:?}");
    std::fs::remove_file(&there).unwrap();
    let back = files.receive(parts(&pdf(3_000_000)), 4_000_000, DOCUMENTS).await.unwrap();
    assert_eq!((back.bytes, stored(folder.path())), (3_000_000, 1));
}

#[actix_web::test]
async fn a_part_is_the_part_that_was_asked_for() {
    let folder = tempfile::tempdir().unwrap();
    let files = files(folder.path());
    let bytes = pdf(3_000_000);
    let received = files.receive(parts(&bytes), 4_000_000, DOCUMENTS).await.unwrap();
    let stored = StoredFile {
        sha256: received.sha256,
        bytes: 3_000_000,
        media_type: "application/pdf".into(),
        created_at: crate::db::Moment::from_micros(0),
        scan: Scan::Clean,
        threat: None,
        scan_after: crate::db::Moment::from_micros(0),
    };
    let mut headers = HeaderMap::new();
    headers.insert(RANGE, HeaderValue::from_static("bytes=999999-2000000"));
    let sent = files.send(&Asked::of(&headers), &stored, "a.pdf", "no-store").await.unwrap();
    assert_eq!(sent.status().as_u16(), 206);
    assert_eq!(sent.headers().get("content-range").unwrap(), "bytes 999999-2000000/3000000");
    let body = actix_web::body::to_bytes(sent.into_body()).await.unwrap();
    assert!(body == bytes[999_999..=2_000_000]);
    for (scan, word) in [(Scan::Pending, "file_pending"), (Scan::Infected, "file_infected")] {
        let held = StoredFile { scan, ..stored.clone() };
        match files.send(&Asked::default(), &held, "a.pdf", "no-store").await {
            Err(AppError::Refused(stop)) => assert_eq!(stop.word(), word),
            other => panic!("{other:?}"),
        }
    }
}
