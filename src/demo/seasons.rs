//! The seasons of the play, in the order of time. Each dossier lives under the law of its day.

use anyhow::Context;
use chrono::{Days, NaiveDate};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::agenda::{Agenda, VALIDITY};
use super::life::{Certified, LEAD, Made, Maker, Totals};
use super::stage::{Person, Stage};
use crate::actor::Role;
use crate::auth::Right;
use crate::error::AppError;
use crate::ids::PlaceId;
use crate::places::Level;
use crate::places::calendar::add_months;
use crate::rulebook::Authority;

/// How often a play tells how far it is.
pub(super) const ACTS: usize = 13;

/// What the tour shows of the play.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Outcome {
    pub valid: Certified,
    pub expiring: Certified,
    pub expired: Certified,
    pub revoked: Certified,
    pub superseded: Certified,
    pub to_revoke: Certified,
    pub must_file: String,
    pub must_file_by: NaiveDate,
    /// The last day of that certificate.
    pub expiring_through: NaiveDate,
    pub tet: NaiveDate,
    pub ninety_two: String,
    pub waiting: String,
    pub due: NaiveDate,
    pub lot: String,
    pub draft: String,
    pub accounts: Vec<Account>,
}

/// Somebody whom a visitor can be.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Account {
    pub role: String,
    pub name: String,
    pub email: String,
}

impl Account {
    fn of(role: &str, person: &Person) -> Self {
        Self { role: role.to_owned(), name: person.name.clone(), email: person.email.clone() }
    }
}

const COCONUT: Maker = Maker {
    commune: "29332",
    kind: "cooperative",
    producer: "Hợp tác xã Bình Minh Xanh (minh họa)",
    speaker: "Thạch Thị Mai (minh họa)",
    email: None,
    product: "Dừa sáp sấy Bình Minh Xanh",
    set: "07",
    story: "Dừa sáp của xã, sấy ở nhiệt độ thấp.",
};
const RICE: Maker = Maker {
    commune: "29329",
    kind: "householdBusiness",
    producer: "Hộ kinh doanh Út Sáu (minh họa)",
    speaker: "Lâm Văn Sáu (minh họa)",
    email: None,
    product: "Cốm dẹp Út Sáu",
    set: "06",
    story: "Nếp mới giã tay mỗi mùa trăng.",
};
const SWEETS: Maker = Maker {
    commune: "29275",
    kind: "company",
    producer: "Công ty TNHH Mật Ngọt Cửu Long (minh họa)",
    speaker: "Nguyễn Hoàng Phúc (minh họa)",
    email: None,
    product: "Kẹo dừa mè đen Mật Ngọt",
    set: "07",
    story: "Kẹo dừa nấu bằng mật hoa dừa của vùng nguyên liệu An Trường.",
};
const PICKLES: Maker = Maker {
    commune: "29341",
    kind: "householdBusiness",
    producer: "Hộ kinh doanh Ba Hiền (minh họa)",
    speaker: "Trần Thị Hiền (minh họa)",
    email: None,
    product: "Củ cải muối Ba Hiền",
    set: "07",
    story: "Củ cải phơi hai nắng, muối theo cách của bà ngoại.",
};
const SHRIMP: Maker = Maker {
    commune: "29536",
    kind: "householdBusiness",
    producer: "Hộ kinh doanh Năm Biển (minh họa)",
    speaker: "Huỳnh Văn Năm (minh họa)",
    email: None,
    product: "Tôm khô Năm Biển",
    set: "08",
    story: "Tôm đất phơi nắng ở cửa biển Đông Hải.",
};
const SALT: Maker = Maker {
    commune: "29518",
    kind: "cooperative",
    producer: "Hợp tác xã Gió Chướng (minh họa)",
    speaker: "Kiên Sóc Kha (minh họa)",
    email: None,
    product: "Khô cá dứa Gió Chướng",
    set: "08",
    story: "Cá dứa một nắng.",
};
const JAM: Maker = Maker {
    commune: "29431",
    kind: "cooperative",
    producer: "Hợp tác xã Sóng Vàng (minh họa)",
    speaker: "Võ Thị Lụa (minh họa)",
    email: Some("chu-the"),
    product: "Mứt dừa non Sóng Vàng",
    set: "07",
    story: "Dừa non của Vinh Kim, ít đường.",
};
const ORCHARD: Maker = Maker {
    commune: "29431",
    kind: "cooperativeGroup",
    producer: "Tổ hợp tác Cồn Nổi (minh họa)",
    speaker: "Đỗ Văn Hòa (minh họa)",
    email: None,
    product: "Bưởi da xanh Cồn Nổi",
    set: "01",
    story: "Bưởi trồng trên cồn, chín cây.",
};

