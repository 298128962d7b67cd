//! How councils, sessions and sheets say no, beside the rules of scoring themselves.

use super::{SessionState, SheetState, TableState};
use crate::refusal::Refusal;
use crate::text::Label;

/// Why an act of a council was refused.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs, reason = "the fields are the figures and words that the sentence names")]
pub enum SessionStop {
    /// The level has this round already.
    RoundExists { year: i32, number: i32 },
    /// A round that the decision does not fix, without a plan that foresees it.
    RoundPlanMissing { number: i32 },
    /// The council's term does not cover the day.
    CouncilNotInOffice,
    /// The session stands elsewhere.
    WrongState(SessionState),
    /// Marking has not ended.
    NotClosed,
    /// Marking has ended.
    MarkingEnded,
    /// The dossier is not on this table any more, or not in that state.
    NotOnTable(TableState),
    /// The dossier is on the table of another session.
    OnOtherTable,
    /// The result is recorded.
    ResultRecorded,
    /// Nothing in the sheets asks for a discussion.
    NothingToDiscuss,
    /// As many rounds of sheets as the regulation allows.
    RoundsSpent { rounds: u8 },
    /// The dossier needs a report of the advisory team or of the agency.
    ReportMissing,
    /// The written opinions do not diverge.
    OpinionsAgree,
    /// The sheet is closed to marks.
    SheetLocked(SheetState),
    /// The caller holds no such sheet, or not any more.
    SheetNotYours,
    /// Only a submitted sheet can be given back.
    SheetNotSubmitted,
    /// The result is not made known yet.
    ResultNotKnown,
    /// The time for a complaint has passed.
    ComplaintTooLate { last: chrono::NaiveDate },
    /// The result has its complaint.
    ComplaintFiled,
    /// The complaint is answered.
    ComplaintAnswered,
    /// The result is to be evaluated again already.
    OrderGiven,
    /// The product has another dossier that has not ended.
    OtherDossierOpen,
    /// A dossier of the session has no result yet.
    ResultsOpen,
    /// The minutes are drawn up.
    MinutesDrawnUp,
    /// The dossier is being marked or beyond: the advisory team's review is closed.
    ReviewClosed,
    /// The result of the extra test is there already.
    TestReceived,
    /// The dossiers are not released to members yet.
    NotReleased { at: Option<String> },
    /// Only a submitted sheet is printed.
    SheetNotPrinted,
    /// The member has declared this conflict.
    ConflictDeclared,
    /// Members who were present cannot be taken out while sheets are marked.
    PresentMember,
    /// A re-evaluation of this star skips the council.
    StraightToCentre,
    /// No council has recorded a result.
    NoResult,
}

