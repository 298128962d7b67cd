//! Moves that another act makes, and the ways of hand-over letters.

use super::{Action, Desk, Status};

/// Where a move is made that `POST …/moves` does not make.
pub fn elsewhere(action: Action) -> Option<&'static str> {
    Some(match action {
        Action::Propose | Action::SendOn | Action::HandBack | Action::SendBack => "POST /v1/handovers",
        Action::Receive => "POST /v1/handovers/{id}/receipts",
        Action::Schedule | Action::Postpone | Action::CallOpinions => "POST /v1/sessions",
        Action::RecordResult => "POST /v1/sessions/{id}/results",
        Action::EvaluateAnew | Action::ReviewAnew => "POST /v1/complaints/{id}/answer",
        Action::Recognise
        | Action::ApproveResult
        | Action::RecogniseOnCentralResult
        | Action::Reopen
        | Action::ReopenReview => "POST /v1/decisions",
        Action::EndProduction => "POST /v1/products/{id}/production-end",
        _ => return None,
    })
}

/// What a hand-over letter does with a dossier.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Way {
    /// The move that sends it.
    pub action: Action,
    /// From which desk.
    pub from: Desk,
    /// Whether the other side has to receive it, or has it with the letter.
    pub to_receive: bool,
}

/// The way from a status to a level; none where no letter leads there.
pub fn way(status: Status, to: Desk) -> Option<Way> {
    let (action, from, to_receive) = match (status, to) {
        (Status::CommuneReviewed, Desk::District | Desk::Province) => (Action::Propose, Desk::Commune, true),
        (Status::DistrictScored, Desk::Province) => (Action::SendOn, Desk::District, true),
        (Status::ResultApproved | Status::AtProvince | Status::InReview, Desk::Central) => {
            (Action::SendOn, Desk::Province, true)
        }
        (Status::Scored | Status::BackFromCentre, Desk::District) => (Action::HandBack, Desk::Province, false),
        (Status::CentreScored, Desk::Province) => (Action::SendBack, Desk::Central, false),
        _ => return None,
    };
    Some(Way { action, from, to_receive })
}
