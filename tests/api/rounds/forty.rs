//! A day of forty dossiers and nine members under 26/2026, through HTTP: mixed kinds and sets, a member who
//! keeps away, totals too far apart that are marked again, a dossier that is rejected, minutes.

use std::collections::BTreeMap;

use actix_web::http::Method;
use ocop::dossiers::{Desk, Status};
use ocop::ids::DossierId;
use ocop::rulebook::marks::Marks;
use ocop::rulebook::{Authority, DossierKind};
use serde_json::{Value, json};

use crate::world::World;
use crate::world::scoring::{Council, Laid, Seated, meets, set, ways};

const SETS: [&str; 5] = ["01", "07", "14", "21", "26"];
/// The dossier from which the fifth seat keeps away.
const KIN: usize = 11;
/// The dossier whose totals lie too far apart in the first round.
const APART: usize = 5;
/// The dossier that six of nine sheets stop.
const STOPPED: usize = 7;

/// The star that a dossier comes to, and the total that a seat gives it in a round.
fn plan(dossier: usize, seat: usize, round: i64) -> (u8, i64) {
    let (star, base) = if dossier.is_multiple_of(2) { (4, 72) } else { (3, 55) };
    let far = if dossier == APART && round == 1 && seat == 8 { 11 } else { 0 };
    (star, base + i64::try_from(seat % 4).unwrap() + far)
}

/// One way to each total, by set and star.
fn all_ways() -> BTreeMap<(&'static str, u8), BTreeMap<i64, Marks>> {
    let each = SETS.iter().flat_map(|code| [3, 4].map(|star| (*code, star)));
    each.map(|(code, star)| ((code, star), ways(set(code), meets(star)))).collect()
}

/// A member's open sheets of a session, each with the place of its dossier on the table and its round.
async fn open_sheets(seated: &Seated, session: &str, dossiers: &[DossierId]) -> Vec<(String, usize, i64)> {
    let at = format!("/v1/sheets?mine=true&session={session}&limit=100");
    let list = seated.person.get(&at).await.is(200).body;
    let open = list["data"].as_array().unwrap().iter().filter(|s| s["state"] == "draft");
    let place = |s: &Value| dossiers.iter().position(|d| s["dossier"]["id"] == json!(d)).unwrap();
    open.map(|s| (s["id"].as_str().unwrap().to_owned(), place(s), s["scoringRound"].as_i64().unwrap())).collect()
}

