//! Many dossiers that are simply there: copies of one that was played, in other places and states.

use chrono::NaiveDate;
use diesel::connection::SimpleConnection;
use diesel::{QueryDsl, RunQueryDsl, SelectableHelper};
use ocop::actor::Caller;
use ocop::db::schema::dossiers;
use ocop::db::{Conn, open};
use ocop::dossiers::{Desk, Dossier, Status};
use ocop::each;
use ocop::ids::{CriteriaSetId, DossierId, PlaceId, ProducerId, ProductId};
use ocop::rulebook::{DossierKind, Pattern};

use super::World;
use super::dossiers::Played;

/// What one copy is.
#[derive(Debug, Clone, Copy)]
pub struct Copy {
    pub place: PlaceId,
    pub producer: ProducerId,
    pub product: ProductId,
    pub status: Status,
    pub kind: DossierKind,
    pub set: Option<CriteriaSetId>,
    pub deadline: Option<NaiveDate>,
}

impl Played {
    /// A copy as it is, to be changed.
    pub fn copy(&self) -> Copy {
        Copy {
            place: self.offices.place,
            producer: self.producer_id,
            product: self.product_id,
            status: Status::Submitted,
            kind: DossierKind::First,
            set: None,
            deadline: None,
        }
    }

    /// Stores copies of this dossier; nothing hangs on them.
    pub fn copied(&self, copies: &[Copy]) -> Vec<DossierId> {
        let world: &World = &self.producer.world;
        let id: DossierId = self.id.parse().unwrap();
        let (copies, mut made) = (copies.to_vec(), Vec::new());
        let mut conn = open(world.db().url()).unwrap();
        let model: Dossier = dossiers::table.find(id).select(Dossier::as_select()).first(&mut conn).unwrap();
        let rows: Vec<Dossier> = copies
            .iter()
            .enumerate()
            .map(|(n, copy)| Dossier {
                id: DossierId::new(),
                place_id: copy.place,
                filed_place_id: copy.place,
                producer_id: copy.producer,
                product_id: copy.product,
                status: copy.status,
                kind: copy.kind,
                criteria_set_id: copy.set.unwrap_or(model.criteria_set_id),
                level: Desk::of(copy.status, Pattern::ProvinceDirect).unwrap_or(Desk::Province),
                filed_on: (copy.status != Status::Draft).then_some(model.filed_on).flatten(),
                deadline_plain: copy.deadline,
                deadline_paused: copy.deadline,
                receipt_number: None,
                product_code: Some(format!("86-29242-{}-2026", n + 1)),
                moved_at: model.moved_at.plus_seconds(i64::try_from(n).unwrap()),
                ..model.clone()
            })
            .collect();
        made.extend(rows.iter().map(|r| r.id));
        for chunk in rows.chunks(500) {
            let chunk = chunk.to_vec();
            each!(&mut conn, c => diesel::insert_into(dossiers::table).values(&chunk).execute(c)).unwrap();
        }
        if let Conn::Pg(_) = conn {
            conn.batch_execute("analyze dossiers").unwrap();
        }
        made
    }
}

impl World {
    /// The newest revision of a criteria set of the rulebook of today.
    pub fn set_id(&self, code: &str) -> CriteriaSetId {
        let code = code.to_owned();
        self.db()
            .read_now(&Caller::system("test"), |cx| {
                let book = ocop::rulebook::for_filing(cx, DossierKind::First, cx.today())?;
                Ok(ocop::rulebook::newest_set(cx, book.id, &code)?.id)
            })
            .unwrap()
    }
}
