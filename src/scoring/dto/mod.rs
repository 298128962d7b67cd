//! What travels for rounds, councils, sessions, sheets and results.

use chrono::Datelike;

use crate::db::Moment;
use crate::web::body::broken;

mod contests;
mod councils;
mod fieldwork;
mod insight;
mod minutes;
mod results;
mod rounds;
mod sessions;
mod sheets;

pub use contests::{
    AnswerComplaint, ComplaintView, DossierComplaints, EvaluationReview, EvaluationReviewQuery, FileComplaint,
    OrderEvaluation,
};
pub use councils::{AppointCouncil, AppointSeat, ChangeSeats, CouncilQuery, CouncilView, SeatView};
pub use fieldwork::{
    AskTest, RecordSiteVisit, RecordTestResult, SiteVisitView, SiteVisits, TestRequestView, TestRequests,
    VisitPictureForm, VisitPictureView,
};
pub use insight::{PrecedentOption, PrecedentView, Precedents, SimulatedOutcome, TryWhatIf, WhatIf};
pub use minutes::{DrawUpMinutes, MinutesView};
pub use results::{
    DossierResult, MeanView, MinimumBehind, RecordResult, ResultQuery, ResultView, SessionResults, SheetBehind,
};
pub use rounds::{AddRound, RoundQuery, RoundView};
pub use sessions::{
    AgendaSlot, ConflictView, ConveneSession, DeclareConflict, DossierHead, DossierReason, MoveSession, QuorumView,
    RecordAttendance, ReopenSheet, SeatProgress, SessionBrief, SessionConflicts, SessionProgress, SessionQuery,
    SessionView, SetAgenda, TabledView,
};
pub use sheets::{
    AdvisoryReview, EditOutcome, EditedKnockOut, EditedMark, EvidenceView, HistoryOfMark, LaidDossier, PutKnockOut,
    PutMark, SaveMarks, SavedEdit, SavedMarks, SavedSheet, SessionSheetQuery, SheetBrief, SheetCriterion, SheetHistory,
    SheetPart, SheetProgress, SheetQuery, SheetSection, SheetView, SubmitSheet, WriteAdvisoryReview,
};

type Rule = std::result::Result<(), validator::ValidationError>;

fn ordinary_moment(at: &Moment) -> Rule {
    // The year first: at the ends of what can be written there is no day in Việt Nam.
    match at.utc().year() {
        1900..=2200 => Ok(()),
        _ => Err(broken("day_range", "Năm từ 1900 đến 2200.", "The year lies between 1900 and 2200.")),
    }
}
