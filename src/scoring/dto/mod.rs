//! What travels for rounds, councils, sessions, sheets and results.

mod contests;
mod councils;
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
pub use councils::{AppointCouncil, AppointSeat, CouncilQuery, CouncilView, SeatView};
pub use insight::{PrecedentOption, PrecedentView, Precedents, SimulatedOutcome, TryWhatIf, WhatIf};
pub use minutes::{DrawUpMinutes, MinutesView};
pub use results::{
    DossierResult, MeanView, MinimumBehind, RecordResult, ResultQuery, ResultView, SessionResults, SheetBehind,
};
pub use rounds::{AddRound, RoundQuery, RoundView};
pub use sessions::{
    ConflictView, ConveneSession, DeclareConflict, DossierHead, DossierReason, MoveSession, RecordAttendance,
    ReopenSheet, SeatProgress, SessionBrief, SessionProgress, SessionQuery, SessionView, TabledView,
};
pub use sheets::{
    AdvisoryReview, EditOutcome, EditedKnockOut, EditedMark, EvidenceView, HistoryOfMark, PutKnockOut, PutMark,
    SaveMarks, SavedEdit, SavedMarks, SavedSheet, SessionSheetQuery, SheetBrief, SheetCriterion, SheetHistory,
    SheetPart, SheetProgress, SheetQuery, SheetSection, SheetView, SubmitSheet, WriteAdvisoryReview,
};

type Rule = std::result::Result<(), validator::ValidationError>;
