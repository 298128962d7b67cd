//! Certificates that prove themselves: the credential, its short form, status lists, keys that were replaced.

use ocop::actor::Caller;
use ocop::certification::credential::check::{self, TokenVerdict};
use ocop::certification::credential::status::value_at;
use ocop::db::Moment;
use ocop::ids::RowId;
use ocop::keys::{self, KeyStanding, Purpose};
use ocop::text::Lang;
use serde_json::{Value, json};

use crate::world::World;
use crate::world::certification::{Filed, Office, Scored};

/// A published certificate: its identifier, its number, its product.
async fn certified(world: &World, office: &Office, number: &str) -> (String, String, Filed) {
    let filed = world.scored_at_province("Dừa sáp Cầu Kè", 4, (700, 9));
    let decided = office.decide("recognition", &[filed.dossier], number, "2026-06-01").await;
    let line = &decided.body["items"][0];
    let text = |field: &str| line[field].as_str().unwrap().to_owned();
    (text("certificateId"), text("certificateNumber"), filed)
}

fn decoded(part: &str) -> Vec<u8> {
    use base64::Engine as _;
    base64::engine::general_purpose::URL_SAFE_NO_PAD.decode(part).unwrap()
}

/// The payload of a token, read without asking who signed it.
fn payload(token: &str) -> Value {
    serde_json::from_slice(&decoded(token.split('.').nth(1).unwrap())).unwrap()
}

async fn text(world: &World, path: &str) -> String {
    world.stranger().get(path).await.is(200).text
}

/// What a verifier saves: the keys, and the list that says how certificates ended.
async fn saved(world: &World) -> (Vec<keys::PublicKey>, Vec<check::SavedList>) {
    // A list that was made is given again for a second.
    std::thread::sleep(std::time::Duration::from_millis(1100));
    let keys = check::read_keys(&text(world, "/.well-known/did.json").await).unwrap();
    let list = check::read_list(&text(world, "/v1/credentials/status/message/1").await, &keys).unwrap();
    (keys, vec![list])
}

fn at(moment: &str) -> Moment {
    Moment::new(moment.parse().unwrap())
}

#[actix_web::test]
async fn a_certificate_is_a_credential_of_what_is_printed_on_it_and_of_nothing_else() {
    let world = World::new().await;
    let office = world.province_office(world.vinh_long());
    let (id, number, filed) = certified(&world, &office, "1/QĐ-UBND").await;
    let answer = world.stranger().get(&format!("/v1/certificates/{id}/credential")).await.is(200);
    assert_eq!(answer.headers["content-type"], "application/vc+jwt");
    assert_eq!(text(&world, &format!("/v1/certificates/{number}/credential")).await, answer.text, "by its number too");
    let said = payload(&answer.text);
    let schema: Value = serde_json::from_str(&text(&world, "/v1/credentials/schema").await).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let faults: Vec<String> = validator.iter_errors(&said).map(|e| e.to_string()).collect();
    assert!(faults.is_empty(), "{faults:?}\n{said:#}");
    assert_eq!(said["@context"][0], "https://www.w3.org/ns/credentials/v2");
    assert_eq!(said["issuer"], "did:web:ocop.example");
    assert_eq!(
        (&said["validFrom"], &said["validUntil"]),
        (&json!("2026-06-01T00:00:00+07:00"), &json!("2029-06-01T23:59:59+07:00"))
    );
    let subject = &said["credentialSubject"];
    assert_eq!(subject["id"], format!("https://ocop.example/v1/catalogue/products/{}", filed.product));
    assert_eq!((&subject["certificateNumber"], &subject["stars"]), (&json!(number), &json!(4)));
    // The mean of the council is 77.77: no mark, no mean, no criterion, no person.
    for never in ["77.7", "mean", "mark", "criteri", "phone", "signer", "Trần Thị B"] {
        assert!(!said.to_string().contains(never), "{never} in {said:#}");
    }
    let mut strange = said.clone();
    strange["credentialSubject"]["mean"] = json!("77.77");
    assert!(!validator.is_valid(&strange), "the schema leaves no room for more");

    let did: Value = serde_json::from_str(&text(&world, "/.well-known/did.json").await).unwrap();
    assert_eq!(did["id"], "did:web:ocop.example");
    assert_eq!(did["verificationMethod"][0]["publicKeyJwk"]["crv"], "Ed25519");
    assert!(!did.to_string().contains("\"d\""), "no private half");
    let jwks: Value = serde_json::from_str(&text(&world, "/.well-known/jwks.json").await).unwrap();
    let of_certificates = jwks["keys"].as_array().unwrap().iter().find(|k| k["ocop:purpose"] == "certificate").unwrap();
    assert_eq!(of_certificates["kid"], did["verificationMethod"][0]["publicKeyJwk"]["kid"]);
    // A library takes the name of the key from the head of the token and looks for it as it stands.
    let head: Value = serde_json::from_slice(&decoded(answer.text.split('.').next().unwrap())).unwrap();
    let named = jwks["keys"].as_array().unwrap().iter().find(|k| k["kid"] == head["kid"]);
    assert_eq!(named.map(|k| &k["x"]), Some(&of_certificates["x"]));
    for named in ["OCOP-86-2026-000999-1", "xin-chao", &uuid::Uuid::now_v7().to_string()] {
        world.stranger().get(&format!("/v1/certificates/{named}/credential")).await.is(404);
    }
}

