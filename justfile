# Every command we type. `just` lists them; .ci/run types the same ones.

_:
    @just --list

# The main job on the embedded database, with something real to look at.
demo:
    cargo run --release -- demo

# All tests on the embedded database.
test:
    cargo test

# All tests on PostgreSQL.
test-postgres url="postgres://postgres@127.0.0.1:5432/postgres":
    OCOP_TEST_DATABASE_URL={{url}} cargo test

# What must pass before a change goes in.
check:
    cargo fmt --check
    cargo clippy --all-targets -- -D warnings
    cargo test

# Write the generated pages again: openapi/ocop.json, the life of a dossier, who may do what.
docs:
    OCOP_WRITE_DOCS=1 cargo test

# Benchmarks: both engines side by side, ratios in one run (see docs/performance.md).
bench:
    cargo bench
