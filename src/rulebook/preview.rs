//! What a sheet gives so far: for the producer who scores himself, and for a member at work.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::bands::{Bands, Mean};
use super::criteria::CriteriaSet;
use super::marks::{Marks, Stop, applies, check_mark, eliminated, reached, unmarked};

/// A star minimum that is not reached, or not marked yet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct MissingMinimum {
    /// Code of the criterion.
    pub criterion: String,
    /// The star.
    pub star: u8,
    /// The least options for it: one, or one for each case.
    pub needed: Vec<String>,
    /// What is chosen now; `null` for "none" or nothing yet.
    pub chosen: Option<String>,
}

/// What the next star still needs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct NextStar {
    /// The star.
    pub star: u8,
    /// Minima first, in printed order.
    pub minima: Vec<MissingMinimum>,
    /// Points still missing to its band, 0 when the band is reached.
    pub points: i64,
}

/// A forecast; only a council gives a star.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Preview {
    /// Points of what is marked.
    pub total: i64,
    /// Points that can still be reached without changing a mark.
    pub reachable: i64,
    /// Criteria without a mark, in printed order.
    pub unmarked: Vec<String>,
    /// The star that the marks would give now; 0 when they eliminate the product.
    pub star: u8,
    /// The section whose eliminating note the marks bring.
    pub eliminated: Option<String>,
    /// What the next star needs; none at the highest.
    pub next: Option<NextStar>,
}

/// What the marks give so far. A wrong mark is refused as on a sheet; missing ones are listed.
pub fn preview(set: &CriteriaSet, bands: &Bands, marks: &Marks) -> Result<Preview, Stop> {
    let mut total = 0;
    for (criterion, choice) in marks {
        total += check_mark(set, criterion, choice, marks)?;
    }
    let unmarked = unmarked(set, marks);
    let left: i64 = unmarked.iter().filter_map(|code| set.criterion(code)).map(|c| c.max_points).sum();
    let by_band = bands.of(Mean { sum: total, sheets: 1 }).ok_or(Stop::BandsWrong)?.star;
    let held = bands.stars_down(by_band).find(|s| missing(set, *s, marks).is_empty()).unwrap_or(0);
    let eliminated = eliminated(set, marks).map(|section| section.code.clone());
    let (star, next) = match eliminated {
        None => (held, bands.above(held)),
        Some(_) => (0, bands.star(held).or_else(|| bands.above(held))),
    };
    let next = next.map(|band| NextStar {
        star: band.star,
        minima: missing(set, band.star, marks),
        points: (band.from - total).max(0),
    });
    Ok(Preview { total, reachable: total + left, unmarked, star, eliminated, next })
}

/// The minima up to a star that these marks do not reach, in printed order.
pub(super) fn missing(set: &CriteriaSet, star: u8, marks: &Marks) -> Vec<MissingMinimum> {
    let mut out = Vec::new();
    for criterion in set.scored().into_iter().filter(|c| applies(set, c, marks)) {
        for mark in criterion.minimum_stars().into_iter().filter(|s| *s <= star) {
            if reached(set, criterion, mark, marks) {
                continue;
            }
            let needed = criterion.options.iter().filter(|o| o.minimum_for_star == Some(mark));
            out.push(MissingMinimum {
                criterion: criterion.code.clone(),
                star: mark,
                needed: needed.map(|o| o.code.clone()).collect(),
                chosen: marks.get(&criterion.code).and_then(|c| c.option.clone()),
            });
        }
    }
    out
}