#[actix_web::test]
async fn a_token_is_verified_offline_and_every_way_to_be_wrong_has_its_own_answer() {
    let world = World::new().await;
    let office = world.province_office(world.vinh_long());
    let (id, number, _) = certified(&world, &office, "1/QĐ-UBND").await;
    let token = text(&world, &format!("/v1/certificates/{id}/credential")).await;
    let short = text(&world, &format!("/v1/certificates/{id}/credential/short")).await;
    assert!(short.starts_with(&format!("https://ocop.example/v/{number}#")) && short.len() < 700, "{}", short.len());
    let picture = world.stranger().get(&format!("/v1/certificates/{id}/credential/qr.svg")).await.is(200);
    assert!(picture.text.contains("<svg") && picture.headers["content-type"] == "image/svg+xml");
    let (keys, lists) = saved(&world).await;
    let noon = at("2026-06-02T05:00:00Z");
    for form in [&token, &short] {
        let checked = check::check(form, &keys, &lists, noon);
        assert_eq!((checked.verdict, checked.number.as_deref()), (TokenVerdict::Valid, Some(number.as_str())));
        assert_eq!((checked.stars, checked.product.as_deref()), (Some(4), Some("Dừa sáp Cầu Kè")));
        let verdict =
            |keys: &[keys::PublicKey], lists: &[check::SavedList], now| check::check(form, keys, lists, now).verdict;
        assert_eq!(verdict(&[], &lists, noon), TokenVerdict::UnknownKey);
        assert_eq!(verdict(&keys, &[], noon), TokenVerdict::StatusUnknown, "without a list nobody can tell");
        // The list holds for three whole days after its own; then the status is unknown since that moment, and not valid.
        assert_eq!(verdict(&keys, &lists, at("2026-06-04T16:59:59Z")), TokenVerdict::Valid);
        let stale = check::check(form, &keys, &lists, at("2026-06-04T17:00:00Z"));
        assert_eq!(stale.verdict, TokenVerdict::StatusUnknown);
        assert!(stale.say.en.contains("unknown since 2026-06-05T00:00:00+07:00"), "{}", stale.say.en);
        assert_eq!(verdict(&keys, &lists, at("2026-05-31T16:59:59Z")), TokenVerdict::NotYet);
        assert_eq!(verdict(&keys, &lists, at("2029-06-01T17:00:00Z")), TokenVerdict::Expired);
    }
    // One letter of the payload, of the signature, or another algorithm.
    let mut letters: Vec<char> = token.chars().collect();
    let middle = token.find('.').unwrap() + 40;
    letters[middle] = if letters[middle] == 'A' { 'B' } else { 'A' };
    let changed: String = letters.iter().collect();
    assert!(matches!(
        check::check(&changed, &keys, &lists, noon).verdict,
        TokenVerdict::Forged | TokenVerdict::Unreadable
    ));
    let (signed, signature) = token.rsplit_once('.').unwrap();
    let turned: String = signature.chars().rev().collect();
    assert_eq!(check::check(&format!("{signed}.{turned}"), &keys, &lists, noon).verdict, TokenVerdict::Forged);
    let unsigned = format!("eyJhbGciOiJub25lIiwia2lkIjoiMSJ9.{}.", signed.split('.').nth(1).unwrap());
    for nothing in [unsigned.as_str(), "", "a.b.c", "https://ocop.example/v/OCOP-86-2026-000001-X"] {
        assert_eq!(check::check(nothing, &keys, &lists, noon).verdict, TokenVerdict::Unreadable, "{nothing}");
    }
    // A list is no certificate, and a certificate no list.
    let list = text(&world, "/v1/credentials/status/message/1").await;
    assert_eq!(check::check(&list, &keys, &lists, noon).verdict, TokenVerdict::Unreadable);
    assert!(check::read_list(&token, &keys).is_none());
    assert!(check::read_list(&list, &[]).is_none(), "a list that no saved key signed is none");
}

