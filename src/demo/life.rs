//! A dossier carried from the producer's draft to the certificate, each step by the one whose move
//! it is, under the rulebook of its day.

use anyhow::{Context, ensure};
use chrono::{Days, NaiveDate};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use ureq::http::Method;

use super::sheets;
use super::stage::{Person, Reply, Stage, text};
use crate::actor::Role;
use crate::ids::{DossierId, PlaceId, SheetId};
use crate::places::Level;
use crate::rulebook::Authority;
use crate::rulebook::marks::Marks;
use crate::scoring;

/// Days from filing to the decision.
pub(super) const LEAD: u64 = 30;
/// Members of a council who vote, the chair among them.
pub(super) const VOTERS: usize = 5;

/// A producer of the play and its product; both are made up.
pub(super) struct Maker {
    /// Code of the commune when the producer registers.
    pub commune: &'static str,
    /// Type of the producer.
    pub kind: &'static str,
    /// Name of the producer.
    pub producer: &'static str,
    /// Who speaks for it.
    pub speaker: &'static str,
    /// The e-mail of that person, when the tour names it.
    pub email: Option<&'static str>,
    /// Name of the product.
    pub product: &'static str,
    /// Its set under 26/2026.
    pub set: &'static str,
    /// Its story.
    pub story: &'static str,
}

/// A product on its way.
#[derive(Clone)]
pub(super) struct Made {
    pub product: String,
    pub name: &'static str,
    pub set: &'static str,
    pub speaker: Person,
    pub place: PlaceId,
}

/// What a council is to find.
pub(super) enum Totals {
    /// The totals of the members and the star whose minima they meet.
    Stars([i64; VOTERS], u8),
    /// The same total from all, every minimum of five stars met but at one criterion.
    Missing(i64, &'static str, &'static str),
}

/// A council and its people: the chair first, the secretary apart.
pub(super) struct Council {
    id: String,
    officer: Person,
    voters: Vec<(Person, String)>,
    secretary: Person,
}

/// A certificate.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Certified {
    pub id: String,
    pub number: String,
}

/// Papers that a producer sends with its first dossier, with their numbers; they stay in its library.
const KEPT: &[(&str, &str)] = &[("materialOrigin", "05/HĐNL"), ("marketDevelopment", "12/HĐĐL")];

