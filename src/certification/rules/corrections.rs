//! Clerical mistakes on a certificate: which lines a decision of correction may change. 26/2026 is
//! silent; the table is ours (`docs/decisions/0021-withdrawal-and-correction.md`).

use serde::{Deserialize, Serialize};

use super::Stop;
use crate::text::Label;

crate::words! {
    /// A line that is printed on a certificate.
    pub enum PrintedField {
        /// The product.
        ProductName = "productName",
        /// The code that the product bore.
        ProductCode = "productCode",
        /// The producer.
        ProducerName = "producerName",
        /// Where it is made.
        Place = "place",
        /// The authority.
        AuthorityName = "authorityName",
        /// Who signed.
        SignerName = "signerName",
        /// The number of the certificate.
        Number = "number",
        /// The star.
        Stars = "stars",
        /// The day of the decision, the first of the certificate.
        SignedOn = "signedOn",
        /// The last day.
        ValidThrough = "validThrough",
        /// The number of the decision.
        DecisionNumber = "decisionNumber",
    }
}

/// What stands in the way of correcting a line, or nothing; in words, with the way out.
type Instead = Option<(&'static str, &'static str)>;

/// The line, its name, and what is to be done where it cannot be corrected.
pub const LINES: &[(PrintedField, (&str, &str), Instead)] = &[
    (PrintedField::ProductName, ("tên sản phẩm", "the product's name"), None),
    (PrintedField::ProductCode, ("mã số sản phẩm", "the product code"), None),
    (PrintedField::ProducerName, ("tên chủ thể", "the producer's name"), None),
    (PrintedField::Place, ("địa bàn", "the place"), None),
    (PrintedField::AuthorityName, ("tên cơ quan ban hành", "the authority's name"), None),
    (PrintedField::SignerName, ("họ tên người ký", "the signer's name"), None),
    (PrintedField::Number, ("số giấy chứng nhận", "the certificate's number"), ISSUED),
    (PrintedField::Stars, ("hạng sao", "the star"), DECIDED),
    (PrintedField::SignedOn, ("ngày ký", "the day of signing"), DECIDED),
    (PrintedField::ValidThrough, ("ngày hết hiệu lực", "the last day"), DECIDED),
    (PrintedField::DecisionNumber, ("số quyết định", "the decision's number"), ISSUED),
];

const DECIDED: Instead = Some((
    "đó là nội dung quyết định: thu hồi kết quả công nhận rồi ban hành quyết định mới",
    "it is what was decided: withdraw the recognition and take a new decision",
));
const ISSUED: Instead = Some((
    "số đã cấp được tra cứu bằng chính số đó và không thay đổi",
    "a number that was given is looked up by that number, and stays",
));

impl PrintedField {
    fn line(self) -> Option<&'static (PrintedField, (&'static str, &'static str), Instead)> {
        LINES.iter().find(|(field, ..)| *field == self)
    }

    /// The line in words.
    pub fn label(self) -> Label {
        self.line().map_or_else(|| Label::new(self.word(), self.word()), |(_, (vi, en), _)| Label::new(*vi, *en))
    }

    /// Whether a decision of correction may change it.
    ///
    /// # Errors
    /// What is to be done instead.
    pub fn may_be_corrected(self) -> Result<(), Stop> {
        match self.line() {
            Some((.., None)) => Ok(()),
            Some((.., Some((vi, en)))) => {
                Err(Stop::NotCorrectable { line: self.label(), instead: Label::new(*vi, *en) })
            }
            None => Err(Stop::NotCorrectable { line: self.label(), instead: Label::new("", "") }),
        }
    }
}

/// A line before and after its correction.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = CorrectedWording)]
pub struct Wording {
    /// The line.
    pub field: PrintedField,
    /// As it was printed.
    pub before: String,
    /// As it is from now on.
    pub after: String,
}

/// What a line of a decision corrects in one certificate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Corrections {
    /// Its place among the corrections of the certificate, once it is published.
    pub nth: Option<i32>,
    /// The lines.
    pub lines: Vec<Wording>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::refusal::Refusal;

    #[test]
    fn every_line_has_its_row_and_what_was_decided_is_no_slip_of_the_pen() {
        for field in PrintedField::ALL {
            assert_eq!(LINES.iter().filter(|(f, ..)| f == field).count(), 1, "{field}");
        }
        let may: Vec<_> = PrintedField::ALL.iter().filter(|f| f.may_be_corrected().is_ok()).map(|f| f.word()).collect();
        assert_eq!(may, ["productName", "productCode", "producerName", "place", "authorityName", "signerName"]);
        let stop = PrintedField::Stars.may_be_corrected().unwrap_err();
        assert_eq!(stop.word(), "correction_not_clerical");
        assert!(stop.say().vi.contains("hạng sao") && stop.say().en.contains("withdraw"), "{:?}", stop.say());
    }
}