#[actix_web::test]
async fn what_an_older_key_signed_goes_on_to_verify() {
    let world = World::new().await;
    let office = world.province_office(world.vinh_long());
    let (id, _, _) = certified(&world, &office, "1/QĐ-UBND").await;
    let path = format!("/v1/certificates/{id}/credential");
    let before = text(&world, &path).await;
    let (old_keys, _) = saved(&world).await;
    let master = world.state.master.clone();
    world.deed(move |cx| keys::rotate(cx, &master, Purpose::Certificate).map(|_| ()));
    let after = text(&world, &path).await;
    assert_ne!(before, after);
    assert_eq!(payload(&before), payload(&after), "the same certificate, another key");
    let (keys, lists) = saved(&world).await;
    assert_eq!((old_keys.len(), keys.len()), (1, 2));
    let noon = at("2026-06-02T05:00:00Z");
    assert_eq!(check::check(&before, &keys, &lists, noon).verdict, TokenVerdict::Valid);
    assert_eq!(check::check(&after, &keys, &lists, noon).verdict, TokenVerdict::Valid);
    assert_eq!(
        check::check(&after, &old_keys, &lists, noon).verdict,
        TokenVerdict::UnknownKey,
        "the saved keys are too old"
    );
    let jwks = check::read_keys(&text(&world, "/.well-known/jwks.json").await).unwrap();
    assert_eq!(jwks.len(), 2, "keys of other purposes prove no certificate");
}

#[actix_web::test]
async fn nothing_that_a_revoked_key_signed_verifies_and_a_new_one_signs() {
    let world = World::new().await;
    let office = world.province_office(world.vinh_long());
    let (id, _, _) = certified(&world, &office, "1/QĐ-UBND").await;
    let path = format!("/v1/certificates/{id}/credential");
    let before = text(&world, &path).await;
    let (old_keys, _) = saved(&world).await;
    let leaked = old_keys[0].id;
    let (master, other) = (world.state.master.clone(), world.state.master.clone());
    let purpose = world.deed(move |cx| keys::revoke(cx, &master, leaked));
    assert_eq!(purpose, Purpose::Certificate);
    let (keys, lists) = saved(&world).await;
    assert!(keys.iter().all(|k| k.id != leaked) && keys.len() == 1, "the leaked key is published no more");
    let noon = at("2026-06-02T05:00:00Z");
    assert_eq!(check::check(&before, &keys, &lists, noon).verdict, TokenVerdict::UnknownKey);
    let after = text(&world, &path).await;
    assert_eq!(payload(&before), payload(&after), "the same certificate, another key");
    assert_eq!(check::check(&after, &keys, &lists, noon).verdict, TokenVerdict::Valid);
    let standing = world.deed(keys::all);
    assert!(standing.iter().any(|k| k.id == leaked && k.standing == KeyStanding::Revoked), "it stays in the list");
    // Twice, an unknown one, and one whose signatures cannot be made anew.
    let audit = world.deed({
        let master = other.clone();
        move |cx| keys::active(cx, &master, Purpose::Audit).map(|k| k.id)
    });
    for (id, word) in [(leaked, "revoked_before"), (audit, "signed_once"), (RowId::new(), "not_found")] {
        let master = other.clone();
        let asked = world.db().write_now(&Caller::system("keys"), move |cx| keys::revoke(cx, &master, id));
        let refused = asked.expect_err("it is not revoked");
        let problem = refused.problem(Lang::En, "", "");
        let said = problem.errors.first().map_or(problem.code.clone(), |e| e.code.clone());
        assert_eq!(said, word);
    }
}

