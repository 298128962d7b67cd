//! The whole API on one page: every slice in order, the head of the document, the shared state.

use std::sync::Arc;

use actix_web::App;
use actix_web::body::MessageBody;
use actix_web::dev::{ServiceFactory, ServiceRequest, ServiceResponse};
use actix_web::middleware::from_fn;
use actix_web::web::{self, Data};
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::openapi::{InfoBuilder, LicenseBuilder, OpenApi, OpenApiBuilder, SecurityRequirement};
use utoipa_actix_web::service_config::ServiceConfig;
use utoipa_actix_web::{AppExt, scope};

use crate::actor::Caller;
use crate::auth::tokens::{Passwords, Tokens};
use crate::auth::{Neighbours, Particulars, Unit};
use crate::certification::credential::Issuer;
use crate::certification::routes::{StatusLists, Verified};
use crate::config::Config;
use crate::db::{Clock, Db};
use crate::error::{AppError, Result};
use crate::files::Files;
use crate::jobs::Handlers;
use crate::keys::MasterKey;
use crate::mail::Mailer;
use crate::paper::{Imprint, Press, Template};
use crate::places::reform::{self, Movers};
use crate::producers::{NewProducer, ProducerType};
use crate::refusal::Refusal;
use crate::web::docs::Written;
use crate::web::fallback::{self, Paths};
use crate::web::metrics::Metrics;
use crate::{
    auth, catalogue, certification, dossiers, exchange, monitoring, organisations, places, producers, products,
    programme, rulebook, scoring, traceability, web as plumbing,
};

/// Every slice, in the order of a product's life.
fn routes(cfg: &mut ServiceConfig) {
    // The router asks one path after another, and a path with a part that varies costs it most.
    cfg.service(scope("/v1").configure(v1))
        .configure(plumbing::health::routes)
        .configure(certification::routes::root_routes)
        .configure(traceability::routes::root_routes)
        .configure(auth::routes::root_routes);
}

fn v1(cfg: &mut ServiceConfig) {
    // What shoppers and other sites read stands first.
    cfg.configure(certification::routes::check_routes)
        .configure(catalogue::routes::routes)
        .configure(certification::routes::routes)
        .configure(auth::routes::routes)
        .configure(places::routes::routes)
        .configure(organisations::routes::routes)
        .configure(rulebook::routes::routes)
        .configure(producers::routes::routes)
        .configure(products::routes::routes)
        .configure(dossiers::routes::routes)
        .configure(scoring::routes::routes)
        .configure(traceability::routes::routes)
        .configure(monitoring::routes::routes)
        .configure(programme::routes::routes)
        .configure(exchange::routes::routes);
}

/// The handlers of long work that needs nothing but the database.
pub fn handlers() -> Handlers {
    Handlers::default()
        .with(exchange::IMPORT_PRODUCTS, exchange::importer())
        .with(certification::DAILY, certification::daily())
        .with(reform::KIND, reform::carry_out(movers()))
        .with(dossiers::reminders::KIND, dossiers::reminders::work)
}

/// Long work that is ordered once a day.
pub const DAILY: &[&str] = &[certification::DAILY, dossiers::reminders::KIND];

/// What a reform of units moves, beside users' territory: one mover for each kind of open thing.
pub fn movers() -> Movers {
    Movers::new(products::MOVERS.into_iter().chain([dossiers::MOVER]))
}

/// What goes along when two entries of the register turn out to be one producer.
pub const FOLLOWERS: &[products::Follow] =
    &[dossiers::follow_producer, certification::follow_producer, monitoring::follow_producer];

/// What `auth` asks of the slices after it: a registration makes a producer, a right is of a place.
pub const NEIGHBOURS: Neighbours = Neighbours {
    unit: |cx, place| match places::get(cx, place) {
        Ok(place) => Ok(Some(Unit { level: place.level.word(), in_force: place.in_force(cx.today()) })),
        Err(AppError::NotFound) => Ok(None),
        Err(e) => Err(e),
    },
    producer: |cx, id| {
        // Whoever asks: an applicant sees no producer, and claims one all the same.
        match cx.acting_as(&Caller::system("registration"), |cx| producers::get(cx, id)) {
            Ok(producer) if producer.merged_into.is_none() => Ok(Some(producer.place_id)),
            Ok(_) | Err(AppError::NotFound) => Ok(None),
            Err(e) => Err(e),
        }
    },
    settle: settle_particulars,
    add_producer: |cx, told| {
        let new = NewProducer {
            name: told.name.clone(),
            kind: told.kind.as_deref().and_then(ProducerType::parse),
            tax_code: told.tax_code.clone(),
            registration_number: told.registration_number.clone(),
            place_id: Some(told.place),
            ..NewProducer::default()
        };
        Ok(producers::add(cx, new)?.id)
    },
};

