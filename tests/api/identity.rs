//! Signing in, the second factor, resets, the first administrator, accounts and their dated rights.

use ocop::actor::{Caller, Role};
use ocop::auth::sign_in::{self, Attempt, CodeFor, Outcome};
use ocop::auth::{self, Right};
use ocop::db::Ctx;
use ocop::keys::MasterKey;
use ocop::places::Level;
use serde_json::json;

use crate::world::World;
use crate::world::identity::{PASSWORD, text};

const LAN: &str = "lan@example.vn";

fn right() -> Right {
    Right { basis: "test".into(), ..Right::default() }
}

#[actix_web::test]
async fn a_person_signs_in_with_a_password_and_leaves() {
    let world = World::new().await;
    world.account(LAN, None);
    let tokens = world.try_sign_in("  Lan@Example.VN ", PASSWORD).await.is(200);
    assert_eq!(tokens.headers["cache-control"], "private, no-store");
    assert_eq!((&tokens.body["tokenType"], &tokens.body["expiresIn"]), (&json!("Bearer"), &json!(900)));
    let lan = world.holder(&tokens);
    assert_eq!(lan.get("/v1/auth/me").await.is(200).body["email"], LAN);
    lan.post_nothing("/v1/auth/sign-out").await.is(204);
    assert_eq!(lan.get("/v1/auth/me").await.is(401).word(), "session_ended");
    assert_eq!(world.renew(&text(&tokens.body["refreshToken"])).await.is(401).word(), "session_ended");
}

#[actix_web::test]
async fn an_access_token_ends_after_fifteen_minutes() {
    let world = World::new().await;
    world.account(LAN, None);
    let lan = world.holder(&world.try_sign_in(LAN, PASSWORD).await.is(200));
    world.later(14 * 60);
    lan.get("/v1/auth/me").await.is(200);
    world.later(61);
    assert_eq!(lan.get("/v1/auth/me").await.is(401).word(), "token_expired");
}

#[actix_web::test]
async fn a_wrong_password_and_an_unknown_account_are_answered_alike() {
    let world = World::new().await;
    world.account(LAN, None);
    let wrong = world.try_sign_in(LAN, "một mật khẩu khác hẳn").await.is(401);
    let unknown = world.try_sign_in("nobody@example.vn", PASSWORD).await.is(401);
    assert_eq!((wrong.word(), unknown.word()), ("credentials_wrong", "credentials_wrong"));
    assert_eq!(wrong.body["detail"], unknown.body["detail"]);
    assert!(!wrong.text.contains("một mật khẩu khác hẳn"));
}

#[actix_web::test]
async fn a_sign_in_says_which_field_it_needs() {
    let world = World::new().await;
    let none = world.stranger().post("/v1/auth/token", json!({"grantType": "password", "email": LAN})).await.is(422);
    assert_eq!(none.body["errors"][0]["pointer"], "/password");
    let none = world.stranger().post("/v1/auth/token", json!({"grantType": "refresh_token"})).await.is(422);
    assert_eq!(none.body["errors"][0]["pointer"], "/refreshToken");
    world.stranger().post("/v1/auth/token", json!({"grantType": "client_credentials"})).await.is(422);
}

#[actix_web::test]
async fn failures_delay_one_network_and_success_forgets_them() {
    let world = World::new().await;
    world.account(LAN, None);
    for _ in 0..3 {
        world.try_sign_in(LAN, "sai rồi, sai hẳn rồi").await.is(401);
    }
    let wait = world.try_sign_in(LAN, PASSWORD).await.is(429);
    assert_eq!(wait.headers["retry-after"], "8");
    world.try_sign_in_from("203.0.113.9", LAN, PASSWORD).await.is(200);
    world.try_sign_in(LAN, PASSWORD).await.is(429);
    world.later(9);
    world.try_sign_in(LAN, "sai rồi, sai hẳn rồi").await.is(401);
    assert_eq!(world.try_sign_in(LAN, PASSWORD).await.is(429).headers["retry-after"], "16");
    world.later(17);
    world.try_sign_in(LAN, PASSWORD).await.is(200);
    for _ in 0..3 {
        world.try_sign_in(LAN, "sai rồi, sai hẳn rồi").await.is(401);
    }
}

#[actix_web::test]
async fn unknown_accounts_are_delayed_like_known_ones() {
    let world = World::new().await;
    for _ in 0..3 {
        world.try_sign_in("nobody@example.vn", PASSWORD).await.is(401);
    }
    world.try_sign_in("nobody@example.vn", PASSWORD).await.is(429);
}