#[actix_web::test]
async fn a_credential_asked_for_with_look_alikes_is_suggested_not_given() {
    let world = World::new().await;
    let office = world.province_office(world.vinh_long());
    let (_, number, _) = certified(&world, &office, "1/QĐ-UBND").await;
    let typed = number.replace('0', "O");
    for tail in ["", "/short", "/qr.svg"] {
        let said = world.stranger().get(&format!("/v1/certificates/{typed}/credential{tail}")).await.is(404);
        assert_eq!(said.body["suggestion"], json!(number), "{tail}");
    }
}

#[actix_web::test]
async fn the_lists_tell_how_certificates_ended_and_suspension_stays_reserved() {
    let world = World::new().await;
    let office = world.province_office(world.vinh_long());
    let (id, _, filed) = certified(&world, &office, "1/QĐ-UBND").await;
    let (other, _, _) = certified(&world, &office, "2/QĐ-UBND").await;
    let token = text(&world, &format!("/v1/certificates/{id}/credential")).await;
    let place = |token: &str| {
        let entries = payload(token)["credentialStatus"].clone();
        entries[0]["statusListIndex"].as_str().unwrap().parse::<usize>().unwrap()
    };
    let second = text(&world, &format!("/v1/certificates/{other}/credential")).await;
    assert_ne!(place(&token), place(&second));
    let value = async |purpose: &str, index: usize| {
        let list = payload(&text(&world, &format!("/v1/credentials/status/{purpose}/1")).await);
        assert_eq!(list["type"], json!(["VerifiableCredential", "BitstringStatusListCredential"]));
        let subject = &list["credentialSubject"];
        assert_eq!((&subject["type"], &subject["statusPurpose"]), (&json!("BitstringStatusList"), &json!(purpose)));
        value_at(subject["encodedList"].as_str().unwrap(), if purpose == "message" { 2 } else { 1 }, index).unwrap()
    };
    for purpose in ["revocation", "suspension", "message"] {
        assert_eq!(value(purpose, place(&token)).await, 0, "{purpose}");
    }
    let (_, before) = saved(&world).await;
    world.today("2026-07-10");
    office.revoke(&id, "2026-07-01", "77/QĐ-UBND", "2026-07-10").await;
    let (keys, lists) = saved(&world).await;
    assert_eq!(value("revocation", place(&token)).await, 1);
    assert_eq!(value("message", place(&token)).await, 1);
    assert_eq!(value("suspension", place(&token)).await, 0, "no rulebook names a ground");
    assert_eq!(value("revocation", place(&second)).await, 0);
    let now = at("2026-07-10T05:00:00Z");
    assert_eq!(check::check(&token, &keys, &lists, now).verdict, TokenVerdict::Revoked);
    assert_eq!(check::check(&second, &keys, &lists, now).verdict, TokenVerdict::Valid);
    assert_eq!(
        check::check(&token, &keys, &before, now).verdict,
        TokenVerdict::StatusUnknown,
        "the old list has run out"
    );
    // Several lists: the older one first takes nothing away from the newer one, and one bit is enough for an end.
    let both = |first: &[check::SavedList], second: &[check::SavedList]| [first, second].concat();
    for saved in [both(&before, &lists), both(&lists, &before)] {
        assert_eq!(check::check(&token, &keys, &saved, now).verdict, TokenVerdict::Revoked);
        assert_eq!(check::check(&second, &keys, &saved, now).verdict, TokenVerdict::Valid);
    }
    let bit = check::read_list(&text(&world, "/v1/credentials/status/revocation/1").await, &keys).unwrap();
    assert_eq!(
        check::check(&token, &keys, &both(&before, std::slice::from_ref(&bit)), now).verdict,
        TokenVerdict::Revoked
    );
    let unsaid = check::check(&second, &keys, &[bit], now);
    assert_eq!(unsaid.verdict, TokenVerdict::StatusUnknown, "one bit does not tell what took its place");
    // An end by an act is final: a list that has run out is believed about it.
    assert_eq!(check::check(&token, &keys, &lists, at("2027-01-01T05:00:00Z")).verdict, TokenVerdict::Revoked);

    // Superseded is told apart from revoked.
    let again = Scored {
        kind: ocop::rulebook::DossierKind::Upgrade,
        filed_on: "2026-06-20",
        product: Some(filed),
        ..world.asked_of_province("", 4, (700, 9))
    };
    let third = world.scored(&again);
    office.decide("recognition", &[third.dossier], "78/QĐ-UBND", "2026-07-10").await;
    assert_eq!(check::check(&token, &keys, &lists, now).verdict, TokenVerdict::Revoked, "what was revoked stays so");
    // Withdrawn is told apart from both.
    let body = json!({ "kind": "withdrawal", "level": office.level, "placeId": office.place, "reopenAt": "review",
        "reason": "Kết luận kiểm tra của Bộ", "certificates": [other] });
    let draft = office.officer.post_once("/v1/decisions", "w", body).await.is(201);
    let withdrawn = office.sign(&draft, "79/QĐ-UBND", "2026-07-10").await.is(200);
    office.publish(&withdrawn).await.is(200);
    let (keys, lists) = saved(&world).await;
    assert_eq!((value("revocation", place(&second)).await, value("message", place(&second)).await), (1, 2));
    assert_eq!(check::check(&second, &keys, &lists, now).verdict, TokenVerdict::Withdrawn);
    let tag = world.stranger().get("/v1/credentials/status/revocation/1").await.is(200).headers["etag"].clone();
    let list = world.stranger().request(actix_web::http::Method::GET, "/v1/credentials/status/revocation/1");
    world.send(list.insert_header(("If-None-Match", tag))).await.is(304);
    world.stranger().get("/v1/credentials/status/revocation/2").await.is(404);
    world.stranger().get("/v1/credentials/status/sorrow/1").await.is(400);
    let overview = world.stranger().get("/v1/credentials/status").await.is(200);
    assert_eq!(overview.body["lists"]["message"], json!(["https://ocop.example/v1/credentials/status/message/1"]));
}

