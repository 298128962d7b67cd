//! How documents say no, and in which words.

use crate::refusal::Refusal;
use crate::text::Label;

/// A refusal about a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Stop {
    /// Only pictures have small pictures.
    NoPicture,
    /// Decoding it would take more memory than is given to one picture.
    PictureTooLarge,
    /// It cannot be decoded.
    PictureBroken,
    /// The scanner has not seen it yet.
    Pending,
    /// The scanner found something in it.
    Infected,
    /// The papers of one dossier would hold more than they may: the limit and what there is already, in bytes.
    DossierFull(u64, u64),
}

impl Refusal for Stop {
    fn word(&self) -> &'static str {
        match self {
            Self::NoPicture => "picture_none",
            Self::PictureTooLarge => "picture_too_large",
            Self::PictureBroken => "picture_broken",
            Self::Pending => "file_pending",
            Self::Infected => "file_infected",
            Self::DossierFull(..) => "dossier_full",
        }
    }

    fn say(&self) -> Label {
        let (vi, en) = match self {
            Self::NoPicture => (
                "Tệp này không phải ảnh nên không có ảnh thu nhỏ; tải tệp gốc.",
                "This is no picture, so there is no small one; take the file itself.",
            ),
            Self::PictureTooLarge => (
                "Ảnh có quá nhiều điểm ảnh để thu nhỏ (tối đa 60 triệu); tải tệp gốc hoặc gửi ảnh nhỏ hơn.",
                "The picture has too many pixels to be made small (at most 60 million); take the file itself, or send a smaller one.",
            ),
            Self::PictureBroken => (
                "Ảnh bị hỏng hoặc bị cắt cụt; mở lại ảnh trên máy rồi gửi lại.",
                "The picture is broken or cut off; open it on your machine and send it again.",
            ),
            Self::Pending => (
                "Tệp đang chờ quét mã độc, chưa tải được; thử lại sau ít phút.",
                "The file waits for the virus scanner and cannot be read yet; try again in a few minutes.",
            ),
            Self::Infected => (
                "Tệp có mã độc nên không nhận và không cho tải; quét máy của bạn, rồi gửi bản sạch.",
                "The file is infected: it is neither taken nor served. Scan your machine, then send a clean copy.",
            ),
            Self::DossierFull(limit, there) => {
                let (limit, there) = (limit / (1024 * 1024), there.div_ceil(1024 * 1024));
                return Label::new(
                    format!(
                        "Giấy tờ của một hồ sơ tối đa {limit} MB, hồ sơ này đã có {there} MB; bỏ bớt giấy tờ hoặc gửi bản nhẹ hơn."
                    ),
                    format!(
                        "The papers of one dossier hold at most {limit} MB, this one has {there} MB; take papers out or send smaller copies."
                    ),
                );
            }
        };
        Label::new(vi, en)
    }
}
