//! What a token proves, offline: with saved keys and saved lists, on a day.
//!
//! The signature comes first, then whether an act has ended the certificate, then its dates. An end
//! by an act is final, so an old list that tells of one is believed; that an old list tells of none
//! proves nothing any more, and the answer is *status unknown since*, never *valid*.

use chrono::{DateTime, NaiveDate};
use serde::Serialize;
use serde_json::Value;

use super::status::{ListPurpose, Message, value_at};
use super::token::{self, Parts};
use crate::db::Moment;
use crate::ids::RowId;
use crate::keys::{KeyStanding, PublicKey, Purpose};
use crate::text::Label;

crate::words! {
    /// What a token comes to.
    pub enum TokenVerdict {
        /// In force on that day.
        Valid = "valid",
        /// Its first day is still to come.
        NotYet = "notYet",
        /// Its last day has passed.
        Expired = "expired",
        /// The certificate was revoked.
        Revoked = "revoked",
        /// The recognition was withdrawn.
        Withdrawn = "withdrawn",
        /// A new recognition took its place.
        Superseded = "superseded",
        /// Signed and within its dates, but no list that still holds says whether an act has ended it.
        StatusUnknown = "statusUnknown",
        /// The signature is not of this text.
        Forged = "forged",
        /// None of the saved keys has this name.
        UnknownKey = "unknownKey",
        /// Not a credential of this kind.
        Unreadable = "unreadable",
    }
}

/// What is known of a token.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Checked {
    /// What it comes to.
    pub verdict: TokenVerdict,
    /// The same in words.
    pub say: Label,
    /// The number of the certificate. This and what follows only after the signature was found right.
    pub number: Option<String>,
    /// Stars.
    pub stars: Option<u64>,
    /// The product.
    pub product: Option<String>,
    /// The producer.
    pub producer: Option<String>,
    /// First day.
    pub valid_from: Option<NaiveDate>,
    /// Last day.
    pub valid_through: Option<NaiveDate>,
    /// Until when the list holds that was looked at.
    pub list_holds_until: Option<String>,
}

/// Keys that are trusted: read from a saved `did.json` or a saved JWKS.
pub fn read_keys(saved: &str) -> Option<Vec<PublicKey>> {
    let document: Value = serde_json::from_str(saved).ok()?;
    let of_did = document["verificationMethod"].as_array();
    let jwks: Vec<&Value> = match of_did {
        Some(methods) => methods.iter().map(|m| &m["publicKeyJwk"]).collect(),
        None => document["keys"].as_array()?.iter().collect(),
    };
    // A JWKS holds keys of other purposes too: what signs sign-ins proves no certificate.
    let ours = |k: &&&Value| k["ocop:purpose"].as_str().is_none_or(|p| p == Purpose::Certificate.word());
    let key = |k: &&Value| {
        Some(PublicKey {
            // The same key stands under its name here, and under that of the issuer with it.
            id: k["kid"].as_str()?.rsplit('#').next()?.parse::<RowId>().ok()?,
            purpose: Purpose::Certificate,
            x: k["x"].as_str().filter(|_| k["crv"] == "Ed25519")?.to_owned(),
            standing: KeyStanding::Signs,
        })
    };
    let mut keys: Vec<PublicKey> = jwks.iter().filter(ours).filter_map(key).collect();
    keys.sort_by_key(|k| k.id);
    keys.dedup_by_key(|k| k.id);
    Some(keys)
}

/// A saved list, with its signature found right.
#[derive(Debug, Clone)]
pub struct SavedList {
    address: String,
    encoded: String,
    purpose: ListPurpose,
    until: Option<DateTime<chrono::FixedOffset>>,
}

/// Reads a saved list; nothing when none of the keys signed it or it is something else.
pub fn read_list(saved: &str, keys: &[PublicKey]) -> Option<SavedList> {
    let parts = token::read(saved.trim())?;
    if signature(&parts, keys) != Signature::Right {
        return None;
    }
    let (claims, subject) = (&parts.payload, &parts.payload["credentialSubject"]);
    Some(SavedList {
        address: claims["id"].as_str()?.to_owned(),
        encoded: subject["encodedList"].as_str()?.to_owned(),
        purpose: ListPurpose::parse(subject["statusPurpose"].as_str()?)?,
        until: claims["validUntil"].as_str().and_then(|t| DateTime::parse_from_rfc3339(t).ok()),
    })
}

