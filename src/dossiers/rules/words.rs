//! The words of a dossier's life: where it is, what is done, by whom, and what that takes.

use super::Desk;
use crate::{text::Label, words};

words! {
    /// Who makes a move. Roles are mapped to parties where the caller is known.
    pub enum Party {
        /// Chủ thể OCOP.
        Producer = "producer",
        /// UBND cấp xã.
        Commune = "commune",
        /// UBND cấp huyện and its council, to 30 June 2025.
        District = "district",
        /// UBND cấp tỉnh: OCOP agency, advisory team, council.
        Province = "province",
        /// The Ministry: OCOP agency, advisory team, council.
        Central = "central",
        /// The service itself, in a reform of units or at the end of a transition.
        System = "system",
    }
}

impl Party {
    /// The desk at which the party works; the producer and the service have none.
    pub fn desk(self) -> Option<Desk> {
        match self {
            Self::Commune => Some(Desk::Commune),
            Self::District => Some(Desk::District),
            Self::Province => Some(Desk::Province),
            Self::Central => Some(Desk::Central),
            Self::Producer | Self::System => None,
        }
    }

    /// The party in both languages.
    pub fn label(self) -> Label {
        let (vi, en) = match self {
            Self::Producer => ("chủ thể", "the producer"),
            Self::Commune => ("cấp xã", "the commune"),
            Self::District => ("cấp huyện", "the district"),
            Self::Province => ("cấp tỉnh", "the province"),
            Self::Central => ("cấp trung ương", "the centre"),
            Self::System => ("hệ thống", "the service"),
        };
        Label::new(vi, en)
    }
}

words! {
    /// Where a dossier is.
    pub enum Status {
        /// Being written by the producer.
        Draft = "draft",
        /// Filed at the commune.
        Submitted = "submitted",
        /// Given back by the commune for completion.
        Returned = "returned",
        /// The commune's report is issued.
        CommuneReviewed = "communeReviewed",
        /// Proposed with a product code and a letter, waiting to be received.
        Proposed = "proposed",
        /// Received by the district.
        AtDistrict = "atDistrict",
        /// The district asked for completion.
        DistrictCorrectionAsked = "districtCorrectionAsked",
        /// In a session of the district's council.
        DistrictScheduled = "districtScheduled",
        /// The district's council has recorded its result.
        DistrictScored = "districtScored",
        /// Sent on by the district, waiting to be received.
        SentToProvince = "sentToProvince",
        /// Received by the provincial agency.
        AtProvince = "atProvince",
        /// The province asked for completion.
        CorrectionAsked = "correctionAsked",
        /// With the provincial advisory team.
        InReview = "inReview",
        /// In a session of the provincial council.
        Scheduled = "scheduled",
        /// The provincial council's members give written opinions.
        InOpinions = "inOpinions",
        /// The provincial council has recorded its result.
        Scored = "scored",
        /// The star belongs to the district: handed back without failing.
        HandedBack = "handedBack",
        /// The result of 90 points or more is approved: potential 5★.
        ResultApproved = "resultApproved",
        /// Sent to the centre, waiting to be received.
        SentToCentre = "sentToCentre",
        /// Received by the central agency.
        AtCentre = "atCentre",
        /// The centre asked for completion.
        CentreCorrectionAsked = "centreCorrectionAsked",
        /// With the central advisory team.
        CentreReview = "centreReview",
        /// In a session of the central council.
        CentreScheduled = "centreScheduled",
        /// The central council's members give written opinions.
        CentreOpinions = "centreOpinions",
        /// The central council has recorded its result.
        CentreScored = "centreScored",
        /// Below 90 at the centre: back at the province.
        BackFromCentre = "backFromCentre",
        /// Recognised by a decision.
        Recognised = "recognised",
        /// A star that is not recognised; the producer has a notice with the reason.
        NotRecognised = "notRecognised",
        /// The commune did not propose it, with a reason.
        NotProposed = "notProposed",
        /// Withdrawn by the producer.
        Withdrawn = "withdrawn",
        /// Closed by the office that waited in vain for completion.
        Closed = "closed",
        /// Filed again under the rulebook in force.
        Refiled = "refiled",
        /// The product is made no more; the commune has confirmed it.
        ProductionEnded = "productionEnded",
    }
}

