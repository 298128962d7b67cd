//! A row for every table, made from `schema.rs`: a family is a province, a district and a commune
//! with one producer and everything that can hang on it. Two families never share a row, so what
//! one family's people may see must not change when the other one arrives.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use diesel::connection::SimpleConnection;
use diesel::sql_types::{BigInt, Text};
use diesel::{QueryableByName, RunQueryDsl, sql_query};
use ocop::config::DatabaseUrl;
use ocop::db::schema::TABLES;
use ocop::db::{Conn, open};
use serde_json::{Value, json};
use uuid::Uuid;

/// Tables of the machinery: rows made up there would stop the recorder or break the keys.
pub const MACHINERY: &[&str] = &[
    "instance",
    "leases",
    "counters",
    "numbers",
    "sessions",
    "sign_in_failures",
    "one_time_codes",
    "signing_keys",
    "audit",
    "audit_blocks",
    "audit_leaves",
    "outbox",
    "idempotency",
    "daily_jobs",
    "calendar_days",
    "place_successions",
    // A place in the lists is given at the first question.
    "credential_entries",
];
/// Reference data: where the database has some, the family uses a row of it.
const ADOPTED: &[(&str, &str)] = &[
    ("rulebooks", "order by case when code = '26-2026' then 0 else 1 end, code"),
    ("criteria_sets", "where rulebook_id in (select id from rulebooks where code = '26-2026') order by code"),
    ("plans", "order by code"),
];
/// Left empty, so that the things of a family are alive.
const EMPTY: &[&str] = &[
    "merged_into",
    "refiled_as",
    "copied_from",
    "refiled_from",
    "valid_to",
    "disabled_at",
    "removed_at",
    "closed_at",
    "finished_at",
    "ended_at",
    "ended_on",
    "ended_why",
    "acted_on",
    "revoked_on",
    "revocation_ground",
    "superseded_on",
    "withdrawn_on",
    "extended_through",
    "reopen_at",
    "reopened",
    "corrections",
    "producer_read_at",
    "producer_read_by",
    "commune_read_at",
    "commune_read_by",
    "used_at",
    "retired_at",
    "answer",
    "alternate_for",
    "release_at",
    "starts_at",
    "answered_at",
    "withdrawn_at",
    "annulled_at",
    "annulled_by",
    "annulled_why",
    "stopped_why",
    "totp_secret",
    "password_hash",
    "lease_token",
    "leased_until",
    "position",
    "to_day",
    "other_id",
    "commune_report",
    "knock_out",
    "gtin",
    "sex",
    "error",
    "result",
];
const LISTS: &[&str] = &[
    "spent_hashes",
    "criteria",
    "products",
    "evidence",
    "documents",
    "legal_bases",
    "preparers",
    "topics",
    "attendance",
    "findings",
    "explanation",
    "remarks",
];
const OBJECTS: &[&str] = &[
    "details",
    "body",
    "params",
    "resume",
    "report",
    "manifest",
    "plan",
    "regulation",
    "conclusions",
    "form",
    "detail",
    "as_asked",
];
/// What a council found.
const FINDING: &str = r#"{"set":"1","validSheets":1,"aggregation":"mean","mean":{"sum":8000,"sheets":1},"spread":null,
    "starByBand":4,"star":4,"minima":[],"minimaRule":"majority","knockOut":null,"sensitive":false}"#;
/// What stands in the minutes of a session.
const MINUTES: &str = r#"{"council":{"name":"A","level":"province","place":null,"decisionNumber":"1","decidedOn":"2026-01-01"},
    "heldOn":"2026-05-01","openedAt":null,"closedAt":null,"form":"inPerson","report":null,"attendance":[],
    "quorum":{"seats":1,"needed":1,"present":1},"presidedBy":null,"conflicts":[],"dossiers":[],"remarks":"",
    "drawnUpOn":"2026-05-01"}"#;