#[derive(Debug, PartialEq, Eq)]
enum Signature {
    Right,
    Wrong,
    NoKey,
}

fn signature(parts: &Parts, keys: &[PublicKey]) -> Signature {
    match keys.iter().find(|k| k.id.to_string() == parts.kid) {
        None => Signature::NoKey,
        Some(key) if key.verifies(parts.signed.as_bytes(), &parts.signature) => Signature::Right,
        Some(_) => Signature::Wrong,
    }
}

/// What both forms of a credential say.
struct Said {
    number: Option<String>,
    stars: Option<u64>,
    product: Option<String>,
    producer: Option<String>,
    from: NaiveDate,
    through: NaiveDate,
    list: usize,
    index: usize,
    /// The addresses of its lists; the short form leaves them out.
    lists: Vec<String>,
}

fn said(claims: &Value) -> Option<Said> {
    let text = |value: &Value| value.as_str().map(str::to_owned);
    let day = |value: &Value| value.as_str()?.get(..10)?.parse::<NaiveDate>().ok();
    let subject = &claims["credentialSubject"];
    if subject.is_object() {
        let entries = claims["credentialStatus"].as_array()?;
        let first = entries.first()?;
        let address = first["statusListCredential"].as_str()?;
        return Some(Said {
            number: text(&subject["certificateNumber"]),
            stars: subject["stars"].as_u64(),
            product: text(&subject["productName"]),
            producer: text(&subject["producer"]["producerName"]),
            from: day(&claims["validFrom"])?,
            through: day(&claims["validUntil"])?,
            list: address.rsplit('/').next()?.parse().ok()?,
            index: first["statusListIndex"].as_str()?.parse().ok()?,
            lists: entries.iter().filter_map(|e| text(&e["statusListCredential"])).collect(),
        });
    }
    let number = |name: &str| claims[name].as_u64().and_then(|n| usize::try_from(n).ok());
    Some(Said {
        number: Some(text(&claims["n"])?),
        stars: claims["s"].as_u64(),
        product: text(&claims["p"]),
        producer: text(&claims["c"]),
        from: day(&claims["f"])?,
        through: day(&claims["u"])?,
        list: number("l")?,
        index: number("i")?,
        lists: Vec::new(),
    })
}

/// The token in a text: the text itself, or what stands behind `#` of a scanned address.
pub fn token_of(text: &str) -> &str {
    let text = text.trim();
    text.rsplit_once('#').map_or(text, |(_, token)| token)
}

/// What a token proves at a moment.
pub fn check(text: &str, keys: &[PublicKey], lists: &[SavedList], now: Moment) -> Checked {
    let bare = |verdict: TokenVerdict| Checked {
        verdict,
        say: words(verdict, None),
        number: None,
        stars: None,
        product: None,
        producer: None,
        valid_from: None,
        valid_through: None,
        list_holds_until: None,
    };
    let Some(parts) = token::read(token_of(text)) else { return bare(TokenVerdict::Unreadable) };
    match signature(&parts, keys) {
        Signature::NoKey => return bare(TokenVerdict::UnknownKey),
        Signature::Wrong => return bare(TokenVerdict::Forged),
        Signature::Right => {}
    }
    let Some(said) = said(&parts.payload) else { return bare(TokenVerdict::Unreadable) };
    let list = lists
        .iter()
        .filter(|l| l.purpose == ListPurpose::Message && l.is_of(&said))
        .max_by_key(|l| l.until.map(|until| until.timestamp_micros()));
    // An end is final: any list that tells of one is believed, however old it is. The list of the most words comes first.
    let ends = list.into_iter().chain(lists.iter().filter(|l| l.is_of(&said)));
    let ended = ends.filter_map(|l| l.tells(said.index)).find(|m| *m != Message::Stands);
    let told = ended.or_else(|| list?.tells(said.index));
    // A list of a later day serves too (`validFrom` is not looked at): what stands then stood before, as ends are final.
    let fresh = list.and_then(|l| l.until).is_some_and(|until| now.micros() < until.timestamp_micros());
    let today = now.vietnam_day();
    let verdict = match told {
        Some(Message::Revoked) => TokenVerdict::Revoked,
        Some(Message::Withdrawn) => TokenVerdict::Withdrawn,
        Some(Message::Superseded) => TokenVerdict::Superseded,
        _ if today > said.through => TokenVerdict::Expired,
        _ if today < said.from => TokenVerdict::NotYet,
        Some(Message::Stands) if fresh => TokenVerdict::Valid,
        _ => TokenVerdict::StatusUnknown,
    };
    let until = list.and_then(|l| l.until).map(|until| until.to_rfc3339());
    Checked {
        say: words(verdict, until.as_deref().filter(|_| !fresh)),
        verdict,
        number: said.number,
        stars: said.stars,
        product: said.product,
        producer: said.producer,
        valid_from: Some(said.from),
        valid_through: Some(said.through),
        list_holds_until: until,
    }
}