impl Status {
    /// Nothing can be done any more.
    pub fn is_final(self) -> bool {
        matches!(
            self,
            Self::Recognised
                | Self::NotRecognised
                | Self::NotProposed
                | Self::Withdrawn
                | Self::Closed
                | Self::Refiled
                | Self::ProductionEnded
        )
    }

    /// A published decision or notice led here, or one that is signed and not published yet.
    pub fn follows_decision(self) -> bool {
        matches!(self, Self::Recognised | Self::NotRecognised | Self::ResultApproved)
    }

    /// Everybody waits for the producer's completion: clocks pause.
    pub fn awaits_completion(self) -> bool {
        matches!(
            self,
            Self::Returned | Self::DistrictCorrectionAsked | Self::CorrectionAsked | Self::CentreCorrectionAsked
        )
    }

    /// "Tiềm năng 5 sao": 90 points or more at the province, the centre has not answered yet.
    pub fn is_potential_five(self) -> bool {
        matches!(
            self,
            Self::ResultApproved
                | Self::SentToCentre
                | Self::AtCentre
                | Self::CentreCorrectionAsked
                | Self::CentreReview
                | Self::CentreScheduled
                | Self::CentreOpinions
                | Self::CentreScored
        )
    }

    /// The status in both languages.
    pub fn label(self) -> Label {
        let (vi, en) = match self {
            Self::Draft => ("đang soạn", "draft"),
            Self::Submitted => ("đã nộp tại cấp xã", "filed at the commune"),
            Self::Returned => ("cấp xã trả lại để hoàn thiện", "given back by the commune for completion"),
            Self::CommuneReviewed => ("cấp xã đã có báo cáo", "reported on by the commune"),
            Self::Proposed => ("cấp xã đã đề nghị", "proposed by the commune"),
            Self::AtDistrict => ("cấp huyện đã tiếp nhận", "received by the district"),
            Self::DistrictCorrectionAsked => ("cấp huyện yêu cầu bổ sung", "completion asked by the district"),
            Self::DistrictScheduled => ("trong phiên họp của cấp huyện", "in a session of the district"),
            Self::DistrictScored => ("cấp huyện đã có kết quả", "scored by the district"),
            Self::SentToProvince => ("đã chuyển cấp tỉnh", "sent to the province"),
            Self::AtProvince => ("cấp tỉnh đã tiếp nhận", "received by the province"),
            Self::CorrectionAsked => ("cấp tỉnh yêu cầu bổ sung", "completion asked by the province"),
            Self::InReview => ("tổ tư vấn cấp tỉnh đang xem xét", "with the provincial advisory team"),
            Self::Scheduled => ("trong phiên họp của Hội đồng cấp tỉnh", "in a session of the provincial council"),
            Self::InOpinions => {
                ("Hội đồng cấp tỉnh cho ý kiến bằng văn bản", "written opinions of the provincial council")
            }
            Self::Scored => ("Hội đồng cấp tỉnh đã có kết quả", "scored by the provincial council"),
            Self::HandedBack => ("chuyển lại cấp huyện xếp hạng", "handed back to the district"),
            Self::ResultApproved => ("đã phê duyệt kết quả, tiềm năng 5 sao", "result approved, potential 5★"),
            Self::SentToCentre => ("đã chuyển trung ương", "sent to the centre"),
            Self::AtCentre => ("trung ương đã tiếp nhận", "received by the centre"),
            Self::CentreCorrectionAsked => ("trung ương yêu cầu bổ sung", "completion asked by the centre"),
            Self::CentreReview => ("tổ tư vấn trung ương đang xem xét", "with the central advisory team"),
            Self::CentreScheduled => ("trong phiên họp của Hội đồng trung ương", "in a session of the central council"),
            Self::CentreOpinions => {
                ("Hội đồng trung ương cho ý kiến bằng văn bản", "written opinions of the central council")
            }
            Self::CentreScored => ("Hội đồng trung ương đã có kết quả", "scored by the central council"),
            Self::BackFromCentre => ("trung ương chuyển lại, dưới 90 điểm", "back from the centre, below 90"),
            Self::Recognised => ("đã công nhận", "recognised"),
            Self::NotRecognised => ("không được công nhận", "not recognised"),
            Self::NotProposed => ("cấp xã không đề nghị", "not proposed by the commune"),
            Self::Withdrawn => ("chủ thể đã rút", "withdrawn by the producer"),
            Self::Closed => ("đã đóng do không bổ sung", "closed, completion never came"),
            Self::Refiled => ("đã nộp lại theo quy định mới", "filed again under the new law"),
            Self::ProductionEnded => ("đã dừng do chủ thể không còn sản xuất", "stopped, the product is made no more"),
        };
        Label::new(vi, en)
    }
}

