//! Answers that no handler makes: problems, methods, tags, ids.

use actix_web::http::Method;
use actix_web::test::TestRequest;
use ocop::actor::Role;

use crate::world::World;

#[actix_web::test]
async fn an_unknown_path_is_a_problem_in_the_language_asked() {
    let world = World::new().await;
    let vi = world.stranger().get("/v1/nowhere").await.is(404);
    assert_eq!(vi.headers["content-type"], "application/problem+json");
    assert_eq!(vi.body["title"], "Không tìm thấy");
    let en = world.send(TestRequest::get().uri("/v1/nowhere").insert_header(("Accept-Language", "en"))).await;
    assert_eq!(en.body["title"], "Not found");
    assert_eq!(en.body["instance"], "/v1/nowhere");
    assert_eq!(en.body["traceId"], en.headers["x-request-id"]);
}

#[actix_web::test]
async fn a_wrong_method_says_which_are_allowed_and_head_is_answered_as_get() {
    let world = World::new().await;
    let wrong = world.stranger().post("/healthz", serde_json::json!({})).await.is(405);
    assert_eq!(wrong.headers["allow"], "GET, HEAD, OPTIONS");
    world.send(TestRequest::default().method(Method::HEAD).uri("/healthz")).await.is(200);
    let options = world.send(TestRequest::default().method(Method::OPTIONS).uri("/healthz")).await.is(204);
    assert_eq!(options.headers["allow"], "GET, HEAD, OPTIONS");
}

#[actix_web::test]
async fn a_stranger_is_asked_to_sign_in_and_a_person_sees_who_they_are() {
    let world = World::new().await;
    let answer = world.stranger().get("/v1/auth/me").await.is(401);
    assert_eq!(answer.word(), "token_missing");
    assert_eq!(answer.headers["www-authenticate"], "Bearer");
    let me = world.with_role(Role::Province).get("/v1/auth/me").await.is(200);
    assert_eq!(me.body["grants"][0]["role"], "province");
    let forged =
        world.send(TestRequest::get().uri("/v1/auth/me").insert_header(("Authorization", "Bearer abc.def.ghi"))).await;
    assert_eq!(forged.is(401).word(), "token_invalid");
}

#[actix_web::test]
async fn the_service_answers_for_itself() {
    let world = World::new().await;
    world.stranger().get("/healthz").await.is(200);
    world.stranger().get("/readyz").await.is(200);
    assert!(world.stranger().get("/metrics").await.is(200).text.contains("ocop_http_requests_total"));
    let keys = world.stranger().get("/.well-known/jwks.json").await.is(200);
    assert_eq!(keys.body["keys"][0]["crv"], "Ed25519");
    let tag = keys.headers["etag"].clone();
    world.send(TestRequest::get().uri("/.well-known/jwks.json").insert_header(("If-None-Match", tag))).await.is(304);
    assert!(world.stranger().get("/docs/").await.is(200).text.contains("swagger"));
    assert_eq!(world.stranger().get("/openapi.json").await.is(200).body["info"]["title"], "OCOP");
}
