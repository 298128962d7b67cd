//! Dossiers found by words, code, place, state, kind and days, inside what the caller may see; and what
//! was found, divided. Page and facets are made of the same conditions.

use std::collections::{BTreeMap, HashMap};

use super::dto::{DossierPage, DossierQuery, Facet, FacetValue, Facets, ListExpansion};
use super::rules::Status;
use super::store::{self, Filter, RoundKey, Veil};
use super::{show, untold};
use crate::db::{Ctx, Moment};
use crate::error::{AppError, FieldError, Result};
use crate::ids::{DossierId, PlaceId};
use crate::places::{self, Place};
use crate::rulebook::{Authority, DossierKind};
use crate::text::{Label, tokens};
use crate::web::{Page, page};

/// A page of dossiers, the last moved first; with facets where they were asked for. To be read in one
/// snapshot.
pub(super) fn page(cx: &mut Ctx<'_>, query: &DossierQuery) -> Result<DossierPage> {
    let limit = page::limit(query.limit)?;
    let expand = page::words("expand", query.expand.as_deref(), ListExpansion::ALL)?;
    let asked = page::words("facets", query.facets.as_deref(), Facet::ALL)?;
    let after: Option<(i64, DossierId)> = page::read_cursor(query.cursor.as_deref())?;
    let after = after.map(|(at, id)| (Moment::from_micros(at), id));
    let filter = filter(query)?;
    let veil = Veil::of(cx)?;
    let rows = store::page(cx, &filter, &veil, after, limit)?;
    let page = Page::cut(rows, limit, |row| (row.moved_at.micros(), row.id));
    let rows = untold::all_as_told(cx, page.data)?;
    let facets = match asked.is_empty() {
        true => None,
        false => Some(facets(cx, &filter, &veil, &asked)?),
    };
    Ok(DossierPage { data: show::summaries(cx, &rows, &expand)?, page: page.page, facets })
}

/// A text that narrows a list; none when it is empty.
///
/// # Errors
/// 400 for what no database could find.
pub(super) fn text(name: &'static str, text: Option<&str>) -> Result<Option<String>> {
    match text.map(str::trim) {
        Some(t) if t.chars().count() > 200 || t.contains('\0') => Err(AppError::BadParameter(vec![FieldError::new(
            name,
            "length",
            "Không dài quá 200 ký tự, không có ký tự điều khiển.",
            "No longer than 200 characters, without control characters.",
        )])),
        Some("") | None => Ok(None),
        Some(t) => Ok(Some(t.to_owned())),
    }
}

fn filter(query: &DossierQuery) -> Result<Filter> {
    Ok(Filter {
        words: text("q", query.q.as_deref())?.map(|q| tokens(&q)).unwrap_or_default(),
        code: text("code", query.code.as_deref())?,
        status: query.status,
        level: query.level,
        kind: query.kind,
        place: query.place,
        product: query.product,
        producer: query.producer,
        set: text("set", query.set.as_deref())?,
        round: query.round.as_deref().map(read_round).transpose()?,
        filed_from: page::sensible_day("filedFrom", query.filed_from)?,
        filed_to: page::sensible_day("filedTo", query.filed_to)?,
        due_from: page::sensible_day("dueFrom", query.due_from)?,
        due_to: page::sensible_day("dueTo", query.due_to)?,
    })
}

/// `province-1-2026`.
fn read_round(word: &str) -> Result<RoundKey> {
    let mut parts = word.split('-');
    let mut next = || parts.next();
    let key = match (next(), next(), next(), next()) {
        (Some(level), Some(number), Some(year), None) => Authority::parse(level)
            .zip(number.parse().ok())
            .zip(year.parse().ok())
            .map(|((level, number), year)| RoundKey { level, number, year }),
        _ => None,
    };
    key.ok_or_else(|| {
        AppError::BadParameter(vec![FieldError::new(
            "round",
            "wrong_form",
            "Viết cấp, đợt và năm: province-1-2026.",
            "Write level, number and year: province-1-2026.",
        )])
    })
}

