//! Rows of imported lists and of what an officer has to settle.

pub mod webhooks;

use diesel::prelude::*;

use crate::catalogue::import::RowClass;
use crate::db::schema::{import_rows, imports, officer_tasks};
use crate::db::{Doc, Moment};
use crate::ids::{JobId, PlaceId, ProductId, RowId};
use crate::text::Label;

crate::words! {
    /// What an officer has to find out.
    pub enum TaskKind {
        /// The unit of a product.
        PlaceOfProduct = "placeOfProduct",
        /// The type of a producer.
        TypeOfProducer = "typeOfProducer",
        /// Whether one name in two communes is one producer.
        PlaceOfProducer = "placeOfProducer",
        /// The producer of a product.
        ProducerOfProduct = "producerOfProduct",
        /// Whether two products are one.
        DuplicateOfProduct = "duplicateOfProduct",
        /// What a list says of a recognition and does not prove.
        RecognitionOfProduct = "recognitionOfProduct",
    }
}

impl TaskKind {
    /// The kind in words.
    pub fn label(self) -> Label {
        match self {
            Self::PlaceOfProduct => Label::new("Xác định xã, phường của sản phẩm", "Find the commune of a product"),
            Self::TypeOfProducer => Label::new("Xác định loại hình chủ thể", "Find the type of a producer"),
            Self::PlaceOfProducer => {
                Label::new("Xem chủ thể có hai địa chỉ là một hay hai", "See whether a producer in two communes is one")
            }
            Self::ProducerOfProduct => Label::new("Xác định chủ thể của sản phẩm", "Find the producer of a product"),
            Self::DuplicateOfProduct => {
                Label::new("Xem hai sản phẩm gần trùng tên có là một", "See whether two products alike are one")
            }
            Self::RecognitionOfProduct => {
                Label::new("Đối chiếu lần công nhận với quyết định", "Compare a recognition with its decision")
            }
        }
    }
}

crate::words! {
    /// Whether a task is settled.
    pub enum TaskState {
        /// Waits for an officer.
        Open = "open",
        /// Settled.
        Settled = "settled",
    }
}

crate::words! {
    /// What a task is about.
    pub enum TaskSubject {
        /// A product.
        Product = "product",
        /// A producer.
        Producer = "producer",
    }
}

crate::stored_words!(RowClass, TaskKind, TaskState, TaskSubject);

/// A list as it was given.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = imports)]
pub struct Import {
    /// The job that reads it.
    pub job_id: JobId,
    /// The file.
    pub text: String,
    /// Its hash.
    pub sha256: String,
    /// Whether nothing is taken over.
    pub dry_run: bool,
    /// When it was given.
    pub created_at: Moment,
}

/// One row of a list, its class and what came of it.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = import_rows)]
pub struct ImportRow {
    /// The job.
    pub job_id: JobId,
    /// Line of the file; the header is line 1.
    pub line: i32,
    /// Its class.
    pub class: RowClass,
    /// Reasons, candidates, plan.
    pub report: Doc,
    /// The product that it made or met.
    pub product_id: Option<ProductId>,
}

/// What an officer has to settle.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = officer_tasks)]
pub struct OfficerTask {
    /// Identifier.
    pub id: RowId,
    /// What has to be found out.
    pub kind: TaskKind,
    /// What it is about.
    pub subject_kind: TaskSubject,
    /// Which one.
    pub subject_id: RowId,
    /// The unit whose officers see it.
    pub place_id: Option<PlaceId>,
    /// Where it comes from, reasons, candidates; how it was settled.
    pub detail: Doc,
    /// Whether it is settled.
    pub state: TaskState,
    /// When it arose.
    pub created_at: Moment,
    /// When it was settled.
    pub closed_at: Option<Moment>,
}