#[actix_web::test]
async fn a_refresh_token_works_once_and_its_reuse_ends_the_whole_sign_in() {
    let world = World::new().await;
    let id = world.account(LAN, None);
    let first = text(&world.try_sign_in(LAN, PASSWORD).await.is(200).body["refreshToken"]);
    let second = world.renew(&first).await.is(200);
    let third = world.renew(&text(&second.body["refreshToken"])).await.is(200);
    let lan = world.holder(&third);
    lan.get("/v1/auth/me").await.is(200);
    assert_eq!(world.renew(&first).await.is(401).word(), "refresh_reused");
    assert_eq!(world.renew(&text(&third.body["refreshToken"])).await.is(401).word(), "session_ended");
    lan.get("/v1/auth/me").await.is(401);
    let told = world.db().read_now(&Caller::system("test"), |cx| ocop::audit::of_subject(cx, id.0)).unwrap();
    assert!(told.iter().any(|r| r.deed == "session.ended" && r.details.text().contains("reuse")));
    for garbage in ["", ".", "abc.def", &format!("{}.x", first.split('.').next().unwrap())] {
        assert!([401, 422].contains(&world.renew(garbage).await.status.as_u16()), "{garbage}");
    }
}

#[actix_web::test]
async fn a_sign_in_cannot_be_renewed_after_thirty_days() {
    let world = World::new().await;
    world.account(LAN, None);
    let refresh = text(&world.try_sign_in(LAN, PASSWORD).await.is(200).body["refreshToken"]);
    world.later(30 * 24 * 3600 + 1);
    assert_eq!(world.renew(&refresh).await.is(401).word(), "session_ended");
}

#[actix_web::test]
async fn rights_that_decide_are_withheld_until_the_second_factor_was_shown() {
    let world = World::new().await;
    world.account(LAN, Some((Role::Administrator, right())));
    let tokens = world.try_sign_in(LAN, PASSWORD).await.is(200);
    assert_eq!(tokens.body["secondFactorNeeded"], true);
    let lan = world.holder(&tokens);
    lan.get("/v1/users").await.is(403);
    assert_eq!(lan.get("/v1/auth/me").await.is(200).body["withheld"][0]["role"], "administrator");

    let wrong = lan.post("/v1/auth/totp", json!({"password": "không phải mật khẩu này"})).await.is(422);
    assert_eq!(wrong.body["errors"][0]["code"], "password_wrong");
    lan.post("/v1/auth/totp/confirm", json!({"totp": "000000"})).await.refused("second_factor_nothing_to_confirm");
    let set_up = lan.post("/v1/auth/totp", json!({"password": PASSWORD})).await.is(200);
    let secret = text(&set_up.body["secret"]);
    assert!(text(&set_up.body["otpauthUri"]).starts_with("otpauth://totp/"));
    world.try_sign_in(LAN, PASSWORD).await.is(200);
    let code = world.digits(&secret);
    let other = if code == "000000" { "000001" } else { "000000" };
    lan.post("/v1/auth/totp/confirm", json!({"totp": other})).await.is(422);
    lan.post("/v1/auth/totp/confirm", json!({"totp": code})).await.is(204);
    lan.get("/v1/users").await.is(200);

    assert_eq!(world.try_sign_in(LAN, PASSWORD).await.is(401).word(), "second_factor_required");
    assert_eq!(world.try_sign_in_with(LAN, PASSWORD, &code).await.is(401).word(), "second_factor_wrong", "spent");
    world.later(30);
    let next = world.digits(&secret);
    let tokens = world.try_sign_in_with(LAN, PASSWORD, &next).await.is(200);
    assert_eq!(tokens.body["secondFactorNeeded"], false);
    world.holder(&tokens).get("/v1/users").await.is(200);
    world.try_sign_in_with(LAN, PASSWORD, &next).await.is(401);
    assert!(!world.everything_told().contains(&secret));
}

