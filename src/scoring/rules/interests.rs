//! Conflicts of interest that can be detected: what the registers know of a member and of a producer
//! (silent in 26/2026; `conflictSameCommune` is the council's own word).

use super::{ConflictBasis, Regulation};
use crate::text;

/// What is known of whoever sits in a seat.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Member {
    /// Whether the person has a right to speak for the producer, today or before.
    pub speaks_for_producer: bool,
    /// Whether the producer's representative has the person's e-mail address or telephone.
    pub represents_producer: bool,
    /// The person's own office, as the decision names it.
    pub organisation: String,
    /// Whether the person works for the commune of the product.
    pub of_commune: bool,
}

/// On what a conflict rests; none where nothing is known.
pub fn detected(member: &Member, producer_names: &[String], regulation: &Regulation) -> Option<ConflictBasis> {
    let office = text::fold(member.organisation.trim());
    let belongs = !office.is_empty() && producer_names.iter().any(|name| text::fold(name.trim()) == office);
    if member.speaks_for_producer || member.represents_producer || belongs {
        return Some(ConflictBasis::SameProducer);
    }
    (member.of_commune && regulation.conflict_same_commune).then_some(ConflictBasis::SameCommune)
}

/// Why a member keeps away, in the words of the minutes.
pub fn reason(basis: ConflictBasis) -> &'static str {
    match basis {
        ConflictBasis::Declared => "Thành viên khai báo",
        ConflictBasis::SameProducer => {
            "Là người của chủ thể: người dùng, người đại diện hoặc thành viên (hệ thống phát hiện)"
        }
        ConflictBasis::SameCommune => "Công tác tại xã của sản phẩm, theo quy chế của Hội đồng (hệ thống phát hiện)",
        ConflictBasis::MarkedBefore => "Đã chấm kết quả phải đánh giá lại",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_conflict_is_detected_from_the_registers_and_the_commune_only_where_the_regulation_says_so() {
        let (usual, strict) =
            (Regulation::default(), Regulation { conflict_same_commune: true, ..Regulation::default() });
        let names = ["HTX Mật Hoa Dừa".to_owned()];
        let found = |m: &Member, r: &Regulation| detected(m, &names, r);
        assert_eq!(found(&Member::default(), &strict), None);
        let speaker = Member { speaks_for_producer: true, ..Member::default() };
        let representative = Member { represents_producer: true, ..Member::default() };
        let colleague = Member { organisation: " htx mật hoa dừa ".into(), ..Member::default() };
        for member in [speaker, representative, colleague] {
            assert_eq!(found(&member, &usual), Some(ConflictBasis::SameProducer), "{member:?}");
        }
        let officer = Member { of_commune: true, organisation: "UBND xã".into(), ..Member::default() };
        assert_eq!(found(&officer, &usual), None);
        assert_eq!(found(&officer, &strict), Some(ConflictBasis::SameCommune));
    }
}
