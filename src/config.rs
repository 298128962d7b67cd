//! Every setting, read once from the environment and checked at start. `.env.sample` lists them.

use std::net::SocketAddr;
use std::path::PathBuf;

/// How strict the service is about its surroundings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Profile {
    /// A developer's machine or a demonstration.
    Dev,
    /// Real use: keys must be given, the public address must be https.
    Production,
}

/// Where the data lives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DatabaseUrl {
    /// The embedded database: a file.
    Sqlite(PathBuf),
    /// PostgreSQL 15 or newer.
    Postgres(String),
}

impl DatabaseUrl {
    /// Chooses the engine by the form of the address.
    pub fn parse(url: &str) -> Self {
        if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            Self::Postgres(url.to_owned())
        } else {
            Self::Sqlite(PathBuf::from(url.strip_prefix("sqlite://").unwrap_or(url)))
        }
    }
}

/// Where documents are kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Storage {
    /// A folder; `files` in the data directory when none is named.
    Folder(Option<PathBuf>),
    /// A bucket of an S3-compatible store, and what stands before every name in it.
    Bucket {
        /// Its name.
        bucket: String,
        /// Without slashes at its ends; may be empty.
        prefix: String,
    },
}

impl Storage {
    fn parse(url: &str) -> Result<Self, BadSetting> {
        if let Some(path) = url.strip_prefix("file:") {
            let path = path.trim_start_matches("//");
            return Ok(Self::Folder((!path.is_empty()).then(|| path.into())));
        }
        let (bucket, prefix) = url.strip_prefix("s3://").map_or(("", ""), |r| r.split_once('/').unwrap_or((r, "")));
        match bucket {
            "" => Err(bad("OCOP_STORAGE_URL", "use file:, file:/a/path or s3://bucket/prefix")),
            bucket => Ok(Self::Bucket { bucket: bucket.to_owned(), prefix: prefix.trim_matches('/').to_owned() }),
        }
    }
}

/// How an S3-compatible store is reached.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct S3 {
    /// `OCOP_S3_ENDPOINT`: the address of the server; Amazon's own when not given.
    pub endpoint: Option<String>,
    /// `OCOP_S3_REGION`: `us-east-1` when not given.
    pub region: String,
    /// `OCOP_S3_ACCESS_KEY_ID`.
    pub access_key: Option<String>,
    /// `OCOP_S3_SECRET_ACCESS_KEY`.
    pub secret_key: Option<Secret>,
}

/// A secret setting: never printed.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(pub String);

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secret(…)")
    }
}

/// The settings.
#[derive(Debug, Clone)]
pub struct Config {
    /// `OCOP_LISTEN`: where the service listens.
    pub listen: SocketAddr,
    /// `OCOP_ADMIN_LISTEN`: metrics and details of readiness, for the operator only.
    pub admin_listen: Option<SocketAddr>,
    /// `OCOP_DATA_DIR`: the embedded database, documents, keys.
    pub data_dir: PathBuf,
    /// `DATABASE_URL`: a path or `postgres://…`.
    pub database: DatabaseUrl,
    /// `OCOP_DATABASE_POOL`: connections for reading (and writing, on PostgreSQL).
    pub pool: u32,
    /// `OCOP_PUBLIC_URL`: what stands in certificates, links and tokens; no slash at the end.
    pub public_url: String,
    /// `OCOP_INSTANCE`: a short name of this instance, in certificates and events.
    pub instance: String,
    /// `OCOP_STORAGE_URL`: where documents are kept; `file:` by default.
    pub storage: Storage,
    /// How the bucket is reached, when documents are kept in one.
    pub s3: S3,
    /// `OCOP_CLAMD`: the virus scanner, `host:port`; none: documents are not scanned.
    pub clamd: Option<String>,
    /// `OCOP_MAX_UPLOAD_MB`: the largest document, in bytes.
    pub max_upload_bytes: u64,
    /// `OCOP_TEMPLATES`: the office's own templates of papers; a file there wins over the one that ships.
    pub templates: Option<PathBuf>,
    /// `OCOP_MAX_DOSSIER_MB`: the most that the papers of one dossier hold together, in bytes.
    pub max_dossier_bytes: u64,
    /// `OCOP_LOG`: filter of the log, and `OCOP_LOG_FORMAT` (`text`, `json`).
    pub log: String,
    /// Whether the log is written as JSON lines.
    pub log_json: bool,
    /// `OCOP_PROFILE`: `dev` or `production`.
    pub profile: Profile,
    /// `OCOP_MASTER_KEY_FILE`: the key that seals private keys in the database.
    pub master_key_file: PathBuf,
    /// `OCOP_CORS_ORIGINS`: front ends that may send credentials, separated by commas.
    pub cors_origins: Vec<String>,
    /// `OCOP_TRUSTED_PROXIES`: addresses whose `X-Forwarded-For` is believed, separated by commas.
    pub trusted_proxies: Vec<std::net::IpAddr>,
    /// `OCOP_SMTP_URL`: the mail server for reset codes, `smtps://user:password@host:465`; none: codes are printed.
    pub smtp_url: Option<String>,
    /// `OCOP_MAIL_FROM`: the sender of letters.
    pub mail_from: Option<String>,
    /// `OCOP_WEBHOOKS_PRIVATE`: whether webhooks may lead into private networks, and without TLS.
    pub webhooks_private: bool,
    /// Whether this is a demonstration: said in every answer.
    pub demo: bool,
}