impl Refusal for SessionStop {
    fn word(&self) -> &'static str {
        match self {
            Self::RoundExists { .. } => "round_exists",
            Self::RoundPlanMissing { .. } => "round_plan_missing",
            Self::CouncilNotInOffice => "council_not_in_office",
            Self::WrongState(_) => "session_wrong_state",
            Self::NotClosed => "session_not_closed",
            Self::MarkingEnded => "session_marking_ended",
            Self::NotOnTable(_) => "session_dossier_not_on_table",
            Self::OnOtherTable => "session_dossier_elsewhere",
            Self::ResultRecorded => "session_result_recorded",
            Self::NothingToDiscuss => "session_nothing_to_discuss",
            Self::RoundsSpent { .. } => "session_rounds_spent",
            Self::ReportMissing => "session_report_missing",
            Self::OpinionsAgree => "session_opinions_agree",
            Self::SheetLocked(_) => "sheet_locked",
            Self::SheetNotYours => "sheet_not_yours",
            Self::SheetNotSubmitted => "sheet_not_submitted",
            Self::ResultNotKnown => "result_not_known",
            Self::ComplaintTooLate { .. } => "complaint_too_late",
            Self::ComplaintFiled => "complaint_filed",
            Self::ComplaintAnswered => "complaint_answered",
            Self::OrderGiven => "evaluation_order_given",
            Self::OtherDossierOpen => "evaluation_other_dossier_open",
            Self::ResultsOpen => "session_results_open",
            Self::MinutesDrawnUp => "minutes_drawn_up",
            Self::ReviewClosed => "advisory_review_closed",
            Self::TestReceived => "test_received",
            Self::NotReleased { .. } => "session_not_released",
            Self::SheetNotPrinted => "sheet_not_printed",
            Self::ConflictDeclared => "conflict_declared",
            Self::PresentMember => "session_member_present",
            Self::StraightToCentre => "session_straight_to_centre",
            Self::NoResult => "result_missing",
        }
    }

    fn say(&self) -> Label {
        let (vi, en) = match self {
            Self::RoundExists { year, number } => {
                return Label::new(
                    format!("Đã có đợt {number} năm {year} ở cấp này; dùng đợt đó hoặc chọn số khác."),
                    format!("Round {number} of {year} exists at this level; use it, or choose another number."),
                );
            }
            Self::RoundPlanMissing { number } => {
                return Label::new(
                    format!("Đợt {number} không có trong quyết định; ghi kế hoạch và quy chế cho phép (Điều 5)."),
                    format!(
                        "Round {number} is not fixed by the decision; name the plan and regulation that foresee it (Article 5)."
                    ),
                );
            }
            Self::WrongState(state) => {
                let state = session_state(*state);
                return Label::new(
                    format!("Phiên họp {}; việc này không làm được lúc này.", state.vi),
                    format!("The session is {}; this is not possible now.", state.en),
                );
            }
            Self::RoundsSpent { rounds } => {
                return Label::new(
                    format!("Quy chế cho tối đa {rounds} lượt chấm; hoãn hồ sơ hoặc báo cáo chưa có kết quả."),
                    format!("The regulation allows {rounds} rounds of sheets; postpone the dossier."),
                );
            }
            Self::NotOnTable(state) => {
                return Label::new(
                    format!("Hồ sơ không còn chờ việc này trong phiên họp (trạng thái: {state})."),
                    format!("The dossier does not wait for this in the session (state: {state})."),
                );
            }
            Self::SheetLocked(state) => return locked(*state),
            Self::ComplaintTooLate { last } => {
                return Label::new(
                    format!("Thời hạn khiếu nại theo quy chế của Hội đồng đã hết ngày {}.", last.format("%d/%m/%Y")),
                    format!("The time for complaints that the council's regulation gives ended on {last}."),
                );
            }
            Self::NotReleased { at } => return not_released(at.as_deref()),
            Self::CouncilNotInOffice => (
                "Hội đồng không còn hoặc chưa có hiệu lực vào ngày họp; chọn hội đồng đang hoạt động.",
                "The council is not in office on that day; choose one that is.",
            ),
            Self::NotClosed => (
                "Việc chấm điểm chưa kết thúc; đóng phiên chấm rồi mới ghi kết quả.",
                "Marking has not ended; close the session first, then record the result.",
            ),
            Self::MarkingEnded => (
                "Việc chấm điểm hồ sơ này đã kết thúc; chủ tịch có thể hoãn hồ sơ.",
                "Marking of this dossier has ended; the chair may postpone it.",
            ),
            Self::OnOtherTable => (
                "Hồ sơ đang ở một phiên họp khác; hoãn ở phiên đó trước.",
                "The dossier is on the table of another session; postpone it there first.",
            ),
            Self::ResultRecorded => {
                ("Kết quả của hồ sơ này đã được ghi.", "The result of this dossier has been recorded.")
            }
            Self::NothingToDiscuss => (
                "Các phiếu không có gì phải thảo luận lại; ghi kết quả.",
                "Nothing in the sheets asks for a discussion; record the result.",
            ),
            Self::ReportMissing => (
                "Thiếu báo cáo của tổ tư vấn hoặc cơ quan tham mưu; ghi số và ngày báo cáo ở phiên họp, hoặc thêm vào hồ sơ (Điều 7).",
                "The report of the advisory team or the agency is missing; give its number and day with the session, or add it to the dossier (Article 7).",
            ),
            Self::OpinionsAgree => (
                "Ý kiến bằng văn bản không khác nhau quá mức; ghi kết quả theo ý kiến đó (Điều 7 khoản 6).",
                "The written opinions do not diverge; record the result on them (Article 7, clause 6).",
            ),
            Self::SheetNotYours => (
                "Không có phiếu này ở ghế của bạn; tải lại danh sách phiếu. Phiếu thôi hiệu lực khi bạn khai báo xung đột lợi ích, thôi giữ ghế hoặc hồ sơ được hoãn.",
                "Your seat has no such sheet; read the list of sheets again. A sheet ends with a declared conflict, with the seat, and where the dossier is postponed.",
            ),
            Self::ResultNotKnown => (
                "Kết quả chưa được công bố hoặc thông báo; chờ quyết định hoặc thông báo.",
                "The result is not made known yet; wait for the decision or the notice.",
            ),
            Self::ComplaintFiled => (
                "Kết quả này đã có khiếu nại; xem khiếu nại đã nộp.",
                "This result has its complaint; read the one that was filed.",
            ),
            Self::ComplaintAnswered => ("Khiếu nại này đã được trả lời.", "This complaint has been answered."),
            Self::OrderGiven => {
                ("Kết quả này đã có yêu cầu đánh giá lại.", "This result is to be evaluated again already.")
            }
            Self::OtherDossierOpen => (
                "Sản phẩm đang có một hồ sơ khác chưa kết thúc; kết thúc hồ sơ đó trước.",
                "The product has another dossier that has not ended; that one ends first.",
            ),
            Self::ResultsOpen => (
                "Còn hồ sơ chưa có kết quả; ghi kết quả hoặc hoãn từng hồ sơ rồi mới lập biên bản.",
                "A dossier has no result yet; record it or postpone the dossier, then draw up the minutes.",
            ),
            Self::MinutesDrawnUp => (
                "Biên bản của phiên họp này đã lập; tải lại bản đã lập.",
                "The minutes of this session are drawn up; read them as they are.",
            ),
            Self::ReviewClosed => (
                "Hồ sơ đang chấm hoặc đã chấm; ý kiến của Tổ tư vấn chỉ ghi trước khi mở phiên chấm (Điều 7 khoản 3 điểm c).",
                "The dossier is being marked or beyond; the advisory team writes before marking is opened (Article 7, clause 3, point c).",
            ),
            Self::SheetNotSubmitted => (
                "Chỉ mở lại được phiếu đã nộp khi đang chấm.",
                "Only a submitted sheet can be given back, and only while marking goes on.",
            ),
            Self::TestReceived => (
                "Kết quả của lần kiểm nghiệm này đã có; yêu cầu kiểm nghiệm mới nếu cần.",
                "The result of this test is there already; ask for another test where one is needed.",
            ),
            Self::SheetNotPrinted => (
                "Chỉ in được phiếu đã nộp; phiếu này chưa nộp, hoặc nộp trước khi hệ thống lưu bản in.",
                "Only a submitted sheet is printed; this one is not submitted, or was before prints were kept.",
            ),
            Self::ConflictDeclared => (
                "Đã khai báo xung đột lợi ích với hồ sơ này.",
                "A conflict of interest with this dossier has been declared.",
            ),
            Self::PresentMember => (
                "Khi đang chấm chỉ được thêm thành viên có mặt, không bớt.",
                "While sheets are marked, members can be added but not taken out.",
            ),
            Self::StraightToCentre => (
                "Sản phẩm đang giữ hạng này đánh giá lại ở cấp trung ương, không qua Hội đồng này (Điều 6 khoản 3 điểm b).",
                "A product that holds this star is re-evaluated at the centre, without this council (Article 6, clause 3, point b).",
            ),
            Self::NoResult => (
                "Chưa có kết quả của Hội đồng cho hồ sơ này.",
                "No council has recorded a result for this dossier yet.",
            ),
        };
        Label::new(vi, en)
    }
}