/// Brings what an applicant tells of a producer to its written form.
fn settle_particulars(told: &mut Particulars) -> Result<()> {
    let kind = match told.kind.as_deref() {
        None => None,
        Some(word) => Some(ProducerType::parse(word).ok_or_else(|| {
            let known = ProducerType::ALL.iter().map(|k| k.word()).collect::<Vec<_>>().join(", ");
            AppError::field(
                "/producerKind",
                "not_allowed",
                &format!("Chọn một trong: {known}."),
                &format!("Choose one of: {known}."),
            )
        })?),
    };
    told.phone = producers::rules::phone(&told.phone).map_err(|stop| wrong("/phone", &stop))?;
    if let Some(typed) = &told.tax_code {
        let kind = kind.unwrap_or(ProducerType::HouseholdBusiness);
        told.tax_code = Some(producers::rules::tax_code(typed, kind).map_err(|stop| wrong("/taxCode", &stop))?);
    }
    Ok(())
}

fn wrong(pointer: &str, stop: &producers::Stop) -> AppError {
    let say = stop.say();
    AppError::field(pointer, stop.word(), &say.vi, &say.en)
}

/// Every template that ships, in the order of a product's life.
pub fn templates() -> Vec<&'static Template> {
    dossiers::forms::TEMPLATES.iter().chain(&scoring::TEMPLATES).chain(&certification::paper::TEMPLATES).collect()
}

/// What a running service holds: opened once, shared by all workers.
#[derive(Clone)]
pub struct State {
    /// The settings.
    pub config: Arc<Config>,
    /// The database.
    pub db: Db,
    /// The key that seals secrets.
    pub master: MasterKey,
    /// Documents.
    pub files: Files,
    /// Access tokens.
    pub tokens: Arc<Tokens>,
    /// Argon2, two at once.
    pub passwords: Passwords,
    /// Letters by e-mail.
    pub mailer: Mailer,
    /// Papers as PDF.
    pub press: Press,
    /// Figures.
    pub metrics: Arc<Metrics>,
    /// Rendered answers of the public catalogue.
    pub catalogue: catalogue::Cache,
    /// Who issues credentials.
    pub issuer: Issuer,
    /// Status lists as they were made last.
    pub status_lists: StatusLists,
    /// Answers about certificates, each with the mark of what it depends on.
    pub verified: Verified,
    /// Known paths.
    pub paths: Arc<Paths>,
    /// The OpenAPI document as it is sent.
    pub written: Written,
}

impl State {
    /// Opens the database (which must be migrated), the keys and the figures.
    ///
    /// # Errors
    /// When the database or the master key cannot be used.
    pub fn open(config: Config, clock: Clock) -> Result<Self> {
        let db = Db::open(&config.database, config.pool, clock)?;
        let master = MasterKey::load_or_make(&config.master_key_file)?;
        Self::with(config, db, master)
    }

    /// The same around a database that is open already.
    ///
    /// # Errors
    /// When keys cannot be read.
    pub fn with(config: Config, db: Db, master: MasterKey) -> Result<Self> {
        let tokens = Tokens::load(&db, &master, &config.public_url)?;
        let document = document();
        Ok(Self {
            files: Files::open(&config)?,
            tokens: Arc::new(tokens),
            passwords: Passwords::default(),
            mailer: Mailer::open(&config)?,
            press: Press::open(&config, templates()),
            metrics: Arc::new(Metrics::new()?),
            catalogue: catalogue::Cache::default(),
            issuer: Issuer::new(&config.public_url, master.clone()),
            status_lists: StatusLists::default(),
            verified: Verified::default(),
            paths: Arc::new(Paths::of(&document)),
            written: Written::of(&document)?,
            config: Arc::new(config),
            db,
            master,
        })
    }
}

impl State {
    /// Every handler of long work: those of [`handlers`], and those that set papers and keep files.
    pub fn handlers(&self) -> Handlers {
        let printer = certification::Printer {
            press: self.press.clone(),
            files: self.files.clone(),
            imprint: Imprint::from(self.config.as_ref()),
        };
        handlers().with_heavy(certification::PRINT_CERTIFICATES, move |db, job| printer.prepare(db, job))
    }
}

/// The OpenAPI document, made from the handlers.
pub fn document() -> OpenApi {
    let (_, mut document) = App::new().into_utoipa_app().openapi(head()).configure(routes).split_for_parts();
    plumbing::manners::complete(&mut document);
    document
}