#[actix_web::test]
async fn a_sign_in_without_the_second_factor_cannot_replace_it() {
    let world = World::new().await;
    world.account(LAN, None);
    let before = world.holder(&world.try_sign_in(LAN, PASSWORD).await.is(200));
    let owner = world.holder(&world.try_sign_in(LAN, PASSWORD).await.is(200));
    let secret = text(&owner.post("/v1/auth/totp", json!({"password": PASSWORD})).await.is(200).body["secret"]);
    owner.post("/v1/auth/totp/confirm", json!({"totp": world.digits(&secret)})).await.is(204);
    before.post("/v1/auth/totp", json!({"password": PASSWORD})).await.refused("second_factor_kept");
    let second = text(&owner.post("/v1/auth/totp", json!({"password": PASSWORD})).await.is(200).body["secret"]);
    world.later(30);
    world.try_sign_in_with(LAN, PASSWORD, &world.digits(&secret)).await.is(200);
    world.later(30);
    owner.post("/v1/auth/totp/confirm", json!({"totp": world.digits(&second)})).await.is(204);
    world.later(30);
    world.try_sign_in_with(LAN, PASSWORD, &world.digits(&secret)).await.is(401);
    world.try_sign_in_with(LAN, PASSWORD, &world.digits(&second)).await.is(200);
}

#[actix_web::test]
async fn a_changed_password_ends_every_other_sign_in() {
    let world = World::new().await;
    world.account(LAN, None);
    let here = world.holder(&world.try_sign_in(LAN, PASSWORD).await.is(200));
    let there = world.holder(&world.try_sign_in(LAN, PASSWORD).await.is(200));
    let tag = here.get("/v1/auth/me").await.is(200).tag().to_owned();
    let new = "gió đưa cành trúc la đà";
    let path = "/v1/auth/password";
    here.put(path, "\"99\"", json!({"old": PASSWORD, "new": new})).await.is(412);
    let short = here.put(path, &tag, json!({"old": PASSWORD, "new": "ngắn"})).await.is(422);
    assert!(!short.text.contains("ngắn\""));
    let same = here.put(path, &tag, json!({"old": PASSWORD, "new": LAN.to_uppercase()})).await.is(422);
    assert_eq!(same.body["errors"][0]["code"], "password_is_email");
    let wrong = here.put(path, &tag, json!({"old": "không phải mật khẩu", "new": new})).await.is(422);
    assert_eq!(wrong.body["errors"][0]["code"], "password_wrong");
    here.put(path, &tag, json!({"old": PASSWORD, "new": new})).await.is(204);
    here.get("/v1/auth/me").await.is(200);
    there.get("/v1/auth/me").await.is(401);
    world.try_sign_in(LAN, PASSWORD).await.is(401);
    world.try_sign_in(LAN, new).await.is(200);
    let told = world.everything_told();
    assert!(!told.contains(new) && !told.contains(PASSWORD) && !told.contains("argon2"));
}

#[actix_web::test]
async fn a_printed_reset_code_works_once() {
    let world = World::new().await;
    let producer = world.producer_at("29266", "HTX Càng Long");
    let id = world.account(LAN, Some((Role::Producer, Right { producer: Some(producer), ..right() })));
    let lan = world.holder(&world.try_sign_in(LAN, PASSWORD).await.is(200));
    let path = format!("/v1/users/{id}/reset-code");
    lan.post_nothing(&path).await.is(404);
    world.commune_officer("29308").post_nothing(&path).await.is(404);
    let officer = world.commune_officer("29266");
    let printed = officer.post_nothing_once(&path, "k1").await.is(201);
    let code = text(&printed.body["code"]);
    let again = officer.post_nothing_once(&path, "k1").await.is(201);
    assert_eq!(
        (again.headers["idempotency-replayed"].as_str(), &again.body["code"]),
        ("true", &serde_json::Value::Null)
    );

    let new = "gió đưa cành trúc la đà";
    let reset = |code: String, password: &'static str| {
        let world = world.clone();
        async move { world.stranger().post("/v1/auth/reset", json!({"code": code, "password": password})).await }
    };
    assert_eq!(reset(code.clone(), LAN).await.is(422).body["errors"][0]["code"], "password_is_email");
    reset(code.to_lowercase().replace('-', " "), new).await.is(204);
    assert_eq!(reset(code.clone(), new).await.is(422).body["errors"][0]["code"], "code_wrong");
    assert_eq!(lan.get("/v1/auth/me").await.is(401).word(), "session_ended");
    world.try_sign_in(LAN, new).await.is(200);
    let told = world.everything_told();
    assert!(!told.contains(&code) && !told.contains(&code.replace('-', "")));
}

