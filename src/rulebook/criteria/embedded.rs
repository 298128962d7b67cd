//! The criteria sets that the binary carries.

use std::sync::OnceLock;

use super::CriteriaSet;

macro_rules! files {
    ($folder:literal: $($name:literal),+ $(,)?) => {
        &[$(($name, include_str!(concat!("../", $folder, "/", $name, ".json")))),+]
    };
}

const DECISION_26_2026: &[(&str, &str)] = files!["26-2026":
    "01-rau-cu-qua-hat-tuoi",
    "02-thit-thuy-san-trung-sua-tuoi",
    "03-gao-ngu-coc-hat-so-che-khac",
    "04-mat-ong-mat-khac-va-nong-san-thuc-pham-khac",
    "05-do-an-nhanh",
    "06-che-bien-tu-gao-ngu-coc",
    "07-che-bien-tu-rau-cu-qua-hat",
    "08-che-bien-tu-thit-thuy-san-trung-sua-cac-san-pham-tu-mat-ong",
    "09-tuong-nuoc-mam-gia-vi-dang-long-khac",
    "10-gia-vi-khac",
    "11-che-tuoi-che-che-bien",
    "12-san-pham-tra-tu-thuc-vat-khac",
    "13-ca-phe-cacao",
    "14-ruou-trang",
    "15-do-uong-co-con-khac",
    "16-nuoc-khoang-thien-nhien-nuoc-uong-dong-chai",
    "17-do-uong-khong-con-khac",
    "18-thuc-pham-chuc-nang-thuoc-duoc-lieu-thuoc-co-truyen",
    "19-my-pham-co-thanh-phan-tu-duoc-lieu",
    "20-tinh-dau-va-duoc-lieu-khac",
    "21-thu-cong-my-nghe",
    "22-vai-may-mac",
    "23-hoa",
    "24-cay-canh",
    "25-dong-vat-canh",
    "26-dich-vu-du-lich-cong-dong-du-lich-sinh-thai-va-diem-du-lich",
];

const TEST_SETS: &[(&str, &str)] = files!["test-sets": "t35", "t40"];

/// The 26 sets of 26/2026/QĐ-TTg in our own short wording: name of the file and its JSON.
pub fn embedded() -> &'static [(&'static str, &'static str)] {
    DECISION_26_2026
}

/// The index of the 26 sets as JSON: heads, groups, ministries and counts.
pub fn embedded_index() -> &'static str {
    include_str!("../26-2026/index.json")
}

/// The 26 embedded sets, read once. A test keeps that every one of them can be read.
pub fn sets() -> &'static [CriteriaSet] {
    static SETS: OnceLock<Vec<CriteriaSet>> = OnceLock::new();
    SETS.get_or_init(|| read(DECISION_26_2026))
}

/// Two small sets of ours for rounds under other decisions: `T35` (35/25/40, as under 1048/781)
/// and `T40` (40/25/35, as under 148 and 1489). They are no legal text.
pub fn test_sets() -> &'static [CriteriaSet] {
    static SETS: OnceLock<Vec<CriteriaSet>> = OnceLock::new();
    SETS.get_or_init(|| read(TEST_SETS))
}

fn read(files: &[(&str, &str)]) -> Vec<CriteriaSet> {
    files.iter().filter_map(|(_, json)| serde_json::from_str(json).ok()).collect()
}
