//! What a row of a list does to the register: producer, product, other names, recognition, and the
//! questions to an officer.

use std::collections::BTreeMap;

use serde_json::json;

use super::model::{ImportRow, OfficerTask, TaskKind, TaskState, TaskSubject};
use super::{rules, store};
use crate::catalogue::import::{Finding, IssuingLevel, ProductRef, RecognitionPlan, RowPlan, RowReport};
use crate::certification::{self, ImportedRecognition};
use crate::db::{Ctx, Doc};
use crate::error::{AppError, Result};
use crate::ids::{JobId, PlaceId, ProducerId, ProductId, RowId};
use crate::places::{self, Level};
use crate::producers::{self, NewProducer};
use crate::products::{self, NewProduct};
use crate::rulebook::Authority;

/// Takes a row over; tells whether it made a recognition.
pub(super) fn row(cx: &mut Ctx<'_>, row: &ImportRow) -> Result<bool> {
    let report: RowReport = row.report.read().map_err(AppError::internal)?;
    let Some(plan) = &report.plan else { return Ok(false) };
    let place = id_of::<PlaceId>(plan.place.as_deref())?;
    let province = id_of::<PlaceId>(plan.province.as_deref())?;
    let producer = producer(cx, plan, place.or(province))?;
    let product = product(cx, row.job_id, plan, producer, place.or(province))?;
    products::complete_import(cx, product, &plan.aliases, place, plan.recognition.is_some())?;
    if let Some(recognition) = &plan.recognition {
        recognise(cx, plan, recognition, product, producer, place.or(province))?;
    }
    store::set_product(cx, row.job_id, row.line, product)?;
    ask(cx, row, &report, product, producer, place.or(province))?;
    Ok(plan.recognition.is_some())
}

fn id_of<T: std::str::FromStr<Err: std::fmt::Display>>(text: Option<&str>) -> Result<Option<T>> {
    text.map(|t| t.parse().map_err(AppError::internal)).transpose()
}

fn producer(cx: &mut Ctx<'_>, plan: &RowPlan, place: Option<PlaceId>) -> Result<Option<ProducerId>> {
    let Some(named) = &plan.producer else { return Ok(None) };
    let new = NewProducer {
        name: named.name.clone(),
        kind: named.kind,
        place_id: place,
        address: plan.printed_place.clone(),
        ..NewProducer::default()
    };
    Ok(Some(producers::import_producer(cx, &named.key, new)?.0.id))
}

fn product(
    cx: &mut Ctx<'_>,
    job: JobId,
    plan: &RowPlan,
    producer: Option<ProducerId>,
    place: Option<PlaceId>,
) -> Result<ProductId> {
    let met = match &plan.product {
        ProductRef::Registered(id) => id_of::<ProductId>(Some(id))?,
        ProductRef::Line(line) => store::product_of_line(cx, job, i32::try_from(*line).map_err(AppError::internal)?)?,
        // Another list may have brought it while this one was being read.
        ProductRef::New => {
            let known = products::imported_under(cx, &plan.key)?;
            known.into_iter().find(|(row, _)| row.name == plan.name).map(|(row, _)| row.id)
        }
    };
    if let Some(id) = met {
        return products::canonical(cx, id);
    }
    let new = NewProduct { producer_id: producer, name: plan.name.clone(), place_id: place, ..NewProduct::default() };
    Ok(products::import_product(cx, &plan.key, new, &plan.aliases, plan.recognition.is_none())?.id)
}

fn recognise(
    cx: &mut Ctx<'_>,
    plan: &RowPlan,
    recognition: &RecognitionPlan,
    product: ProductId,
    producer: Option<ProducerId>,
    place: Option<PlaceId>,
) -> Result<()> {
    let level = match recognition.level {
        IssuingLevel::District => Authority::District,
        IssuingLevel::Province => Authority::Province,
        IssuingLevel::Centre => Authority::Central,
    };
    let listed = ImportedRecognition {
        product_id: product,
        producer_id: producer,
        star: recognition.star,
        level,
        decision_number: recognition.decision_no.clone(),
        decided_on: recognition.on,
        place_id: place,
        printed_place: plan.printed_place.clone(),
        authority_name: authority(cx, level, place)?,
    };
    certification::import_recognition(cx, listed)?;
    Ok(())
}

/// The authority that the rulebook of the day names, in words.
fn authority(cx: &mut Ctx<'_>, level: Authority, place: Option<PlaceId>) -> Result<String> {
    let wanted = match level {
        Authority::Central => return Ok(level.label().vi),
        Authority::Province => Level::Province,
        Authority::District => Level::District,
    };
    let above = match place {
        Some(place) => places::ancestors(cx, place)?,
        None => Vec::new(),
    };
    let office = above.into_iter().find(|p| p.level == wanted);
    Ok(office.map_or_else(|| level.label().vi, |p| format!("Ủy ban nhân dân {}", lower_first(&p.full_name))))
}

fn lower_first(name: &str) -> String {
    let mut chars = name.chars();
    chars.next().map(|c| c.to_lowercase().chain(chars).collect()).unwrap_or_default()
}

/// Asks an officer what the row leaves open; a question about the same thing is asked once.
fn ask(
    cx: &mut Ctx<'_>,
    row: &ImportRow,
    report: &RowReport,
    product: ProductId,
    producer: Option<ProducerId>,
    place: Option<PlaceId>,
) -> Result<()> {
    let mut questions: BTreeMap<TaskKind, Vec<&Finding>> = BTreeMap::new();
    for finding in &report.reasons {
        if let Some(kind) = rules::task_of(finding.word) {
            questions.entry(kind).or_default().push(finding);
        }
    }
    for (kind, findings) in questions {
        let (subject_kind, subject_id) = match (kind, producer) {
            (TaskKind::TypeOfProducer | TaskKind::PlaceOfProducer, Some(id)) => (TaskSubject::Producer, id.0),
            _ => (TaskSubject::Product, product.0),
        };
        let candidates = (kind == TaskKind::PlaceOfProduct).then_some(&report.candidates);
        let detail = json!({ "job": row.job_id, "line": row.line, "reasons": findings, "candidates": candidates,
            "printedPlace": report.plan.as_ref().map(|p| &p.printed_place) });
        let task = OfficerTask {
            id: RowId::new(),
            kind,
            subject_kind,
            subject_id: RowId(subject_id),
            place_id: place,
            detail: Doc(detail),
            state: TaskState::Open,
            created_at: cx.now,
            closed_at: None,
        };
        store::insert_task(cx, &task)?;
    }
    Ok(())
}
