//! Import of a list of products that exists on paper: what each row is, and what would be created.
//!
//! Pure: the register, the places and the rulebooks arrive as look-ups. A row makes a recognition
//! only with a star, an authority and a date; nothing is ever invented.

mod keys;
mod places;
mod reasons;
mod recognition;
mod rows;

use std::collections::{BTreeSet, HashMap};

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::producers::{ProducerType, read_type};

pub use keys::{ProductNames, producer_key, product_names};
pub use places::{Candidate, KnownPlace, PlaceBook, PlaceLevel};
pub use reasons::{Finding, Reason, RowClass};
pub use recognition::{IssuingLevel, RecognitionPlan, read_date};
pub use rows::{COLUMNS, Row, missing_columns};

/// What the import asks of the rest of the platform.
pub struct Lookups<'a> {
    /// All units, of all times.
    pub places: &'a PlaceBook,
    /// Units that ended before this day ended before the records: they are candidates only.
    pub records_from: NaiveDate,
    /// Who recognises a star on a day, by the rulebook of that day; nothing when no text names one.
    pub recognises: &'a dyn Fn(u8, NaiveDate) -> Option<IssuingLevel>,
    /// The products that the register has under a [`producer_key`].
    pub registered: &'a dyn Fn(&str) -> Vec<KnownProduct>,
    /// The day of the import, in Việt Nam.
    pub today: NaiveDate,
}

/// Which product a row is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", tag = "kind", content = "value")]
pub enum ProductRef {
    /// One that is not there yet.
    New,
    /// One that the register has, by its id.
    Registered(String),
    /// The one that an earlier line of the same file creates.
    Line(usize),
}

/// A product that is there already.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownProduct {
    /// Which.
    pub product: ProductRef,
    /// Its name and its aliases, as written.
    pub names: Vec<String>,
    /// Its recognitions.
    pub recognitions: Vec<RecognitionPlan>,
    /// Whether its unit is known.
    pub has_place: bool,
}

/// The producer of a row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ProducerPlan {
    /// Its key: two rows with one key have one producer.
    pub key: String,
    /// Its name as written.
    pub name: String,
    /// Its type, when the words name a legal form.
    pub kind: Option<ProducerType>,
    /// The type that an officer is asked to confirm, when they only suggest one ("cơ sở").
    pub suggested_kind: Option<ProducerType>,
}

/// What a row would create or complete.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct RowPlan {
    /// The key under which the register keeps the products of its producer.
    pub key: String,
    /// The product.
    pub product: ProductRef,
    /// Its name as written.
    pub name: String,
    /// Other names that are new to the register.
    pub aliases: Vec<String>,
    /// Its producer, when the row names one.
    pub producer: Option<ProducerPlan>,
    /// Its group as written.
    pub group: Option<String>,
    /// Its unit, only when it is certain.
    pub place: Option<String>,
    /// Its province, when that is certain.
    pub province: Option<String>,
    /// Its address as written.
    pub printed_place: String,
    /// The star as published; without `recognition` it enters no statistic of stars.
    pub published_star: Option<u8>,
    /// The year as published.
    pub year: Option<i32>,
    /// The recognition, when the row proves one; otherwise the history is unknown.
    pub recognition: Option<RecognitionPlan>,
    /// Where the row comes from.
    pub source: Option<String>,
    /// Remarks as written.
    pub notes: Option<String>,
}

/// What a row is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct RowReport {
    /// Line of the file; the header is line 1.
    pub line: usize,
    /// Its class.
    pub class: RowClass,
    /// Why, and what an officer should do.
    pub reasons: Vec<Finding>,
    /// Units that an officer may choose from.
    pub candidates: Vec<Candidate>,
    /// What it would create; nothing for a row that is rejected or changes nothing.
    pub plan: Option<RowPlan>,
}

/// What a file is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct FileReport {
    /// Rows of the file.
    pub rows: usize,
    /// Rows taken over without a question.
    pub accepted: usize,
    /// Rows taken over with a question to an officer.
    pub doubtful: usize,
    /// Rows not taken over.
    pub rejected: usize,
    /// Rows that add nothing.
    pub unchanged: usize,
    /// Products that would be created.
    pub products: usize,
    /// Recognitions that would be created.
    pub recognitions: usize,
    /// Numbered decisions among them.
    pub decisions: usize,
    /// Every row.
    pub reports: Vec<RowReport>,
}

