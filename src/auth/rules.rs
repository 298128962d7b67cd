//! What sign-in and accounts keep to: pure, no database, no clock.

use chrono::NaiveDate;

use crate::actor::Role;
use crate::error::FieldError;
use crate::ids::{OrganisationId, PlaceId, ProducerId};
use crate::refusal::Refusal;
use crate::text::{Label, Lang};

crate::words! {
    /// Where an application for an account stands.
    pub enum RegistrationState {
        /// Waits for an officer.
        Waiting = "waiting",
        /// An officer approved it: there is an account.
        Approved = "approved",
        /// An officer refused it.
        Refused = "refused",
    }
}

/// Failures that cost nothing.
const FREE_FAILURES: i32 = 3;
/// The longest delay, in seconds.
const LONGEST_DELAY: i64 = 15 * 60;
/// Failures older than this, in seconds, are forgotten.
pub const FAILURES_KEPT: i64 = 24 * 3600;

/// Seconds that must pass after the last of so many failures: 8 after three, doubling to 15 minutes.
pub fn delay(failures: i32) -> i64 {
    match failures {
        n if n < FREE_FAILURES => 0,
        n => (1_i64 << n.min(20)).min(LONGEST_DELAY),
    }
}

/// The letter with a one-time code: subject and text, Vietnamese and English, the asker's language first.
pub fn reset_letter(code: &str, lang: Lang) -> (&'static str, String) {
    let vi = format!(
        "Có người, có thể là bạn, xin đặt lại mật khẩu OCOP cho địa chỉ này.\n\nMã dùng một lần, trong 24 giờ:\n\n    {code}\n\n\
         Nếu không phải bạn, hãy bỏ qua thư này: mật khẩu vẫn như cũ. Đừng đưa mã cho ai."
    );
    let en = format!(
        "Somebody, perhaps you, asked for a new OCOP password for this address.\n\nThe code works once, within 24 hours:\n\n    {code}\n\n\
         If it was not you, ignore this letter: the password stays. Give the code to nobody."
    );
    match lang {
        Lang::Vi => ("OCOP: mã đặt lại mật khẩu", format!("{vi}\n\n---\n\n{en}\n")),
        Lang::En => ("OCOP: code for a new password", format!("{en}\n\n---\n\n{vi}\n")),
    }
}

/// The shortest password.
pub const PASSWORD_MIN: usize = 12;

/// Why a password may not be used for this account; none when it may.
pub fn password_fault(password: &str, email: &str, pointer: &str) -> Option<FieldError> {
    if password.chars().count() < PASSWORD_MIN {
        return Some(FieldError::new(
            pointer,
            "password_short",
            format!("Mật khẩu có ít nhất {PASSWORD_MIN} ký tự."),
            format!("A password has at least {PASSWORD_MIN} characters."),
        ));
    }
    let plain = |s: &str| s.trim().to_lowercase();
    (plain(password) == plain(email)).then(|| {
        FieldError::new(
            pointer,
            "password_is_email",
            "Mật khẩu không được trùng với e-mail.",
            "The password must not be the e-mail.",
        )
    })
}

/// Letters and digits that are not mistaken for one another when read from paper.
const CODE_LETTERS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// A one-time code from random bytes: twenty characters in four groups.
pub fn code(random: [u8; 20]) -> String {
    let letters: String = random.iter().map(|b| char::from(CODE_LETTERS[usize::from(b % 32)])).collect();
    letters.as_bytes().chunks(5).map(String::from_utf8_lossy).collect::<Vec<_>>().join("-")
}

/// A code as it was printed, whatever was typed: case, spaces and dashes do not matter, O is 0, I and L are 1.
pub fn read_code(typed: &str) -> String {
    typed
        .chars()
        .filter(|c| c.is_ascii_alphanumeric())
        .map(|c| match c.to_ascii_uppercase() {
            'O' => '0',
            'I' | 'L' => '1',
            c => c,
        })
        .collect()
}

/// What a right needs to be for: an office, a producer, an organisation.
pub fn right_faults(
    role: Role,
    place: Option<PlaceId>,
    producer: Option<ProducerId>,
    organisation: Option<OrganisationId>,
) -> Vec<FieldError> {
    let mut faults = Vec::new();
    let mut needs = |missing: bool, pointer: &str, vi: &str, en: &str| {
        if missing {
            faults.push(FieldError::new(pointer, "required_for_role", vi, en));
        }
    };
    match role {
        Role::Producer | Role::Consultant => needs(
            producer.is_none(),
            "/producer",
            "Vai trò này gắn với một chủ thể; nêu mã định danh của chủ thể.",
            "This role speaks for a producer; give the producer's identifier.",
        ),
        Role::Commune | Role::District | Role::Province => needs(
            place.is_none(),
            "/place",
            "Vai trò này gắn với một địa bàn; nêu mã định danh của đơn vị hành chính.",
            "This role is of a territory; give the identifier of the unit.",
        ),
        Role::Department => needs(
            place.is_none() && organisation.is_none(),
            "/organisation",
            "Nêu sở, ngành hoặc địa bàn của vai trò này.",
            "Give the department or the territory of this role.",
        ),
        _ => {}
    }
    if producer.is_some() && !matches!(role, Role::Producer | Role::Consultant) {
        faults.push(FieldError::new(
            "/producer",
            "not_for_role",
            "Vai trò này không gắn với chủ thể.",
            "This role does not speak for a producer.",
        ));
    }
    faults
}

