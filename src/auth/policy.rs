//! Which role may do which act: one table, in words. Whether the act concerns *this* thing is
//! answered by visibility first, and by the regulation after.

use crate::actor::Role;
use crate::db::Ctx;
use crate::error::{AppError, Result};

use Role::{
    Administrator, Advisory, Auditor, Central, Commune, Consultant, Department, District, Editor, Inspector, Producer,
    Province, Signer,
};

macro_rules! policy {
    ($($act:ident = $word:tt : [$($role:ident),*] $vi:literal / $en:literal;)+) => {
        crate::words! {
            /// Something that a person can do.
            pub enum Act { $(#[doc = $en] $act = $word),+ }
        }

        /// The table: act, roles, in words (Vietnamese, English).
        pub const POLICY: &[(Act, &[Role], &str, &str)] = &[$((Act::$act, &[$($role),*], $vi, $en)),+];
    };
}

policy! {
    // Accounts
    ReviewRegistrations = "reviewRegistrations": [Commune, District, Province, Administrator]
        "Duyệt đăng ký tài khoản của chủ thể trên địa bàn" / "Approve registrations of producers in the territory";
    ManageUsers = "manageUsers": [Administrator]
        "Quản lý người dùng và quyền" / "Manage users and grants";
    ReadUsers = "readUsers": [Administrator, Auditor]
        "Xem người dùng và quyền" / "Read users and grants";
    IssueResetCode = "issueResetCode": [Commune, District, Province, Administrator]
        "Cấp mã đặt lại mật khẩu in cho chủ thể trên địa bàn" / "Print a reset code for a producer's user in the territory";
    ReadAudit = "readAudit": [Auditor, Administrator]
        "Đọc nhật ký kiểm toán" / "Read the audit";

    // Places, organisations
    DeclareReform = "declareReform": [Central, Administrator]
        "Khai báo và thực hiện một đợt sắp xếp đơn vị hành chính" / "Declare and carry out a reform of units";
    ReadReforms = "readReforms": [Commune, District, Province, Central, Administrator, Auditor]
        "Xem các đợt sắp xếp và việc chờ giao" / "See reforms and what waits in them";
    ChooseSuccessor = "chooseSuccessor": [Commune, Province, Administrator]
        "Giao hồ sơ, chủ thể của đơn vị bị chia cho một đơn vị kế thừa" / "Give what a divided unit kept to one of its successors";
    KeepOrganisations = "keepOrganisations": [Administrator]
        "Cập nhật danh mục cơ quan, tổ chức" / "Keep the list of organisations";

    // Register
    RegisterProducer = "registerProducer": [Commune, District, Province]
        "Đăng ký chủ thể trên địa bàn" / "Register a producer in the territory";
    EditProducer = "editProducer": [Producer, Consultant, Commune, District, Province]
        "Sửa thông tin mô tả của chủ thể" / "Edit what describes a producer";
    ReadParticulars = "readParticulars": [Producer, Commune, District, Province, Advisory]
        "Xem thông tin riêng của người đại diện chủ thể" / "Read the private particulars of a producer's representative";
    EditParticulars = "editParticulars": [Producer, Commune, District, Province]
        "Sửa thông tin riêng của người đại diện chủ thể" / "Edit the private particulars of a producer's representative";
    RecordMandate = "recordMandate": [Producer, Commune, District, Province]
        "Ghi nhận, chấm dứt giấy ủy quyền làm hồ sơ thay chủ thể" / "Record and end mandates to act for a producer";
    ReadMandates = "readMandates": [Producer, Consultant, Commune, District, Province]
        "Xem giấy ủy quyền của chủ thể" / "Read the mandates of a producer";
    KeepGrowingAreas = "keepGrowingAreas": [Producer, Consultant, Commune, District, Province]
        "Khai báo vùng nguyên liệu của chủ thể" / "Keep the growing areas of a producer";
    KeepCraftVillages = "keepCraftVillages": [Commune, District, Province]
        "Khai báo làng nghề trên địa bàn" / "Keep the craft villages of the territory";
    RegisterProduct = "registerProduct": [Producer, Consultant, Commune, District, Province]
        "Đăng ký sản phẩm" / "Register a product";
    EditProduct = "editProduct": [Producer, Consultant, Commune, District, Province]
        "Sửa thông tin và ảnh của sản phẩm" / "Edit a product and its photos";
    KeepEvidence = "keepEvidence": [Producer, Consultant]
        "Giữ kho minh chứng của chủ thể: thêm, thay bản mới, cất giấy tờ" / "Keep a producer's evidence library: add, renew and put away papers";
    CorrectRegister = "correctRegister": [Commune, District, Province]
        "Nhập, chuyển, đính chính mục trong sổ đăng ký, có lý do" / "Merge, transfer and correct entries of the register, with a reason";

    // Dossiers
    OpenDossier = "openDossier": [Producer, Consultant]
        "Lập hồ sơ cho sản phẩm của mình" / "Open a dossier for a product of one's own";
    EditDossier = "editDossier": [Producer, Consultant]
        "Soạn hồ sơ: phiếu đăng ký, tự đánh giá, giấy tờ" / "Write a dossier: form, self-assessment, papers";
    MoveDossier = "moveDossier": [Producer, Consultant, Commune, District, Province, Central, Advisory]
        "Chuyển bước hồ sơ khi đến lượt" / "Move a dossier when it is one's turn";
    WriteMessages = "writeMessages": [Producer, Consultant, Commune, District, Province, Central, Advisory, Signer]
        "Trao đổi tin nhắn trong hồ sơ giữa chủ thể và các cấp đang xử lý" / "Read and write messages between a producer and the offices that handle the dossier";
    KeepNotes = "keepNotes": [Commune, District, Province, Central, Advisory, Signer]
        "Đọc và viết ghi chú nội bộ của cấp mình về hồ sơ" / "Read and write notes of one's own level about a dossier";
    ConfirmProductionEnd = "confirmProductionEnd": [Commune]
        "Xác nhận sản phẩm trên địa bàn không còn được sản xuất" / "Confirm that a product of the territory is made no more";
    AskOpinion = "askOpinion": [Commune, District, Province, Central, Advisory]
        "Hỏi ý kiến sở, ngành về hồ sơ đang xử lý" / "Ask a department for its opinion about a dossier on one's desk";
    ReadOpinions = "readOpinions": [Commune, District, Province, Central, Advisory, Signer, Department, Inspector, Auditor]
        "Xem ý kiến của sở, ngành; sở, ngành chỉ xem câu hỏi gửi cho mình" / "Read opinions of departments; a department reads its own";
    AnswerOpinion = "answerOpinion": [Department]
        "Trả lời ý kiến thay mặt sở, ngành được hỏi" / "Answer for the department that is asked";
    KeepReceiptNumbers = "keepReceiptNumbers": [Commune]
        "Giữ chỗ, hủy số phiếu tiếp nhận cho hồ sơ giấy" / "Keep receipt numbers for paper dossiers, and declare them void";
    WriteCommuneReport = "writeCommuneReport": [Commune]
        "Viết báo cáo của cấp xã (Mẫu số 03)" / "Write the commune's report (Form 03)";
    HandOver = "handOver": [Commune, District, Province, Central]
        "Gửi và tiếp nhận văn bản chuyển hồ sơ" / "Send and receive hand-over letters";

    // Scoring (rights inside a council come from the appointment)
    ManageRounds = "manageRounds": [District, Province, Central]
        "Lập đợt đánh giá của cấp mình" / "Set up rounds of evaluation of the own level";
    AppointCouncils = "appointCouncils": [District, Province, Central]
        "Nhập quyết định thành lập hội đồng của cấp mình" / "Enter decisions that set up councils of the own level";
    ConveneSessions = "conveneSessions": [District, Province, Central]
        "Triệu tập phiên họp, ghi thành viên có mặt" / "Convene sessions and record who is present";
    FileComplaint = "fileComplaint": [Producer, Consultant]
        "Khiếu nại kết quả đánh giá sản phẩm của mình" / "Complain about the result of one's own product";
    ReadComplaints = "readComplaints": [District, Province, Central, Signer, Inspector, Auditor]
        "Xem khiếu nại về kết quả đánh giá" / "Read complaints about results";
    AnswerComplaint = "answerComplaint": [District, Province, Central]
        "Trả lời khiếu nại về kết quả của hội đồng cấp mình" / "Answer complaints about results of councils of the own level";
    OrderEvaluation = "orderEvaluation": [Central]
        "Yêu cầu cấp tỉnh đánh giá lại sau kiểm tra (Điều 10.1 b)" / "Order a province to evaluate again after a check (Article 10.1 b)";
    ReadAdvisoryReview = "readAdvisoryReview": [District, Province, Central, Advisory, Signer, Inspector, Auditor]
        "Xem ý kiến của Tổ tư vấn về hồ sơ" / "Read what the advisory team makes of a dossier";
    WriteAdvisoryReview = "writeAdvisoryReview": [Advisory]
        "Ghi ý kiến, điểm sơ bộ của Tổ tư vấn trước khi chấm" / "Write the advisory team's opinion and preliminary marks before marking";
    // Certification
    ReadDecisions = "readDecisions": [Commune, District, Province, Central, Advisory, Signer, Department, Inspector, Auditor]
        "Xem quyết định, vụ việc thu hồi trên địa bàn" / "See decisions and cases for revocation of the territory";
    ReadCertificates = "readCertificates": [Commune, District, Province, Central, Advisory, Signer, Department, Inspector, Auditor, Producer, Consultant]
        "Xem giấy chứng nhận trên địa bàn, hoặc của mình" / "See certificates of the territory, or one's own";
    PrepareDecision = "prepareDecision": [District, Province, Central]
        "Soạn quyết định công nhận, phê duyệt, thu hồi, thông báo" / "Prepare decisions of recognition, approval and revocation, and notices";
    SignDecision = "signDecision": [Signer]
        "Ký quyết định do người khác soạn" / "Sign decisions that somebody else prepared";
    PublishDecision = "publishDecision": [District, Province, Central, Signer]
        "Công bố quyết định đã ký" / "Publish a signed decision";
    AttachDecisionScan = "attachDecisionScan": [District, Province, Central]
        "Đính bản quét quyết định đã ký của cơ quan mình, cho phép công khai" / "Attach scans of signed decisions of the own office, and say which are public";
    ReadDecisionScans = "readDecisionScans": [District, Province, Central, Signer, Inspector, Auditor]
        "Xem bản quét quyết định đã ký, có thể chứa dữ liệu cá nhân" / "Read scans of signed decisions, which may bear personal data";
    ReadNotices = "readNotices": [Commune, District, Province, Central, Advisory, Signer, Department, Inspector, Auditor, Producer, Consultant]
        "Xem thông báo kết quả trên địa bàn, hoặc của mình" / "See notices of results of the territory, or one's own";
    ConfirmNotice = "confirmNotice": [Commune, Producer, Consultant]
        "Xác nhận đã nhận thông báo kết quả" / "Confirm the receipt of a notice of a result";
    PrintCertificate = "printCertificate": [District, Province, Central]
        "In giấy chứng nhận của quyết định do cơ quan mình ban hành" / "Print certificates of decisions of the own office";
    OpenRevocation = "openRevocation": [District, Province, Central, Inspector]
        "Mở vụ việc thu hồi giấy chứng nhận trên căn cứ đã có" / "Open a case for revocation on a recorded conclusion";
    // Lots and inspections
    MakeLot = "makeLot": [Producer, Consultant]
        "Lập lô của sản phẩm mình đã được chứng nhận" / "Make lots of one's own certified products known";
    RecordTraceEvent = "recordTraceEvent": [Producer, Consultant]
        "Ghi sự kiện truy xuất của lô thuộc chủ thể mình" / "Record trace events of one's own lots";
    PlanInspection = "planInspection": [Inspector, Province]
        "Lập kế hoạch kiểm tra trên địa bàn" / "Plan inspections in the territory";
    RecordInspection = "recordInspection": [Inspector, Province]
        "Ghi kết quả và kết luận kiểm tra trên địa bàn" / "Record findings and conclusions of inspections in the territory";
    // Lists that exist
    ImportList = "importList": [Province, Administrator]
        "Nhập danh sách sản phẩm đã có của tỉnh mình" / "Import lists of products of one's own province";
    SettleOfficerTask = "settleOfficerTask": [Commune, District, Province]
        "Xử lý việc cần cán bộ xác định trên địa bàn" / "Settle what an officer has to find out in the territory";
}

/// Whether the caller's roles include one that does this act. The service itself may do everything.
pub fn may(cx: &Ctx<'_>, act: Act) -> bool {
    cx.actor().is_system() || cx.actor().is_any(roles(act))
}

/// The roles that do an act.
pub fn roles(act: Act) -> &'static [Role] {
    POLICY.iter().find(|(a, ..)| *a == act).map_or(&[], |(_, roles, ..)| roles)
}

/// Refuses a caller whose roles never do this act.
///
/// # Errors
/// 403 with the act's word.
pub fn must(cx: &Ctx<'_>, act: Act) -> Result<()> {
    match may(cx, act) {
        true => Ok(()),
        false => Err(AppError::Forbidden(act.word())),
    }
}

/// Roles that decide or administer: they act only in a sign-in with a second factor.
pub const SECOND_FACTOR: &[Role] = &[District, Province, Central, Signer, Administrator];

/// The table as a page of documentation.
pub fn print() -> String {
    let mut out = String::from(
        "# Who may do what\n\nGenerated from `src/auth/policy.rs`; a test compares this page. Rights in a council come from the appointment.\n\n| Act | Việc | What | Roles |\n|---|---|---|---|\n",
    );
    for (act, roles, vi, en) in POLICY {
        let roles: Vec<&str> = roles.iter().map(|r| r.word()).collect();
        out.push_str(&format!("| `{act}` | {vi} | {en} | {} |\n", roles.join(", ")));
    }
    out
}

const _: &[Role] = &[Advisory, Central, Consultant, Department, Editor, Inspector, Producer, Signer];

#[cfg(test)]
mod tests {
    /// Print it again: `OCOP_WRITE_DOCS=1 cargo test --lib who_may_do_what`.
    #[test]
    fn who_may_do_what_is_printed_to_docs() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/who-may-do-what.md");
        let printed = super::print();
        if std::env::var_os("OCOP_WRITE_DOCS").is_some() {
            std::fs::write(path, &printed).unwrap();
        }
        let kept = std::fs::read_to_string(path).unwrap_or_default();
        assert!(
            kept == printed,
            "the policy changed; print it again: OCOP_WRITE_DOCS=1 cargo test --lib who_may_do_what"
        );
    }
}