fn not_released(at: Option<&str>) -> Label {
    match at {
        Some(at) => Label::new(
            format!("Hồ sơ điện tử được gửi đến thành viên lúc {at}; đọc từ lúc đó."),
            format!("The electronic dossiers are released to members at {at}; read them from then on."),
        ),
        None => Label::new(
            "Hồ sơ điện tử được gửi đến thành viên khi mở phiên chấm.",
            "The electronic dossiers are released to members when marking is opened.",
        ),
    }
}

fn session_state(state: SessionState) -> Label {
    match state {
        SessionState::Planned => Label::new("chưa mở", "not open yet"),
        SessionState::Open => Label::new("đang chấm", "being marked"),
        SessionState::Closed => Label::new("đã đóng", "closed"),
    }
}

fn locked(state: SheetState) -> Label {
    match state {
        SheetState::Draft | SheetState::Submitted => Label::new(
            "Phiếu đã nộp và khóa; chủ tịch mở lại kèm lý do nếu cần sửa.",
            "The sheet is submitted and locked; the chair can give it back with a reason.",
        ),
        SheetState::Lapsed => {
            Label::new("Phiên chấm đã đóng khi phiếu chưa nộp.", "Marking ended before the sheet was submitted.")
        }
        SheetState::Void => Label::new("Phiếu không còn hiệu lực.", "The sheet does not count any more."),
    }
}
