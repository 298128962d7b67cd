//! What a message of the outbox is called outside, who may be told of it, and when a delivery is tried
//! again. Messages outside hold no more than what happened to what: whoever wants more reads it with the
//! rights of the day.

use serde_json::Value;

use crate::outbox::Topic;
use crate::refusal::Refusal;
use crate::text::Label;

/// The topics that can be asked for. What happens to accounts is told to nobody.
pub const TOPICS: &[Topic] = &[
    Topic::Recognition,
    Topic::Revocation,
    Topic::Product,
    Topic::Producer,
    Topic::Decision,
    Topic::Dossier,
    Topic::Evidence,
    Topic::Lot,
    Topic::Reminder,
    Topic::Inspection,
    Topic::Reference,
];
/// The most webhooks of one account.
pub const AT_MOST: i64 = 10;
/// How long the secret before still signs beside the new one, in seconds.
pub const OVERLAP_SECONDS: i64 = 24 * 3600;
/// How long a delivery waits after each failure, in seconds: ten attempts in some three days.
const WAITS: [i64; 9] = [5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400];

/// Who may be told, beside seeing the thing itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Audience {
    /// Whoever sees the thing.
    Sees,
    /// Of these, whoever takes part in the messages of dossiers.
    Correspondents,
    /// Of these, whoever reads opinions; a department only its own.
    Opinions {
        /// The department that was asked.
        department: Option<String>,
    },
    /// Everybody, once the thing is public; else whoever sees it.
    Public,
    /// Everybody.
    All,
}

/// A message as it is called outside.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// The word after the topic: `moved`, `recognised`.
    pub word: &'static str,
    /// Who may be told.
    pub audience: Audience,
}

/// What a message of the outbox is outside; none for what stays inside.
pub fn event(topic: Topic, body: &Value) -> Option<Event> {
    let has = |field: &str| !body[field].is_null();
    let of = |word, audience| Some(Event { word, audience });
    match topic {
        Topic::Recognition if has("potentialFive") => of("potentialFive", Audience::Public),
        Topic::Recognition if has("extendedThrough") || body["event"] == "extended" => of("extended", Audience::Public),
        Topic::Recognition if body["event"] == "expired" => of("expired", Audience::Public),
        Topic::Recognition => of("recognised", Audience::Public),
        Topic::Revocation if has("withdrawn") => of("withdrawn", Audience::Public),
        Topic::Revocation => of("revoked", Audience::Public),
        Topic::Product if body["what"] == "productionEnded" => of("productionEnded", Audience::Public),
        Topic::Product if body["what"] == "productionResumed" => of("productionResumed", Audience::Public),
        Topic::Product if body["what"] == "merged" => of("merged", Audience::Public),
        Topic::Product => of("changed", Audience::Public),
        Topic::Producer => of("changed", Audience::Sees),
        Topic::Decision => of("published", Audience::All),
        Topic::Dossier if has("action") => of("moved", Audience::Sees),
        Topic::Dossier if has("message") => of("message", Audience::Correspondents),
        Topic::Dossier if has("opinion") => {
            of("opinion", Audience::Opinions { department: body["department"].as_str().map(str::to_owned) })
        }
        Topic::Dossier if body["event"] == "deadlineNear" => of("deadlineNear", Audience::Sees),
        Topic::Dossier if body["event"] == "deadlineOverdue" => of("deadlineOverdue", Audience::Sees),
        Topic::Dossier if body["event"] == "completionNear" => of("completionNear", Audience::Sees),
        Topic::Dossier if body["event"] == "completionOverdue" => of("completionOverdue", Audience::Sees),
        Topic::Evidence => of("paperExpires", Audience::Sees),
        Topic::Lot => of("changed", Audience::Sees),
        Topic::Reminder => of("due", Audience::Sees),
        Topic::Inspection => of("changed", Audience::Sees),
        Topic::Reference => of("changed", Audience::All),
        Topic::Dossier | Topic::Account => None,
    }
}

/// Where the thing is read, below the address of the instance.
pub fn href(topic: Topic, subject: &str, public: bool) -> Option<String> {
    let folder = match topic {
        Topic::Recognition | Topic::Revocation | Topic::Product | Topic::Reminder if public => "catalogue/products",
        Topic::Recognition | Topic::Revocation | Topic::Product | Topic::Reminder => "products",
        Topic::Producer => "producers",
        Topic::Decision => "catalogue/decisions",
        Topic::Dossier => "dossiers",
        Topic::Evidence => "evidence",
        Topic::Lot => "lots",
        Topic::Inspection => "inspections",
        Topic::Account | Topic::Reference => return None,
    };
    Some(format!("/v1/{folder}/{subject}"))
}

/// How long a delivery waits after so many attempts, in seconds; none when it is given up.
pub fn wait(attempts: i32) -> Option<i64> {
    usize::try_from(attempts - 1).ok().and_then(|n| WAITS.get(n)).copied()
}

/// A refusal by the rules of webhooks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stop {
    /// The account has as many as it may.
    TooMany,
    /// It is switched off.
    Inactive,
}

impl Refusal for Stop {
    fn word(&self) -> &'static str {
        match self {
            Self::TooMany => "webhooks_too_many",
            Self::Inactive => "webhook_inactive",
        }
    }

    fn say(&self) -> Label {
        match self {
            Self::TooMany => Label::new(
                format!("Mỗi tài khoản có nhiều nhất {AT_MOST} địa chỉ nhận thông báo; hãy xoá bớt"),
                format!("An account has at most {AT_MOST} webhooks; remove one first"),
            ),
            Self::Inactive => Label::new(
                "Địa chỉ nhận thông báo đang tắt; hãy bật lại rồi gửi",
                "The webhook is switched off; switch it on first",
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_happens_to_accounts_is_told_to_nobody() {
        assert_eq!(event(Topic::Account, &json!({"what": "registrationFiled"})), None);
        assert!(!TOPICS.contains(&Topic::Account));
        assert_eq!(TOPICS.len(), Topic::ALL.len() - 1, "a new topic must be thought about here");
    }

    #[test]
    fn a_message_of_a_dossier_that_nobody_thought_of_stays_inside() {
        assert_eq!(event(Topic::Dossier, &json!({"note": 1})), None);
        assert_eq!(event(Topic::Dossier, &json!({"action": "submit"})).map(|e| e.word), Some("moved"));
        let asked = event(Topic::Dossier, &json!({"opinion": "x", "department": "d"})).map(|e| e.audience);
        assert_eq!(asked, Some(Audience::Opinions { department: Some("d".into()) }));
    }

    #[test]
    fn ten_attempts_take_some_three_days() {
        let waits: Vec<i64> = (1..20).map_while(wait).collect();
        assert_eq!(waits.len() + 1, 10);
        assert!((3 * 86_400..4 * 86_400).contains(&waits.iter().sum::<i64>()));
        assert!(waits.windows(2).all(|w| w[0] < w[1]));
    }
}
