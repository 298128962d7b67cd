//! The life of a dossier: one table for all three patterns of authority and all three kinds.
//!
//! A row reads: from these statuses, this action, by one of these parties, leads to that status,
//! under these patterns, for these kinds, and takes these things; written in this article. Articles
//! are of 26/2026; for 148 and 1048/781, whose texts were not read, the row follows the guidance
//! named in the rulebook. Before any move but a way out, the act asks the pinned rulebook whether
//! the dossier may still be moved (`Rulebook::may_move_under`).

use super::words::{Action, Need, Party, Status};
use crate::rulebook::{DossierKind, Pattern};

/// One row of the table.
#[derive(Debug)]
pub struct Move {
    /// Where the dossier is.
    pub from: &'static [Status],
    /// What is done.
    pub action: Action,
    /// By whom; one of them.
    pub by: &'static [Party],
    /// Where it is then.
    pub to: Status,
    /// Under which patterns of authority.
    pub patterns: &'static [Pattern],
    /// For which kinds.
    pub kinds: &'static [DossierKind],
    /// What must be at hand.
    pub needs: &'static [Need],
    /// Where it is written.
    pub article: &'static str,
}

use Action::{
    Answer, ApproveResult, AskCorrection, CallOpinions, CarryOver, Close, EndProduction, EvaluateAgain, EvaluateAnew,
    HandBack, Postpone, Propose, Receive, Recognise, RecogniseOnCentralResult, RecordResult, Refile, Refuse, Reject,
    Reopen, ReopenReview, Report, Return, ReviewAnew, Schedule, SendBack, SendOn, StartReview, Submit, TakeOver,
    Withdraw,
};
use DossierKind::{First, ReEvaluation, Upgrade};
use Need::{
    AdvisoryReport, AgencyReport, CommuneReport, Decision, Divergence, FiveStarHeld, FiveStarNotHeld, Letter, Notice,
    Papers, ProductCode, Reason, Reform, Result as Outcome, Session, StarAbove, StarBelow, StarHere, StarNone,
    StarNotHere, TransitionOver,
};
use Party::{Central, Commune, District, Producer, Province, System};
use Pattern::{DistrictRecognises, DistrictSelects, ProvinceDirect};
use Status::{
    AtCentre, AtDistrict, AtProvince, BackFromCentre, CentreCorrectionAsked, CentreOpinions, CentreReview,
    CentreScheduled, CentreScored, Closed, CommuneReviewed, CorrectionAsked, DistrictCorrectionAsked,
    DistrictScheduled, DistrictScored, Draft, HandedBack, InOpinions, InReview, NotProposed, NotRecognised,
    ProductionEnded, Proposed, Recognised, Refiled, ResultApproved, Returned, Scheduled, Scored, SentToCentre,
    SentToProvince, Submitted, Withdrawn,
};

const ALWAYS: &[Pattern] = Pattern::ALL;
const SELECTS: &[Pattern] = &[DistrictSelects];
const RECOGNISES: &[Pattern] = &[DistrictRecognises];
const DISTRICT: &[Pattern] = &[DistrictSelects, DistrictRecognises];
const DIRECT: &[Pattern] = &[ProvinceDirect];
const ALL: &[DossierKind] = DossierKind::ALL;
const NEW: &[DossierKind] = &[First, Upgrade];
const AGAIN: &[DossierKind] = &[ReEvaluation];

/// One row, written as the official reads it.
macro_rules! row {
    ($from:expr, $action:ident, $by:expr, $to:ident, $patterns:ident, $kinds:ident, $needs:expr, $article:literal) => {
        Move {
            from: &$from,
            action: $action,
            by: &$by,
            to: $to,
            patterns: $patterns,
            kinds: $kinds,
            needs: &$needs,
            article: $article,
        }
    };
}