/// What stands on a sheet that was submitted.
const RECORD: &str = r#"{"council":"A","decisionNumber":"1","decidedOn":"2026-01-01","heldOn":"2026-05-01","product":"A",
    "productCode":null,"producer":"A","address":"","set":"1","setName":{"vi":"A","en":"A"},"seat":1,"member":"A",
    "title":"","scoringRound":1,"lines":[],"knockOut":null,"total":null,"opinion":"","submittedOn":"2026-05-01"}"#;
/// Words that the code must know when it reads the row back: (table or `*`, column, word).
const WORDS: &[(&str, &str, &str)] = &[
    ("council_sessions", "form", "inPerson"),
    ("numbers", "state", "issued"),
    ("grants", "role", "producer"),
    ("one_time_codes", "purpose", "reset"),
    ("signing_keys", "purpose", "certificate"),
    ("outbox", "topic", "product"),
    ("jobs", "state", "done"),
    ("places", "regime", "two-tier"),
    ("place_successions", "kind", "renamed"),
    ("calendar_days", "kind", "dayOff"),
    ("calendar_days", "status", "confirmed"),
    ("reforms", "state", "declared"),
    ("reform_choices", "subject_kind", "producer"),
    ("organisations", "kind", "agency"),
    ("criteria_sets", "wording", "own"),
    ("producers", "kind", "cooperative"),
    ("products", "sector", "food"),
    ("products", "group_code", "1.1"),
    ("products", "set_code", "1"),
    ("register_acts", "act", "correct"),
    ("register_acts", "subject_kind", "product"),
    ("registrations", "state", "waiting"),
    ("registrations", "producer_kind", "cooperative"),
    ("dossiers", "kind", "first"),
    ("dossiers", "status", "submitted"),
    ("dossier_moves", "from_status", "draft"),
    ("dossier_moves", "to_status", "submitted"),
    ("dossier_moves", "action", "submit"),
    ("dossier_moves", "party", "producer"),
    ("evidence", "paper", "other"),
    ("stored_files", "scan", "clean"),
    ("sample_deeds", "deed", "received"),
    ("sample_deeds", "condition", "good"),
    ("dossier_manifests", "action", "submit"),
    ("dossier_manifests", "party", "producer"),
    ("dossier_clocks", "clock", "communeReview"),
    ("corrections", "party", "commune"),
    ("correction_items", "reason", "missing"),
    ("correction_items", "about", "field"),
    ("correction_items", "name", "description"),
    ("correction_items", "state", "asked"),
    ("correction_items", "answered_party", "producer"),
    ("dossier_messages", "kind", "message"),
    ("dossier_messages", "party", "producer"),
    ("dossier_reads", "kind", "message"),
    ("opinions", "party", "commune"),
    ("dossier_rounds", "level", "province"),
    ("dossier_notices", "kind", "near"),
    ("handovers", "from_level", "commune"),
    ("handovers", "to_level", "province"),
    ("handover_dossiers", "state", "sent"),
    ("rounds", "level", "province"),
    ("councils", "level", "province"),
    ("council_seats", "office", "member"),
    ("council_sessions", "state", "planned"),
    ("session_dossiers", "state", "waiting"),
    ("sheets", "state", "draft"),
    ("results", "level", "province"),
    ("advisory_reviews", "level", "province"),
    ("complaints", "state", "open"),
    ("conflicts", "basis", "declared"),
    ("site_visits", "level", "province"),
    ("test_requests", "level", "province"),
    ("decisions", "kind", "recognition"),
    ("decisions", "level", "province"),
    ("decisions", "state", "signed"),
    ("recognitions", "kind", "first"),
    ("notices", "outcome", "recognised"),
    ("notices", "ground", "lawBroken"),
    ("recognitions", "level", "province"),
    ("recognitions", "group_code", "1.1"),
    ("recognitions", "producer_kind", "cooperative"),
    ("revocations", "ground", "lawBroken"),
    ("revocations", "evidence_kind", "conclusion"),
    ("revocations", "state", "open"),
    ("trace_events", "kind", "pack"),
    ("inspections", "kind", "scheduled"),
    ("inspections", "state", "planned"),
    ("inspections", "outcome", "kept"),
    ("import_rows", "class", "accepted"),
    ("webhook_deliveries", "state", "waiting"),
    ("officer_tasks", "kind", "placeOfProduct"),
    ("officer_tasks", "subject_kind", "product"),
    ("officer_tasks", "state", "open"),
    ("lots", "unit", "kg"),
    ("trace_events", "unit", "kg"),
    ("*", "level", "commune"),
    ("*", "criterion", "1.1"),
    ("*", "option_code", "1.1.a"),
    ("*", "case_code", "1"),
    ("*", "media_type", "image/png"),
    ("*", "name_sort", "61"),
    ("*", "place_kind", "commune"),
];

