//! Documents on their way in: how fast beside a plain copy with a hash, and how much memory ten large
//! ones take at once.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use sha2::{Digest, Sha256};

use crate::service::{Engine, Service};
use crate::stock::Stocked;

const MB: usize = 1024 * 1024;
/// How large the documents of the comparison are.
const COPIED: usize = 20 * MB;
/// How large those are that come at once, and how many.
const LARGE: usize = 50 * MB;
const AT_ONCE: usize = 10;

/// Megabytes per second of one upload after another, and of a plain copy: write, hash, flush to the disk.
pub fn rates(service: &Service, bearer: &str) -> (impl Fn() -> f64, impl Fn() -> f64) {
    let port = service.port;
    let bearer = bearer.to_owned();
    let ours = move || {
        let begun = Instant::now();
        send(port, &bearer, COPIED);
        COPIED as f64 / MB as f64 / begun.elapsed().as_secs_f64()
    };
    let theirs = || {
        let folder = tempfile::tempdir_in(".").unwrap();
        let begun = Instant::now();
        let mut file = std::fs::File::create(folder.path().join("copy")).unwrap();
        let mut hash = Sha256::new();
        for part in parts(COPIED) {
            file.write_all(&part).unwrap();
            hash.update(&part);
        }
        file.sync_all().unwrap();
        std::hint::black_box(hash.finalize());
        COPIED as f64 / MB as f64 / begun.elapsed().as_secs_f64()
    };
    (ours, theirs)
}

/// What the memory did while ten documents of 50 MB came at once.
pub fn memory(engine: &Engine, service: &Service, bearer: &str) -> String {
    let before = service.resident_mb();
    let done = AtomicBool::new(false);
    let mut most = before;
    std::thread::scope(|threads| {
        let sending: Vec<_> = (0..AT_ONCE).map(|_| threads.spawn(|| send(service.port, bearer, LARGE))).collect();
        let (watching, service) = (&done, &service);
        let watched = threads.spawn(move || {
            let mut most = 0.0_f64;
            while !watching.load(Ordering::Relaxed) {
                most = most.max(service.resident_mb());
                std::thread::sleep(Duration::from_millis(20));
            }
            most
        });
        for sent in sending {
            sent.join().unwrap();
        }
        done.store(true, Ordering::Relaxed);
        most = most.max(watched.join().unwrap());
    });
    format!(
        "{}: {before:.0} MB resident before ten documents of 50 MB came at once, {most:.0} MB at most meanwhile",
        engine.name()
    )
}

/// A PDF of so many bytes, part by part; no two are the same.
fn parts(bytes: usize) -> impl Iterator<Item = Vec<u8>> {
    let mut part = vec![b' '; 256 * 1024];
    let mark = uuid::Uuid::now_v7().to_string();
    let mut left = bytes;
    std::iter::from_fn(move || {
        if left == 0 {
            return None;
        }
        let n = left.min(part.len());
        let mut now = part[..n].to_vec();
        if left == bytes {
            now[..9].copy_from_slice(b"%PDF-1.7\n");
            now[9..9 + mark.len()].copy_from_slice(mark.as_bytes());
        }
        left -= n;
        if left == 0 {
            now[n - 5..].copy_from_slice(b"%%EOF");
        }
        part[0] = part[0].wrapping_add(1);
        Some(now)
    })
}

fn send(port: u16, bearer: &str, bytes: usize) {
    let head = "--edge\r\nContent-Disposition: form-data; name=\"paper\"\r\n\r\ntestReport\r\n--edge\r\n\
                Content-Disposition: form-data; name=\"file\"; filename=\"a.pdf\"\r\n\r\n";
    let tail = "\r\n--edge--\r\n";
    let mut line = TcpStream::connect(("127.0.0.1", port)).unwrap();
    let request = format!(
        "POST /v1/evidence HTTP/1.1\r\nHost: bench\r\nConnection: close\r\nAuthorization: {bearer}\r\n\
         Content-Type: multipart/form-data; boundary=edge\r\nContent-Length: {}\r\n\r\n{head}",
        head.len() + bytes + tail.len()
    );
    line.write_all(request.as_bytes()).unwrap();
    for part in parts(bytes) {
        line.write_all(&part).unwrap();
    }
    line.write_all(tail.as_bytes()).unwrap();
    let mut answer = String::new();
    line.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 201"), "{answer}");
}

/// Somebody who may send documents.
pub fn sender(engine: &Engine, service: &Service, stocked: &Stocked) -> String {
    service.sign_in_as(
        engine,
        "bench-producer@example.vn",
        &["--role", "producer", "--producer", &stocked.producer.to_string()],
    )
}
