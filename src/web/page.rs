//! Pages cut by key, never by offset.

use actix_web::http::StatusCode;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as B64;
use chrono::{Datelike, NaiveDate};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::Answer;
use crate::error::{AppError, FieldError, Result};

/// The most rows that one page holds.
pub const MAX: i64 = 100;

/// A page of a list.
#[derive(Debug, Clone, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Page<T> {
    /// The rows.
    pub data: Vec<T>,
    /// Where to go on.
    pub page: PageInfo,
}

/// Where a list goes on.
#[derive(Debug, Clone, Serialize, Deserialize, utoipa::ToSchema)]
pub struct PageInfo {
    /// Give this as `cursor` to get the next page; null on the last one.
    pub next: Option<String>,
}

/// How many rows were asked for: 20 unless said, at most 100.
///
/// # Errors
/// 400 when it is not between 1 and 100.
pub fn limit(asked: Option<i64>) -> Result<i64> {
    match asked {
        None => Ok(20),
        Some(n) if (1..=MAX).contains(&n) => Ok(n),
        Some(_) => {
            Err(AppError::BadParameter(vec![FieldError::new("limit", "range", "Từ 1 đến 100.", "From 1 to 100.")]))
        }
    }
}

/// A day of a query that both engines can compare.
///
/// # Errors
/// 400 when it is not between 1900 and 2200.
pub fn sensible_day(name: &'static str, day: Option<NaiveDate>) -> Result<Option<NaiveDate>> {
    match day {
        Some(day) if !(1900..=2200).contains(&day.year()) => Err(AppError::BadParameter(vec![FieldError::new(
            name,
            "range",
            "Chọn ngày trong khoảng 1900 đến 2200.",
            "Choose a day between 1900 and 2200.",
        )])),
        day => Ok(day),
    }
}

/// Reads a cursor that an earlier page gave.
///
/// # Errors
/// 400 when it is not one of ours for this list.
pub fn read_cursor<K: DeserializeOwned>(cursor: Option<&str>) -> Result<Option<K>> {
    let Some(text) = cursor else { return Ok(None) };
    let read = || -> Option<K> {
        let key = B64.decode(text).ok()?;
        // U+0000, which PostgreSQL cannot keep, is in none of ours.
        let foreign = key.windows(6).any(|w| w == b"\\u0000");
        if foreign { None } else { serde_json::from_slice(&key).ok() }
    };
    read().map(Some).ok_or_else(|| {
        AppError::BadParameter(vec![FieldError::new(
            "cursor",
            "bad_cursor",
            "Dùng đúng giá trị page.next của trang trước.",
            "Use page.next of the page before, as it is.",
        )])
    })
}

/// Words of a list that a parameter takes, separated by commas.
///
/// # Errors
/// 400 for a word that is none, with those that are.
pub fn words<T: Copy + std::fmt::Display>(name: &'static str, text: Option<&str>, known: &[T]) -> Result<Vec<T>> {
    let find = |word: &str| known.iter().copied().find(|k| k.to_string() == word);
    let all = || known.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
    let wanted = text.unwrap_or_default().split(',').map(str::trim).filter(|w| !w.is_empty());
    wanted
        .map(|word| {
            find(word).ok_or_else(|| {
                let (vi, en) = (format!("Chọn trong: {}.", all()), format!("Choose from: {}.", all()));
                AppError::BadParameter(vec![FieldError::new(name, "not_allowed", &vi, &en)])
            })
        })
        .collect()
}

impl PageInfo {
    /// 200, private: a body that holds more than rows, with the link to its next page.
    ///
    /// # Errors
    /// When it cannot be written as JSON.
    pub fn answer<B: Serialize>(&self, body: &B) -> Result<Answer> {
        let mut answer = Answer::json(StatusCode::OK, body)?;
        answer.next.clone_from(&self.next);
        Ok(answer)
    }
}

impl<T> Page<T> {
    /// Cuts `limit + 1` rows to a page; the key of the last row kept becomes the cursor.
    pub fn cut<K: Serialize>(mut rows: Vec<T>, limit: i64, key: impl Fn(&T) -> K) -> Self {
        let more = rows.len() as i64 > limit;
        rows.truncate(usize::try_from(limit).unwrap_or(0));
        let next = match (more, rows.last()) {
            (true, Some(last)) => serde_json::to_vec(&key(last)).ok().map(|bytes| B64.encode(bytes)),
            _ => None,
        };
        Self { data: rows, page: PageInfo { next } }
    }

    /// The same page with every row in another shape, that may not be had.
    ///
    /// # Errors
    /// With the first row that has none.
    pub fn try_map<U>(self, shape: impl FnMut(T) -> Result<U>) -> Result<Page<U>> {
        Ok(Page { data: self.data.into_iter().map(shape).collect::<Result<_>>()?, page: self.page })
    }

    /// The same page with every row in another shape.
    pub fn map<U>(self, shape: impl FnMut(T) -> U) -> Page<U> {
        Page { data: self.data.into_iter().map(shape).collect(), page: self.page }
    }
}

impl<T: Serialize> Page<T> {
    /// 200, private.
    ///
    /// # Errors
    /// When it cannot be written as JSON.
    pub fn answer(&self) -> Result<Answer> {
        self.page.answer(self)
    }

    /// 200, public.
    ///
    /// # Errors
    /// When it cannot be written as JSON.
    pub fn public(&self) -> Result<Answer> {
        Ok(self.answer()?.public())
    }
}
