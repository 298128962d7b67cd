//! Independence: who may see what of a sheet, and when. This is the only table; every route, list,
//! tag and export asks it.
//!
//! A viewer is what a person is to one sheet of one dossier, a phase is where that sheet stands. A
//! dossier that was taken out of a session has no phase: it will be marked again, so that its sheets
//! stay with those who marked them.

use super::regulation::{Regulation, Visibility};
use super::{Office, TableState};

crate::words! {
    /// What a person is to a sheet.
    pub enum Viewer {
        /// Sits in the seat whose sheet it is.
        Holder = "holder",
        /// Sits in another seat of the council.
        Fellow = "fellow",
        /// The chair or a deputy of the council.
        Presiding = "presiding",
        /// Its secretary.
        Secretary = "secretary",
        /// An official of the deciding levels, for whom the council lies in the territory.
        Official = "official",
        /// Anybody else: the producer, the commune, a neighbour, and a member who keeps away.
        Outsider = "outsider",
    }
}

impl Viewer {
    /// What whoever sits in a seat of this office is to the other seats' sheets.
    pub fn of_office(office: Office) -> Self {
        match office {
            Office::Chair | Office::Deputy => Self::Presiding,
            Office::Secretary => Self::Secretary,
            Office::Member => Self::Fellow,
        }
    }
}

crate::words! {
    /// Where a sheet stands.
    pub enum Phase {
        /// The dossier waits on the table; there is no sheet yet.
        Waiting = "waiting",
        /// It is being marked.
        Marking = "marking",
        /// It is submitted, others are being marked.
        Submitted = "submitted",
        /// It belongs to an earlier round, and a new round is being marked after the discussion.
        Discussed = "discussed",
        /// Marking has ended, there is no result yet.
        Ended = "ended",
        /// The result is recorded.
        Concluded = "concluded",
        /// The result is made known by notice or decision.
        Published = "published",
    }
}

impl Phase {
    /// The phase of a sheet: where the dossier stands on its table, whether the sheet belongs to an
    /// earlier round, whether it is submitted, whether the result is made known. None for a dossier
    /// that was taken out.
    pub fn of(table: TableState, earlier_round: bool, submitted: bool, published: bool) -> Option<Self> {
        Some(match table {
            TableState::Postponed => return None,
            TableState::Concluded if published => Self::Published,
            TableState::Concluded => Self::Concluded,
            TableState::Closed | TableState::ToMeeting => Self::Ended,
            TableState::Waiting | TableState::Scoring if earlier_round => Self::Discussed,
            TableState::Waiting => Self::Waiting,
            TableState::Scoring if submitted => Self::Submitted,
            TableState::Scoring => Self::Marking,
        })
    }
}

crate::words! {
    /// What there is to see.
    pub enum Matter {
        /// The sheet: that it exists, its marks, its total.
        Sheet = "sheet",
        /// Every value that a draft had.
        Drafts = "drafts",
        /// Who has submitted, never what.
        Progress = "progress",
        /// The mean of what is submitted so far, where the regulation discloses it.
        OpenMean = "openMean",
        /// The result with its reasons.
        Result = "result",
        /// The minutes of the session, with the totals by seat.
        Minutes = "minutes",
        /// What is computed from all sheets of a dossier or a session: simulations, figures.
        Figures = "figures",
    }
}

use Matter::{Drafts, Figures, Minutes, OpenMean, Progress, Result, Sheet};
use Phase::{Concluded, Discussed, Ended, Marking, Published, Submitted, Waiting};

/// One row: what this viewer may see in each phase.
type Row = (Viewer, &'static [(Phase, &'static [Matter])]);

/// The table. What it does not name is hidden: as if it were not there.
#[rustfmt::skip]
pub const TABLE: &[Row] = &[
    (Viewer::Holder, &[
        (Waiting, &[]),
        (Marking, &[Sheet, Drafts, OpenMean]),
        (Submitted, &[Sheet, Drafts, OpenMean]),
        (Discussed, &[Sheet, Drafts]),
        (Ended, &[Sheet, Drafts]),
        (Concluded, &[Sheet, Drafts, Result, Minutes]),
        (Published, &[Sheet, Drafts, Result, Minutes]),
    ]),
    (Viewer::Fellow, &[
        (Waiting, &[]),
        (Marking, &[OpenMean]),
        (Submitted, &[OpenMean]),
        (Discussed, &[Sheet]),
        (Ended, &[Sheet]),
        (Concluded, &[Sheet, Result, Minutes]),
        (Published, &[Sheet, Result, Minutes]),
    ]),
    (Viewer::Presiding, &[
        (Waiting, &[Progress]),
        (Marking, &[Progress, OpenMean]),
        (Submitted, &[Progress, OpenMean]),
        (Discussed, &[Sheet, Progress]),
        (Ended, &[Sheet, Progress]),
        (Concluded, &[Sheet, Progress, Result, Minutes, Figures]),
        (Published, &[Sheet, Progress, Result, Minutes, Figures]),
    ]),
    (Viewer::Secretary, &[
        (Waiting, &[Progress]),
        (Marking, &[Progress, OpenMean]),
        (Submitted, &[Progress, OpenMean]),
        (Discussed, &[Sheet, Progress]),
        (Ended, &[Sheet, Progress]),
        (Concluded, &[Sheet, Progress, Result, Minutes, Figures]),
        (Published, &[Sheet, Progress, Result, Minutes, Figures]),
    ]),
    (Viewer::Official, &[
        (Waiting, &[]),
        (Marking, &[]),
        (Submitted, &[]),
        (Discussed, &[Sheet]),
        (Ended, &[Sheet]),
        (Concluded, &[Sheet, Result, Minutes, Figures]),
        (Published, &[Sheet, Result, Minutes, Figures]),
    ]),
    (Viewer::Outsider, &[
        (Waiting, &[]),
        (Marking, &[]),
        (Submitted, &[]),
        (Discussed, &[]),
        (Ended, &[]),
        (Concluded, &[]),
        (Published, &[Result]),
    ]),
];

/// Whether a viewer may see a matter in a phase, under the regulation of the council.
pub fn may_see(viewer: Viewer, phase: Phase, matter: Matter, regulation: &Regulation) -> bool {
    let row = TABLE.iter().find(|(v, _)| *v == viewer).map_or(&[][..], |(_, cells)| cells);
    let listed = row.iter().any(|(p, matters)| *p == phase && matters.contains(&matter));
    let allowed = match matter {
        Sheet | Minutes if viewer == Viewer::Fellow => regulation.visibility != Visibility::Never,
        OpenMean => regulation.disclose_mean_to_members,
        _ => true,
    };
    listed && allowed
}

/// Where the present round of a dossier is still open to marks: an earlier one is then [`Phase::Discussed`].
pub const MARKED: [TableState; 2] = [TableState::Waiting, TableState::Scoring];

/// Where a dossier may stand on its table for a viewer to see the sheets of its present round, and
/// whether those of an earlier round are seen while a new one is marked: the table, as a query needs it.
pub fn sheets_seen(viewer: Viewer, regulation: &Regulation) -> (Vec<TableState>, bool) {
    let seen = |phase| may_see(viewer, phase, Sheet, regulation);
    let in_every_form = |state: &TableState| {
        let forms = [(false, false), (false, true), (true, false), (true, true)];
        forms.into_iter().all(|(submitted, published)| Phase::of(*state, false, submitted, published).is_some_and(seen))
    };
    (TableState::ALL.iter().copied().filter(in_every_form).collect(), seen(Discussed))
}
