//! The words of a council at work: offices, where a session, a dossier on its table and a sheet stand.

use crate::text::Label;

crate::words! {
    /// An office in a council.
    pub enum Office {
        /// Chủ tịch hội đồng.
        Chair = "chair",
        /// Phó chủ tịch.
        Deputy = "deputy",
        /// Thư ký.
        Secretary = "secretary",
        /// Ủy viên.
        Member = "member",
    }
}

impl Office {
    /// Whether it may preside over a session.
    pub fn may_preside(self) -> bool {
        matches!(self, Self::Chair | Self::Deputy)
    }

    /// Whether it scores when the appointment does not say.
    pub fn votes_by_default(self) -> bool {
        self != Self::Secretary
    }

    /// The office in both languages.
    pub fn label(self) -> Label {
        let (vi, en) = match self {
            Self::Chair => ("Chủ tịch", "chair"),
            Self::Deputy => ("Phó Chủ tịch", "deputy chair"),
            Self::Secretary => ("Thư ký", "secretary"),
            Self::Member => ("Ủy viên", "member"),
        };
        Label::new(vi, en)
    }
}

crate::words! {
    /// Where a session stands.
    pub enum SessionState {
        /// Convened; nobody marks yet.
        Planned = "planned",
        /// Members mark their sheets.
        Open = "open",
        /// Marking has ended; results are recorded, or a dossier goes back for discussion.
        Closed = "closed",
    }
}

crate::words! {
    /// What is done with a session.
    pub enum SessionMove {
        /// Begin marking.
        Open = "open",
        /// End marking: what is not submitted lapses.
        Close = "close",
    }
}

crate::words! {
    /// Where a dossier stands on the table of a session.
    pub enum TableState {
        /// Before marking.
        Waiting = "waiting",
        /// Members mark.
        Scoring = "scoring",
        /// Marking has ended, the result is not recorded yet.
        Closed = "closed",
        /// The result is recorded.
        Concluded = "concluded",
        /// Taken out, with a reason.
        Postponed = "postponed",
        /// Written opinions diverge: taken to a meeting.
        ToMeeting = "toMeeting",
    }
}

crate::words! {
    /// Where a sheet stands.
    pub enum SheetState {
        /// Being marked.
        Draft = "draft",
        /// Submitted and locked.
        Submitted = "submitted",
        /// Not submitted when marking ended.
        Lapsed = "lapsed",
        /// Does not count: a conflict of interest, or the dossier was taken out.
        Void = "void",
    }
}

crate::words! {
    /// On what a conflict of interest rests.
    pub enum ConflictBasis {
        /// The member declared it.
        Declared = "declared",
        /// The member speaks for the producer, represents it, or belongs to it.
        SameProducer = "sameProducer",
        /// The member works for the commune where the product is made, and the regulation says that this counts.
        SameCommune = "sameCommune",
        /// The member marked a result that has to be evaluated again.
        MarkedBefore = "markedBefore",
    }
}