/// The table.
#[rustfmt::skip]
pub const MOVES: &[Move] = &[
    // The producer and the commune
    row!([Draft, Returned], Submit, [Producer], Submitted, ALWAYS, ALL, [Papers], "Điều 7.1"),
    row!([Submitted, CommuneReviewed], Return, [Commune], Returned, ALWAYS, ALL, [Reason], "Điều 7.2"),
    row!([Submitted], Report, [Commune], CommuneReviewed, ALWAYS, ALL, [CommuneReport], "Điều 7.2; Mẫu số 03"),
    row!([CommuneReviewed], Propose, [Commune], Proposed, ALWAYS, ALL, [ProductCode, Letter, Papers], "Điều 6.2; Điều 7.2"),
    row!([Submitted, CommuneReviewed], Refuse, [Commune], NotProposed, ALWAYS, ALL, [Reason, Notice], "Điều 7.2"),

    // The district, to 30 June 2025
    row!([Proposed], Receive, [District], AtDistrict, DISTRICT, ALL, [], "1048/781; 148"),
    row!([AtDistrict], AskCorrection, [District], DistrictCorrectionAsked, DISTRICT, ALL, [Reason], "1048/781; 148"),
    row!([DistrictCorrectionAsked], Answer, [Producer, Commune], AtDistrict, DISTRICT, ALL, [], "1048/781; 148"),
    row!([AtDistrict, HandedBack], Schedule, [District], DistrictScheduled, DISTRICT, ALL, [Session], "1048/781; 148"),
    row!([DistrictScheduled], Postpone, [District], AtDistrict, DISTRICT, ALL, [Reason], "1048/781; 148"),
    row!([DistrictScheduled], RecordResult, [District], DistrictScored, DISTRICT, ALL, [Outcome], "1048/781; 148"),
    row!([DistrictScored], SendOn, [District], SentToProvince, DISTRICT, ALL, [StarAbove, Letter], "1048/781 (2207/QĐ-UBND VI.12 e); 148"),
    row!([DistrictScored, HandedBack], Recognise, [District], Recognised, RECOGNISES, ALL, [StarHere, Decision], "148"),
    row!([DistrictScored], Reject, [District], NotRecognised, SELECTS, ALL, [Reason, Notice], "1048/781 (2207/QĐ-UBND VI.12 e)"),
    row!([DistrictScored, HandedBack], Reject, [District], NotRecognised, RECOGNISES, ALL, [StarNone, Notice], "148"),
    row!([SentToProvince], Receive, [Province], AtProvince, DISTRICT, ALL, [], "1048/781; 148"),

    // What lay at a district when districts ended
    row!([AtDistrict, DistrictCorrectionAsked, DistrictScheduled, DistrictScored, SentToProvince, HandedBack], TakeOver, [Province, System], AtProvince, DIRECT, ALL, [Reform], "1489; sắp xếp đơn vị hành chính 1/7/2025"),

    // The province receives and reviews
    row!([Proposed], Receive, [Province], AtProvince, DIRECT, ALL, [], "Điều 7.3 a"),
    row!([AtProvince, InReview], AskCorrection, [Province], CorrectionAsked, ALWAYS, ALL, [Reason], "Điều 7.3 a, c"),
    row!([CorrectionAsked], Answer, [Producer, Commune], AtProvince, ALWAYS, ALL, [], "Điều 7.3 a"),
    row!([AtProvince], StartReview, [Province], InReview, ALWAYS, ALL, [], "Điều 7.3 c"),

    // The provincial council: a session, or written opinions for a re-evaluation
    row!([InReview], Schedule, [Province], Scheduled, ALWAYS, NEW, [AdvisoryReport, Session], "Điều 7.3 d"),
    row!([InReview], Schedule, [Province], Scheduled, DISTRICT, AGAIN, [AdvisoryReport, Session], "1048/781; 148"),
    row!([InReview], CallOpinions, [Province], InOpinions, DIRECT, AGAIN, [FiveStarNotHeld, AgencyReport], "Điều 7.6"),
    row!([InOpinions], Schedule, [Province], Scheduled, DIRECT, AGAIN, [Divergence, Session], "Điều 7.6"),
    row!([Scheduled], Postpone, [Province], InReview, ALWAYS, ALL, [Reason], "Điều 7.3 d"),
    row!([Scheduled], RecordResult, [Province], Scored, ALWAYS, ALL, [Outcome], "Điều 7.3 d"),
    row!([InOpinions], RecordResult, [Province], Scored, DIRECT, AGAIN, [Outcome], "Điều 7.6"),
    row!([Scored], Recognise, [Province], Recognised, ALWAYS, ALL, [StarHere, Decision], "Điều 4; Điều 7.3 đ"),
    row!([Scored], ApproveResult, [Province], ResultApproved, ALWAYS, ALL, [StarAbove, Decision], "Điều 7.3 e"),
    row!([Scored, BackFromCentre], HandBack, [Province], HandedBack, RECOGNISES, ALL, [StarBelow, Letter], "148"),
    row!([Scored, BackFromCentre], Reject, [Province], NotRecognised, ALWAYS, ALL, [StarNone, Notice], "Điều 4; Điều 7.3 g"),

    // To the centre
    row!([ResultApproved], SendOn, [Province], SentToCentre, ALWAYS, ALL, [Letter, Papers], "Điều 6.3; Điều 7.3 e"),
    row!([AtProvince, InReview], SendOn, [Province], SentToCentre, DIRECT, AGAIN, [FiveStarHeld, AgencyReport, Letter, Papers], "Điều 6.3 b; Điều 7.6 e"),
    row!([SentToCentre], Receive, [Central], AtCentre, ALWAYS, ALL, [], "Điều 7.4"),
    row!([AtCentre, CentreReview], AskCorrection, [Central], CentreCorrectionAsked, ALWAYS, ALL, [Reason], "Điều 7.4"),
    row!([CentreCorrectionAsked], Answer, [Producer, Province], AtCentre, ALWAYS, ALL, [], "Điều 7.4"),
    row!([AtCentre], StartReview, [Central], CentreReview, ALWAYS, ALL, [], "Điều 7.4"),
    row!([CentreReview], Schedule, [Central], CentreScheduled, ALWAYS, NEW, [AdvisoryReport, Session], "Điều 7.4"),
    row!([CentreReview], Schedule, [Central], CentreScheduled, DISTRICT, AGAIN, [AdvisoryReport, Session], "1048/781; 148"),
    row!([CentreReview], CallOpinions, [Central], CentreOpinions, DIRECT, AGAIN, [AgencyReport], "Điều 7.6"),
    row!([CentreOpinions], Schedule, [Central], CentreScheduled, DIRECT, AGAIN, [Divergence, Session], "Điều 7.6"),
    row!([CentreScheduled], Postpone, [Central], CentreReview, ALWAYS, ALL, [Reason], "Điều 7.4"),
    row!([CentreScheduled], RecordResult, [Central], CentreScored, ALWAYS, ALL, [Outcome], "Điều 7.4"),
    row!([CentreOpinions], RecordResult, [Central], CentreScored, DIRECT, AGAIN, [Outcome], "Điều 7.6"),
    row!([CentreScored], Recognise, [Central], Recognised, ALWAYS, ALL, [StarHere, Decision], "Điều 4; Điều 7.4"),
    row!([CentreScored], SendBack, [Central], BackFromCentre, ALWAYS, ALL, [StarNotHere, Notice], "Điều 7.4"),
    row!([BackFromCentre], RecogniseOnCentralResult, [Province], Recognised, ALWAYS, ALL, [StarHere, Decision], "Điều 7.4"),
    row!([BackFromCentre], EvaluateAgain, [Province], InReview, ALWAYS, NEW, [Reason], "Điều 7.4"),
    row!([BackFromCentre], EvaluateAgain, [Province], InReview, DISTRICT, AGAIN, [Reason], "1048/781; 148"),
    row!([BackFromCentre], EvaluateAgain, [Province], InOpinions, DIRECT, AGAIN, [Reason], "Điều 7.4; Điều 7.6"),

    // Evaluated anew: a complaint that was upheld, or the Ministry's check of the evaluation
    row!([Scored, ResultApproved, Recognised, NotRecognised], EvaluateAnew, [Province], InReview, ALWAYS, NEW, [Reason], "Quy chế của Hội đồng (khiếu nại)"),
    row!([Scored, ResultApproved, Recognised, NotRecognised], EvaluateAnew, [Province], InReview, DISTRICT, AGAIN, [Reason], "Quy chế của Hội đồng (khiếu nại)"),
    row!([Scored, ResultApproved, Recognised, NotRecognised], EvaluateAnew, [Province], InOpinions, DIRECT, AGAIN, [Reason], "Quy chế của Hội đồng (khiếu nại)"),
    row!([DistrictScored], EvaluateAnew, [District], AtDistrict, DISTRICT, ALL, [Reason], "Quy chế của Hội đồng (khiếu nại)"),
    row!([CentreScored], EvaluateAnew, [Central], CentreReview, ALWAYS, NEW, [Reason], "Quy chế của Hội đồng (khiếu nại)"),
    row!([CentreScored], EvaluateAnew, [Central], CentreReview, DISTRICT, AGAIN, [Reason], "Quy chế của Hội đồng (khiếu nại)"),
    row!([CentreScored], EvaluateAnew, [Central], CentreOpinions, DIRECT, AGAIN, [Reason], "Quy chế của Hội đồng (khiếu nại)"),
    row!([Recognised], ReviewAnew, [Central], CentreReview, ALWAYS, NEW, [Reason], "Quy chế của Hội đồng (khiếu nại)"),
    row!([Recognised], ReviewAnew, [Central], CentreReview, DISTRICT, AGAIN, [Reason], "Quy chế của Hội đồng (khiếu nại)"),
    row!([Recognised], ReviewAnew, [Central], CentreOpinions, DIRECT, AGAIN, [Reason], "Quy chế của Hội đồng (khiếu nại)"),
    row!([Scored, ResultApproved, Recognised, NotRecognised], EvaluateAnew, [Central], InReview, ALWAYS, NEW, [Reason], "Điều 10.1 b"),
    row!([Scored, ResultApproved, Recognised, NotRecognised], EvaluateAnew, [Central], InReview, DISTRICT, AGAIN, [Reason], "Điều 10.1 b"),
    row!([Scored, ResultApproved, Recognised, NotRecognised], EvaluateAnew, [Central], InOpinions, DIRECT, AGAIN, [Reason], "Điều 10.1 b"),

    // Taken up again at the province: its recognition was withdrawn by a decision that names the step
    row!([Recognised], Reopen, [Province, Central], AtProvince, ALWAYS, ALL, [Decision, Reason], "Điều 10.1 b"),
    row!([Recognised], ReopenReview, [Province, Central], InReview, ALWAYS, NEW, [Decision, Reason], "Điều 10.1 b"),
    row!([Recognised], ReopenReview, [Province, Central], InReview, DISTRICT, AGAIN, [Decision, Reason], "Điều 10.1 b"),
    row!([Recognised], ReopenReview, [Province, Central], InOpinions, DIRECT, AGAIN, [Decision, Reason], "Điều 10.1 b"),

    // Left where it is, for a later round
    row!([AtDistrict], CarryOver, [District], AtDistrict, DISTRICT, ALL, [Reason], "Điều 5; không quy định"),
    row!([AtProvince], CarryOver, [Province], AtProvince, ALWAYS, ALL, [Reason], "Điều 5; không quy định"),
    row!([InReview], CarryOver, [Province], InReview, ALWAYS, ALL, [Reason], "Điều 5; không quy định"),
    row!([AtCentre], CarryOver, [Central], AtCentre, ALWAYS, ALL, [Reason], "Điều 5; không quy định"),
    row!([CentreReview], CarryOver, [Central], CentreReview, ALWAYS, ALL, [Reason], "Điều 5; không quy định"),

    // Ways out
    row!([Draft], Withdraw, [Producer], Withdrawn, ALWAYS, ALL, [], "không quy định"),
    row!([Submitted, Returned, CommuneReviewed, Proposed, AtDistrict, DistrictCorrectionAsked, DistrictScheduled, SentToProvince, AtProvince, CorrectionAsked, InReview, Scheduled, InOpinions], Withdraw, [Producer], Withdrawn, ALWAYS, ALL, [Reason], "không quy định"),
    row!([Returned], Close, [Commune], Closed, ALWAYS, ALL, [Reason, Notice], "không quy định"),
    row!([DistrictCorrectionAsked], Close, [District], Closed, DISTRICT, ALL, [Reason, Notice], "không quy định"),
    row!([CorrectionAsked], Close, [Province], Closed, ALWAYS, ALL, [Reason, Notice], "không quy định"),
    row!([CentreCorrectionAsked], Close, [Central], Closed, ALWAYS, ALL, [Reason, Notice], "không quy định"),
    row!([Submitted, Returned, CommuneReviewed, Proposed, AtDistrict, DistrictCorrectionAsked, DistrictScheduled, DistrictScored, SentToProvince, AtProvince, CorrectionAsked, InReview, Scheduled, InOpinions, Scored, HandedBack, ResultApproved, SentToCentre, AtCentre, CentreCorrectionAsked, CentreReview, CentreScheduled, CentreOpinions, CentreScored, BackFromCentre], Refile, [Producer, Commune, Province, System], Refiled, ALWAYS, ALL, [TransitionOver], "Điều 12"),
    row!([Draft, Submitted, Returned, CommuneReviewed, Proposed, AtDistrict, DistrictCorrectionAsked, DistrictScheduled, DistrictScored, SentToProvince, AtProvince, CorrectionAsked, InReview, Scheduled, InOpinions, Scored, HandedBack, ResultApproved, SentToCentre, AtCentre, CentreCorrectionAsked, CentreReview, CentreScheduled, CentreOpinions, CentreScored, BackFromCentre], EndProduction, [Commune], ProductionEnded, ALWAYS, ALL, [Reason, Notice], "Điều 8.1 đ"),
];