/// Classifies the rows of a file, in order: a later row of the same product completes the earlier one.
pub fn classify_file(rows: &[Row], lookups: &Lookups<'_>) -> FileReport {
    let mut seen = Seen::default();
    let reports: Vec<_> = rows.iter().enumerate().map(|(at, row)| classify(at + 2, row, lookups, &mut seen)).collect();
    let of = |class| reports.iter().filter(|r| r.class == class).count();
    let plans = || reports.iter().filter_map(|r| r.plan.as_ref());
    let recognitions = || plans().filter_map(|p| p.recognition.as_ref());
    FileReport {
        rows: reports.len(),
        accepted: of(RowClass::Accepted),
        doubtful: of(RowClass::Doubtful),
        rejected: of(RowClass::Rejected),
        unchanged: of(RowClass::Unchanged),
        products: plans().filter(|p| p.product == ProductRef::New).count(),
        recognitions: recognitions().count(),
        decisions: recognitions().filter_map(RecognitionPlan::decision_key).collect::<BTreeSet<_>>().len(),
        reports,
    }
}

/// What earlier rows of the same file said.
#[derive(Default)]
pub struct Seen {
    products: HashMap<String, Vec<KnownProduct>>,
    producers_by_product: HashMap<String, String>,
    places_by_producer: HashMap<String, String>,
    dates_by_decision: HashMap<String, NaiveDate>,
}

/// Classifies one row, and remembers it.
pub fn classify(line: usize, row: &Row, lookups: &Lookups<'_>, seen: &mut Seen) -> RowReport {
    let mut reasons = Vec::new();
    let row = row.tidy();
    let star = match recognition::read_star(&row.stars) {
        Ok(star) => star,
        Err(reason) => return rejected(line, reason),
    };
    if row.name.is_empty() {
        return rejected(line, Reason::NameMissing);
    }

    let dated = recognition::find(&row, star, lookups, &mut reasons);
    let recognition = dated.filter(|r| seen.agrees_on_date(r, &mut reasons));
    let place = lookups.places.find(&row.address(), lookups.records_from);
    reasons.extend(place.reason);
    let producer_key = producer_key(&row.producer, &row.province);
    let producer = read_producer(&row, &producer_key, &mut reasons);
    let names = product_names(&row.name);
    seen.note_doubts(&row, &producer_key, &names, place.certain.as_deref(), &mut reasons);

    let known = seen.known(&producer_key, lookups);
    let (product, already) = match keys::find(&names, &known) {
        keys::Found::None => (ProductRef::New, None),
        keys::Found::One(product) => (product.product.clone(), Some(product)),
        keys::Found::Several | keys::Found::Alike => {
            reasons.push(Reason::PossibleDuplicate);
            (ProductRef::New, None)
        }
    };
    if matches!(product, ProductRef::Line(_)) {
        reasons.push(Reason::DuplicateInFile);
    }

    let mut plan = RowPlan {
        province: lookups.places.province(&row.province, recognition.as_ref().map(|r| r.on)),
        key: producer_key.clone(),
        product,
        aliases: names.aliases(),
        name: row.name.clone(),
        producer,
        group: some(&row.group),
        place: place.certain,
        printed_place: row.printed_place(),
        published_star: star,
        year: row.year.parse().ok(),
        recognition,
        source: some(&row.source_url),
        notes: some(&row.notes),
    };
    if plan.group.is_none() {
        reasons.push(Reason::GroupMissing);
    }
    let adds = already.is_none_or(|known| keep_what_is_new(&mut plan, known, &mut reasons));
    if plan.recognition.is_none() && already.is_none_or(|known| known.recognitions.is_empty()) {
        reasons.push(Reason::HistoryUnknown);
    }
    seen.remember(line, &producer_key, &plan, already.cloned());
    let class = if adds { reasons::class(&reasons) } else { RowClass::Unchanged };
    RowReport {
        line,
        class,
        reasons: reasons.into_iter().map(Finding::from).collect(),
        candidates: place.candidates,
        plan: adds.then_some(plan),
    }
}

fn rejected(line: usize, reason: Reason) -> RowReport {
    RowReport { line, class: RowClass::Rejected, reasons: vec![reason.into()], candidates: Vec::new(), plan: None }
}

