//! A dossier while one answer about it is made: what several parts of the answer are made of is read
//! once. It lies open for reading; whoever writes opens it again.

use std::cell::OnceCell;

use super::model::{ClockRow, Document, Dossier, MoveRow, PauseRow, SelfMark};
use super::rules::Party;
use super::{book_of, choices, handing, parties_of, store};
use crate::db::Ctx;
use crate::error::Result;
use crate::places::{self, calendar::Calendar};
use crate::rulebook::marks::Marks;
use crate::rulebook::rules::Round;
use crate::rulebook::{self, Rulebook, StoredSet};

/// The row, and what was read beside it so far.
pub(super) struct Opened<'a> {
    pub row: &'a Dossier,
    book: OnceCell<Rulebook>,
    set: OnceCell<StoredSet>,
    calendar: OnceCell<Calendar>,
    documents: OnceCell<Vec<Document>>,
    marks: OnceCell<Vec<SelfMark>>,
    moves: OnceCell<Vec<MoveRow>>,
    clocks: OnceCell<Vec<ClockRow>>,
    pauses: OnceCell<Vec<PauseRow>>,
    parties: OnceCell<Vec<Party>>,
    round: OnceCell<Option<Round>>,
}

fn once<T>(kept: &OnceCell<T>, read: impl FnOnce() -> Result<T>) -> Result<&T> {
    if let Some(known) = kept.get() {
        return Ok(known);
    }
    let read = read()?;
    Ok(kept.get_or_init(|| read))
}

impl<'a> Opened<'a> {
    pub fn of(row: &'a Dossier) -> Self {
        Self {
            row,
            book: OnceCell::new(),
            set: OnceCell::new(),
            calendar: OnceCell::new(),
            documents: OnceCell::new(),
            marks: OnceCell::new(),
            moves: OnceCell::new(),
            clocks: OnceCell::new(),
            pauses: OnceCell::new(),
            parties: OnceCell::new(),
            round: OnceCell::new(),
        }
    }

    /// Under a rulebook that is at hand.
    pub fn under(row: &'a Dossier, book: &Rulebook) -> Self {
        Self { book: OnceCell::from(book.clone()), ..Self::of(row) }
    }

    /// [`book_of`].
    pub fn book(&self, cx: &mut Ctx<'_>) -> Result<&Rulebook> {
        once(&self.book, || book_of(cx, self.row))
    }

    /// Its criteria set.
    pub fn set(&self, cx: &mut Ctx<'_>) -> Result<&StoredSet> {
        once(&self.set, || rulebook::set(cx, self.row.criteria_set_id))
    }

    /// The holidays and swapped days.
    pub fn calendar(&self, cx: &mut Ctx<'_>) -> Result<&Calendar> {
        once(&self.calendar, || places::calendar(cx))
    }

    /// The papers that lie in it.
    pub fn documents(&self, cx: &mut Ctx<'_>) -> Result<&Vec<Document>> {
        once(&self.documents, || store::documents(cx, self.row.id))
    }

    /// What the producer says about each criterion.
    pub fn marks(&self, cx: &mut Ctx<'_>) -> Result<&Vec<SelfMark>> {
        once(&self.marks, || store::marks(cx, self.row.id))
    }

    /// What the producer chose.
    pub fn choices(&self, cx: &mut Ctx<'_>) -> Result<Marks> {
        Ok(choices(self.marks(cx)?))
    }

    /// Every move that it made.
    pub fn moves(&self, cx: &mut Ctx<'_>) -> Result<&Vec<MoveRow>> {
        once(&self.moves, || store::moves(cx, self.row.id))
    }

    /// Its clocks, ended or not.
    pub fn clocks(&self, cx: &mut Ctx<'_>) -> Result<&Vec<ClockRow>> {
        once(&self.clocks, || store::clocks(cx, self.row.id))
    }

    /// Its times of waiting.
    pub fn pauses(&self, cx: &mut Ctx<'_>) -> Result<&Vec<PauseRow>> {
        once(&self.pauses, || store::pauses(cx, self.row.id))
    }

    /// [`parties_of`].
    pub fn parties(&self, cx: &mut Ctx<'_>) -> Result<&Vec<Party>> {
        once(&self.parties, || parties_of(cx, self.row))
    }

    /// [`handing::round_of`].
    pub fn round(&self, cx: &mut Ctx<'_>) -> Result<Option<Round>> {
        once(&self.round, || handing::round_reached(cx, self)).copied()
    }
}
