//! Where messages go. Somebody else chose the address, so the service must not be led into its own
//! network: https only, a name is resolved, every address it has is looked at, the connection goes to one
//! of these and nowhere else, and no redirect is followed.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, ToSocketAddrs};
use std::time::Duration;

use reqwest::{Client, Url, redirect};

use crate::config::Config;
use crate::error::{AppError, Result};

/// How long a receiver may take, from the name to the answer.
const PATIENCE: Duration = Duration::from_secs(15);

/// Which receivers are taken.
#[derive(Debug, Clone, Copy)]
pub struct Receivers {
    private: bool,
}

/// What a receiver answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answered {
    /// The status.
    pub status: u16,
    /// `Retry-After`, in seconds.
    pub retry_after: Option<i64>,
}

impl From<&Config> for Receivers {
    fn from(config: &Config) -> Self {
        Self { private: config.webhooks_private }
    }
}

impl Receivers {
    /// Reads an address as its owner wrote it.
    ///
    /// # Errors
    /// 422 with what is wrong with it.
    pub(super) fn read(self, url: &str) -> Result<Url> {
        let wrong = |vi: &str, en: &str| AppError::field("/url", "not_allowed", vi, en);
        let url = Url::parse(url.trim()).map_err(|_| {
            wrong("Hãy ghi địa chỉ đầy đủ, bắt đầu bằng https://.", "Give a whole address that begins with https://.")
        })?;
        let secure = url.scheme() == "https" || (self.private && url.scheme() == "http");
        if !secure || url.host_str().is_none_or(str::is_empty) {
            return Err(wrong("Địa chỉ phải bắt đầu bằng https://.", "The address must begin with https://."));
        }
        if !url.username().is_empty() || url.password().is_some() || url.fragment().is_some() {
            return Err(wrong(
                "Địa chỉ không được chứa tên người dùng, mật khẩu hoặc dấu #.",
                "The address holds no user, no password and no #.",
            ));
        }
        match literal(&url).is_some_and(|address| !self.takes(address)) {
            true => Err(wrong(
                "Địa chỉ nội bộ không được nhận; hãy ghi một địa chỉ trên Internet.",
                "Addresses of private networks are not taken; give one on the Internet.",
            )),
            false => Ok(url),
        }
    }

    fn takes(self, address: IpAddr) -> bool {
        self.private || is_on_the_internet(address)
    }

    /// The addresses of a receiver, all of them taken.
    fn resolve(self, url: &Url) -> std::result::Result<Vec<SocketAddr>, String> {
        let port = url.port_or_known_default().unwrap_or(443);
        let found: Vec<SocketAddr> = match (literal(url), url.host_str()) {
            (Some(address), _) => vec![SocketAddr::new(address, port)],
            (None, Some(host)) => {
                (host, port).to_socket_addrs().map_err(|e| format!("the name is not known: {e}"))?.collect()
            }
            (None, None) => Vec::new(),
        };
        match found.iter().find(|a| !self.takes(a.ip())) {
            Some(private) => Err(format!("the name leads to {}, an address that is not on the Internet", private.ip())),
            None if found.is_empty() => Err("the name has no address".to_owned()),
            None => Ok(found),
        }
    }