words! {
    /// What is done with a dossier.
    pub enum Action {
        /// File it, again after completion.
        Submit = "submit",
        /// Give it back for completion.
        Return = "return",
        /// Issue the commune's report.
        Report = "report",
        /// Propose it to the next level.
        Propose = "propose",
        /// Decide not to propose it.
        Refuse = "refuse",
        /// Receive it from the level below.
        Receive = "receive",
        /// Take it over from an abolished district.
        TakeOver = "takeOver",
        /// Ask for completion.
        AskCorrection = "askCorrection",
        /// Answer a request for completion.
        Answer = "answer",
        /// Give it to the advisory team.
        StartReview = "startReview",
        /// Put it into a session.
        Schedule = "schedule",
        /// Take it out of the session.
        Postpone = "postpone",
        /// Ask the members for written opinions.
        CallOpinions = "callOpinions",
        /// Record the council's result.
        RecordResult = "recordResult",
        /// Recognise the star.
        Recognise = "recognise",
        /// Approve a result of 90 or more.
        ApproveResult = "approveResult",
        /// Send it on to the next level.
        SendOn = "sendOn",
        /// Hand it back to the district that recognises this star.
        HandBack = "handBack",
        /// Send it back to the province, below 90 at the centre.
        SendBack = "sendBack",
        /// Recognise on the centre's result.
        RecogniseOnCentralResult = "recogniseOnCentralResult",
        /// Evaluate it again at the province.
        EvaluateAgain = "evaluateAgain",
        /// Evaluate it anew: a complaint was upheld, or the Ministry's check asks for it.
        EvaluateAnew = "evaluateAnew",
        /// The centre evaluates anew what was recognised on its result: a complaint was upheld.
        ReviewAnew = "reviewAnew",
        /// Take it up again from its reception: its recognition was withdrawn.
        Reopen = "reopen",
        /// Take it up again from its review: its recognition was withdrawn.
        ReopenReview = "reopenReview",
        /// End it without recognition.
        Reject = "reject",
        /// Leave it where it is, for a later round.
        CarryOver = "carryOver",
        /// Withdraw it.
        Withdraw = "withdraw",
        /// Close it, completion never came.
        Close = "close",
        /// File it again under the rulebook in force.
        Refile = "refile",
        /// Stop it, the product is made no more.
        EndProduction = "endProduction",
    }
}

impl Action {
    /// Asks the producer for completion.
    pub fn asks(self) -> bool {
        matches!(self, Self::Return | Self::AskCorrection)
    }