/// The law before 26/2026 is tried with small sets of ours: its tables are not published here.
const TRIAL_1048: &str = "T35";
const TRIAL_148: &str = "T40";

/// Plays everything; `tell` hears after each act what is done.
pub(super) fn play(stage: &mut Stage<'_>, agenda: &Agenda, tell: &mut dyn FnMut(&str)) -> anyhow::Result<Outcome> {
    // 2022, 1048/781: the district scores and selects, the province recognises.
    let (_, expired) =
        by_districts(stage, &COCONUT, TRIAL_1048, agenda.first, &Totals::Stars([78, 80, 79, 81, 80], 4))?;
    tell("1048/781");
    by_districts(stage, &RICE, TRIAL_1048, agenda.second, &Totals::Stars([60, 62, 61, 63, 60], 3))?;
    tell("1048/781");
    // 148: the district recognises three stars, the province four.
    let (sweets, superseded) =
        by_districts(stage, &SWEETS, TRIAL_148, agenda.renewed, &Totals::Stars([76, 78, 77, 80, 79], 4))?;
    tell("148");
    let (_, expiring) =
        by_districts(stage, &PICKLES, TRIAL_148, agenda.expiring, &Totals::Stars([60, 61, 62, 64, 63], 3))?;
    tell("148");
    stage.reform(agenda.declared, agenda.reform)?;
    tell("1/7/2025");
    // 1489: no districts any more.
    let (salt, revoked) = straight(stage, &SALT, TRIAL_148, agenda.direct, &Totals::Stars([75, 77, 76, 78, 74], 4))?;
    tell("1489");
    let (shrimp, to_revoke) =
        straight(stage, &SHRIMP, TRIAL_148, agenda.direct_later, &Totals::Stars([58, 60, 61, 62, 59], 3))?;
    tell("1489");
    // 26/2026: a re-evaluation by written opinions, and ninety-two points with a minimum missed.
    renew(stage, &sweets, agenda.renewal)?;
    tell("26/2026");
    let (jam, ninety_two, valid) = ninety_two(stage, agenda.ninety_two)?;
    tell("26/2026");

    stage.day(agenda.revocation)?;
    let province = stage.unit(Level::Province, "86")?.id;
    let body = revocation(stage, province, &salt, &revoked, "Nhãn ghi sai hạn sử dụng")?;
    stage.decide(Authority::Province, province, &body)?;
    tell("Điều 8");
    stage.day(agenda.lot)?;
    let lot = stage.lot(&jam, "MDN-01", JAM.producer)?;
    tell("MDN-01");
    // A dossier whose commune has three working days left.
    stage.day(agenda.waiting)?;
    let orchard = stage.register(&ORCHARD)?;
    stage.file(&orchard, "first", ORCHARD.set)?;
    tell("26/2026");
    // Concluded and drafted: the visitor signs and publishes.
    stage.day(agenda.draft)?;
    let body = revocation(stage, province, &shrimp, &to_revoke, "Dư lượng vượt mức cho phép")?;
    let officer = stage.officer(Role::Province, province)?;
    let draft = stage.post(&officer, "/v1/decisions", &body)?.id()?;
    tell("Điều 8");

    stage.day(agenda.today)?;
    let everywhere = Right { basis: "Phân công (minh họa)".into(), ..Right::default() };
    let auditor = stage.person("Kiểm toán (minh họa)", Some("kiem-toan"), Some((Role::Auditor, everywhere)))?;
    let accounts = vec![
        Account::of("province", &officer),
        Account::of("signer", &stage.officer(Role::Signer, province)?),
        Account::of("commune", &stage.officer(Role::Commune, orchard.place)?),
        Account::of("producer", &jam.speaker),
        Account::of("auditor", &auditor),
    ];
    Ok(Outcome {
        valid,
        expiring,
        expired,
        revoked,
        superseded,
        to_revoke,
        must_file: PICKLES.product.to_owned(),
        must_file_by: agenda.must_file_by,
        expiring_through: add_months(agenda.expiring, VALIDITY).map_err(AppError::from)?,
        tet: agenda.tet,
        ninety_two,
        waiting: ORCHARD.product.to_owned(),
        due: agenda.due,
        lot,
        draft,
        accounts,
    })
}

