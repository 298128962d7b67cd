//! The mean as an exact fraction, and the bands of points that give the stars.

use std::cmp::Ordering;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::marks::Stop;
use crate::text::Lang;

/// A mean of totals, kept as a fraction so that nothing is ever rounded before it is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Mean {
    /// Sum of the totals that count, in points.
    pub sum: i64,
    /// Sheets that count; never 0.
    pub sheets: i64,
}

impl Mean {
    /// Against a whole number of points, by cross-multiplication.
    pub fn against(self, points: i64) -> Ordering {
        self.sum.cmp(&(points * self.sheets))
    }

    /// Whether two decimals show all of it.
    pub fn shown_in_full(self) -> bool {
        self.sum * 100 % self.sheets.max(1) == 0
    }

    /// Two decimals, cut off and not rounded: a mean below 90 must never be read as 90,00.
    pub fn shown(self, lang: Lang) -> String {
        let hundredths = self.sum * 100 / self.sheets.max(1);
        let mark = match lang {
            Lang::Vi => ',',
            Lang::En => '.',
        };
        format!("{}{mark}{:02}", hundredths / 100, hundredths % 100)
    }
}

/// One band of points: 26/2026, Điều 3 khoản 3 has five.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Band {
    /// Star the band gives.
    pub star: u8,
    /// Points from which it begins, inclusive.
    pub from: i64,
    /// Points below which it ends, exclusive; none on the highest.
    pub below: Option<i64>,
}

/// The bands of a decision, from the lowest star up, without gap or overlap.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Bands(Vec<Band>);

impl Bands {
    /// Accepts bands in any order when together they cover everything from 0 points.
    pub fn new(mut bands: Vec<Band>) -> Result<Self, Stop> {
        bands.sort_by_key(|b| b.star);
        let starts = bands.first().is_some_and(|b| b.from == 0);
        let open = bands.last().is_some_and(|b| b.below.is_none_or(|p| p > 100));
        let chained =
            bands.windows(2).all(|w| w[0].star < w[1].star && w[0].from < w[1].from && w[0].below == Some(w[1].from));
        if starts && open && chained { Ok(Self(bands)) } else { Err(Stop::BandsWrong) }
    }

    /// The bands of a rulebook.
    ///
    /// # Errors
    /// When they leave a gap, overlap, or do not begin at 0.
    pub fn of_rulebook(book: &super::Rulebook) -> Result<Self, Stop> {
        let band = |b: &super::rules::Band| Band { star: b.star, from: b.from.into(), below: b.below.map(i64::from) };
        Self::new(book.bands.iter().map(band).collect())
    }

    /// The band a mean falls into.
    pub fn of(&self, mean: Mean) -> Option<&Band> {
        self.0.iter().rev().find(|b| mean.against(b.from) != Ordering::Less)
    }

    /// The band of a star.
    pub fn star(&self, star: u8) -> Option<&Band> {
        self.0.iter().find(|b| b.star == star)
    }

    /// The next higher band.
    pub fn above(&self, star: u8) -> Option<&Band> {
        self.0.iter().find(|b| b.star > star)
    }

    /// The stars from one down, highest first.
    pub fn stars_down(&self, from: u8) -> impl Iterator<Item = u8> {
        self.0.iter().rev().map(|b| b.star).filter(move |s| *s <= from)
    }
}