#[actix_web::test]
async fn a_reset_code_expires_and_a_newer_one_replaces_it() {
    let world = World::new().await;
    let id = world.account(LAN, None);
    let administrator = world.with_role(Role::Administrator);
    let path = format!("/v1/users/{id}/reset-code");
    let first = text(&administrator.post_nothing(&path).await.is(201).body["code"]);
    let second = text(&administrator.post_nothing(&path).await.is(201).body["code"]);
    let body = |code: &str| json!({"code": code, "password": "gió đưa cành trúc la đà"});
    world.stranger().post("/v1/auth/reset", body(&first)).await.is(422);
    world.later(24 * 3600 + 1);
    world.stranger().post("/v1/auth/reset", body(&second)).await.is(422);
}

#[actix_web::test]
async fn guessing_codes_is_delayed() {
    let world = World::new().await;
    let guess = json!({"code": "AAAAA-AAAAA-AAAAA-AAAAA", "password": "gió đưa cành trúc la đà"});
    for _ in 0..3 {
        world.stranger().post("/v1/auth/reset", guess.clone()).await.is(422);
    }
    world.stranger().post("/v1/auth/reset", guess).await.is(429);
}

#[actix_web::test]
async fn an_officer_prints_no_code_for_an_account_that_decides() {
    let world = World::new().await;
    let producer = world.producer_at("29266", "HTX Càng Long");
    let id = world.account(LAN, Some((Role::Producer, Right { producer: Some(producer), ..right() })));
    let path = format!("/v1/users/{id}/reset-code");
    let province = world.place("86", Level::Province);
    world
        .db()
        .write_now(&Caller::system("test"), move |cx| {
            // From a day to come: the officer does not answer for what the account will be either.
            let from = cx.today().succ_opt();
            auth::grant(cx, id, Role::Province, Right { place: Some(province), from, ..right() })
        })
        .unwrap();
    world.commune_officer("29266").post_nothing(&path).await.refused("account_beyond_officer");
    world.with_role(Role::Administrator).post_nothing(&path).await.is(201);
}

#[actix_web::test]
async fn the_first_administrator_is_made_once_by_the_operators_code() {
    let world = World::new().await;
    let text_shown = ocop::server::offer_first_administrator(&world.state).unwrap().unwrap();
    let path = world.state.config.data_dir.join("first-admin-link.txt");
    assert_eq!(std::fs::read_to_string(&path).unwrap(), text_shown);
    {
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    }
    let code = text_shown.lines().find(|l| l.trim().len() == 23).unwrap().trim().to_owned();
    let ask = |code: &str, email: &str| {
        let body = json!({"code": code, "email": email, "name": "Trần Văn An", "password": PASSWORD});
        let stranger = world.stranger();
        async move { stranger.post("/v1/auth/first-administrator", body).await }
    };
    ask("AAAAA-AAAAA-AAAAA-AAAAA", "an@example.vn").await.is(422);
    let made = ask(&code, "an@example.vn").await.is(201);
    assert!(!made.text.contains(PASSWORD) && !made.text.contains(&code));
    ask(&code, "binh@example.vn").await.is(422);
    assert!(ocop::server::offer_first_administrator(&world.state).unwrap().is_none());
    assert!(!path.exists());
    let tokens = world.try_sign_in("an@example.vn", PASSWORD).await.is(200);
    assert_eq!(tokens.body["secondFactorNeeded"], true);
}

#[actix_web::test]
async fn the_first_administrators_code_ends_after_a_day_or_when_there_is_one() {
    let world = World::new().await;
    let make = || {
        world
            .db()
            .write_now(&Caller::system("test"), |cx| sign_in::make_code(cx, CodeFor::FirstAdministrator, None))
            .unwrap()
            .1
    };
    let body = |code: String| json!({"code": code, "email": "an@example.vn", "name": "An", "password": PASSWORD});
    let old = make();
    world.later(24 * 3600 + 1);
    world.stranger().post("/v1/auth/first-administrator", body(old)).await.is(422);
    let good = make();
    world.with_role(Role::Administrator);
    world.stranger().post("/v1/auth/first-administrator", body(good)).await.refused("account_administrator_exists");
}

