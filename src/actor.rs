//! The caller as plain values: who, with which rights, in which language.

use crate::ids::{OrganisationId, PlaceId, ProducerId, SessionId, UserId};
use crate::text::Lang;

crate::words! {
    /// What a grant allows a person to be. Rights in a council come from an appointment, never from here.
    pub enum Role {
        /// A person of a producer (chủ thể OCOP).
        Producer = "producer",
        /// An officer of a commune (cán bộ xã).
        Commune = "commune",
        /// An officer of a district, to 30 June 2025.
        District = "district",
        /// An officer of the provincial OCOP agency.
        Province = "province",
        /// An officer of the Ministry.
        Central = "central",
        /// A member of the advisory team (tổ tư vấn).
        Advisory = "advisory",
        /// A leader who signs decisions.
        Signer = "signer",
        /// An officer of a department that gives opinions and sits on councils.
        Department = "department",
        /// An inspector.
        Inspector = "inspector",
        /// A consultant with a mandate of a producer.
        Consultant = "consultant",
        /// An editor of public content.
        Editor = "editor",
        /// An administrator of the instance.
        Administrator = "administrator",
        /// An auditor: reads the audit, changes nothing.
        Auditor = "auditor",
    }
}

/// A right that holds on the day of the request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grant {
    /// The role.
    pub role: Role,
    /// The place whose territory it reaches; none for producers and for the whole instance.
    pub place: Option<PlaceId>,
    /// The producer it speaks for.
    pub producer: Option<ProducerId>,
    /// The organisation it belongs to.
    pub organisation: Option<OrganisationId>,
}

/// Who acts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Who {
    /// Nobody signed in.
    Anonymous,
    /// A person, through one sign-in.
    User {
        /// The person.
        user: UserId,
        /// The sign-in.
        session: SessionId,
    },
    /// The service itself, or a command on the machine; the word names which.
    System(&'static str),
}

/// How far a caller sees.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reach {
    /// Everything in the instance.
    Everywhere,
    /// The territory of these offices (joined through `place_reach`).
    Offices(Vec<PlaceId>),
}

/// The caller's identity and rights, read from the database for each request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Actor {
    /// Who.
    pub who: Who,
    /// Grants valid today.
    pub grants: Vec<Grant>,
}

impl Actor {
    /// Nobody.
    pub fn anonymous() -> Self {
        Self { who: Who::Anonymous, grants: Vec::new() }
    }

    /// The service itself: sees everything, is named in the audit.
    pub fn system(name: &'static str) -> Self {
        Self { who: Who::System(name), grants: Vec::new() }
    }

    /// The person, when someone is signed in.
    pub fn user(&self) -> Option<UserId> {
        match self.who {
            Who::User { user, .. } => Some(user),
            _ => None,
        }
    }

    /// Whether it is the service itself.
    pub fn is_system(&self) -> bool {
        matches!(self.who, Who::System(_))
    }

    /// Whether any grant has this role.
    pub fn is(&self, role: Role) -> bool {
        self.grants.iter().any(|g| g.role == role)
    }

    /// Whether any grant has one of these roles.
    pub fn is_any(&self, roles: &[Role]) -> bool {
        self.grants.iter().any(|g| roles.contains(&g.role))
    }

    /// Whether the caller reads results and signed decisions before they are published.
    pub fn reads_early(&self) -> bool {
        self.is_system() || self.is_any(EARLY_READERS)
    }

    /// The producers the caller speaks for.
    pub fn producers(&self) -> Vec<ProducerId> {
        self.grants
            .iter()
            .filter(|g| matches!(g.role, Role::Producer | Role::Consultant))
            .filter_map(|g| g.producer)
            .collect()
    }

    /// How far these roles of the caller reach. A grant of such a role without a place reaches everywhere;
    /// that of a department reaches nothing: it sees what it is asked.
    pub fn reach(&self, roles: &[Role]) -> Reach {
        if self.is_system() {
            return Reach::Everywhere;
        }
        let mut offices = Vec::new();
        for grant in self.grants.iter().filter(|g| roles.contains(&g.role)) {
            match grant.place {
                None if grant.producer.is_none() && grant.role != Role::Department => return Reach::Everywhere,
                None => {}
                Some(place) => offices.push(place),
            }
        }
        Reach::Offices(offices)
    }
}

/// The roles of officials who see what happens in their territory.
pub const OFFICIALS: &[Role] = &[
    Role::Commune,
    Role::District,
    Role::Province,
    Role::Central,
    Role::Advisory,
    Role::Signer,
    Role::Department,
    Role::Inspector,
    Role::Auditor,
];

/// The officials of the deciding levels: they read results and signed decisions before publication.
/// Nobody else learns anything of a result before its publication act.
pub const EARLY_READERS: &[Role] =
    &[Role::District, Role::Province, Role::Central, Role::Advisory, Role::Signer, Role::Inspector, Role::Auditor];

/// One request, as an act needs to know it.
#[derive(Debug, Clone)]
pub struct Caller {
    /// Who calls.
    pub actor: Actor,
    /// The language of messages.
    pub lang: Lang,
    /// The request's name in logs, audit and answers.
    pub trace: String,
    /// The network the request came from (IPv4 /24, IPv6 /48), for limits on anonymous calls.
    pub network: String,
}

impl Caller {
    /// The service itself.
    pub fn system(name: &'static str) -> Self {
        Self { actor: Actor::system(name), lang: Lang::Vi, trace: name.to_owned(), network: "local".to_owned() }
    }
}