/// One member brings all open sheets, eight in a request, as a device that comes back on line, and submits each.
async fn fill(
    session: &str,
    dossiers: &[DossierId],
    (seat, seated): (usize, &Seated),
    known: &BTreeMap<(&'static str, u8), BTreeMap<i64, Marks>>,
) -> usize {
    let person = &seated.person;
    let open = open_sheets(seated, session, dossiers).await;
    for part in open.chunks(8) {
        let (mut marks, mut stops) = (Vec::new(), Vec::new());
        for (sheet, at, round) in part {
            let code = SETS[at % SETS.len()];
            let edited = "2026-06-01T01:00:00Z";
            if *at == STOPPED && seat < 6 {
                let found = json!({ "at": set(code).disqualifiers[0].code, "reason": "Phiếu kiểm nghiệm giả" });
                stops.push(json!({ "sheetId": sheet, "editedAt": edited, "found": found }));
                continue;
            }
            let (star, total) = plan(*at, seat, *round);
            let chosen = known[&(code, star)].get(&total).unwrap_or_else(|| panic!("{code}: no way to {total}"));
            marks.extend(chosen.iter().map(|(criterion, c)| {
                json!({ "sheetId": sheet, "criterion": criterion, "option": c.option, "case": c.case, "comment": c.comment,
                    "editedAt": edited })
            }));
        }
        let body = json!({ "device": "may-tinh-bang", "marks": marks, "knockOuts": stops });
        let saved = person.post("/v1/sheets/marks", body).await.is(200).body;
        assert!(saved["edits"].as_array().unwrap().iter().all(|e| e["outcome"] == "stands"), "{saved}");
        for sheet in saved["sheets"].as_array().unwrap() {
            let path = format!("/v1/sheets/{}/submission", sheet["id"].as_str().unwrap());
            let tag = sheet["etag"].as_str().unwrap();
            let request = person.request(Method::POST, &path).insert_header(("If-Match", tag));
            person.world.send(request.set_json(json!({ "opinion": "Đã xem mẫu và hồ sơ" }))).await.is(200);
        }
    }
    open.len()
}

async fn fill_all(
    council: &Council,
    session: &str,
    dossiers: &[DossierId],
    known: &BTreeMap<(&'static str, u8), BTreeMap<i64, Marks>>,
) -> usize {
    let mut filled = 0;
    for one in council.voters.iter().enumerate() {
        filled += fill(session, dossiers, one, known).await;
    }
    filled
}

#[actix_web::test]
async fn forty_dossiers_and_nine_members_in_one_day() {
    let world = World::new().await;
    let province = world.province("86");
    let council = world.council(Authority::Province, Some(province), 9).await;
    let lay = |at: usize| {
        let kind = if at % 3 == 1 { DossierKind::Upgrade } else { DossierKind::First };
        let set = SETS[at % SETS.len()];
        world.laid(Laid { set, kind, status: Status::InReview, desk: Desk::Province, province })
    };
    let dossiers: Vec<DossierId> = (0..40).map(lay).collect();
    let session = council.convene(&dossiers).await;
    council.attend(&session, 9).await;
    let away = json!({ "dossierId": dossiers[KIN], "reason": "Góp vốn" });
    council.voters[4].person.post("/v1/conflicts", away).await.is(201);
    council.open(&session).await.is(200);
    let known = all_ways();
    assert_eq!(fill_all(&council, &session, &dossiers, &known).await, 9 * 40 - 1);
    council.close(&session).await;

    // One is too far apart: a discussion, and nine new sheets beside the old ones.
    let stop = council.record(&session, dossiers[APART], json!({})).await.refused("session_spread_beyond_limit");
    assert!(
        stop.body["detail"].as_str().unwrap().contains("66") && stop.body["detail"].as_str().unwrap().contains("55")
    );
    let note = json!({ "dossierId": dossiers[APART], "reason": "Thảo luận tiêu chí 4.1" });
    council.post(council.chair(), &session, "discussion", note).await.is(200);
    assert_eq!(fill_all(&council, &session, &dossiers, &known).await, 9);
    council.close(&session).await;
    for (at, dossier) in dossiers.iter().enumerate() {
        let result = council.record(&session, *dossier, json!({})).await.is(201).body;
        if at == STOPPED {
            assert_eq!(
                (&result["rejected"], &result["stars"], &result["mean"]),
                (&json!(true), &json!(0), &Value::Null)
            );
            continue;
        }
        let round = if at == APART { 2 } else { 1 };
        let seats: Vec<usize> = (0..9).filter(|seat| (at, *seat) != (KIN, 4)).collect();
        let sum: i64 = seats.iter().map(|seat| plan(at, *seat, round).1).sum();
        let found = (&result["stars"], &result["mean"]["sum"], &result["mean"]["sheets"]);
        assert_eq!(found, (&json!(plan(at, 0, round).0), &json!(sum), &json!(seats.len())), "dossier {at}");
    }

    // All results in one answer are to the letter those of the dossiers; who keeps away from one reads it in neither.
    for (person, hidden) in [(&council.officer, None), (&council.voters[4].person, Some(KIN))] {
        let whole = person.get(&format!("/v1/sessions/{session}/results")).await.is(200);
        let mut singles = Vec::new();
        for (at, dossier) in dossiers.iter().enumerate() {
            let one = person.get(&format!("/v1/dossiers/{dossier}/result")).await;
            match hidden == Some(at) {
                true => drop(one.is(404)),
                false => singles.push(one.is(200).text),
            }
        }
        assert!(whole.text == format!(r#"{{"data":[{}]}}"#, singles.join(",")), "one answer differs from forty");
    }

    let drawn = council.secretary.person.post(&format!("/v1/sessions/{session}/minutes"), json!({})).await.is(201).body;
    let minutes = &drawn["minutes"];
    assert_eq!(minutes["dossiers"].as_array().unwrap().len(), 40);
    assert_eq!(minutes["conflicts"], json!([{ "seat": 5, "dossier": KIN + 1, "reason": "Góp vốn" }]));
    assert_eq!(minutes["dossiers"][APART]["scoringRound"], 2);
    assert_eq!(minutes["dossiers"][STOPPED]["found"]["rejected"], true);
    for (name, kind) in [("minutes", "pdf"), ("minutes", "xlsx"), ("summary", "pdf"), ("summary", "xlsx")] {
        let print = council.officer.get(&format!("/v1/sessions/{session}/{name}.{kind}")).await.is(200);
        assert!(print.bytes.len() > 8000, "{name}.{kind}");
        if let Some(folder) = std::env::var_os("OCOP_SHOW_PAPERS") {
            std::fs::write(std::path::Path::new(&folder).join(format!("forty-{name}.{kind}")), &print.bytes).unwrap();
        }
    }
}
