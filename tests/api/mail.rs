//! A one-time code by e-mail, taken in by a mail server that speaks SMTP over a real connection.

use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::Duration;

use serde_json::json;

use crate::world::World;
use crate::world::identity::{PASSWORD, text};

const LAN: &str = "lan@example.vn";
const NEW: &str = "gió đưa cành trúc la đà";

/// A letter as the mail server got it: to whom, and its lines.
pub type Letter = (String, String);

pub fn mail_server() -> (u16, Receiver<Letter>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let (letters, taken) = channel();
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            take(&stream, &letters);
        }
    });
    (port, taken)
}

/// Takes the letters of one connection (RFC 5321, as little of it as a client needs).
fn take(stream: &TcpStream, letters: &Sender<Letter>) {
    let mut out = stream;
    let mut say = move |line: &str| out.write_all(format!("{line}\r\n").as_bytes());
    let mut lines = BufReader::new(stream).lines().map_while(Result::ok);
    let mut to = String::new();
    if say("220 mail.example.vn").is_err() {
        return;
    }
    while let Some(line) = lines.next() {
        let word = line.split([' ', ':']).next().unwrap_or("").to_uppercase();
        let said = match word.as_str() {
            "EHLO" => say("250-mail.example.vn\r\n250 8BITMIME"),
            "RCPT" => {
                to = line.clone();
                say("250 ok")
            }
            "DATA" => {
                let _ = say("354 go on");
                let letter: Vec<String> = lines.by_ref().take_while(|l| l != ".").collect();
                let _ = letters.send((to.clone(), letter.join("\n")));
                say("250 taken")
            }
            "QUIT" => return,
            _ => say("250 ok"),
        };
        if said.is_err() {
            return;
        }
    }
}

/// The text of a letter, unwrapped from quoted-printable (RFC 2045, section 6.7).
pub fn plain(letter: &str) -> String {
    let (head, body) = letter.split_once("\n\n").unwrap();
    assert!(head.to_lowercase().contains("content-transfer-encoding: quoted-printable"), "{head}");
    let joined = body.replace("=\n", "");
    let mut bytes = joined.bytes();
    let mut out = Vec::new();
    while let Some(byte) = bytes.next() {
        out.push(match byte {
            b'=' => {
                let hex: Vec<u8> = bytes.by_ref().take(2).collect();
                u8::from_str_radix(std::str::from_utf8(&hex).unwrap(), 16).unwrap()
            }
            plain => plain,
        });
    }
    String::from_utf8(out).unwrap()
}

#[actix_web::test]
async fn a_code_comes_by_mail_to_the_account_and_to_nobody_else() {
    let (port, taken) = mail_server();
    let world = World::with_settings("2026-06-01", |config| {
        config.smtp_url = Some(format!("smtp://127.0.0.1:{port}"));
        config.mail_from = Some("OCOP <ocop@example.vn>".to_owned());
    })
    .await;
    let id = world.account(LAN, None);
    let ask = |email: &'static str| {
        let world = world.clone();
        async move { world.stranger().post("/v1/auth/reset-requests", json!({ "email": email })).await }
    };
    let known = ask(LAN).await.is(204);
    let unknown = ask("nobody@example.vn").await.is(204);
    assert_eq!(known.text, unknown.text, "who has an account is not told");
    ask("không phải thư").await.is(422);

    let (to, letter) = taken.recv_timeout(Duration::from_secs(20)).expect("a letter");
    assert!(to.contains("lan@example.vn"), "{to}");
    let said = plain(&letter);
    let code = said.lines().map(str::trim).find(|l| l.len() >= 20 && !l.contains(' ')).expect("a code").to_owned();
    assert!(said.contains("24 giờ") && said.contains("within 24 hours"), "{said}");
    assert!(taken.recv_timeout(Duration::from_millis(500)).is_err(), "one letter, to the one account");

    // Asking again spends nothing, and the fourth letter of a day is not sent.
    for _ in 0..3 {
        ask(LAN).await.is(204);
    }
    for _ in 0..2 {
        taken.recv_timeout(Duration::from_secs(20)).expect("a second and a third letter");
    }
    assert!(taken.recv_timeout(Duration::from_millis(500)).is_err(), "three letters a day");

    world.stranger().post("/v1/auth/reset", json!({"code": code, "password": NEW})).await.is(204);
    world.try_sign_in(LAN, PASSWORD).await.is(401);
    world.try_sign_in(LAN, NEW).await.is(200);
    let told = world.everything_told();
    assert!(!told.contains(&code) && !told.contains(LAN), "neither code nor address is written down");
    let deeds = world.as_service(move |cx| ocop::audit::of_subject(cx, id.0));
    assert_eq!(deeds.iter().filter(|d| d.deed == "resetCode.mailed").count(), 3);
}

#[actix_web::test]
async fn without_a_mail_server_the_answer_says_where_a_code_is_had() {
    let world = World::new().await;
    world.account(LAN, None);
    let answer = world.stranger().post("/v1/auth/reset-requests", json!({ "email": LAN })).await;
    assert_eq!(answer.status, 409);
    assert_eq!(answer.word(), "reset_mail_off");
    assert!(text(&answer.body["detail"]).contains("UBND xã"));
}
