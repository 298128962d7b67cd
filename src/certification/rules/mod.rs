//! What the regulation says of certificates: their numbers, their states, their end, and the
//! decisions that carry them.

mod corrections;
mod days;
mod decisions;
mod history;
mod lookup;
mod numbers;
mod revocation;
mod states;
mod stop;

pub use corrections::{Corrections, LINES, PrintedField, Wording};
pub use days::{DayEvent, REMINDERS, days_between};
pub use decisions::{DecisionKind, ReopenAt, UNWRITTEN, article, authority_name, may_carry, may_decide, may_sign};
pub use history::{Event, Life, LifeEvent, Recognised, life};
pub use lookup::{Key, Reading, look_up};
pub use numbers::{number, read};
pub use revocation::{Evidence, EvidenceKind, Ground, REVOCATION_DAYS, check_revocation, is_late, revocation_due};
pub use states::{
    CertificateFacts, Revocation, Standing, State, Validity, assumption, extend, potential_five, state, valid_through,
};
pub use stop::Stop;