/// One province with everything in it.
#[derive(Debug, Clone)]
pub struct Family {
    mark: u8,
    adopted: BTreeMap<&'static str, Uuid>,
}

impl Family {
    /// A family of this name; nothing is stored yet.
    pub fn new(mark: u8) -> Self {
        Self { mark, adopted: BTreeMap::new() }
    }

    /// The identifier of the family's row in a table (of its commune, in `places`).
    pub fn id(&self, table: &str) -> Uuid {
        let place = TABLES.iter().position(|(name, _)| *name == table).unwrap_or_else(|| panic!("no table {table}"));
        self.adopted.get(table).copied().unwrap_or_else(|| self.made(place))
    }

    /// Its province and its district.
    pub fn province(&self) -> Uuid {
        self.made(900)
    }

    pub fn district(&self) -> Uuid {
        self.made(901)
    }

    fn made(&self, n: usize) -> Uuid {
        Uuid::from_u128(0x0197_0000_0000_7000_8000_0000_0000_0000 + (u128::from(self.mark) << 32) + n as u128)
    }

    /// The text of a column of its row.
    pub fn text(&self, table: &str, column: &str) -> String {
        let find = |t: &str| WORDS.iter().find(|(at, c, _)| *at == t && *c == column).map(|w| w.2.to_owned());
        if let Some(word) = find(table).or_else(|| find("*")) {
            return word;
        }
        let mark = char::from(self.mark);
        match column {
            "finding" => FINDING.into(),
            "content" if table == "session_minutes" => MINUTES.into(),
            "content" if table == "sheet_records" => RECORD.into(),
            "value" if table == "sheet_edits" => r#"{"option":null,"case":null,"comment":null}"#.into(),
            "printed" => self.printed().to_string(),
            "report" if table == "import_rows" => {
                json!({"line": 2, "class": "accepted", "reasons": [], "candidates": [], "plan": null}).to_string()
            }
            "code" if table == "product_codes" => format!("86-29242-{}-2026", self.mark),
            c if LISTS.contains(&c) => "[]".into(),
            c if OBJECTS.contains(&c) => "{}".into(),
            "sha256" => ocop::keys::sha256_hex(&self.bytes()),
            "number" if table == "certificates" => format!("OCOP-{mark}-2026-000001-7"),
            "email" => format!("{table}-{mark}@example.vn").to_lowercase(),
            "phone" => "0901234567".into(),
            "tax_code" => format!("21000000{:02}", self.mark),
            "kind" => "commune".into(),
            "code" if table == "lots" => format!("L{mark}0000000000000001"),
            _ => format!("{table} {column} {mark}"),
        }
    }

    /// The bytes of its only document.
    pub fn bytes(&self) -> [u8; 1] {
        [self.mark]
    }

    /// What stands on its certificate, in the form that is sealed.
    fn printed(&self) -> Value {
        json!({
            "number": self.text("certificates", "number"), "stars": 4,
            "productName": self.text("products", "name"), "productCode": null, "groupCode": "1.1",
            "producerName": self.text("producers", "name"), "producerType": "cooperative",
            "place": self.text("places", "full_name"), "placeId": self.id("places"),
            "authorityName": self.text("decisions", "authority_name"),
            "decisionNumber": self.text("decisions", "number"), "signedOn": "2026-05-01",
            "signerName": self.text("decisions", "signer_name"), "kind": "first",
            "validThrough": "2027-05-01", "expiringOn": "2026-05-01",
        })
    }

