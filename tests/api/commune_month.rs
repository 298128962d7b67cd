//! A commune's month with thirty dossiers: August and September 2026, with a Saturday worked in exchange
//! (22 August) and three days off (31 August to 2 September) inside the fifteen working days of Điều 7.2.

use ocop::dossiers::reminders::{self, Phase, Progress};
use serde_json::{Value, json};

use crate::world::World;
use crate::world::dossiers::{Case, Played, receive, send_letter};

fn report(proposed: bool) -> Value {
    json!({
        "origin": "Nguyên liệu trồng ở ba ấp", "labour": "Mười hai lao động của xã", "idea": "Nghề cha truyền con nối",
        "identity": "Công thức của cộng đồng Khmer trong xã",
        "meeting": {"heldOn": "2026-08-17", "record": "Đủ thành phần; nếm thử; nhất trí"},
        "proposed": proposed, "proposal": if proposed { "Đề nghị đánh giá, phân hạng" } else { "" },
    })
}

fn sweep(world: &World) -> (usize, usize) {
    let mut progress = Progress::default();
    while progress.phase != Phase::Done {
        let from = progress.clone();
        progress = world.deed(move |cx| reminders::sweep(cx, &from));
    }
    assert_eq!(progress.swept.failures, 0);
    (progress.swept.near, progress.swept.overdue)
}

async fn deadlines(played: &Played) -> (String, String, String) {
    let view = played.view().await.body;
    let text = |field: &str| view[field].as_str().unwrap().to_owned();
    (text("deadline"), text("deadlineWithPauses"), text("due"))
}

