//! What an imported file must be, and how a settled task is refused.

use crate::catalogue::import::{Reason, Row, missing_columns};
use crate::exchange::model::TaskKind;
use crate::refusal::Refusal;
use crate::text::Label;

/// Rows of one file; a longer list is given in parts.
pub const ROWS_AT_MOST: usize = 20_000;

/// A refusal by the rules of imports.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Stop {
    /// The header lacks these columns.
    Columns(Vec<&'static str>),
    /// A line is no row of the table.
    Unreadable {
        /// Line of the file, when it is known.
        line: Option<u64>,
    },
    /// More rows than one file may have.
    TooLong,
    /// The task was settled before.
    Settled,
}

impl Refusal for Stop {
    fn word(&self) -> &'static str {
        match self {
            Self::Columns(_) => "import_columns",
            Self::Unreadable { .. } => "import_unreadable",
            Self::TooLong => "import_too_long",
            Self::Settled => "task_settled",
        }
    }

    fn say(&self) -> Label {
        match self {
            Self::Columns(missing) => {
                let list = missing.join(", ");
                Label::new(
                    format!("Tệp thiếu cột {list}; dòng đầu phải là tên cột"),
                    format!("The file lacks the columns {list}; its first line names the columns"),
                )
            }
            Self::Unreadable { line } => {
                let line = line.map(|n| n.to_string()).unwrap_or_else(|| "?".into());
                Label::new(
                    format!("Không đọc được dòng {line}; tệp phải là CSV, UTF-8, đủ số cột ở mỗi dòng"),
                    format!("Line {line} cannot be read; the file is CSV in UTF-8 with all columns in each line"),
                )
            }
            Self::TooLong => Label::new(
                format!("Tệp có hơn {ROWS_AT_MOST} dòng; hãy chia thành nhiều tệp"),
                format!("The file has more than {ROWS_AT_MOST} rows; give it in parts"),
            ),
            Self::Settled => Label::new("Việc này đã được xử lý", "This task is settled"),
        }
    }
}

/// Reads the rows of a file.
pub fn read_rows(text: &str) -> Result<Vec<Row>, Stop> {
    let text = text.trim_start_matches('\u{feff}');
    let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(text.as_bytes());
    let line_of = |e: &csv::Error| Stop::Unreadable { line: e.position().map(csv::Position::line) };
    let header = reader.headers().map_err(|e| line_of(&e))?.clone();
    let missing = missing_columns(&header);
    if !missing.is_empty() {
        return Err(Stop::Columns(missing));
    }
    let mut rows = Vec::new();
    for row in reader.deserialize() {
        rows.push(row.map_err(|e| line_of(&e))?);
        if rows.len() > ROWS_AT_MOST {
            return Err(Stop::TooLong);
        }
    }
    Ok(rows)
}

/// What an officer has to find out because of a reason.
pub fn task_of(reason: Reason) -> Option<TaskKind> {
    match reason {
        Reason::CommuneMissing | Reason::PlaceUnknown | Reason::PlaceAmbiguous | Reason::PlaceEnded => {
            Some(TaskKind::PlaceOfProduct)
        }
        Reason::TypeUnknown | Reason::TypeUnsure => Some(TaskKind::TypeOfProducer),
        Reason::ProducerPlaceDiffers => Some(TaskKind::PlaceOfProducer),
        Reason::ProducerMissing => Some(TaskKind::ProducerOfProduct),
        Reason::PossibleDuplicate => Some(TaskKind::DuplicateOfProduct),
        Reason::DateUnreadable
        | Reason::DateImpossible
        | Reason::DateMissing
        | Reason::AuthorityMissing
        | Reason::AuthorityUnreadable
        | Reason::AuthorityUnnamed
        | Reason::AuthorityDiffers
        | Reason::StarContradicts
        | Reason::DecisionDateDiffers => Some(TaskKind::RecognitionOfProduct),
        Reason::NameMissing
        | Reason::StarUnreadable
        | Reason::StarMissing
        | Reason::StarBelowThree
        | Reason::HistoryUnknown
        | Reason::DuplicateInFile
        | Reason::GroupMissing => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_a_table_with_a_name_and_a_province() {
        assert_eq!(read_rows("a,b\n1,2\n"), Err(Stop::Columns(vec!["name", "province"])));
        let rows = read_rows("\u{feff}province,name,extra\nTrà Vinh,Mật hoa dừa,x\n").unwrap();
        assert_eq!((rows.len(), rows[0].name.as_str()), (1, "Mật hoa dừa"));
        assert_eq!(read_rows("name,province\nA\n"), Err(Stop::Unreadable { line: Some(2) }));
    }

    #[test]
    fn every_doubt_is_somebodys_task() {
        use crate::catalogue::import::RowClass;
        for reason in Reason::ALL {
            assert_eq!(task_of(*reason).is_some(), reason.class() == RowClass::Doubtful, "{reason}");
        }
    }
}