/// Whether a period is one: its last day is not before its first.
pub fn period_holds(from: NaiveDate, to: Option<NaiveDate>) -> bool {
    to.is_none_or(|to| from <= to)
}

/// A refusal about accounts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stop {
    /// The registration was decided before.
    RegistrationDecided,
    /// The account with this e-mail is closed.
    AccountClosed,
    /// The one who would lose the right is the last administrator.
    LastAdministrator,
    /// The account also holds rights that the officer does not answer for.
    BeyondOfficer,
    /// No mail server is named.
    MailOff,
    /// The account has a second factor already; this sign-in did not show it.
    SecondFactorKept,
    /// No second factor waits for a code.
    NothingToConfirm,
    /// There is an administrator already.
    AdministratorExists,
    /// The right has ended before.
    GrantEnded,
    /// The producer that is claimed lies outside the officer's territory, or there is none.
    ProducerUnknown,
}

impl Refusal for Stop {
    fn word(&self) -> &'static str {
        match self {
            Self::RegistrationDecided => "registration_decided",
            Self::AccountClosed => "account_closed",
            Self::LastAdministrator => "account_last_administrator",
            Self::BeyondOfficer => "account_beyond_officer",
            Self::MailOff => "reset_mail_off",
            Self::SecondFactorKept => "second_factor_kept",
            Self::NothingToConfirm => "second_factor_nothing_to_confirm",
            Self::AdministratorExists => "account_administrator_exists",
            Self::GrantEnded => "grant_ended",
            Self::ProducerUnknown => "registration_producer_unknown",
        }
    }

    fn say(&self) -> Label {
        match self {
            Self::RegistrationDecided => {
                Label::new("Đăng ký này đã được quyết định.", "This registration has been decided already.")
            }
            Self::AccountClosed => Label::new(
                "Tài khoản của e-mail này đã bị khóa; đề nghị quản trị viên xem xét.",
                "The account of this e-mail is closed; ask an administrator.",
            ),
            Self::LastAdministrator => Label::new(
                "Đây là quản trị viên cuối cùng; hãy cấp quyền cho một người khác trước.",
                "This is the last administrator; give the right to somebody else first.",
            ),
            Self::MailOff => Label::new(
                "Hệ thống này không gửi e-mail; đến UBND xã nơi đăng ký để nhận mã đặt lại in trên giấy.",
                "This instance sends no e-mail; ask the officer of your commune for a printed code.",
            ),
            Self::BeyondOfficer => Label::new(
                "Tài khoản này còn giữ quyền khác ngoài quyền của chủ thể; đề nghị quản trị viên cấp mã.",
                "This account holds more than a producer's rights; ask an administrator for the code.",
            ),
            Self::SecondFactorKept => Label::new(
                "Tài khoản đã có lớp xác thực thứ hai; đăng nhập bằng mã của lớp đó rồi mới thay.",
                "The account has a second factor; sign in with it before you replace it.",
            ),
            Self::NothingToConfirm => Label::new(
                "Chưa có lớp xác thực nào chờ xác nhận; gọi POST /v1/auth/totp trước.",
                "No second factor waits for a code; call POST /v1/auth/totp first.",
            ),
            Self::AdministratorExists => Label::new(
                "Hệ thống đã có quản trị viên; đề nghị người đó cấp quyền.",
                "There is an administrator already; ask for a grant.",
            ),
            Self::GrantEnded => Label::new("Quyền này đã kết thúc.", "This right has ended already."),
            Self::ProducerUnknown => Label::new(
                "Không có chủ thể này trên địa bàn của bạn; tìm ở GET /v1/producers.",
                "There is no such producer in your territory; look it up at GET /v1/producers.",
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_failures_are_free_and_the_delay_doubles_to_a_quarter_of_an_hour() {
        let delays: Vec<i64> = (0..=12).map(delay).collect();
        assert_eq!(delays, [0, 0, 0, 8, 16, 32, 64, 128, 256, 512, 900, 900, 900]);
        assert_eq!(delay(i32::MAX), 900);
    }

    #[test]
    fn a_password_is_long_and_not_the_email() {
        let word = |p: &str| password_fault(p, "lan.nguyen@example.vn", "/password").map(|f| f.code);
        assert_eq!(word("ngắn quá"), Some("password_short".into()));
        assert_eq!(word("Lan.Nguyen@example.vn "), Some("password_is_email".into()));
        assert_eq!(word("con trâu đi trước cái cày"), None);
    }

    #[test]
    fn a_printed_code_is_read_as_it_was_typed() {
        let printed = code([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 31, 32, 33, 34, 35, 255, 254, 253, 252]);
        assert_eq!(printed, "01234-56789-AZ012-3ZYXW");
        assert_eq!(read_code(" o1234 5678g-az0l2-3zyxw "), "012345678GAZ0123ZYXW");
        assert_eq!(read_code(&printed.to_lowercase()), read_code(&printed));
    }

    #[test]
    fn a_right_names_what_it_is_for() {
        let place = Some(PlaceId::new());
        let producer = Some(ProducerId::new());
        assert!(right_faults(Role::Commune, place, None, None).is_empty());
        assert_eq!(right_faults(Role::Commune, None, None, None)[0].pointer, "/place");
        assert_eq!(right_faults(Role::Producer, place, None, None)[0].pointer, "/producer");
        assert_eq!(right_faults(Role::Province, place, producer, None)[0].code, "not_for_role");
        assert!(right_faults(Role::Central, None, None, None).is_empty());
    }
}