fn head() -> OpenApi {
    let bearer = SecurityScheme::Http(HttpBuilder::new().scheme(HttpAuthScheme::Bearer).bearer_format("JWT").build());
    let mut document = OpenApiBuilder::new()
        .info(
            InfoBuilder::new()
                .title("OCOP")
                .version(env!("CARGO_PKG_VERSION"))
                .description(Some(include_str!("app.md")))
                .license(Some(LicenseBuilder::new().name("Apache-2.0").identifier(Some("Apache-2.0")).build()))
                .build(),
        )
        .security(Some([SecurityRequirement::new::<_, [&str; 0], &str>("bearer", [])]))
        .build();
    let mut components = utoipa::openapi::Components::new();
    components.add_security_scheme("bearer", bearer);
    document.components = Some(components);
    document
}

/// The application, for the server and for tests in process.
pub fn application(
    state: &State,
) -> App<
    impl ServiceFactory<
        ServiceRequest,
        Config = (),
        Response = ServiceResponse<impl MessageBody + use<>>,
        Error = actix_web::Error,
        InitError = (),
    > + use<>,
> {
    App::new()
        .into_utoipa_app()
        .configure(routes)
        .into_app()
        .app_data(Data::new(state.db.clone()))
        .app_data(Data::new(state.files.clone()))
        .app_data(Data::from(Arc::clone(&state.config)))
        .app_data(Data::from(Arc::clone(&state.tokens)))
        .app_data(Data::new(state.passwords.clone()))
        .app_data(Data::new(state.mailer.clone()))
        .app_data(Data::new(state.press.clone()))
        .app_data(Data::new(NEIGHBOURS))
        .app_data(Data::new(catalogue::is_public as products::IsPublic))
        .app_data(Data::new(FOLLOWERS))
        .app_data(Data::from(Arc::clone(&state.metrics)))
        .app_data(Data::from(Arc::clone(&state.paths)))
        .app_data(Data::new(state.master.clone()))
        .app_data(Data::new(dossiers::Sealer::new(state.master.clone(), &state.config)))
        .app_data(Data::new(state.catalogue.clone()))
        .app_data(Data::new(state.issuer.clone()))
        .app_data(Data::new(state.status_lists.clone()))
        .app_data(Data::new(state.verified.clone()))
        .app_data(Data::new(movers()))
        .app_data(plumbing::path_config())
        .app_data(plumbing::query_config())
        .app_data(Data::new(state.written.clone()))
        .route(plumbing::docs::AT, web::get().to(plumbing::docs::document))
        .service(plumbing::docs::pages())
        .default_service(web::to(fallback::answer))
        .wrap(from_fn(plumbing::envelope::surround))
        // Outside of the envelope, so that a page reads problems and 304 as it reads answers.
        .wrap(plumbing::cors::cors(&state.config))
}

/// What the operator's address serves: figures only.
pub fn admin_application(
    state: &State,
) -> App<
    impl ServiceFactory<
        ServiceRequest,
        Config = (),
        Response = ServiceResponse<impl MessageBody + use<>>,
        Error = actix_web::Error,
        InitError = (),
    > + use<>,
> {
    let (db, metrics) = (state.db.clone(), Arc::clone(&state.metrics));
    App::new().route(
        "/metrics",
        web::get().to(move || {
            let text = metrics.text(&db);
            async move { text.map(|t| actix_web::HttpResponse::Ok().content_type("text/plain; version=0.0.4").body(t)) }
        }),
    )
}

/// How much of the reference data to load.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReferenceScope {
    /// All of it.
    Whole,
    /// The provinces that tests and examples use.
    Sample,
}

/// Tables that hold reference data, loaded once and seldom changed.
pub const REFERENCE_TABLES: &[&str] = &[
    "places",
    "place_spellings",
    "place_successions",
    "place_reach",
    "calendar_days",
    "rulebooks",
    "criteria_sets",
    "plans",
];

/// Whether the reference data was loaded: the plans come last.
///
/// # Errors
/// When the database fails.
pub fn has_reference(db: &Db) -> Result<bool> {
    db.read_now(&Caller::system("reference"), programme::is_loaded)
}

/// Loads the reference data that the service ships with: places, calendars, rulebooks, criteria
/// sets, plans. Safe to call again. `progress` hears (what, done, all).
///
/// # Errors
/// When the database fails.
pub fn load_reference(db: &Db, scope: ReferenceScope, progress: &mut dyn FnMut(&str, usize, usize)) -> Result<()> {
    let extent = match scope {
        ReferenceScope::Whole => places::Extent::Whole,
        ReferenceScope::Sample => places::Extent::Sample,
    };
    places::load(db, extent, progress)?;
    rulebook::load(db, progress)?;
    programme::load_reference(db, progress)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A sample that no longer fits the data that the service gives would prove nothing.
    #[test]
    fn samples_are_what_the_service_gives() {
        for template in templates() {
            for sample in template.samples {
                let read = (template.read)(sample.text);
                assert!(read.is_ok(), "{} {}: {read:?}", template.name, sample.name);
            }
        }
    }
}