#[actix_web::test]
async fn administrators_give_dated_rights_and_take_them_away_at_once() {
    let world = World::new().await;
    let administrator = world.with_role(Role::Administrator);
    let made = administrator.post_once("/v1/users", "u1", json!({"email": LAN, "name": "Lan"})).await.is(201);
    let again = administrator.post_once("/v1/users", "u1", json!({"email": LAN, "name": "Lan"})).await.is(201);
    assert_eq!(again.id(), made.id());
    let taken = administrator.post("/v1/users", json!({"email": LAN, "name": "Lan"})).await.is(422);
    assert_eq!(taken.body["errors"][0]["code"], "taken");
    let user = format!("/v1/users/{}", made.id());

    let code = administrator.post_nothing(&format!("{user}/reset-code")).await.is(201);
    let set = json!({"code": code.body["code"], "password": PASSWORD});
    world.stranger().post("/v1/auth/reset", set).await.is(204);
    let lan = world.holder(&world.try_sign_in(LAN, PASSWORD).await.is(200));
    lan.get("/v1/registrations").await.is(403);

    let commune = world.place("29266", Level::Commune);
    let grants = format!("{user}/grants");
    let bad = administrator.post(&grants, json!({"role": "commune", "basis": "QĐ 1"})).await.is(422);
    assert_eq!(bad.body["errors"][0]["pointer"], "/place");
    administrator.post(&grants, json!({"role": "province", "place": commune, "basis": "QĐ 1"})).await.is(422);
    let future = json!({"role": "commune", "place": commune, "validFrom": "2026-06-02", "basis": "QĐ 1"});
    let given = administrator.post_once(&grants, "g1", future.clone()).await.is(201);
    assert_eq!(given.body["grants"].as_array().unwrap().len(), 1);
    assert_eq!(given.body["grants"][0]["holds"], false);
    administrator.post_once(&grants, "g1", future).await.is(201);
    lan.get("/v1/registrations").await.is(403);

    world.today("2026-06-02");
    let lan = world.holder(&world.try_sign_in(LAN, PASSWORD).await.is(200));
    lan.get("/v1/registrations").await.is(200);
    let seen = administrator_again(&world).get(&user).await.is(200);
    assert_eq!(seen.body["grants"].as_array().unwrap().len(), 1, "{}", seen.text);
    let grant = format!("{grants}/{}", text(&seen.body["grants"][0]["id"]));
    let administrator = administrator_again(&world);
    administrator.delete(&grant, "\"99\"").await.is(412);
    administrator.delete(&grant, seen.tag()).await.is(204);
    lan.get("/v1/registrations").await.is(403);
    let tag = administrator.get(&user).await.is(200).tag().to_owned();
    administrator.delete(&grant, &tag).await.refused("grant_ended");
}

fn administrator_again(world: &World) -> crate::world::Person {
    world.with_role(Role::Administrator)
}

#[actix_web::test]
async fn a_right_ends_after_its_last_day() {
    let world = World::new().await;
    let to = Some("2026-06-01".parse().unwrap());
    world.account(LAN, Some((Role::Auditor, Right { to, ..right() })));
    let lan = world.holder(&world.try_sign_in(LAN, PASSWORD).await.is(200));
    lan.get("/v1/audit").await.is(200);
    world.today("2026-06-02");
    let lan = world.holder(&world.try_sign_in(LAN, PASSWORD).await.is(200));
    lan.get("/v1/audit").await.is(403);
    assert_eq!(lan.get("/v1/auth/me").await.is(200).body["grants"], json!([]));
}

#[actix_web::test]
async fn a_closed_account_is_out_at_once() {
    let world = World::new().await;
    let id = world.account(LAN, Some((Role::Auditor, right())));
    let tokens = world.try_sign_in(LAN, PASSWORD).await.is(200);
    let lan = world.holder(&tokens);
    let administrator = world.with_role(Role::Administrator);
    let user = format!("/v1/users/{id}");
    let tag = administrator.get(&user).await.is(200).tag().to_owned();
    let path = format!("{user}/disable");
    administrator.post(&path, json!({"reason": "chuyển công tác"})).await.is(428);
    administrator.post_on(&path, &tag, json!({})).await.is(422);
    administrator.post_on(&path, &tag, json!({"reason": "chuyển công tác"})).await.is(200);
    lan.get("/v1/auth/me").await.is(401);
    world.renew(&text(&tokens.body["refreshToken"])).await.is(401);
    world.try_sign_in(LAN, PASSWORD).await.is(401);
    let tag = administrator.get(&user).await.is(200).tag().to_owned();
    administrator.post_on(&path, &tag, json!({"reason": "lần nữa"})).await.refused("account_closed");
    administrator.post_nothing(&format!("{user}/reset-code")).await.refused("account_closed");
}

#[actix_web::test]
async fn the_last_administrator_stays() {
    let world = World::new().await;
    let administrator = world.with_role(Role::Administrator);
    let user = format!("/v1/users/{}", administrator.id.unwrap());
    let seen = administrator.get(&user).await.is(200);
    let body = json!({"reason": "nhầm"});
    administrator.post_on(&format!("{user}/disable"), seen.tag(), body).await.refused("account_last_administrator");
    let grant = format!("{user}/grants/{}", text(&seen.body["grants"][0]["id"]));
    administrator.delete(&grant, seen.tag()).await.refused("account_last_administrator");
}