impl SavedList {
    /// What it says of an entry: the one bit of `revocation` tells an end by an act, and nothing else.
    fn tells(&self, index: usize) -> Option<Message> {
        let value = value_at(&self.encoded, self.purpose.bits(), index)?;
        match self.purpose {
            ListPurpose::Message => Message::ALL.get(value).copied(),
            ListPurpose::Revocation => (value == 1).then_some(Message::Revoked),
            ListPurpose::Suspension => None,
        }
    }

    fn is_of(&self, said: &Said) -> bool {
        match said.lists.is_empty() {
            true => self.address.rsplit('/').next() == Some(said.list.to_string().as_str()),
            false => said.lists.contains(&self.address),
        }
    }
}

fn words(verdict: TokenVerdict, stale_since: Option<&str>) -> Label {
    match (verdict, stale_since) {
        (TokenVerdict::Valid, _) => Label::new(
            "Chữ ký đúng, chứng nhận còn hiệu lực theo danh sách trạng thái đã lưu.",
            "The signature is right and the certificate is in force by the saved status list.",
        ),
        (TokenVerdict::NotYet, _) => {
            Label::new("Chữ ký đúng, chứng nhận chưa có hiệu lực.", "The signature is right; it is not in force yet.")
        }
        (TokenVerdict::Expired, _) => {
            Label::new("Chữ ký đúng, chứng nhận đã hết hạn.", "The signature is right; it has expired.")
        }
        (TokenVerdict::Revoked, _) => Label::new(
            "Chữ ký đúng, nhưng chứng nhận đã bị thu hồi.",
            "The signature is right, but the certificate was revoked.",
        ),
        (TokenVerdict::Withdrawn, _) => Label::new(
            "Chữ ký đúng, nhưng quyết định công nhận đã bị thu hồi.",
            "The signature is right, but the recognition was withdrawn.",
        ),
        (TokenVerdict::Superseded, _) => Label::new(
            "Chữ ký đúng, nhưng sản phẩm đã có chứng nhận mới thay chứng nhận này.",
            "The signature is right, but a new certificate has taken its place.",
        ),
        (TokenVerdict::StatusUnknown, Some(since)) => Label::new(
            format!("Chữ ký đúng; trạng thái không rõ từ {since}: danh sách đã lưu hết hạn, hãy tải danh sách mới."),
            format!(
                "The signature is right; status unknown since {since}: the saved list has run out, fetch a new one."
            ),
        ),
        (TokenVerdict::StatusUnknown, None) => Label::new(
            "Chữ ký đúng; trạng thái không rõ: chưa lưu danh sách trạng thái loại “message”, hãy tải danh sách.",
            "The signature is right; status unknown: no status list of kind “message” is saved, fetch one.",
        ),
        (TokenVerdict::Forged, _) => Label::new(
            "Chữ ký không khớp: nội dung bị sửa hoặc giả mạo.",
            "The signature does not match: the content was changed or forged.",
        ),
        (TokenVerdict::UnknownKey, _) => Label::new(
            "Không biết khóa đã ký: không phải của cơ quan này, hoặc cần tải lại danh sách khóa.",
            "The signing key is unknown: not of this issuer, or the saved keys are too old.",
        ),
        (TokenVerdict::Unreadable, _) => Label::new(
            "Không đọc được: không phải chứng nhận OCOP điện tử.",
            "Unreadable: this is not an OCOP credential.",
        ),
    }
}
