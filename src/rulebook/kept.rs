//! Records that were read once, kept under the hash of their text; rulebooks settled, under the hashes of
//! all of them. A published record never changes under its hash, so what is kept is right for every
//! database and may be lost at any time.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use super::criteria::CriteriaSet;
use super::rules::Rulebook;
use crate::error::Result;

/// More than any country publishes; beyond it the shelf is emptied.
const AT_MOST: usize = 512;

pub(super) static BOOKS: LazyLock<Kept<Vec<Rulebook>>> = LazyLock::new(Kept::default);
pub(super) static SETS: LazyLock<Kept<CriteriaSet>> = LazyLock::new(Kept::default);

/// Records by the SHA-256 of their canonical JSON, or of all that they were made of.
pub(super) struct Kept<T>(Mutex<HashMap<String, Arc<T>>>);

impl<T> Default for Kept<T> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<T> Kept<T> {
    /// The record with this hash; read now when it is not kept.
    pub(super) fn get(&self, sha256: &str, read: impl FnOnce() -> Result<T>) -> Result<Arc<T>> {
        if let Some(known) = self.shelf().get(sha256) {
            return Ok(Arc::clone(known));
        }
        let fresh = Arc::new(read()?);
        let mut shelf = self.shelf();
        if shelf.len() >= AT_MOST {
            shelf.clear();
        }
        shelf.insert(sha256.to_owned(), Arc::clone(&fresh));
        Ok(fresh)
    }

    fn shelf(&self) -> std::sync::MutexGuard<'_, HashMap<String, Arc<T>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::AppError;

    #[test]
    fn a_record_is_read_once_and_a_failed_reading_is_not_kept() {
        let kept = Kept::default();
        assert!(kept.get("a", || Err::<u8, _>(AppError::NotFound)).is_err());
        assert_eq!(*kept.get("a", || Ok(1)).unwrap(), 1);
        assert_eq!(*kept.get("a", || Ok(2)).unwrap(), 1);
        for n in 0..AT_MOST {
            kept.get(&n.to_string(), || Ok(3)).unwrap();
        }
        assert!(kept.shelf().len() <= AT_MOST);
        assert_eq!(*kept.get("a", || Ok(4)).unwrap(), 4, "the shelf was emptied");
    }
}