    /// Stores its rows in every table that `wanted` lets through.
    pub fn store(&mut self, url: &DatabaseUrl, wanted: impl Fn(&str) -> bool) {
        let mut conn = open(url).unwrap();
        for (table, which) in ADOPTED {
            let hex = match conn {
                Conn::Pg(_) => "id::text",
                Conn::Sqlite(_) => "lower(hex(id))",
            };
            let found: Vec<Word> =
                sql_query(format!("select {hex} as word from {table} {which} limit 1")).load(&mut conn).unwrap();
            if let Some(row) = found.first() {
                self.adopted.insert(table, row.word.parse().unwrap());
            }
        }
        let sqlite = matches!(conn, Conn::Sqlite(_));
        let mut script = String::from("begin;\n");
        for (table, columns) in TABLES {
            if !wanted(table) || self.adopted.contains_key(table) {
                continue;
            }
            for row in self.rows(table) {
                let names: Vec<&str> = columns.iter().map(|(name, _)| *name).collect();
                let values: Vec<String> =
                    columns.iter().map(|(name, kind)| literal(&self.value(table, name, kind, row), sqlite)).collect();
                writeln!(script, "insert into {table} ({}) values ({});", names.join(", "), values.join(", ")).unwrap();
            }
        }
        conn.batch_execute(&(script + "commit;")).unwrap();
    }

    /// Which rows of a table: one, but three places and the reach between them.
    fn rows(&self, table: &str) -> Vec<usize> {
        match table {
            "places" => vec![0, 1, 2],
            "place_reach" => (0..6).collect(),
            _ => vec![0],
        }
    }

    fn value(&self, table: &str, column: &str, kind: &str, row: usize) -> Datum {
        let kind = kind.replace(' ', "");
        if let Some(datum) = self.place_value(table, column, row) {
            return datum;
        }
        if kind.starts_with("Nullable") && EMPTY.contains(&column) {
            return Datum::Null;
        }
        match kind.trim_start_matches("Nullable<").trim_end_matches('>') {
            "Id" => Datum::Id(self.reference(table, column)),
            "Instant" => Datum::Instant(1_777_600_000_000_000 + i64::from(self.mark)),
            "Date" => Datum::Text(self.day(table, column)),
            "Bool" => Datum::Bool((table, column) == ("evidence_versions", "newest")),
            "Integer" | "BigInt" => Datum::Number(if column == "year" {
                2026
            } else if column == "stars" {
                4
            } else {
                1 + i64::from(self.mark) * i64::from(table.starts_with("audit"))
            }),
            _ => Datum::Text(self.text(table, column)),
        }
    }

    fn place_value(&self, table: &str, column: &str, row: usize) -> Option<Datum> {
        let places = [self.province(), self.district(), self.id("places")];
        match (table, column) {
            ("places", "id") => Some(Datum::Id(places[row])),
            ("places", "parent_id") => Some(if row == 0 { Datum::Null } else { Datum::Id(places[row - 1]) }),
            ("places", "level" | "kind") => {
                let kinds = ["province", if column == "kind" { "ruralDistrict" } else { "district" }, "commune"];
                Some(Datum::Text(kinds[row].into()))
            }
            ("places", "code") => Some(Datum::Text(format!("{}{row}", 900 + u32::from(self.mark)))),
            ("place_reach", "office_id") => Some(Datum::Id(places[[0, 0, 0, 1, 1, 2][row]])),
            ("place_reach", "place_id") => Some(Datum::Id(places[[0, 1, 2, 1, 2, 2][row]])),
            ("place_successions", "new_id") => Some(Datum::Id(self.district())),
            ("decisions" | "councils" | "rounds", "place_id") => Some(Datum::Id(self.province())),
            ("handovers", "to_place_id") => Some(Datum::Id(self.province())),
            _ => None,
        }
    }

    /// Which row an identifier of another table names.
    fn reference(&self, table: &str, column: &str) -> Uuid {
        match table_of(column) {
            Some(other) => self.id(other),
            None => self.id(table),
        }
    }

