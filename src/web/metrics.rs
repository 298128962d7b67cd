//! Figures for the operator: requests, times, connections. No personal data, no identifiers.

use prometheus::{Encoder, HistogramOpts, HistogramVec, IntCounterVec, IntGauge, Opts, Registry, TextEncoder};

use crate::db::Db;
use crate::error::{AppError, Result};

/// The figures of this process.
pub struct Metrics {
    registry: Registry,
    requests: IntCounterVec,
    seconds: HistogramVec,
    connections: IntGauge,
    in_use: IntGauge,
}

impl Metrics {
    /// A registry with every figure.
    ///
    /// # Errors
    /// When a figure is declared twice.
    pub fn new() -> Result<Self> {
        let make = || -> prometheus::Result<Self> {
            let registry = Registry::new();
            let requests = IntCounterVec::new(
                Opts::new("ocop_http_requests_total", "Requests answered"),
                &["method", "route", "status"],
            )?;
            let buckets = vec![0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0];
            let seconds = HistogramVec::new(
                HistogramOpts::new("ocop_http_request_seconds", "Time to answer, in seconds").buckets(buckets),
                &["route"],
            )?;
            let connections = IntGauge::new("ocop_database_connections", "Connections in the pool")?;
            let in_use = IntGauge::new("ocop_database_connections_in_use", "Connections in use")?;
            registry.register(Box::new(requests.clone()))?;
            registry.register(Box::new(seconds.clone()))?;
            registry.register(Box::new(connections.clone()))?;
            registry.register(Box::new(in_use.clone()))?;
            Ok(Self { registry, requests, seconds, connections, in_use })
        };
        make().map_err(AppError::internal)
    }

    /// Counts a request. `route` is the pattern, never the path.
    pub fn request(&self, method: &str, route: &str, status: u16, seconds: f64) {
        self.requests.with_label_values(&[method, route, &status.to_string()]).inc();
        self.seconds.with_label_values(&[route]).observe(seconds);
    }

    /// The text format.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn text(&self, db: &Db) -> Result<String> {
        let (used, all) = db.pool_state();
        self.connections.set(i64::from(all));
        self.in_use.set(i64::from(used));
        let mut out = Vec::new();
        TextEncoder::new().encode(&self.registry.gather(), &mut out).map_err(AppError::internal)?;
        String::from_utf8(out).map_err(AppError::internal)
    }
}