#[actix_web::test]
async fn a_certificate_of_before_the_lists_gets_its_place_at_the_first_question() {
    let world = World::new().await;
    let office = world.province_office(world.vinh_long());
    let (id, _, _) = certified(&world, &office, "1/QĐ-UBND").await;
    world.deed(|cx| {
        use diesel::prelude::*;
        diesel::delete(ocop::db::schema::credential_entries::table).execute(cx.conn)?;
        Ok(())
    });
    let path = format!("/v1/certificates/{id}/credential");
    let first = text(&world, &path).await;
    assert_eq!(text(&world, &path).await, first, "and keeps it");
}

#[actix_web::test]
async fn the_page_that_verifies_runs_only_its_own_script() {
    let world = World::new().await;
    let page = world.stranger().get("/verify").await.is(200);
    assert_eq!(page.headers["content-type"], "text/html; charset=utf-8");
    let policy = &page.headers["content-security-policy"];
    assert!(policy.contains("default-src 'none'") && policy.contains("script-src 'self'"), "{policy}");
    assert!(page.text.len() < 50_000);
    let script = world.stranger().get("/verify/page.js").await.is(200);
    assert!(script.headers["content-type"].starts_with("text/javascript"));
    let worker = world.stranger().get("/verify/worker.js").await.is(200);
    assert_eq!(worker.headers["service-worker-allowed"], "/verify");
}
