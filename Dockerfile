# Two stages: a build with Rust and a C compiler, an image with the one binary and a user.
FROM rust:1.95-bookworm AS build
WORKDIR /src
COPY Cargo.toml Cargo.lock ./
COPY migrations migrations
COPY openapi openapi
COPY src src
# Targets that the manifest names but the image does not need.
COPY benches benches
RUN cargo build --release --locked --bin ocop

FROM debian:bookworm-slim
RUN useradd --system --uid 10001 --home-dir /data --create-home ocop
COPY --from=build /src/target/release/ocop /usr/local/bin/ocop
USER ocop
WORKDIR /data
ENV OCOP_LISTEN=0.0.0.0:8080 \
    OCOP_DATA_DIR=/data \
    OCOP_LOG_FORMAT=json
VOLUME /data
EXPOSE 8080
STOPSIGNAL SIGTERM
ENTRYPOINT ["ocop"]
CMD ["serve"]
