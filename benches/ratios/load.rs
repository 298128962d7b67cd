//! A load over keep-alive connections, as plain as can be: the client costs the same for every target.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

/// Connections at once.
const CONNECTIONS: usize = 8;

/// A request, written out.
pub struct Request(Vec<u8>);

impl Request {
    pub fn get(path: &str) -> Self {
        Self(format!("GET {path} HTTP/1.1\r\nHost: bench\r\nAccept: application/json\r\n\r\n").into_bytes())
    }

    /// The same as somebody who signed in.
    pub fn get_as(path: &str, bearer: &str) -> Self {
        let head = format!(
            "GET {path} HTTP/1.1\r\nHost: bench\r\nAccept: application/json\r\nAuthorization: {bearer}\r\n\r\n"
        );
        Self(head.into_bytes())
    }

    /// A change of what was read with this tag.
    pub fn put(path: &str, bearer: &str, tag: &str, body: &serde_json::Value) -> Self {
        let body = body.to_string();
        let head = format!(
            "PUT {path} HTTP/1.1\r\nHost: bench\r\nAuthorization: {bearer}\r\nIf-Match: {tag}\r\n\
             Content-Type: application/json\r\nContent-Length: {}\r\n\r\n",
            body.len()
        );
        Self((head + &body).into_bytes())
    }

    /// A creating call with a retry key of its own.
    pub fn post(path: &str, bearer: &str, body: &serde_json::Value) -> Self {
        let (body, key) = (body.to_string(), uuid::Uuid::now_v7());
        let who = if bearer.is_empty() { String::new() } else { format!("Authorization: {bearer}\r\n") };
        let head = format!(
            "POST {path} HTTP/1.1\r\nHost: bench\r\n{who}Idempotency-Key: {key}\r\n\
             Content-Type: application/json\r\nContent-Length: {}\r\n\r\n",
            body.len()
        );
        Self((head + &body).into_bytes())
    }
}

/// Where requests go, and which.
pub struct Target<'a> {
    pub port: u16,
    pub requests: &'a [Request],
}

impl Target<'_> {
    /// Answers per second.
    pub fn rate(&self, window: Duration) -> f64 {
        let next = AtomicUsize::new(0);
        run(self.port, window, |write| {
            write(&self.requests[next.fetch_add(1, Ordering::Relaxed) % self.requests.len()])
        })
    }
}

/// Answers per second to requests that are made one by one.
pub fn rate_of(port: u16, make: &(dyn Fn(usize) -> Request + Sync), window: Duration) -> f64 {
    let next = AtomicUsize::new(0);
    run(port, window, |write| write(&make(next.fetch_add(1, Ordering::Relaxed))))
}

fn run(port: u16, window: Duration, ask: impl Fn(&mut dyn FnMut(&Request)) + Sync) -> f64 {
    let (stop, answered) = (AtomicBool::new(false), AtomicUsize::new(0));
    let begun = Instant::now();
    std::thread::scope(|threads| {
        for _ in 0..CONNECTIONS {
            threads.spawn(|| {
                let mut line = Connection::open(port);
                while !stop.load(Ordering::Relaxed) {
                    ask(&mut |request| {
                        line.stream.write_all(&request.0).unwrap();
                        let status = line.answer().0;
                        assert!(status < 400, "answered {status}");
                    });
                    answered.fetch_add(1, Ordering::Relaxed);
                }
            });
        }
        std::thread::sleep(window);
        stop.store(true, Ordering::Relaxed);
    });
    answered.load(Ordering::Relaxed) as f64 / begun.elapsed().as_secs_f64()
}

/// One request on a connection of its own; the whole answer.
pub fn once(port: u16, request: &Request) -> Vec<u8> {
    let mut line = Connection::open(port);
    line.stream.write_all(&request.0).unwrap();
    line.answer().1
}

/// A header of an answer that was read as text.
pub fn header<'a>(answer: &'a str, name: &str) -> Option<&'a str> {
    let of = |line: &'a str| line.split_once(": ").filter(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, v)| v);
    answer.lines().take_while(|l| !l.is_empty()).find_map(of)
}

/// A connection that stays open.
pub struct Connection {
    stream: TcpStream,
    kept: Vec<u8>,
}

impl Connection {
    /// One request; the whole answer as text.
    pub fn ask(&mut self, request: &Request) -> String {
        self.stream.write_all(&request.0).unwrap();
        String::from_utf8_lossy(&self.answer().1).into_owned()
    }

    /// To the service at a port.
    pub fn open(port: u16) -> Self {
        let stream = TcpStream::connect(("127.0.0.1", port)).unwrap();
        stream.set_nodelay(true).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
        Self { stream, kept: Vec::new() }
    }

    /// Reads one answer by its `Content-Length`: status and bytes.
    fn answer(&mut self) -> (u16, Vec<u8>) {
        let mut chunk = [0_u8; 16 * 1024];
        loop {
            if let Some(head) = self.kept.windows(4).position(|w| w == b"\r\n\r\n") {
                let text = String::from_utf8_lossy(&self.kept[..head]).to_ascii_lowercase();
                let length: usize = text
                    .lines()
                    .find_map(|l| l.strip_prefix("content-length: "))
                    .map_or(0, |n| n.trim().parse().unwrap());
                let end = head + 4 + length;
                if self.kept.len() >= end {
                    let rest = self.kept.split_off(end);
                    let answer = std::mem::replace(&mut self.kept, rest);
                    return (text[9..12].parse().unwrap(), answer);
                }
            }
            let read = self.stream.read(&mut chunk).unwrap();
            assert!(read > 0, "the connection was closed");
            self.kept.extend_from_slice(&chunk[..read]);
        }
    }
}