#[actix_web::test]
async fn only_administrators_manage_accounts_and_auditors_read_them() {
    let world = World::new().await;
    let id = world.account(LAN, None);
    let auditor = world.with_role(Role::Auditor);
    auditor.get("/v1/users").await.is(200);
    auditor.get(&format!("/v1/users/{id}")).await.is(200);
    auditor.post("/v1/users", json!({"email": "x@example.vn", "name": "X"})).await.is(403);
    for person in [world.with_role(Role::Central), world.commune_officer("29266")] {
        person.get("/v1/users").await.is(403);
        person.post("/v1/users", json!({"email": "x@example.vn", "name": "X"})).await.is(403);
        person.get(&format!("/v1/users/{id}")).await.is(404);
        let give = json!({"role": "administrator", "basis": "tự cấp"});
        person.post(&format!("/v1/users/{id}/grants"), give).await.is(404);
    }
    let found = auditor.get(&format!("/v1/users?email={LAN}")).await.is(200);
    assert_eq!(found.body["data"][0]["id"], json!(id));
}

#[actix_web::test]
async fn a_key_of_another_node_is_learned_when_it_is_met() {
    let world = World::new().await;
    world.account(LAN, None);
    let tokens = world.try_sign_in(LAN, PASSWORD).await.is(200);
    // This node forgets what it knew; the database knows it.
    world.state.tokens.learn(Vec::new());
    world.holder(&tokens).get("/v1/auth/me").await.is(200);
}

#[actix_web::test]
async fn a_refresh_token_used_twice_at_once_is_one_use_and_one_reuse() {
    let world = World::new().await;
    world.account(LAN, None);
    let token = text(&world.try_sign_in(LAN, PASSWORD).await.is(200).body["refreshToken"]);
    let renew = |token: String| move |cx: &mut Ctx<'_>| sign_in::renew(cx, &token, false);
    let (first, second) = world.race(renew(token.clone()), renew(token));
    assert!(matches!(first.unwrap(), Outcome::Done(_)));
    assert!(matches!(second.unwrap(), Outcome::Refused("refresh_reused")));
}

#[actix_web::test]
async fn a_code_used_twice_at_once_works_once() {
    let world = World::new().await;
    let id = world.account(LAN, None);
    let code = world
        .db()
        .write_now(&Caller::system("test"), move |cx| sign_in::make_code(cx, CodeFor::Reset, Some(id)))
        .unwrap()
        .1;
    let reset = |code: String, hash: &'static str| move |cx: &mut Ctx<'_>| sign_in::reset(cx, &code, hash);
    let (first, second) = world.race(reset(code.clone(), "first"), reset(code, "second"));
    assert!(matches!(first.unwrap(), Outcome::Done(())));
    assert!(matches!(second.unwrap(), Outcome::Refused("code_wrong")));
    let user = world.db().read_now(&Caller::system("test"), |cx| auth::user(cx, id)).unwrap().unwrap();
    assert_eq!(user.password_hash.as_deref(), Some("first"));
}

#[actix_web::test]
async fn the_six_digits_used_twice_at_once_open_one_sign_in() {
    let world = World::new().await;
    world.account(LAN, None);
    let lan = world.holder(&world.try_sign_in(LAN, PASSWORD).await.is(200));
    let secret = text(&lan.post("/v1/auth/totp", json!({"password": PASSWORD})).await.is(200).body["secret"]);
    lan.post("/v1/auth/totp/confirm", json!({"totp": world.digits(&secret)})).await.is(204);
    world.later(30);
    let known = world.db().read_now(&Caller::system("test"), |cx| sign_in::known(cx, LAN)).unwrap();
    let attempt = Attempt { email: LAN.into(), known, right: true, totp: Some(world.digits(&secret)) };
    let enter =
        |attempt: Attempt, master: MasterKey| move |cx: &mut Ctx<'_>| sign_in::enter(cx, &attempt, &master, false);
    let master = world.state.master.clone();
    let (first, second) = world.race(enter(attempt.clone(), master.clone()), enter(attempt, master));
    assert!(matches!(first.unwrap(), Outcome::Done(_)));
    assert!(matches!(second.unwrap(), Outcome::Refused("second_factor_wrong")));
}