#[actix_web::test]
async fn thirty_dossiers_in_a_month_with_holidays_and_a_swapped_day() {
    let world = World::on("2026-08-10").await;
    let offices = world.offices("29242");
    let commune = &offices.commune;
    let producer = world.producer_in(offices.place, ocop::producers::ProducerType::Cooperative);
    let mut all = Vec::new();
    // Thirty products of one co-operative, filed in three weeks: ten on each Monday.
    for (week, day) in ["2026-08-10", "2026-08-17", "2026-08-24"].into_iter().enumerate() {
        world.today(day);
        for n in 0..10 {
            let case = Case { name: format!("Mắm rươi {week}-{n}"), ..Case::of("07") };
            let product = world.product_of(producer.0, &case.name, &case.set);
            let draft = world.draft_for(&offices, &case, producer.clone(), product).await;
            draft.act(&draft.producer, json!({"action": "submit"})).await.is(201);
            all.push(draft);
        }
    }
    let counts = async || commune.get("/v1/queue?bucket=mine").await.is(200).body["counts"].clone();
    let of = |counts: &Value, part: &str| counts[part].as_i64().unwrap();
    assert_eq!(of(&counts().await, "mine"), 30);
    // Fifteen working days, counted by hand, the day of filing left out.
    // 10 August: 11–14 (4), 17–21 (9), Saturday 22 worked (10), 24–28 (15): Friday 28 August.
    // 17 August: 18–21 (4), 22 (5), 24–28 (10), 31 to 2 September off, 3–4 (12), 7–9 (15): 9 September.
    // 24 August: 25–28 (4), 3–4 September (6), 7–11 (11), 14–17 (15): 17 September.
    for (week, last) in [(0, "2026-08-28"), (1, "2026-09-09"), (2, "2026-09-17")] {
        let (plain, paused, due) = deadlines(&all[week * 10]).await;
        assert_eq!((plain.as_str(), paused.as_str()), (last, last), "week {week}");
        assert_eq!(due, "onTime", "on Monday 24 August");
    }
    let told = commune.get(&all[10].path("/commune-report")).await.is(200).body;
    let special: Vec<&str> =
        told["specialDays"].as_array().unwrap().iter().map(|d| d["date"].as_str().unwrap()).collect();
    assert_eq!(special, ["2026-08-22", "2026-08-31", "2026-09-01", "2026-09-02"]);
    assert_eq!((&told["report"], &told["clock"]["deadline"]), (&Value::Null, &json!("2026-09-09")));

    // Tuesday 25 August: three working days later the first ten run out.
    world.today("2026-08-25");
    let now = counts().await;
    assert_eq!((of(&now, "near"), of(&now, "overdue")), (10, 0));
    assert_eq!(sweep(&world), (10, 0));

    // One of the first week is given back for a paper and comes again after the days off.
    let back = &all[0];
    back.act(commune, json!({"action": "return", "reason": "Phiếu kiểm nghiệm đã cũ"})).await.is(201);
    assert_eq!(of(&counts().await, "waitingForProducer"), 1);
    world.today("2026-09-03");
    // The plain deadline is past; with the pause, as of today, there are still days: nobody is told.
    let (plain, paused, due) = deadlines(back).await;
    assert_eq!((plain.as_str(), due.as_str()), ("2026-08-28", "paused"));
    assert_eq!(paused, "2026-09-08", "26, 27 and 28 August are left: 4, 7 and 8 September");
    let now = counts().await;
    assert_eq!((of(&now, "overdue"), of(&now, "waitingForProducer")), (9, 1));
    assert_eq!(sweep(&world), (0, 9), "nine of the first week are late; the one given back is not");
    let province = offices.province.get("/v1/queue?bucket=escalated").await.is(200).body;
    assert_eq!(of(&province["counts"], "escalated"), 9);
    back.act(&back.producer, json!({"action": "submit"})).await.is(201);
    assert_eq!(deadlines(back).await.1, "2026-09-08");

    // What a report must say, and what follows from it.
    let tag = all[1].tag().await;
    let mut to_come = report(true);
    to_come["meeting"]["heldOn"] = json!("2026-09-04");
    let refused = commune.put(&all[1].path("/commune-report"), &tag, to_come).await.is(422);
    assert_eq!(refused.body["errors"][0]["pointer"], "/meeting/heldOn");
    let mut wordless = report(true);
    wordless["proposal"] = json!(" ");
    let refused = commune.put(&all[1].path("/commune-report"), &tag, wordless).await.is(422);
    assert_eq!(refused.body["errors"][0]["pointer"], "/proposal");
    for played in &all[..28] {
        let proposed = played.id != all[1].id;
        commune.put(&played.path("/commune-report"), &played.tag().await, report(proposed)).await.is(200);
        played.act(commune, json!({"action": "report"})).await.is(201);
    }
    let said = commune.get(&all[0].path("/commune-report")).await.is(200).body;
    assert_eq!(said["report"]["meeting"]["record"], "Đủ thành phần; nếm thử; nhất trí");

    // One letter with what is proposed; the one that the report does not propose is refused, and nothing moves.
    let letter: Vec<&Played> = all[..28].iter().collect();
    send_letter(commune, "province", &letter).await.refused("dossier_report_does_not_propose");
    assert_eq!(of(&counts().await, "mine"), 30, "two of them not reported on");
    let letter: Vec<&Played> = letter.into_iter().filter(|p| p.id != all[1].id).collect();
    let sent = send_letter(commune, "province", &letter).await.is(201).id();
    let notice = json!({"action": "refuse", "reason": "Nguyên liệu không phải của xã", "notice": {"number": "12/TB-UBND", "issuedOn": "2026-09-03"}});
    all[1].act(commune, notice).await.is(201);
    let now = counts().await;
    assert_eq!((of(&now, "mine"), of(&now, "near"), of(&now, "overdue")), (2, 0, 0), "two of the third week are left");
    receive(&offices.province, &sent, &letter).await;
    let there = offices.province.get("/v1/queue").await.is(200).body;
    assert_eq!((of(&there["counts"], "mine"), of(&there["counts"], "escalated")), (27, 0));
    // A dossier that left the desk has no clock of the commune any more; how it ran stays told.
    let gone = all[2].view().await.body;
    assert_eq!((&gone["deadline"], &gone["due"]), (&Value::Null, &json!("none")));
    assert_eq!(gone["clocks"][0]["endedOn"], "2026-09-03");
    world.today("2026-09-18");
    assert_eq!(sweep(&world), (0, 2));
    let all_told = commune.get("/v1/dossiers?facets=status&limit=100").await.is(200).body;
    let by_status: Vec<(String, i64)> = all_told["facets"]["status"]
        .as_array()
        .unwrap()
        .iter()
        .map(|v| (v["value"].as_str().unwrap().to_owned(), v["count"].as_i64().unwrap()))
        .collect();
    assert_eq!(by_status, [("submitted".to_owned(), 2), ("atProvince".to_owned(), 27), ("notProposed".to_owned(), 1)]);
}
