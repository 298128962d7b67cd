//! The regulation of intake: the life of a dossier as one table, and which papers make it complete.

mod corrections;
mod desk;
mod differences;
mod elsewhere;
mod form;
mod moves;
mod papers;
mod print;
mod samples;
mod stop;
#[cfg(test)]
mod tests;
mod turns;
mod words;

use std::collections::BTreeSet;

pub use corrections::{CorrectionAbout, CorrectionReason, CorrectionState, touching};
pub use desk::{Desk, HandoverState};
pub use differences::{Content, Difference, DifferenceKind, LyingPaper, Side, changed_fields, changes, differences};
pub use elsewhere::{Way, elsewhere, way};
pub use form::{CommuneReport, DossierForm, Meeting};
pub use moves::{MOVES, Move};
pub use papers::{Against, AreaCode, Doubt, Holder, Paper, PaperCheck, completeness, must_be_complete};
pub use print::print;
pub use samples::{SampleCondition, SampleDeed, SamplesHeld, held};
pub use stop::{InLetter, Stop, Window};
pub use turns::{BookToday, Case, Due, awaiting, desks_below, due, turns, waiting_on_desk};
pub use words::{Action, MessageKind, Need, Party, Status};

use crate::{
    rulebook::{DossierKind, Pattern},
    text::Label,
};

/// Where a dossier stands: everything that decides what may be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Moment {
    /// Its status.
    pub status: Status,
    /// The pattern of authority of its rulebook on the day of the act.
    pub pattern: Pattern,
    /// Its kind.
    pub kind: DossierKind,
}

impl Moment {
    /// The rows of the table that start here.
    pub fn moves(self) -> impl Iterator<Item = &'static Move> {
        MOVES.iter().filter(move |m| {
            m.from.contains(&self.status) && m.patterns.contains(&self.pattern) && m.kinds.contains(&self.kind)
        })
    }

    /// The row for an action by a party, with what it takes; or the sentence that says no.
    pub fn find_move(self, action: Action, party: Party) -> Result<&'static Move, Stop> {
        let open: Vec<_> = self.moves().filter(|m| m.action == action).collect();
        if open.is_empty() {
            return Err(if self.status.is_final() {
                Stop::Finished(self.status)
            } else {
                Stop::WrongMoment(self, action)
            });
        }
        open.into_iter().find(|m| m.by.contains(&party)).ok_or(Stop::NotYourMove(self, action, party))
    }

    /// What this party may do now.
    pub fn open_actions(self, party: Party) -> Vec<Action> {
        self.moves().filter(|m| m.by.contains(&party)).map(|m| m.action).collect()
    }

    /// Whose move it is: everybody who has an action that carries the dossier on.
    pub fn whose_move(self) -> Vec<Party> {
        let parties: BTreeSet<Party> =
            self.moves().filter(|m| !m.action.is_aside()).flat_map(|m| m.by.iter().copied()).collect();
        parties.into_iter().collect()
    }
}

/// The status after an action, if the regulation allows it here, now, by this party.
pub fn advance(
    status: Status,
    action: Action,
    party: Party,
    pattern: Pattern,
    kind: DossierKind,
) -> Result<Status, Stop> {
    Moment { status, pattern, kind }.find_move(action, party).map(|m| m.to)
}

/// What a party may do with a dossier now, in the order of the table.
pub fn open_actions(status: Status, party: Party, pattern: Pattern, kind: DossierKind) -> Vec<Action> {
    Moment { status, pattern, kind }.open_actions(party)
}

/// Whose move it is; nobody's when the dossier has ended.
pub fn whose_move(status: Status, pattern: Pattern, kind: DossierKind) -> Vec<Party> {
    Moment { status, pattern, kind }.whose_move()
}

fn join(labels: impl IntoIterator<Item = Label>) -> Label {
    let (vi, en): (Vec<_>, Vec<_>) = labels.into_iter().map(|l| (l.vi, l.en)).unzip();
    Label::new(vi.join(", "), en.join(", "))
}

/// "Đến lượt …: …": whose move it is and what is open to them.
fn turn(moment: Moment) -> Label {
    let parties = moment.whose_move();
    let whose = join(parties.iter().map(|party| party.label()));
    let open = moment.moves().filter(|m| !m.action.is_aside() && m.by.iter().any(|p| parties.contains(p)));
    let open = join(open.map(|m| m.action.label()));
    Label::new(format!("Đến lượt {}: {}.", whose.vi, open.vi), format!("It is the move of {}: {}.", whose.en, open.en))
}