    /// Takes the dossier on from the desk that asked: whoever does it has looked at the completion.
    pub fn goes_on(self) -> bool {
        matches!(
            self,
            Self::Report | Self::Propose | Self::StartReview | Self::Schedule | Self::CallOpinions | Self::SendOn
        )
    }

    /// A way out, or a way to wait, that does not decide whose move it is.
    pub fn is_aside(self) -> bool {
        matches!(
            self,
            Self::CarryOver
                | Self::Withdraw
                | Self::Close
                | Self::Refile
                | Self::EndProduction
                | Self::EvaluateAnew
                | Self::ReviewAnew
                | Self::Reopen
                | Self::ReopenReview
        )
    }

    /// Content passes into other hands: it is frozen as a signed manifest.
    pub fn is_sealed(self) -> bool {
        matches!(
            self,
            Self::Submit | Self::Return | Self::Answer | Self::Propose | Self::SendOn | Self::HandBack | Self::SendBack
        )
    }

    /// The action in both languages.
    pub fn label(self) -> Label {
        let (vi, en) = match self {
            Self::Submit => ("nộp hồ sơ", "file the dossier"),
            Self::Return => ("trả lại để hoàn thiện", "give back for completion"),
            Self::Report => ("ban hành báo cáo của cấp xã", "issue the commune's report"),
            Self::Propose => ("đề nghị đánh giá", "propose for evaluation"),
            Self::Refuse => ("không đề nghị", "decide not to propose"),
            Self::Receive => ("tiếp nhận", "receive"),
            Self::TakeOver => ("tiếp nhận từ cấp huyện đã kết thúc", "take over from the abolished district"),
            Self::AskCorrection => ("yêu cầu bổ sung", "ask for completion"),
            Self::Answer => ("gửi bổ sung", "answer with the completion"),
            Self::StartReview => ("giao tổ tư vấn", "give to the advisory team"),
            Self::Schedule => ("đưa vào phiên họp", "put into a session"),
            Self::Postpone => ("rút khỏi phiên họp", "take out of the session"),
            Self::CallOpinions => ("lấy ý kiến bằng văn bản", "ask for written opinions"),
            Self::RecordResult => ("ghi kết quả của Hội đồng", "record the council's result"),
            Self::Recognise => ("công nhận", "recognise"),
            Self::ApproveResult => ("phê duyệt kết quả", "approve the result"),
            Self::SendOn => ("chuyển cấp trên", "send on to the next level"),
            Self::HandBack => ("chuyển lại cấp huyện", "hand back to the district"),
            Self::SendBack => ("chuyển lại cấp tỉnh", "send back to the province"),
            Self::RecogniseOnCentralResult => {
                ("công nhận theo kết quả của trung ương", "recognise on the central result")
            }
            Self::EvaluateAgain => ("tổ chức đánh giá lại ở cấp tỉnh", "evaluate again at the province"),
            Self::EvaluateAnew => {
                ("đánh giá lại theo khiếu nại hoặc kiểm tra", "evaluate anew after a complaint or a check")
            }
            Self::ReviewAnew => {
                ("đánh giá lại ở trung ương theo khiếu nại", "evaluate anew at the centre after a complaint")
            }
            Self::Reopen => (
                "mở lại từ bước tiếp nhận sau khi thu hồi công nhận",
                "take up again from its reception after a withdrawal",
            ),
            Self::ReopenReview => {
                ("mở lại từ bước xem xét sau khi thu hồi công nhận", "take up again from its review after a withdrawal")
            }
            Self::Reject => ("kết thúc, không công nhận", "end without recognition"),
            Self::CarryOver => ("chuyển sang đợt sau", "carry over to a later round"),
            Self::Withdraw => ("rút hồ sơ", "withdraw"),
            Self::Close => ("đóng hồ sơ không bổ sung", "close, completion never came"),
            Self::Refile => ("nộp lại theo quy định mới", "file again under the new law"),
            Self::EndProduction => ("xác nhận không còn sản xuất", "confirm that production has ended"),
        };
        Label::new(vi, en)
    }
}