    /// Sends a message to an address; the answer's body is not read.
    ///
    /// # Errors
    /// Why there was no answer, in words for the owner.
    pub(super) async fn post(
        self,
        url: &str,
        headers: &[(&'static str, String)],
        body: String,
    ) -> std::result::Result<Answered, String> {
        let url = self.read(url).map_err(|_| "the address is not taken any more".to_owned())?;
        let addresses = self.resolve(&url)?;
        let client = Client::builder()
            .redirect(redirect::Policy::none())
            .no_proxy()
            .timeout(PATIENCE)
            .resolve_to_addrs(url.host_str().unwrap_or_default(), &addresses)
            .build()
            .map_err(|e| e.to_string())?;
        let mut request = client.post(url).header("content-type", "application/json").header("user-agent", "OCOP");
        for (name, value) in headers {
            request = request.header(*name, value);
        }
        let answer = request.body(body).send().await.map_err(|e| why(&e))?;
        let retry_after = answer.headers().get("retry-after").and_then(|v| v.to_str().ok()?.trim().parse().ok());
        Ok(Answered { status: answer.status().as_u16(), retry_after })
    }
}

/// The kind of failure; the address itself may hold a token and is not repeated.
fn why(e: &reqwest::Error) -> String {
    let kind = match (e.is_timeout(), e.is_connect()) {
        (true, _) => "no answer in time",
        (_, true) => "no connection",
        _ => "the answer could not be read",
    };
    let mut cause = std::error::Error::source(e);
    while let Some(deeper) = cause.and_then(|c| c.source()) {
        cause = Some(deeper);
    }
    cause.map_or_else(|| kind.to_owned(), |cause| format!("{kind}: {cause}"))
}

/// The host of an address, for the audit.
pub(super) fn host_of(url: &str) -> Option<String> {
    Url::parse(url).ok().and_then(|url| url.host_str().map(str::to_owned))
}

/// The address that a URL names by its numbers.
fn literal(url: &Url) -> Option<IpAddr> {
    url.host_str().and_then(|host| host.trim_matches(['[', ']']).parse().ok())
}

/// Whether an address can be somebody's on the Internet (IANA's registries of special addresses, RFC 6890).
fn is_on_the_internet(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => v4(address),
        IpAddr::V6(address) => v6(address),
    }
}

fn v4(address: Ipv4Addr) -> bool {
    let [a, b, c, _] = address.octets();
    !(address.is_private()
        || address.is_loopback()
        || address.is_link_local()
        || address.is_documentation()
        || address.is_multicast()
        || a == 0
        || a >= 240
        || (a == 100 && (64..128).contains(&b))
        || (a == 192 && b == 0 && c == 0)
        || (a == 192 && b == 88 && c == 99)
        || (a == 198 && (18..20).contains(&b)))
}

/// Only what is given out (2000::/3), without what leads elsewhere: tunnels and examples.
fn v6(address: Ipv6Addr) -> bool {
    let [a, b, ..] = address.segments();
    (0x2000..0x4000).contains(&a)
        && !(a == 0x2001 && (b < 0x0200 || b == 0x0db8))
        && a != 0x2002
        && !(a == 0x3fff && b < 0x1000)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn private_addresses_of_both_families_are_not_taken() {
        let taken = |text: &str| is_on_the_internet(text.parse().unwrap());
        for private in [
            "127.0.0.1",
            "10.1.2.3",
            "172.16.0.1",
            "192.168.1.1",
            "169.254.169.254",
            "100.64.0.1",
            "0.0.0.0",
            "192.0.0.8",
            "198.18.0.1",
            "224.0.0.1",
            "255.255.255.255",
            "203.0.113.7",
            "::1",
            "::",
            "::ffff:127.0.0.1",
            "fe80::1",
            "fc00::1",
            "fd12::1",
            "64:ff9b::7f00:1",
            "2002:7f00:1::",
            "2001:db8::1",
            "2001::1",
            "ff02::1",
            "100::1",
        ] {
            assert!(!taken(private), "{private}");
        }
        for public in ["8.8.8.8", "203.162.4.190", "172.32.0.1", "100.128.0.1", "2001:4860:4860::8888", "2405:4800::1"]
        {
            assert!(taken(public), "{public}");
        }
    }

    #[test]
    fn an_address_written_in_another_way_is_the_same_address() {
        let (strict, open) = (Receivers { private: false }, Receivers { private: true });
        for url in [
            "https://127.0.0.1/x",
            "https://2130706433/",
            "https://0x7f.1/",
            "https://0177.0.0.1/",
            "https://[::1]/",
            "https://[::ffff:10.0.0.1]/",
            "http://example.vn/",
            "ftp://example.vn/",
            "https://u:p@example.vn/",
            "https://example.vn/#x",
            "https://",
            "example.vn",
            "//example.vn",
            "https://192.168.0.1.:443/",
        ] {
            assert!(strict.read(url).is_err(), "{url}");
        }
        assert!(strict.read("https://example.vn/hooks?x=1").is_ok());
        assert!(open.read("http://127.0.0.1:9/").is_ok() && open.read("ftp://127.0.0.1/").is_err());
    }

    #[test]
    fn a_name_that_leads_inside_is_refused_when_it_is_resolved() {
        let url = Url::parse("https://localhost/").unwrap();
        assert!(Receivers { private: false }.resolve(&url).unwrap_err().contains("not on the Internet"));
        assert!(Receivers { private: true }.resolve(&url).is_ok());
    }
}
