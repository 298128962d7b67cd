//! What the regulation says of certificates: their numbers, their states, their end, and the
//! decisions that carry them.

mod decisions;
mod numbers;
mod revocation;
mod states;
mod stop;

pub use decisions::{DecisionKind, authority_name, may_carry, may_decide, may_sign};
pub use numbers::{number, read};
pub use revocation::{Evidence, EvidenceKind, Ground, REVOCATION_DAYS, check_revocation, is_late, revocation_due};
pub use states::{CertificateFacts, Revocation, Standing, State, Validity, state, valid_through};
pub use stop::Stop;