fn revocation(
    stage: &mut Stage<'_>,
    province: PlaceId,
    made: &Made,
    certificate: &Certified,
    finding: &str,
) -> anyhow::Result<Value> {
    let case = stage.open_case(made, certificate, finding)?;
    Ok(json!({ "kind": "revocation", "level": Authority::Province, "placeId": province,
        "legalBases": ["Điều 8 Quyết định 26/2026/QĐ-TTg"], "revocations": [case] }))
}

/// The day so many days before a decision.
fn before(decision: NaiveDate, back: u64) -> anyhow::Result<NaiveDate> {
    decision.checked_sub_days(Days::new(back)).context("a day out of range")
}

/// Registered, filed and proposed by the commune, a month before the decision.
fn filed(stage: &mut Stage<'_>, maker: &Maker, set: &str, decision: NaiveDate) -> anyhow::Result<(Made, String)> {
    stage.day(before(decision, LEAD)?)?;
    let made = stage.register(maker)?;
    let dossier = stage.file(&made, "first", set)?;
    stage.day(before(decision, LEAD - 5)?)?;
    stage.propose(&made, &dossier)?;
    Ok((made, dossier))
}

/// Before 1 July 2025: the district scores; under 1048/781 the province recognises all, under 148
/// the district three stars.
fn by_districts(
    stage: &mut Stage<'_>,
    maker: &Maker,
    set: &str,
    decision: NaiveDate,
    totals: &Totals,
) -> anyhow::Result<(Made, Certified)> {
    let (made, dossier) = filed(stage, maker, set, decision)?;
    stage.day(before(decision, 18)?)?;
    let district = stage.above(made.place, Level::District)?.id;
    let council = stage.council(Authority::District, district)?;
    let stars = stage.score(&council, &dossier, set, "inPerson", totals)?;
    if set == TRIAL_148 && stars == 3 {
        stage.day(decision)?;
        let certified = stage.recognise(Authority::District, district, &dossier)?;
        return Ok((made, certified));
    }
    stage.day(before(decision, 14)?)?;
    stage.send_on(&made, &dossier)?;
    let certified = at_province(stage, &made, &dossier, set, "inPerson", decision, totals)?;
    Ok((made, certified))
}

/// From 1 July 2025: straight from the commune to the province.
fn straight(
    stage: &mut Stage<'_>,
    maker: &Maker,
    set: &str,
    decision: NaiveDate,
    totals: &Totals,
) -> anyhow::Result<(Made, Certified)> {
    let (made, dossier) = filed(stage, maker, set, decision)?;
    let certified = at_province(stage, &made, &dossier, set, "inPerson", decision, totals)?;
    Ok((made, certified))
}

/// The province's team, council and decision.
fn at_province(
    stage: &mut Stage<'_>,
    made: &Made,
    dossier: &str,
    set: &str,
    form: &str,
    decision: NaiveDate,
    totals: &Totals,
) -> anyhow::Result<Certified> {
    stage.day(before(decision, 12)?)?;
    stage.review(made, dossier)?;
    stage.day(before(decision, 8)?)?;
    let province = stage.above(stage.unit_today(made.place)?.id, Level::Province)?.id;
    let council = stage.council(Authority::Province, province)?;
    stage.score(&council, dossier, set, form, totals)?;
    stage.day(decision)?;
    stage.recognise(Authority::Province, province, dossier)
}

/// A re-evaluation: no session, the members write their opinions.
fn renew(stage: &mut Stage<'_>, made: &Made, decision: NaiveDate) -> anyhow::Result<Certified> {
    stage.day(before(decision, LEAD)?)?;
    let dossier = stage.file(made, "reEvaluation", made.set)?;
    stage.day(before(decision, LEAD - 5)?)?;
    stage.propose(made, &dossier)?;
    let totals = Totals::Stars([79, 80, 81, 80, 78], 4);
    at_province(stage, made, &dossier, made.set, "writtenOpinions", decision, &totals)
}

/// Ninety-two points from every member, and one criterion below what five stars ask for.
fn ninety_two(stage: &mut Stage<'_>, decision: NaiveDate) -> anyhow::Result<(Made, String, Certified)> {
    let (made, dossier) = filed(stage, &JAM, JAM.set, decision)?;
    let certified =
        at_province(stage, &made, &dossier, JAM.set, "inPerson", decision, &Totals::Missing(92, "4.1", "c"))?;
    Ok((made, dossier, certified))
}