/// Each facet under all the other filters.
fn facets(cx: &mut Ctx<'_>, filter: &Filter, veil: &Veil, asked: &[Facet]) -> Result<Facets> {
    let mut facets = Facets::default();
    for facet in asked {
        match facet {
            Facet::Status => facets.status = Some(statuses(cx, filter, veil)?),
            Facet::Kind => facets.kind = Some(kinds(cx, filter, veil)?),
            Facet::Set => facets.set = Some(sets(cx, filter, veil)?),
            Facet::Place => facets.place = Some(units(cx, filter, veil)?),
            Facet::Round => facets.round = Some(rounds(cx, filter, veil)?),
        }
    }
    Ok(facets)
}

fn statuses(cx: &mut Ctx<'_>, filter: &Filter, veil: &Veil) -> Result<Vec<FacetValue>> {
    let others = Filter { status: None, ..filter.clone() };
    let found = store::found_by_status(cx, &others, veil)?;
    let value = |s: &Status| Some(FacetValue { value: s.word().to_owned(), label: s.label(), count: *found.get(s)? });
    Ok(Status::ALL.iter().filter_map(value).collect())
}

fn kinds(cx: &mut Ctx<'_>, filter: &Filter, veil: &Veil) -> Result<Vec<FacetValue>> {
    let others = Filter { kind: None, ..filter.clone() };
    let found: HashMap<DossierKind, i64> = store::found_by_kind(cx, &others, veil)?.into_iter().collect();
    let value =
        |k: &DossierKind| Some(FacetValue { value: k.word().to_owned(), label: k.label(), count: *found.get(k)? });
    Ok(DossierKind::ALL.iter().filter_map(value).collect())
}

/// By code: the revisions of a set, under any rulebook, are one value with the newest name.
fn sets(cx: &mut Ctx<'_>, filter: &Filter, veil: &Veil) -> Result<Vec<FacetValue>> {
    let others = Filter { set: None, ..filter.clone() };
    let found: HashMap<_, i64> = store::found_by_set(cx, &others, veil)?.into_iter().collect();
    let ids: Vec<_> = found.keys().copied().collect();
    let mut by_code: BTreeMap<String, FacetValue> = BTreeMap::new();
    for (id, code, label) in store::set_names(cx, &ids)? {
        let value = by_code.entry(code.clone()).or_insert_with(|| FacetValue { value: code, label, count: 0 });
        value.count += found.get(&id).copied().unwrap_or(0);
    }
    Ok(by_code.into_values().collect())
}

/// By unit: the provinces, or what lies directly in the unit that was asked for. What is kept at a unit
/// that was divided counts for each of its successors, as the list of each shows it.
fn units(cx: &mut Ctx<'_>, filter: &Filter, veil: &Veil) -> Result<Vec<FacetValue>> {
    let asked = filter.place;
    let found = store::found_by_place(cx, filter, veil)?;
    let places = places::below(cx, asked, cx.today())?;
    let at: Vec<PlaceId> = found.iter().map(|(id, _)| *id).collect();
    let offices: Vec<PlaceId> = places.iter().map(|p| p.id).collect();
    let count_at: HashMap<PlaceId, i64> = found.into_iter().collect();
    let mut count_of: HashMap<PlaceId, i64> = HashMap::new();
    for (office, place) in store::reached(cx, &offices, &at)? {
        *count_of.entry(office).or_default() += count_at.get(&place).copied().unwrap_or(0);
    }
    let value = |p: Place| {
        let count = *count_of.get(&p.id).filter(|n| **n > 0)?;
        Some(FacetValue { value: p.id.to_string(), label: Label::new(&p.full_name, &p.full_name), count })
    };
    Ok(places.into_iter().filter_map(value).collect())
}

/// There are few rounds: each is counted as its list is read.
fn rounds(cx: &mut Ctx<'_>, filter: &Filter, veil: &Veil) -> Result<Vec<FacetValue>> {
    let mut known = store::rounds(cx)?;
    known.sort_by_key(|r| (std::cmp::Reverse((r.year, r.number)), r.level));
    let mut values = Vec::new();
    for round in known {
        let count = store::count_found(cx, &Filter { round: Some(round), ..filter.clone() }, veil)?;
        if count > 0 {
            let (RoundKey { level, number, year }, of) = (round, round.level.label());
            let (vi, en) =
                (format!("đợt {number} năm {year}, {}", of.vi), format!("round {number} of {year}, {}", of.en));
            values.push(FacetValue { value: format!("{level}-{number}-{year}"), label: Label::new(vi, en), count });
        }
    }
    Ok(values)
}