fn some(text: &str) -> Option<String> {
    (!text.is_empty()).then(|| text.to_owned())
}

fn read_producer(row: &Row, key: &str, reasons: &mut Vec<Reason>) -> Option<ProducerPlan> {
    if row.producer.is_empty() {
        reasons.push(Reason::ProducerMissing);
        return None;
    }
    let read = read_type(&row.producer_type).or_else(|| read_type(&row.producer));
    match read {
        None => reasons.push(Reason::TypeUnknown),
        Some(reading) if !reading.sure => reasons.push(Reason::TypeUnsure),
        Some(_) => {}
    }
    let kind_if = |sure| read.filter(|r| r.sure == sure).map(|r| r.kind);
    Some(ProducerPlan {
        key: key.to_owned(),
        name: row.producer.clone(),
        kind: kind_if(true),
        suggested_kind: kind_if(false),
    })
}

/// Takes out of a plan what the product has already; tells whether anything is left.
fn keep_what_is_new(plan: &mut RowPlan, known: &KnownProduct, reasons: &mut Vec<Reason>) -> bool {
    let written: BTreeSet<_> = known.names.iter().map(|n| keys::fold_name(n)).collect();
    plan.aliases.retain(|alias| !written.contains(&keys::fold_name(alias)));
    if !written.contains(&keys::fold_name(&plan.name)) {
        plan.aliases.insert(0, plan.name.clone());
    }
    if known.has_place {
        plan.place = None;
    }
    if let Some(new) = &plan.recognition {
        if known.recognitions.iter().any(|old| old.same_act(new) && old.star != new.star) {
            reasons.push(Reason::StarContradicts);
            plan.recognition = None;
        } else if known.recognitions.iter().any(|old| old.same_act(new)) {
            plan.recognition = None;
        }
    }
    !plan.aliases.is_empty() || plan.place.is_some() || plan.recognition.is_some()
}

impl Seen {
    fn known(&self, producer_key: &str, lookups: &Lookups<'_>) -> Vec<KnownProduct> {
        let mut here = self.products.get(producer_key).cloned().unwrap_or_default();
        let there = (lookups.registered)(producer_key);
        here.extend(there.into_iter().filter(|k| !here.iter().any(|h| h.product == k.product)).collect::<Vec<_>>());
        here
    }

    /// One number of one authority has one date.
    fn agrees_on_date(&mut self, recognition: &RecognitionPlan, reasons: &mut Vec<Reason>) -> bool {
        let Some(key) = recognition.decision_name() else { return true };
        let first = *self.dates_by_decision.entry(key).or_insert(recognition.on);
        if first != recognition.on {
            reasons.push(Reason::DecisionDateDiffers);
        }
        first == recognition.on
    }

    fn note_doubts(
        &mut self,
        row: &Row,
        producer_key: &str,
        names: &ProductNames,
        place: Option<&str>,
        reasons: &mut Vec<Reason>,
    ) {
        let product = format!("{}|{}", keys::fold_name(&row.province), keys::fold_name(&names.full));
        let first = self.producers_by_product.entry(product).or_insert_with(|| producer_key.to_owned());
        if first != producer_key && (keys::is_nobody(first) || keys::is_nobody(producer_key)) {
            reasons.push(Reason::PossibleDuplicate);
        }
        if let Some(place) = place.filter(|_| !keys::is_nobody(producer_key)) {
            let first = self.places_by_producer.entry(producer_key.to_owned()).or_insert_with(|| place.to_owned());
            if first != place {
                reasons.push(Reason::ProducerPlaceDiffers);
            }
        }
    }

    fn remember(&mut self, line: usize, producer_key: &str, plan: &RowPlan, already: Option<KnownProduct>) {
        let mut product = already.unwrap_or_else(|| KnownProduct {
            product: ProductRef::Line(line),
            names: vec![plan.name.clone()],
            recognitions: Vec::new(),
            has_place: false,
        });
        product.names.extend(plan.aliases.iter().cloned());
        product.recognitions.extend(plan.recognition.clone());
        product.has_place |= plan.place.is_some();
        let of_producer = self.products.entry(producer_key.to_owned()).or_default();
        match of_producer.iter_mut().find(|k| k.product == product.product) {
            Some(old) => *old = product,
            None => of_producer.push(product),
        }
    }
}

#[cfg(test)]
mod tests;
