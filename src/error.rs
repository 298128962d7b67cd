//! `AppError`, `Problem` (RFC 9457) and the only table of status codes.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, ResponseError};
use diesel::result::{DatabaseErrorKind, Error as DieselError};
use serde::Serialize;

use crate::refusal::Refusal;
use crate::text::{Label, Lang};

/// The result of everything that can be refused.
pub type Result<T, E = AppError> = std::result::Result<T, E>;

/// One field that breaks its rules. The value that was sent is never repeated.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldError {
    /// JSON pointer into the body, or the name of a query parameter.
    pub pointer: String,
    /// Stable word.
    pub code: String,
    /// What to do.
    pub say: Label,
}

impl FieldError {
    /// A field error with a sentence of its own.
    pub fn new(
        pointer: impl Into<String>,
        code: impl Into<String>,
        vi: impl Into<String>,
        en: impl Into<String>,
    ) -> Self {
        Self { pointer: pointer.into(), code: code.into(), say: Label::new(vi, en) }
    }
}

/// Why a request is not done.
#[derive(Debug, thiserror::Error)]
pub enum AppError {
    /// 400: the request cannot be read.
    #[error("malformed: {}", .0.en)]
    Malformed(Label),
    /// 400: a query parameter or path part cannot be used.
    #[error("bad parameter: {0:?}")]
    BadParameter(Vec<FieldError>),
    /// 401: no caller, or a caller that cannot be trusted. The word says which.
    #[error("unauthenticated: {0}")]
    Unauthenticated(&'static str),
    /// 403: the caller's role never does this.
    #[error("forbidden: {0}")]
    Forbidden(&'static str),
    /// 404: absent, or not for the caller to know.
    #[error("not found")]
    NotFound,
    /// 404: a printed number that nothing here bears, with the number that was most likely meant.
    #[error("unknown number")]
    Unknown {
        /// What to tell the person who typed it.
        say: Label,
        /// The number that was most likely meant: to ask about, never to assume.
        suggestion: Option<String>,
    },
    /// 405, with the methods that are allowed.
    #[error("method not allowed")]
    MethodNotAllowed(String),
    /// 409: the regulation says no, now.
    #[error("refused: {}", .0.word())]
    Refused(Box<dyn Refusal>),
    /// 412: the resource has changed since the caller read it.
    #[error("precondition failed")]
    PreconditionFailed,
    /// 413: too large; the limit in bytes.
    #[error("too large")]
    TooLarge(u64),
    /// 415: a media type that is not accepted here.
    #[error("unsupported media type")]
    UnsupportedMediaType(&'static str),
    /// 416: a part that the document of this size does not have.
    #[error("range beyond {0} bytes")]
    RangeBeyond(u64),
    /// 422: readable, but fields break their rules.
    #[error("invalid fields: {0:?}")]
    Invalid(Vec<FieldError>),
    /// 422: the idempotency key was used for another request.
    #[error("idempotency key reused")]
    IdempotencyKeyReused,
    /// 428: `If-Match` (or `Idempotency-Key`) is required here; the header's name.
    #[error("precondition required: {0}")]
    PreconditionRequired(&'static str),
    /// 429: too many attempts; seconds to wait.
    #[error("too many requests")]
    TooMany(u64),
    /// 503: no connection or lock in time; try again.
    #[error("busy: {0}")]
    Busy(String),
    /// 503: documents cannot be kept or read now: the store is full, or away.
    #[error("storage: {why}")]
    Storage {
        /// Whether it is full.
        full: bool,
        /// What it said.
        why: String,
    },
    /// A database error: sorted into 409, 500 or 503 by its kind.
    #[error("database: {0}")]
    Database(#[from] DieselError),
    /// 500: a template of a paper is broken; file, line and reason.
    #[error("template: {0}")]
    Template(String),
    /// 500: ours.
    #[error("internal: {0}")]
    Internal(String),
}

impl<R: Refusal> From<R> for AppError {
    fn from(refusal: R) -> Self {
        Self::Refused(Box::new(refusal))
    }
}

/// What the database said about a broken constraint, by its index name on both engines.
pub fn constraint_of(error: &DieselError) -> Option<String> {
    let DieselError::DatabaseError(kind, info) = error else { return None };
    if !matches!(kind, DatabaseErrorKind::UniqueViolation | DatabaseErrorKind::CheckViolation) {
        return None;
    }
    if let Some(name) = info.constraint_name() {
        return Some(name.to_owned());
    }
    let message = info.message();
    if let Some(rest) = message.strip_prefix("CHECK constraint failed: ") {
        return Some(rest.to_owned());
    }
    if let Some(rest) = message.strip_prefix("UNIQUE constraint failed: index '") {
        return Some(rest.trim_end_matches('\'').to_owned());
    }
    // SQLite names columns only; `db::explain_unique` turns them into the index name.
    message.strip_prefix("UNIQUE constraint failed: ").map(|columns| format!("columns:{columns}"))
}

impl AppError {
    /// A refusal about one field of the body.
    pub fn field(pointer: &str, code: &str, vi: &str, en: &str) -> Self {
        Self::Invalid(vec![FieldError::new(pointer, code, vi, en)])
    }

    /// An error of ours, with a sentence for the log.
    pub fn internal(cause: impl std::fmt::Display) -> Self {
        Self::Internal(cause.to_string())
    }

    /// Whether PostgreSQL asks to run the transaction again (deadlock, failed serialization).
    pub fn is_retryable(&self) -> bool {
        match self {
            Self::Database(DieselError::DatabaseError(DatabaseErrorKind::SerializationFailure, _)) => true,
            Self::Database(DieselError::DatabaseError(DatabaseErrorKind::Unknown, info)) => {
                info.message().contains("deadlock detected")
            }
            _ => false,
        }
    }

    fn is_busy(error: &DieselError) -> bool {
        match error {
            DieselError::DatabaseError(DatabaseErrorKind::ClosedConnection, _) => true,
            DieselError::DatabaseError(DatabaseErrorKind::SerializationFailure, _) => true,
            DieselError::DatabaseError(DatabaseErrorKind::Unknown, info) => {
                let m = info.message();
                [
                    "lock timeout",
                    "statement timeout",
                    "deadlock detected",
                    "database is locked",
                    "terminating connection",
                    "server closed the connection",
                    "disk is full",
                ]
                .iter()
                .any(|sign| m.contains(sign))
            }
            DieselError::BrokenTransactionManager => true,
            _ => false,
        }
    }

    /// Status, stable word, title and sentence: the table of every answer that is not a success.
    fn row(&self) -> (u16, &str, Label, Label) {
        let l = |vi: &str, en: &str| Label::new(vi, en);
        match self {
            Self::Malformed(detail) => {
                (400, "malformed", l("Không đọc được yêu cầu", "The request cannot be read"), detail.clone())
            }
            Self::BadParameter(_) => (
                400,
                "bad_parameter",
                l("Tham số không dùng được", "A parameter cannot be used"),
                l(
                    "Xem danh sách errors: sửa hoặc bỏ các tham số này.",
                    "See errors: correct or remove these parameters.",
                ),
            ),
            Self::Unauthenticated(word) => (401, word, l("Cần đăng nhập", "Sign-in needed"), sign_in_again(word)),
            Self::Forbidden(word) => (
                403,
                word,
                l("Vai trò của bạn không làm việc này", "Your role does not do this"),
                l(
                    "Đăng nhập bằng tài khoản có vai trò phù hợp, hoặc đề nghị quản trị viên cấp quyền.",
                    "Sign in with an account that has the role, or ask an administrator for a grant.",
                ),
            ),
            Self::NotFound => (
                404,
                "not_found",
                l("Không tìm thấy", "Not found"),
                l(
                    "Không có mục này, hoặc bạn không được biết về nó.",
                    "There is no such thing here, or it is not for you to know.",
                ),
            ),
            Self::Unknown { say, .. } => {
                (404, "number_unknown", l("Không có số này", "This number is not known"), say.clone())
            }
            Self::MethodNotAllowed(_) => (
                405,
                "method_not_allowed",
                l("Phương thức không được phép", "Method not allowed"),
                l("Dùng một phương thức trong tiêu đề Allow.", "Use one of the methods in the Allow header."),
            ),
            Self::Refused(r) => {
                (409, r.word(), l("Quy định không cho phép lúc này", "The regulation does not allow this now"), r.say())
            }
            Self::PreconditionFailed => (
                412,
                "stale",
                l("Dữ liệu đã thay đổi", "The resource has changed"),
                l(
                    "Người khác đã sửa. Tải lại, xem ETag mới rồi gửi lại.",
                    "Somebody changed it meanwhile. Read it again and send the new ETag.",
                ),
            ),
            Self::TooLarge(limit) => (
                413,
                "too_large",
                l("Quá lớn", "Too large"),
                Label::new(format!("Giới hạn là {limit} byte."), format!("The limit is {limit} bytes.")),
            ),
            Self::UnsupportedMediaType(want) => (
                415,
                "unsupported_media_type",
                l("Kiểu nội dung không được nhận", "Media type not accepted"),
                Label::new(format!("Gửi với Content-Type: {want}."), format!("Send it with Content-Type: {want}.")),
            ),
            Self::RangeBeyond(size) => (
                416,
                "range_beyond",
                l("Không có đoạn này", "There is no such part"),
                Label::new(
                    format!("Tệp có {size} byte; xin một đoạn trong đó ở tiêu đề Range."),
                    format!("The file has {size} bytes; ask for a part of them in Range."),
                ),
            ),
            Self::Invalid(_) => (
                422,
                "invalid_fields",
                l("Có trường chưa đúng", "Some fields are not right"),
                l(
                    "Xem danh sách errors: mỗi dòng nêu trường và cách sửa.",
                    "See errors: each line names the field and what to do.",
                ),
            ),
            Self::IdempotencyKeyReused => (
                422,
                "idempotency_key_reused",
                l("Khóa Idempotency-Key đã dùng cho yêu cầu khác", "The Idempotency-Key was used for another request"),
                l("Dùng khóa mới cho một yêu cầu mới.", "Use a new key for a new request."),
            ),
            Self::PreconditionRequired(header) => (
                428,
                "precondition_required",
                l("Thiếu tiêu đề bắt buộc", "A required header is missing"),
                Label::new(format!("Gửi tiêu đề {header}."), format!("Send the header {header}.")),
            ),
            Self::TooMany(seconds) => (
                429,
                "too_many_requests",
                l("Quá nhiều lần thử", "Too many attempts"),
                Label::new(format!("Thử lại sau {seconds} giây."), format!("Try again after {seconds} seconds.")),
            ),
            Self::Storage { full: true, .. } => (
                503,
                "storage_full",
                l("Kho tệp đã đầy", "The store of documents is full"),
                l(
                    "Chưa có gì thay đổi. Báo người vận hành dọn đĩa hoặc thêm chỗ, rồi gửi lại.",
                    "Nothing was changed. Tell the operator to make room, then send it again.",
                ),
            ),
            Self::Storage { full: false, .. } => (
                503,
                "storage_away",
                l("Kho tệp chưa trả lời", "The store of documents does not answer"),
                l(
                    "Chưa có gì thay đổi. Thử lại sau một phút; nếu vẫn vậy, báo người vận hành.",
                    "Nothing was changed. Try again in a minute; if it stays so, tell the operator.",
                ),
            ),
            Self::Busy(_) => busy_row(),
            Self::Template(fault) => (
                500,
                "template_broken",
                l("Mẫu in có lỗi", "A template is broken"),
                Label::new(
                    format!(
                        "{fault}. Người vận hành sửa tệp này trong thư mục OCOP_TEMPLATES, hoặc bỏ nó để dùng mẫu đi kèm; ocop template check chỉ chỗ sai."
                    ),
                    format!(
                        "{fault}. The operator mends this file in the folder OCOP_TEMPLATES, or takes it away to use the one that ships; ocop template check shows the place."
                    ),
                ),
            ),
            Self::Database(e) if Self::is_busy(e) => busy_row(),
            Self::Database(_) | Self::Internal(_) => (
                500,
                "internal",
                l("Lỗi của hệ thống", "An error of ours"),
                l(
                    "Lỗi đã được ghi lại. Báo mã traceId cho người vận hành.",
                    "The error is in our log. Tell the operator the traceId.",
                ),
            ),
        }
    }

    fn items(&self) -> Vec<FieldError> {
        match self {
            Self::BadParameter(fields) | Self::Invalid(fields) => fields.clone(),
            Self::Refused(r) => r
                .items()
                .into_iter()
                .map(|i| FieldError { pointer: i.at, code: i.word.to_owned(), say: i.say })
                .collect(),
            _ => Vec::new(),
        }
    }

    /// The body of the answer, in one language.
    pub fn problem(&self, lang: Lang, instance: &str, trace: &str) -> Problem {
        let (status, code, title, detail) = self.row();
        Problem {
            kind: format!("urn:ocop:problem:{code}"),
            title: title.say(lang).to_owned(),
            status,
            detail: detail.say(lang).to_owned(),
            code: code.to_owned(),
            instance: instance.to_owned(),
            trace_id: trace.to_owned(),
            suggestion: match self {
                Self::Unknown { suggestion, .. } => suggestion.clone(),
                _ => None,
            },
            errors: self
                .items()
                .into_iter()
                .map(|f| ProblemItem { pointer: f.pointer, code: f.code, detail: f.say.say(lang).to_owned() })
                .collect(),
        }
    }

    fn headers(&self) -> Vec<(&'static str, String)> {
        match self {
            Self::MethodNotAllowed(allow) => vec![("Allow", allow.clone())],
            Self::Unauthenticated(_) => vec![("WWW-Authenticate", "Bearer".to_owned())],
            Self::RangeBeyond(size) => {
                vec![("Content-Range", format!("bytes */{size}")), ("Accept-Ranges", "bytes".to_owned())]
            }
            Self::Storage { .. } => vec![("Retry-After", "60".to_owned())],
            Self::TooMany(seconds) => vec![("Retry-After", seconds.to_string())],
            _ if self.row().0 == 503 => vec![("Retry-After", "1".to_owned())],
            _ => Vec::new(),
        }
    }
}

/// What to do about a 401, by its word.
fn sign_in_again(word: &str) -> Label {
    match word {
        "credentials_wrong" => Label::new(
            "E-mail hoặc mật khẩu chưa đúng. Quên mật khẩu thì xin cán bộ một mã đặt lại.",
            "E-mail or password is wrong. If the password is forgotten, ask an officer for a reset code.",
        ),
        "second_factor_required" => Label::new(
            "Tài khoản này có lớp xác thực thứ hai: gửi thêm sáu chữ số hiện tại trong trường totp.",
            "This account has a second factor: send its six digits of now in the field totp.",
        ),
        "second_factor_wrong" => Label::new(
            "Sáu chữ số chưa đúng, hoặc đã dùng rồi. Chờ mã tiếp theo và kiểm tra giờ của điện thoại.",
            "The six digits are wrong, or were used before. Wait for the next code and check the phone's clock.",
        ),
        "refresh_invalid" | "session_ended" | "refresh_reused" => Label::new(
            "Phiên đăng nhập đã kết thúc. Đăng nhập lại ở POST /v1/auth/token.",
            "The sign-in has ended. Sign in again at POST /v1/auth/token.",
        ),
        _ => Label::new(
            "Gửi tiêu đề Authorization: Bearer với mã truy cập còn hiệu lực; lấy mã ở POST /v1/auth/token.",
            "Send Authorization: Bearer with a valid access token; get one from POST /v1/auth/token.",
        ),
    }
}

fn busy_row() -> (u16, &'static str, Label, Label) {
    (
        503,
        "busy",
        Label::new("Hệ thống đang bận", "The service is busy"),
        Label::new("Chưa có gì thay đổi. Thử lại sau vài giây.", "Nothing was changed. Try again in a few seconds."),
    )
}

/// The body of every answer of 400 and above (RFC 9457, `application/problem+json`).
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Problem {
    /// A URI that names the kind of problem.
    #[serde(rename = "type")]
    #[schema(example = "urn:ocop:problem:not_found")]
    pub kind: String,
    /// The kind in words.
    pub title: String,
    /// The HTTP status.
    #[schema(example = 404)]
    pub status: u16,
    /// What happened and what to do.
    pub detail: String,
    /// Stable word, never reworded.
    #[schema(example = "not_found")]
    pub code: String,
    /// The path that was asked.
    pub instance: String,
    /// The request's name in our log.
    pub trace_id: String,
    /// A printed number that was most likely meant.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub suggestion: Option<String>,
    /// The fields or items concerned.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<ProblemItem>,
}

/// One field or item of a problem.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct ProblemItem {
    /// JSON pointer into the body, the name of a parameter, or the item concerned.
    #[schema(example = "/name")]
    pub pointer: String,
    /// Stable word.
    #[schema(example = "required")]
    pub code: String,
    /// What to do.
    pub detail: String,
}

/// The error of an answer, waiting for the middleware that knows language, path and trace.
#[derive(Clone)]
pub struct Draft(pub std::sync::Arc<AppError>);

impl ResponseError for AppError {
    fn status_code(&self) -> StatusCode {
        StatusCode::from_u16(self.row().0).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }

    fn error_response(&self) -> HttpResponse {
        let problem = self.problem(Lang::Vi, "", "");
        let mut builder = HttpResponse::build(self.status_code());
        for (name, value) in self.headers() {
            builder.insert_header((name, value));
        }
        let mut response = builder.content_type("application/problem+json").json(problem);
        response.extensions_mut().insert(Draft(std::sync::Arc::new(self.copy())));
        response
    }
}

impl AppError {
    /// A copy that says the same; the causes of errors of ours become text.
    fn copy(&self) -> Self {
        match self {
            Self::Malformed(l) => Self::Malformed(l.clone()),
            Self::BadParameter(f) => Self::BadParameter(f.clone()),
            Self::Unauthenticated(w) => Self::Unauthenticated(w),
            Self::Forbidden(w) => Self::Forbidden(w),
            Self::NotFound => Self::NotFound,
            Self::Unknown { say, suggestion } => Self::Unknown { say: say.clone(), suggestion: suggestion.clone() },
            Self::MethodNotAllowed(a) => Self::MethodNotAllowed(a.clone()),
            Self::Refused(r) => Self::Refused(Box::new(Spoken { word: r.word(), say: r.say(), items: r.items() })),
            Self::PreconditionFailed => Self::PreconditionFailed,
            Self::TooLarge(n) => Self::TooLarge(*n),
            Self::UnsupportedMediaType(w) => Self::UnsupportedMediaType(w),
            Self::Invalid(f) => Self::Invalid(f.clone()),
            Self::IdempotencyKeyReused => Self::IdempotencyKeyReused,
            Self::PreconditionRequired(h) => Self::PreconditionRequired(h),
            Self::TooMany(n) => Self::TooMany(*n),
            Self::RangeBeyond(n) => Self::RangeBeyond(*n),
            Self::Storage { full, why } => Self::Storage { full: *full, why: why.clone() },
            Self::Busy(why) => Self::Busy(why.clone()),
            Self::Database(e) if Self::is_busy(e) => Self::Busy(e.to_string()),
            Self::Database(e) => Self::Internal(format!("database: {e}")),
            Self::Internal(why) => Self::Internal(why.clone()),
            Self::Template(fault) => Self::Template(fault.clone()),
        }
    }
}

/// A refusal that has been put into words.
#[derive(Debug)]
struct Spoken {
    word: &'static str,
    say: Label,
    items: Vec<crate::refusal::Item>,
}

impl Refusal for Spoken {
    fn word(&self) -> &'static str {
        self.word
    }
    fn say(&self) -> Label {
        self.say.clone()
    }
    fn items(&self) -> Vec<crate::refusal::Item> {
        self.items.clone()
    }
}

/// Turns a broken unique index into the refusal that explains it.
pub trait OnConstraint<T> {
    /// When the index with this name is broken, answers with the refusal instead.
    ///
    /// # Errors
    /// The refusal, or the error as it was.
    fn on_constraint<R: Refusal>(self, name: &str, refusal: impl FnOnce() -> R) -> Result<T>;
}

impl<T> OnConstraint<T> for Result<T, AppError> {
    fn on_constraint<R: Refusal>(self, name: &str, refusal: impl FnOnce() -> R) -> Result<T> {
        match self {
            Err(AppError::Database(e)) if constraint_of(&e).as_deref() == Some(name) => Err(refusal().into()),
            other => other,
        }
    }
}