/// A setting that cannot be used, with what to do.
#[derive(Debug, thiserror::Error)]
#[error("{name}: {why}")]
pub struct BadSetting {
    name: &'static str,
    why: String,
}

fn bad(name: &'static str, why: impl Into<String>) -> BadSetting {
    BadSetting { name, why: why.into() }
}

impl Config {
    /// Reads the environment.
    ///
    /// # Errors
    /// The first setting that cannot be used, by name.
    pub fn from_env() -> Result<Self, BadSetting> {
        Self::read(|name| std::env::var(name).ok().filter(|v| !v.trim().is_empty()))
    }

    /// Reads settings from any source; tests use a map.
    ///
    /// # Errors
    /// The first setting that cannot be used, by name.
    pub fn read(get: impl Fn(&str) -> Option<String>) -> Result<Self, BadSetting> {
        let listen = parse_or("OCOP_LISTEN", get("OCOP_LISTEN"), "127.0.0.1:8080")?;
        let data_dir = PathBuf::from(get("OCOP_DATA_DIR").unwrap_or_else(|| "./data".to_owned()));
        let database = match get("DATABASE_URL") {
            Some(url) => DatabaseUrl::parse(&url),
            None => DatabaseUrl::Sqlite(data_dir.join("ocop.sqlite")),
        };
        let profile = match get("OCOP_PROFILE").as_deref() {
            None | Some("dev") => Profile::Dev,
            Some("production") => Profile::Production,
            Some(_) => return Err(bad("OCOP_PROFILE", "use dev or production")),
        };
        let given_key = get("OCOP_MASTER_KEY_FILE").map(PathBuf::from);
        if profile == Profile::Production && matches!(database, DatabaseUrl::Postgres(_)) && given_key.is_none() {
            return Err(bad(
                "OCOP_MASTER_KEY_FILE",
                "must be given in production with PostgreSQL, the same file on every node",
            ));
        }
        let public_url = get("OCOP_PUBLIC_URL").unwrap_or_else(|| format!("http://{listen}"));
        if !public_url.starts_with("http://") && !public_url.starts_with("https://") {
            return Err(bad("OCOP_PUBLIC_URL", "must begin with http:// or https://"));
        }
        if profile == Profile::Production && !public_url.starts_with("https://") {
            return Err(bad("OCOP_PUBLIC_URL", "must be https in production: it is printed on certificates"));
        }
        if get("OCOP_CLAMD").is_some_and(|a| a.rsplit_once(':').is_none_or(|(_, port)| port.parse::<u16>().is_err())) {
            return Err(bad("OCOP_CLAMD", "give host:port, such as 127.0.0.1:3310"));
        }
        if get("OCOP_S3_ACCESS_KEY_ID").is_some() != get("OCOP_S3_SECRET_ACCESS_KEY").is_some() {
            return Err(bad("OCOP_S3_SECRET_ACCESS_KEY", "give both the key's identifier and its secret, or neither"));
        }
        if get("OCOP_SMTP_URL").is_some() && get("OCOP_MAIL_FROM").is_none() {
            return Err(bad("OCOP_MAIL_FROM", "name the sender of letters, such as OCOP <ocop@example.vn>"));
        }
        let cores = std::thread::available_parallelism().map(|n| n.get()).unwrap_or(2);
        Ok(Self {
            listen,
            admin_listen: match get("OCOP_ADMIN_LISTEN") {
                None => None,
                Some(v) => {
                    Some(v.parse().map_err(|_| bad("OCOP_ADMIN_LISTEN", "give an address such as 127.0.0.1:8081"))?)
                }
            },
            pool: parse_or("OCOP_DATABASE_POOL", get("OCOP_DATABASE_POOL"), &(cores * 2).clamp(4, 32).to_string())?,
            public_url: public_url.trim_end_matches('/').to_owned(),
            instance: get("OCOP_INSTANCE").unwrap_or_else(|| "ocop".to_owned()),
            storage: Storage::parse(get("OCOP_STORAGE_URL").as_deref().unwrap_or("file:"))?,
            s3: S3 {
                endpoint: get("OCOP_S3_ENDPOINT"),
                region: get("OCOP_S3_REGION").unwrap_or_else(|| "us-east-1".to_owned()),
                access_key: get("OCOP_S3_ACCESS_KEY_ID"),
                secret_key: get("OCOP_S3_SECRET_ACCESS_KEY").map(Secret),
            },
            clamd: get("OCOP_CLAMD"),
            max_upload_bytes: megabytes("OCOP_MAX_UPLOAD_MB", get("OCOP_MAX_UPLOAD_MB"), "50")?,
            templates: get("OCOP_TEMPLATES").map(PathBuf::from),
            max_dossier_bytes: megabytes("OCOP_MAX_DOSSIER_MB", get("OCOP_MAX_DOSSIER_MB"), "1024")?,
            log: get("OCOP_LOG").unwrap_or_else(|| "info".to_owned()),
            log_json: get("OCOP_LOG_FORMAT").as_deref() == Some("json"),
            profile,
            master_key_file: given_key.unwrap_or_else(|| data_dir.join("master.key")),
            cors_origins: list(get("OCOP_CORS_ORIGINS")),
            trusted_proxies: list(get("OCOP_TRUSTED_PROXIES"))
                .iter()
                .map(|a| a.parse().map_err(|_| bad("OCOP_TRUSTED_PROXIES", "give IP addresses separated by commas")))
                .collect::<Result<_, _>>()?,
            smtp_url: get("OCOP_SMTP_URL"),
            mail_from: get("OCOP_MAIL_FROM"),
            webhooks_private: parse_or("OCOP_WEBHOOKS_PRIVATE", get("OCOP_WEBHOOKS_PRIVATE"), "false")?,
            demo: false,
            database,
            data_dir,
        })
    }
}

fn parse_or<T: std::str::FromStr>(name: &'static str, given: Option<String>, default: &str) -> Result<T, BadSetting> {
    given
        .as_deref()
        .unwrap_or(default)
        .trim()
        .parse()
        .map_err(|_| bad(name, format!("cannot be read; an example is {default}")))
}

/// Megabytes as bytes; at most an exabyte.
fn megabytes(name: &'static str, given: Option<String>, default: &str) -> Result<u64, BadSetting> {
    let n = parse_or::<u64>(name, given, default)?;
    n.checked_mul(1024 * 1024)
        .filter(|n| (1..1 << 60).contains(n))
        .ok_or_else(|| bad(name, "give megabytes, at least 1"))
}

fn list(given: Option<String>) -> Vec<String> {
    given.unwrap_or_default().split(',').map(|s| s.trim().to_owned()).filter(|s| !s.is_empty()).collect()
}