    fn day(&self, table: &str, column: &str) -> String {
        match (table, column) {
            ("calendar_days", _) | ("reforms", "on_day") => format!("2031-01-{:02}", 1 + self.mark % 28),
            (_, "valid_from" | "founded_on" | "decided_on") => "2019-01-01".into(),
            (_, "valid_through") => "2027-05-01".into(),
            _ => "2026-05-01".into(),
        }
    }
}

/// The table whose rows a column such as `producer_id` names.
pub fn table_of(column: &str) -> Option<&'static str> {
    let name = match column {
        "id" | "token" | "lease_token" => return None,
        "subject_id" | "subject" => "products",
        "old_id" | "new_id" | "chosen_id" | "office_id" | "filed_place_id" | "from_place_id" | "to_place_id"
        | "old_place_id" => "places",
        "session_id" => "council_sessions",
        "version_id" => "evidence_versions",
        "evidence_id" => "evidence",
        "document_id" => "dossier_documents",
        "seat_id" | "chaired_by" => "council_seats",
        "held_recognition_id" => "recognitions",
        "key_id" => "signing_keys",
        "actor_user" => "users",
        c if c.ends_with("_by") || c.ends_with("by_user") => "users",
        c => {
            let stem = c.strip_suffix("_id")?;
            return TABLES.iter().map(|(name, _)| *name).find(|t| *t == format!("{stem}s"));
        }
    };
    Some(name)
}

/// How many rows each table has.
pub fn counts(url: &DatabaseUrl) -> BTreeMap<String, i64> {
    let mut conn = open(url).unwrap();
    let there: Vec<Word> = match conn {
        Conn::Pg(_) => {
            sql_query("select tablename::text as word from pg_tables where schemaname = 'public'").load(&mut conn)
        }
        Conn::Sqlite(_) => sql_query("select name as word from sqlite_master where type = 'table'").load(&mut conn),
    }
    .unwrap();
    let known = there.into_iter().map(|w| w.word).filter(|t| TABLES.iter().any(|(name, _)| name == t));
    known.map(|t| (t.clone(), count(&mut conn, &format!("select count(*) as n from {t}")))).collect()
}

/// A number from the database.
pub fn count(conn: &mut Conn, sql: &str) -> i64 {
    let rows: Vec<Count> = sql_query(sql).load(conn).unwrap_or_else(|e| panic!("{sql}: {e}"));
    rows[0].n
}

#[derive(QueryableByName)]
struct Count {
    #[diesel(sql_type = BigInt)]
    n: i64,
}

#[derive(QueryableByName)]
pub struct Word {
    #[diesel(sql_type = Text)]
    pub word: String,
}

enum Datum {
    Null,
    Id(Uuid),
    Instant(i64),
    Text(String),
    Bool(bool),
    Number(i64),
}

fn literal(datum: &Datum, sqlite: bool) -> String {
    match datum {
        Datum::Null => "null".into(),
        Datum::Id(id) if sqlite => format!("x'{}'", id.simple()),
        Datum::Id(id) => format!("'{id}'"),
        Datum::Instant(micros) if sqlite => micros.to_string(),
        Datum::Instant(micros) => format!("to_timestamp({}.{:06})", micros / 1_000_000, micros % 1_000_000),
        Datum::Text(text) => format!("'{}'", text.replace('\'', "''")),
        Datum::Bool(yes) if sqlite => i32::from(*yes).to_string(),
        Datum::Bool(yes) => yes.to_string(),
        Datum::Number(n) => n.to_string(),
    }
}

/// What the outside world was told about a thing, in no order.
pub fn outbox_of(cx: &mut ocop::db::Ctx<'_>, subject: Uuid) -> Vec<Value> {
    use diesel::{ExpressionMethods, QueryDsl};
    use ocop::db::schema::outbox;
    let rows: Vec<ocop::db::Doc> = outbox::table
        .filter(outbox::subject_id.eq(ocop::ids::RowId(subject)))
        .order(outbox::at)
        .select(outbox::body)
        .load(cx.conn)
        .unwrap();
    rows.into_iter().map(|doc| doc.0).collect()
}