words! {
    /// What people write about a dossier.
    pub enum MessageKind {
        /// For the producer and every office that handles it.
        Message = "message",
        /// For the own level alone.
        Note = "note",
    }
}

words! {
    /// What must be at hand for a move; the act that makes the move asks for it.
    pub enum Need {
        /// All required papers of the step.
        Papers = "papers",
        /// A reason, which the producer reads.
        Reason = "reason",
        /// The commune's report on the four contents.
        CommuneReport = "communeReport",
        /// A product code.
        ProductCode = "productCode",
        /// A hand-over letter: number, date, signer.
        Letter = "letter",
        /// The report of the advisory team.
        AdvisoryReport = "advisoryReport",
        /// The report of the provincial OCOP agency.
        AgencyReport = "agencyReport",
        /// A council's session.
        Session = "session",
        /// Divergence among the written opinions.
        Divergence = "divergence",
        /// The council's result, with its minutes.
        Result = "result",
        /// A star that this level recognises.
        StarHere = "starHere",
        /// A star that a level above recognises.
        StarAbove = "starAbove",
        /// A star that a level below recognises.
        StarBelow = "starBelow",
        /// A star that nobody recognises.
        StarNone = "starNone",
        /// A star that this level does not recognise.
        StarNotHere = "starNotHere",
        /// A decision, prepared and signed by different people.
        Decision = "decision",
        /// A written notice to commune and producer.
        Notice = "notice",
        /// A present certificate of 5★.
        FiveStarHeld = "fiveStarHeld",
        /// No present certificate of 5★: those skip the provincial council.
        FiveStarNotHeld = "fiveStarNotHeld",
        /// The district was abolished by a reform of units.
        Reform = "reform",
        /// The time to finish under the old rulebook is over.
        TransitionOver = "transitionOver",
    }
}

impl Need {
    /// The need in both languages.
    pub fn label(self) -> Label {
        let (vi, en) = match self {
            Self::Papers => ("đủ giấy tờ bắt buộc", "all required papers"),
            Self::Reason => ("lý do", "a reason"),
            Self::CommuneReport => ("báo cáo bốn nội dung", "the report on four contents"),
            Self::ProductCode => ("mã số sản phẩm", "a product code"),
            Self::Letter => ("văn bản chuyển hồ sơ", "a hand-over letter"),
            Self::AdvisoryReport => ("báo cáo của tổ tư vấn", "the advisory team's report"),
            Self::AgencyReport => ("báo cáo của cơ quan tham mưu", "the agency's report"),
            Self::Session => ("phiên họp của Hội đồng", "a session of the council"),
            Self::Divergence => ("ý kiến khác nhau", "divergent opinions"),
            Self::Result => ("kết quả và biên bản", "result and minutes"),
            Self::StarHere => ("hạng sao do cấp này công nhận", "a star recognised at this level"),
            Self::StarAbove => ("hạng sao do cấp trên công nhận", "a star recognised above"),
            Self::StarBelow => ("hạng sao do cấp dưới công nhận", "a star recognised below"),
            Self::StarNone => ("hạng sao không được công nhận", "a star that is not recognised"),
            Self::StarNotHere => ("hạng sao không do cấp này công nhận", "a star not recognised at this level"),
            Self::Decision => ("quyết định", "a decision"),
            Self::Notice => ("thông báo bằng văn bản", "a written notice"),
            Self::FiveStarHeld => ("đang giữ hạng 5 sao", "a present 5★ certificate"),
            Self::FiveStarNotHeld => ("không giữ hạng 5 sao", "no present 5★ certificate"),
            Self::Reform => ("sắp xếp đơn vị hành chính", "a reform of units"),
            Self::TransitionOver => ("hết thời gian chuyển tiếp", "the end of the transition"),
        };
        Label::new(vi, en)
    }
}