impl Stage<'_> {
    /// A producer registers with its commune, and its product.
    pub fn register(&mut self, maker: &Maker) -> anyhow::Result<Made> {
        let unit = self.unit(Level::Commune, maker.commune)?;
        let commune = self.officer(Role::Commune, unit.id)?;
        let body = json!({ "name": maker.producer, "kind": maker.kind, "place": unit.id, "address": unit.full_name,
            "foundedOn": "2019-03-01" });
        let producer = self.post(&commune, "/v1/producers", &body)?.id()?;
        let speaker = self.speaker(maker.speaker, maker.email, &producer)?;
        let body = json!({ "name": maker.product, "producer": producer, "set": maker.set, "story": maker.story });
        let product = self.post(&speaker, "/v1/products", &body)?.id()?;
        Ok(Made { product, name: maker.product, set: maker.set, speaker, place: unit.id })
    }

    /// A dossier with form, self-assessment and every paper that is asked for, filed at the commune.
    pub fn file(&mut self, made: &Made, kind: &str, set: &str) -> anyhow::Result<String> {
        let body = json!({
            "product": made.product, "kind": kind, "set": set,
            "form": {
                "description": format!("{}: làm từ nguyên liệu của xã", made.name),
                "organisation": "Tổ sản xuất và tổ bán hàng", "plan": "Mở rộng vùng nguyên liệu",
                "updates": "Thêm máy sấy, bao bì mới", "samples": 5, "commitment": true,
            },
        });
        let id = self.post(&made.speaker, "/v1/dossiers", &body)?.id()?;
        let at = format!("/v1/dossiers/{id}");
        let seen = self.get(&made.speaker, &at)?;
        let marks = json!({ "marks": own_marks(&sheets::best(sheets::set(set)?)) });
        self.act(&made.speaker, Method::PUT, &format!("{at}/self-assessment"), &seen, &marks)?;
        let check = self.get(&made.speaker, &format!("{at}/completeness?stage=filing"))?;
        let issued = (self.today() - Days::new(30)).to_string();
        for paper in check.body["papers"].as_array().context("no papers")? {
            let kept = KEPT.iter().find(|(word, _)| kind == "first" && paper["paper"] == *word);
            let missing = paper["present"].as_u64() < paper["asked"].as_u64();
            if let Some((word, number)) = kept {
                let told = [("number", *number), ("issuedOn", issued.as_str())];
                self.upload(&made.speaker, &format!("{at}/documents"), word, &told)?;
            } else if paper["need"] == "required" && missing && paper["paper"] != "samples" {
                self.upload(&made.speaker, &format!("{at}/documents"), &text(paper, "/paper")?, &[])?;
            }
        }
        self.step(made, &made.speaker, &id, &json!({ "action": "submit" }))?;
        Ok(id)
    }

    /// A move of the version that stands now.
    fn step(&self, made: &Made, who: &Person, dossier: &str, body: &Value) -> anyhow::Result<Reply> {
        let at = format!("/v1/dossiers/{dossier}");
        let seen = self.get(&made.speaker, &at)?;
        self.act(who, Method::POST, &format!("{at}/moves"), &seen, body)
    }

    /// The commune reports and proposes; the office that the law of the day names receives.
    pub fn propose(&mut self, made: &Made, dossier: &str) -> anyhow::Result<()> {
        let place = self.unit_today(made.place)?.id;
        let commune = self.officer(Role::Commune, place)?;
        let at = format!("/v1/dossiers/{dossier}");
        let seen = self.get(&made.speaker, &at)?;
        let report = json!({
            "origin": "Nguyên liệu của xã", "labour": "Mười lao động của xã", "idea": "Nghề của xã",
            "identity": "Công thức của cộng đồng", "proposed": true, "proposal": "Đề nghị đánh giá, phân hạng",
        });
        self.act(&commune, Method::PUT, &format!("{at}/commune-report"), &seen, &report)?;
        self.step(made, &commune, dossier, &json!({ "action": "report" }))?;
        let level = if self.has_districts() { Level::District } else { Level::Province };
        self.hand_over(&commune, dossier, level, place)
    }

    /// A letter, and its receipt two days later.
    fn hand_over(&mut self, from: &Person, dossier: &str, to: Level, place: PlaceId) -> anyhow::Result<()> {
        let body = json!({
            "toLevel": to.word(), "number": self.number("TTr-UBND"), "signedOn": self.today(), "signer": from.name,
            "paperSet": true, "dossiers": [{ "id": dossier, "samples": 5 }],
        });
        let letter = self.post(from, "/v1/handovers", &body)?.id()?;
        let office = self.above(place, to)?.id;
        let role = if to == Level::District { Role::District } else { Role::Province };
        let receiver = self.officer(role, office)?;
        let body = json!({ "receipts": [{ "dossier": dossier, "received": true }] });
        self.post(&receiver, &format!("/v1/handovers/{letter}/receipts"), &body)?;
        Ok(())
    }

    fn has_districts(&self) -> bool {
        self.today() < NaiveDate::from_ymd_opt(2025, 7, 1).unwrap_or_default()
    }

    /// What a district has scored goes to the province.
    pub fn send_on(&mut self, made: &Made, dossier: &str) -> anyhow::Result<()> {
        let district = self.above(made.place, Level::District)?.id;
        let officer = self.officer(Role::District, district)?;
        self.hand_over(&officer, dossier, Level::Province, made.place)
    }

    /// The province gives a dossier to its advisory team.
    pub fn review(&mut self, made: &Made, dossier: &str) -> anyhow::Result<()> {
        let place = self.unit_today(made.place)?.id;
        let province = self.above(place, Level::Province)?.id;
        let officer = self.officer(Role::Province, province)?;
        self.step(made, &officer, dossier, &json!({ "action": "startReview" }))?;
        Ok(())
    }

    /// A council by a decision of its level.
    pub fn council(&mut self, level: Authority, place: PlaceId) -> anyhow::Result<Council> {
        let role = if level == Authority::District { Role::District } else { Role::Province };
        let officer = self.officer(role, place)?;
        let mut people = Vec::new();
        let mut seats = Vec::new();
        for at in 0..=VOTERS {
            let (office, word) = match at {
                0 => ("chair", "Chủ tịch Hội đồng"),
                1 => ("deputy", "Phó Chủ tịch Hội đồng"),
                VOTERS => ("secretary", "Thư ký Hội đồng"),
                _ => ("member", "Ủy viên Hội đồng"),
            };
            let person = self.person(&format!("{word} (ghế {})", at + 1), None, None)?;
            seats.push(json!({ "userId": person.id, "office": office, "title": word }));
            people.push(person);
        }
        let body = json!({
            "level": level, "placeId": place, "name": "Hội đồng đánh giá, phân hạng sản phẩm OCOP (minh họa)",
            "decisionNumber": self.number("QĐ-UBND"), "decidedOn": self.today(), "seats": seats,
        });
        let made = self.post(&officer, "/v1/councils", &body)?;
        let mut voters = Vec::new();
        for (at, person) in people.iter().enumerate().take(VOTERS) {
            voters.push((person.clone(), made.text(&format!("/seats/{at}/id"))?));
        }
        let secretary = people.pop().context("no secretary")?;
        Ok(Council { id: made.id()?, officer, voters, secretary })
    }

    /// A council scores a dossier, in a session or by written opinions; gives the star.
    pub fn score(
        &mut self,
        council: &Council,
        dossier: &str,
        set: &str,
        form: &str,
        totals: &Totals,
    ) -> anyhow::Result<i64> {
        let set = sheets::set(set)?;
        let body = json!({
            "councilId": council.id, "heldOn": self.today(), "form": form, "dossiers": [dossier],
            "report": { "number": self.number("BC-TTV"), "dated": self.today() },
        });
        let session = self.post(&council.officer, "/v1/sessions", &body)?.id()?;
        let at = format!("/v1/sessions/{session}");
        if form == "inPerson" {
            let present: Vec<&String> = council.voters.iter().map(|(_, seat)| seat).collect();
            let seen = self.get(&council.secretary, &at)?;
            let body = json!({ "present": present });
            self.act(&council.secretary, Method::PUT, &format!("{at}/attendance"), &seen, &body)?;
        }
        let (chair, _) = council.voters.first().context("no chair")?;
        self.move_session(chair, &at, "open")?;
        for (n, (member, _)) in council.voters.iter().enumerate() {
            let marks = match totals {
                Totals::Stars(all, star) => sheets::marks(set, all[n], *star, None)?,
                Totals::Missing(total, criterion, option) => sheets::marks(set, *total, 5, Some((criterion, option)))?,
            };
            let mine = format!("/v1/sheets?mine=true&session={session}&dossier={dossier}&limit=1");
            self.hand_in(member, &self.get(member, &mine)?.text("/data/0/id")?, marks)?;
        }
        self.move_session(chair, &at, "close")?;
        let dossier: DossierId = dossier.parse()?;
        let result = self.post(chair, &format!("{at}/results"), &json!({ "dossierId": dossier, "conclusions": {} }))?;
        result.body["stars"].as_i64().context("no star")
    }

    fn move_session(&self, who: &Person, at: &str, action: &str) -> anyhow::Result<()> {
        let seen = self.get(who, at)?;
        self.act(who, Method::POST, &format!("{at}/moves"), &seen, &json!({ "action": action }))?;
        Ok(())
    }

    /// A member brings a whole sheet, checked mark by mark as if typed, and submits it.
    fn hand_in(&self, member: &Person, sheet: &str, marks: Marks) -> anyhow::Result<()> {
        let id: SheetId = sheet.parse()?;
        self.state.db.write_now(&member.caller(), move |cx| {
            let row = scoring::hold_sheet(cx, id)?;
            let row = scoring::put_marks(cx, row, &marks)?.sheet;
            scoring::submit(cx, row, "")
        })?;
        Ok(())
    }

    /// A decision of recognition, prepared, signed and published by those who may; gives the certificate.
    pub fn recognise(&mut self, level: Authority, office: PlaceId, dossier: &str) -> anyhow::Result<Certified> {
        let body = json!({ "kind": "recognition", "level": level, "placeId": office,
            "legalBases": ["Quyết định của Thủ tướng Chính phủ về Bộ tiêu chí đang có hiệu lực"],
            "dossiers": [{ "dossierId": dossier, "note": "" }] });
        let done = self.decide(level, office, &body)?;
        let item = "/items/0";
        Ok(Certified {
            id: done.text(&format!("{item}/certificateId"))?,
            number: done.text(&format!("{item}/certificateNumber"))?,
        })
    }

    /// A decision from the draft to its publication.
    pub fn decide(&mut self, level: Authority, office: PlaceId, body: &Value) -> anyhow::Result<Reply> {
        let role = if level == Authority::District { Role::District } else { Role::Province };
        let (officer, signer) = (self.officer(role, office)?, self.officer(Role::Signer, office)?);
        let draft = self.post(&officer, "/v1/decisions", body)?;
        let at = format!("/v1/decisions/{}/moves", draft.id()?);
        let sign = json!({ "action": "sign", "number": self.number("QĐ-UBND"), "signedOn": self.today(),
            "signerName": signer.name });
        let signed = self.act(&signer, Method::POST, &at, &draft, &sign)?;
        self.act(&officer, Method::POST, &at, &signed, &json!({ "action": "publish" }))
    }

    /// A case for revocation on the conclusion of an inspection.
    pub fn open_case(&mut self, made: &Made, certificate: &Certified, finding: &str) -> anyhow::Result<String> {
        let province = self.above(self.unit_today(made.place)?.id, Level::Province)?.id;
        let (officer, inspector) = (self.officer(Role::Province, province)?, self.officer(Role::Inspector, province)?);
        let body = json!({ "productId": made.product, "kind": "unscheduled", "plannedOn": self.today(),
            "body": inspector.name });
        let planned = self.post(&inspector, "/v1/inspections", &body)?;
        let at = format!("/v1/inspections/{}", planned.id()?);
        let body = json!({ "inspectedOn": self.today(),
            "findings": [{ "criterion": "An toàn thực phẩm", "finding": finding, "met": false }] });
        let found = self.act(&inspector, Method::PUT, &format!("{at}/findings"), &planned, &body)?;
        let number = self.number("KL");
        let body = json!({ "outcome": "notKept", "text": finding, "number": number, "concludedOn": self.today() });
        self.act(&inspector, Method::POST, &format!("{at}/conclusion"), &found, &body)?;
        let body = json!({ "certificateId": certificate.id, "ground": "lawBroken",
            "evidence": { "kind": "conclusion", "number": number, "dated": self.today(), "body": inspector.name,
                "inspectionId": planned.id()? } });
        self.post(&officer, "/v1/revocations", &body)?.id()
    }

    /// A lot and what happened to it; gives the code on the label.
    pub fn lot(&mut self, made: &Made, batch: &str, actor: &str) -> anyhow::Result<String> {
        let day = |back: u64| self.today().checked_sub_days(Days::new(back)).context("a day out of range");
        let body = json!({ "productId": made.product, "batch": batch, "madeOn": day(12)?, "quantity": "120.5",
            "expiresOn": self.today() + Days::new(365), "unit": "kg" });
        let lot = self.post(&made.speaker, "/v1/lots", &body)?;
        let events = format!("/v1/lots/{}/events", lot.id()?);
        let unit = self.unit_today(made.place)?.full_name;
        for (kind, back, place, quantity) in [
            ("harvest", 13, format!("Vườn của xã viên, {unit}"), "400"),
            ("process", 12, format!("Xưởng của hợp tác xã, {unit}"), "130"),
            ("pack", 11, format!("Xưởng của hợp tác xã, {unit}"), "120.5"),
            ("ship", 6, "Kho trung chuyển Vĩnh Long".to_owned(), "80"),
            ("sell", 2, "Điểm giới thiệu sản phẩm OCOP".to_owned(), "12.5"),
        ] {
            let body = json!({ "kind": kind, "at": format!("{}T03:00:00Z", day(back)?), "place": place,
                "quantity": quantity, "unit": "kg", "actor": actor });
            self.post(&made.speaker, &events, &body)?;
        }
        lot.text("/code")
    }

    /// The units of Trà Vinh become units of Vĩnh Long: declared, then carried out on its day.
    pub fn reform(&mut self, declared: NaiveDate, on: NaiveDate) -> anyhow::Result<()> {
        self.day(declared)?;
        let administrator = self.person(
            "Quản trị hệ thống (minh họa)",
            Some("quan-tri"),
            Some((Role::Administrator, crate::auth::Right { basis: "minh họa".into(), ..Default::default() })),
        )?;
        let body = json!({ "on": on, "title": "Sắp xếp đơn vị hành chính theo Nghị quyết 202/2025/QH15" });
        let declared = self.post(&administrator, "/v1/reforms", &body)?;
        self.day(on)?;
        let runs = format!("/v1/reforms/{}/runs", declared.id()?);
        self.act(&administrator, Method::POST, &runs, &declared, &Value::Null)?;
        let handlers = crate::app::handlers();
        while crate::jobs::work_once(&self.state.db, &handlers)? {}
        let done = self.get(&administrator, &format!("/v1/reforms/{}", declared.id()?))?;
        ensure!(done.body["state"] == "done", "the reform was not carried out: {}", done.body);
        self.follow_reform();
        Ok(())
    }
}

/// Marks as the self-assessment takes them.
fn own_marks(marks: &Marks) -> Value {
    let of = |choice: &crate::rulebook::marks::Choice| match choice.case {
        Some(case) => json!({ "option": choice.option, "case": case }),
        None => json!({ "option": choice.option }),
    };
    marks.iter().map(|(criterion, choice)| (criterion.clone(), of(choice))).collect::<serde_json::Map<_, _>>().into()
}
