//! The tables, with the portable column types. Written by hand; a test compares tables, columns,
//! nullability and type class with both engines.
#![allow(missing_docs, reason = "the migrations say what tables and columns mean")]

use super::columns::{Id, Instant};
use diesel::sql_types::{BigInt, Bool, Date, Integer, Nullable, Text};

macro_rules! tables {
    ($($name:ident ($($key:ident),+) { $($column:ident -> $kind:ty,)+ })+) => {
        $(diesel::table! {
            use super::{BigInt, Bool, Date, Id, Instant, Integer, Nullable, Text};
            $name ($($key),+) { $($column -> $kind,)+ }
        })+

        diesel::allow_tables_to_appear_in_same_query!($($name),+);

        /// Every table with its columns as (name, type, nullable): for the drift test.
        pub const TABLES: &[(&str, &[(&str, &str)])] =
            &[$((stringify!($name), &[$((stringify!($column), stringify!($kind))),+])),+];
    };
}

tables! {
    instance (name) { name -> Text, value -> Text, }
    leases (name) { name -> Text, token -> Id, leased_until -> Instant, }
    counters (scope) { scope -> Text, last -> BigInt, }
    numbers (id) {
        id -> Id, scope -> Text, number -> BigInt, state -> Text, subject -> Nullable<Id>,
        reason -> Nullable<Text>, at -> Instant,
    }
    users (id) {
        id -> Id, email -> Text, phone -> Nullable<Text>, name -> Text, password_hash -> Nullable<Text>,
        totp_secret -> Nullable<Text>, totp_last_step -> BigInt, totp_confirmed -> Bool, totp_pending -> Nullable<Text>,
        disabled_at -> Nullable<Instant>, created_at -> Instant, version -> Integer,
    }
    grants (id) {
        id -> Id, user_id -> Id, role -> Text, place_id -> Nullable<Id>, producer_id -> Nullable<Id>,
        organisation_id -> Nullable<Id>, valid_from -> Date, valid_to -> Nullable<Date>, basis -> Text,
        granted_by -> Nullable<Id>, created_at -> Instant, ended_at -> Nullable<Instant>, ended_by -> Nullable<Id>,
    }
    sessions (id) {
        id -> Id, user_id -> Id, refresh_hash -> Text, spent_hashes -> Text, with_totp -> Bool,
        created_at -> Instant, expires_at -> Instant, ended_at -> Nullable<Instant>, ended_why -> Nullable<Text>,
    }
    sign_in_failures (account, network) {
        account -> Text, network -> Text, failures -> Integer, last_at -> Instant,
    }
    one_time_codes (id) {
        id -> Id, user_id -> Nullable<Id>, purpose -> Text, code_hash -> Text, made_by -> Nullable<Id>,
        expires_at -> Instant, used_at -> Nullable<Instant>, created_at -> Instant,
    }
    letters (id) {
        id -> Id, user_id -> Id, subject -> Text, body -> Text, attempts -> Integer, try_after -> Instant,
        created_at -> Instant,
    }
    signing_keys (id) {
        id -> Id, purpose -> Text, public_key -> Text, sealed_key -> Text, created_at -> Instant,
        retired_at -> Nullable<Instant>, revoked_at -> Nullable<Instant>,
    }
    audit (id) {
        id -> Id, at -> Instant, actor -> Text, actor_user -> Nullable<Id>, deed -> Text, subject_kind -> Text,
        subject_id -> Id, details -> Text, trace -> Text, position -> Nullable<BigInt>,
    }
    audit_blocks (number) {
        number -> BigInt, first_position -> BigInt, last_position -> BigInt, previous_hash -> Text, root -> Text,
        hash -> Text, signature -> Text, key_id -> Id, sealed_at -> Instant,
    }
    audit_leaves (position) { position -> BigInt, hash -> Text, }
    outbox (id) {
        id -> Id, at -> Instant, topic -> Text, subject_id -> Id, body -> Text, position -> Nullable<BigInt>,
    }
    jobs (id) {
        id -> Id, kind -> Text, params -> Text, state -> Text, total -> BigInt, done -> BigInt, resume -> Text,
        result -> Nullable<Text>, error -> Nullable<Text>, attempts -> Integer, run_after -> Instant,
        lease_token -> Nullable<Id>, leased_until -> Nullable<Instant>, created_by -> Nullable<Id>,
        created_at -> Instant, finished_at -> Nullable<Instant>,
    }
    daily_jobs (kind, on_day) { kind -> Text, on_day -> Date, }
    idempotency (scope, key) {
        scope -> Text, key -> Text, fingerprint -> Text, status -> Integer, subject_id -> Id, at -> Instant,
    }
    places (id) {
        id -> Id, code -> Text, level -> Text, kind -> Text, name -> Text, full_name -> Text, folded -> Text,
        tone_key -> Text, name_sort -> Text, parent_id -> Nullable<Id>, regime -> Text,
        valid_from -> Nullable<Date>, valid_to -> Nullable<Date>,
    }
    place_spellings (place_id, variant) {
        place_id -> Id, variant -> Text, tone_key -> Text,
    }
    place_successions (old_id, new_id, on_day) {
        old_id -> Id, new_id -> Id, on_day -> Date, kind -> Text,
    }
    place_reach (office_id, place_id) {
        office_id -> Id, place_id -> Id,
    }
    calendar_days (day) {
        day -> Date, kind -> Text, name -> Text, status -> Text,
    }
    reforms (id) {
        id -> Id, on_day -> Date, title -> Text, state -> Text, report -> Text, job_id -> Nullable<Id>,
        created_by -> Nullable<Id>, created_at -> Instant, version -> Integer,
    }
    reform_choices (id) {
        id -> Id, reform_id -> Id, subject_kind -> Text, subject_id -> Id, old_place_id -> Id,
        chosen_id -> Nullable<Id>, chosen_by -> Nullable<Id>,
    }
    organisations (id) {
        id -> Id, name -> Text, folded -> Text, name_sort -> Text, kind -> Text, level -> Text,
        place_id -> Nullable<Id>, valid_from -> Date, valid_to -> Nullable<Date>, version -> Integer,
    }
    rulebooks (id) {
        id -> Id, code -> Text, number -> Text, valid_from -> Date, body -> Text, sha256 -> Text, used -> Bool,
        created_at -> Instant,
    }
    criteria_sets (id) {
        id -> Id, rulebook_id -> Id, code -> Text, wording -> Text, revision -> Integer, name_vi -> Text,
        name_en -> Text, body -> Text, sha256 -> Text, used -> Bool, created_at -> Instant,
    }
    producers (id) {
        id -> Id, name -> Text, folded -> Text, name_sort -> Text, kind -> Nullable<Text>,
        tax_code -> Nullable<Text>, registration_number -> Nullable<Text>, place_id -> Nullable<Id>,
        address -> Text, founded_on -> Nullable<Date>, craft_village_id -> Nullable<Id>,
        import_key -> Nullable<Text>, merged_into -> Nullable<Id>, created_at -> Instant, version -> Integer,
    }
    producer_private (producer_id) {
        producer_id -> Id, representative_name -> Nullable<Text>, representative_role -> Nullable<Text>,
        sex -> Nullable<Text>, ethnicity -> Nullable<Text>, disability -> Nullable<Bool>,
        residence -> Nullable<Text>, phone -> Nullable<Text>, email -> Nullable<Text>,
    }
    producer_aliases (id) {
        id -> Id, producer_id -> Id, name -> Text, folded -> Text,
    }
    growing_areas (id) {
        id -> Id, producer_id -> Id, place_id -> Id, name -> Text, code -> Nullable<Text>, crop -> Text,
        area_m2 -> BigInt, version -> Integer, code_from -> Nullable<Date>, code_through -> Nullable<Date>,
    }
    craft_villages (id) {
        id -> Id, place_id -> Id, name -> Text, folded -> Text, name_sort -> Text,
        recognised_on -> Nullable<Date>, version -> Integer,
    }
    products (id) {
        id -> Id, producer_id -> Nullable<Id>, name -> Text, folded -> Text, name_sort -> Text, sector -> Text,
        group_code -> Text, set_code -> Text, story -> Text, gtin -> Nullable<Text>, place_id -> Nullable<Id>,
        history_unknown -> Bool, import_key -> Nullable<Text>, merged_into -> Nullable<Id>,
        created_at -> Instant, version -> Integer,
    }
    product_aliases (id) {
        id -> Id, product_id -> Id, name -> Text, folded -> Text,
    }
    stored_files (sha256) {
        sha256 -> Text, bytes -> BigInt, media_type -> Text, created_at -> Instant, scan -> Text,
        threat -> Nullable<Text>, scan_after -> Instant,
    }
    product_photos (id) {
        id -> Id, product_id -> Id, sha256 -> Text, alt -> Text, ordinal -> Integer,
    }
    product_codes (id) {
        id -> Id, product_id -> Id, dossier_id -> Nullable<Id>, code -> Text, province -> Text,
        district -> Nullable<Text>, commune -> Text, sequence -> BigInt, year -> Integer, valid_from -> Date,
        valid_to -> Nullable<Date>,
    }
    register_acts (id) {
        id -> Id, act -> Text, subject_kind -> Text, subject_id -> Id, other_id -> Nullable<Id>, reason -> Text,
        details -> Text, by_user -> Nullable<Id>, at -> Instant,
    }
    registrations (id) {
        id -> Id, email -> Text, phone -> Text, name -> Text, password_hash -> Text,
        producer_id -> Nullable<Id>, producer_name -> Text, producer_kind -> Nullable<Text>,
        tax_code -> Nullable<Text>, registration_number -> Nullable<Text>, place_id -> Id, state -> Text,
        reason -> Nullable<Text>, decided_by -> Nullable<Id>, decided_at -> Nullable<Instant>,
        user_id -> Nullable<Id>, created_at -> Instant, version -> Integer,
    }
    evidence (id) {
        id -> Id, producer_id -> Id, paper -> Text, title -> Text, criteria -> Text, products -> Text, by_office -> Bool,
        created_by -> Nullable<Id>, created_at -> Instant, retired_at -> Nullable<Instant>, version -> Integer,
    }
    evidence_versions (id) {
        id -> Id, evidence_id -> Id, ordinal -> Integer, sha256 -> Text, file_name -> Text, number -> Nullable<Text>,
        issuer -> Nullable<Text>, issued_on -> Nullable<Date>, expires_on -> Nullable<Date>,
        holder_name -> Nullable<Text>, holder_tax_code -> Nullable<Text>, uploaded_by -> Nullable<Id>,
        uploaded_at -> Instant, newest -> Bool,
    }
    dossiers (id) {
        id -> Id, product_id -> Id, producer_id -> Id, kind -> Text, rulebook_id -> Id, criteria_set_id -> Id,
        status -> Text, filed_place_id -> Id, place_id -> Id, level -> Text, filed_on -> Nullable<Date>,
        form -> Text, commune_report -> Nullable<Text>, receipt_number -> Nullable<Text>,
        product_code -> Nullable<Text>, held_recognition_id -> Nullable<Id>, copied_from -> Nullable<Id>, refiled_as -> Nullable<Id>,
        refiled_from -> Nullable<Id>, deadline_plain -> Nullable<Date>, deadline_paused -> Nullable<Date>,
        created_by -> Nullable<Id>, created_at -> Instant, moved_at -> Instant, version -> Integer,
    }
    dossier_moves (id) {
        id -> Id, dossier_id -> Id, from_status -> Text, action -> Text, to_status -> Text, party -> Text,
        reason -> Nullable<Text>, details -> Text, by_user -> Nullable<Id>, at -> Instant, ordinal -> Integer,
    }
    dossier_documents (id) {
        id -> Id, dossier_id -> Id, version_id -> Id, criteria -> Text, added_by -> Nullable<Id>, added_at -> Instant,
        removed_at -> Nullable<Instant>,
    }
    self_marks (dossier_id, criterion) {
        dossier_id -> Id, criterion -> Text, option_code -> Nullable<Text>, case_code -> Nullable<Text>,
        comment -> Nullable<Text>, evidence -> Text, points -> BigInt, updated_at -> Instant,
    }
    dossier_clocks (id) {
        id -> Id, dossier_id -> Id, clock -> Text, started_on -> Date, deadline_plain -> Date,
        deadline_paused -> Date, ended_on -> Nullable<Date>,
    }
    dossier_pauses (id) {
        id -> Id, dossier_id -> Id, from_day -> Date, to_day -> Nullable<Date>, why -> Text,
    }
    corrections (id) {
        id -> Id, dossier_id -> Id, ordinal -> Integer, party -> Text, reason -> Text, due_on -> Nullable<Date>,
        as_asked -> Text, asked_by -> Nullable<Id>, asked_at -> Instant, sent_back_at -> Nullable<Instant>,
    }
    correction_items (id) {
        id -> Id, correction_id -> Id, ordinal -> Integer, reason -> Text, about -> Text, name -> Text,
        document_id -> Nullable<Id>, words -> Text, state -> Text, answer -> Nullable<Text>,
        answered_party -> Nullable<Text>, answered_by -> Nullable<Id>, answered_at -> Nullable<Instant>,
        note -> Nullable<Text>, settled_by -> Nullable<Id>, settled_at -> Nullable<Instant>, again_of -> Nullable<Id>,
    }
    dossier_messages (id) {
        id -> Id, dossier_id -> Id, kind -> Text, ordinal -> Integer, party -> Text, place_id -> Nullable<Id>,
        words -> Text, documents -> Text, by_user -> Nullable<Id>, at -> Instant,
    }
    dossier_reads (dossier_id, user_id, kind) {
        dossier_id -> Id, user_id -> Id, kind -> Text, read_to -> Integer, at -> Instant,
    }
    opinions (id) {
        id -> Id, dossier_id -> Id, organisation_id -> Id, party -> Text, question -> Text, due_on -> Date,
        documents -> Text, asked_by -> Nullable<Id>, asked_at -> Instant, answer -> Nullable<Text>,
        answered_by -> Nullable<Id>, answered_at -> Nullable<Instant>, withdrawn_at -> Nullable<Instant>,
        version -> Integer,
    }
    opinion_files (id) {
        id -> Id, opinion_id -> Id, sha256 -> Text, file_name -> Text, uploaded_by -> Nullable<Id>,
        uploaded_at -> Instant,
    }
    mandates (id) {
        id -> Id, producer_id -> Id, user_id -> Id, grant_id -> Id, number -> Text, signed_on -> Date,
        valid_from -> Date, valid_to -> Date, sha256 -> Text, file_name -> Text, recorded_by -> Nullable<Id>,
        recorded_at -> Instant, ended_at -> Nullable<Instant>,
    }
    dossier_mandates (dossier_id, mandate_id) {
        dossier_id -> Id, mandate_id -> Id, user_id -> Id, at -> Instant,
    }
    production_ends (id) {
        id -> Id, product_id -> Id, ended_on -> Date, number -> Text, issued_on -> Date, reason -> Text,
        by_user -> Nullable<Id>, at -> Instant, annulled_at -> Nullable<Instant>, annulled_by -> Nullable<Id>,
        annulled_why -> Nullable<Text>,
    }
    handovers (id) {
        id -> Id, from_level -> Text, from_place_id -> Nullable<Id>, to_level -> Text,
        to_place_id -> Nullable<Id>, number -> Text, signed_on -> Date, signer -> Text, paper_set -> Bool,
        note -> Text, created_by -> Nullable<Id>, created_at -> Instant, version -> Integer,
    }
    handover_dossiers (handover_id, dossier_id) {
        handover_id -> Id, dossier_id -> Id, manifest_number -> Integer, manifest_hash -> Text, samples -> Integer,
        state -> Text, received_on -> Nullable<Date>, refused_reason -> Nullable<Text>,
    }
    dossier_manifests (dossier_id, number) {
        dossier_id -> Id, number -> Integer, action -> Text, party -> Text, body -> Text, sha256 -> Text,
        signature -> Nullable<Text>, key_id -> Nullable<Id>, made_by -> Nullable<Id>, made_at -> Instant,
    }
    sample_deeds (id) {
        id -> Id, dossier_id -> Id, handover_id -> Nullable<Id>, deed -> Text, level -> Text, count -> Integer,
        on_day -> Date, condition -> Nullable<Text>, person -> Text, note -> Text, recorded_by -> Nullable<Id>,
        recorded_at -> Instant,
    }
    dossier_rounds (dossier_id, level) {
        dossier_id -> Id, level -> Text, number -> Integer, year -> Integer,
    }
    dossier_notices (dossier_id, deadline, kind) {
        dossier_id -> Id, deadline -> Date, kind -> Text, told_at -> Instant,
    }
    evidence_notices (version_id, days) {
        version_id -> Id, days -> Integer, told_at -> Instant,
    }
    rounds (id) {
        id -> Id, level -> Text, place_id -> Nullable<Id>, rulebook_id -> Id, year -> Integer,
        number -> Integer, name -> Text, cutoff -> Nullable<Date>, hold_before -> Nullable<Date>, plan -> Text,
        version -> Integer,
    }
    councils (id) {
        id -> Id, level -> Text, place_id -> Nullable<Id>, name -> Text, decision_number -> Text,
        decided_on -> Date, valid_from -> Date, valid_to -> Nullable<Date>, regulation -> Text,
        created_at -> Instant, version -> Integer,
    }
    council_seats (id) {
        id -> Id, council_id -> Id, user_id -> Id, ordinal -> Integer, name -> Text, title -> Text,
        organisation -> Text, office -> Text, votes -> Bool, valid_from -> Date, valid_to -> Nullable<Date>,
        alternate_for -> Nullable<Id>,
    }
    council_sessions (id) {
        id -> Id, council_id -> Id, round_id -> Nullable<Id>, held_on -> Date, form -> Text, state -> Text,
        attendance -> Text, chaired_by -> Nullable<Id>, report -> Nullable<Text>, opened_at -> Nullable<Instant>,
        closed_at -> Nullable<Instant>, created_by -> Nullable<Id>, created_at -> Instant, version -> Integer,
        release_at -> Nullable<Instant>,
    }
    session_dossiers (session_id, dossier_id) {
        session_id -> Id, dossier_id -> Id, ordinal -> Integer, state -> Text, scoring_round -> Integer,
        conclusions -> Text, reason -> Nullable<Text>, starts_at -> Nullable<Text>,
    }
    conflicts (id) {
        id -> Id, seat_id -> Id, dossier_id -> Id, reason -> Text, declared_by -> Nullable<Id>,
        declared_at -> Instant, basis -> Text,
    }
    sheets (id) {
        id -> Id, session_id -> Id, dossier_id -> Id, seat_id -> Id, scoring_round -> Integer, state -> Text,
        knock_out -> Nullable<Text>, opinion -> Text, total -> Nullable<BigInt>,
        submitted_at -> Nullable<Instant>, created_at -> Instant, version -> Integer,
    }
    sheet_marks (sheet_id, criterion) {
        sheet_id -> Id, criterion -> Text, option_code -> Nullable<Text>, case_code -> Nullable<Text>,
        comment -> Nullable<Text>, points -> BigInt, updated_at -> Instant,
    }
    sheet_edits (sheet_id, criterion, device, edited_at, digest) {
        sheet_id -> Id, criterion -> Text, device -> Text, edited_at -> Instant, digest -> Text,
        counts_at -> Instant, arrived_at -> Instant, value -> Nullable<Text>,
    }
    advisory_reviews (dossier_id, level) {
        dossier_id -> Id, level -> Text, opinion -> Text, remarks -> Text, written_by -> Nullable<Id>,
        written_at -> Instant, version -> Integer,
    }
    site_visits (id) {
        id -> Id, dossier_id -> Id, level -> Text, visited_on -> Date, people -> Text, seen -> Text,
        written_by -> Nullable<Id>, written_at -> Instant,
    }
    site_visit_pictures (id) {
        id -> Id, site_visit_id -> Id, sha256 -> Text, file_name -> Text, caption -> Text,
        uploaded_by -> Nullable<Id>, uploaded_at -> Instant,
    }
    test_requests (id) {
        id -> Id, dossier_id -> Id, level -> Text, asked_of -> Text, wanted -> Text, due_on -> Date,
        asked_by -> Nullable<Id>, asked_at -> Instant, result -> Nullable<Text>, document_id -> Nullable<Id>,
        received_on -> Nullable<Date>, received_by -> Nullable<Id>, version -> Integer,
    }
    sheet_records (sheet_id) {
        sheet_id -> Id, content -> Text, frozen_at -> Instant,
    }
    session_minutes (session_id) {
        session_id -> Id, content -> Text, drawn_up_by -> Nullable<Id>, drawn_up_at -> Instant,
    }
    results (id) {
        id -> Id, dossier_id -> Id, session_id -> Id, level -> Text, rulebook_id -> Id, stars -> Integer,
        stars_by_band -> Integer, mean_sum -> BigInt, mean_sheets -> Integer, rejected -> Bool,
        sensitive -> Bool, finding -> Text, explanation -> Text, recorded_by -> Nullable<Id>,
        recorded_at -> Instant, published_on -> Nullable<Date>,
    }
    complaints (id) {
        id -> Id, dossier_id -> Id, result_id -> Id, grounds -> Text, filed_on -> Date, filed_by -> Nullable<Id>,
        filed_at -> Instant, state -> Text, answer -> Nullable<Text>, other_members -> Bool,
        answered_by -> Nullable<Id>, answered_at -> Nullable<Instant>, version -> Integer,
    }
    evaluation_orders (id) {
        id -> Id, dossier_id -> Id, result_id -> Id, conclusion_number -> Text, concluded_on -> Date,
        grounds -> Text, other_members -> Bool, ordered_by -> Nullable<Id>, ordered_at -> Instant,
    }
    decisions (id) {
        id -> Id, kind -> Text, level -> Text, place_id -> Nullable<Id>, authority_name -> Text,
        number -> Nullable<Text>, signed_on -> Nullable<Date>, signer_name -> Nullable<Text>,
        signed_by -> Nullable<Id>, prepared_by -> Nullable<Id>, preparers -> Text, rulebook_id -> Nullable<Id>,
        legal_bases -> Text, reason -> Nullable<Text>, state -> Text, published_on -> Nullable<Date>,
        imported -> Bool, created_at -> Instant, version -> Integer, reopen_at -> Nullable<Text>,
    }
    decision_scans (id) {
        id -> Id, decision_id -> Id, sha256 -> Text, file_name -> Text, public -> Bool, by_user -> Nullable<Id>,
        at -> Instant,
    }
    recognitions (id) {
        id -> Id, product_id -> Id, producer_id -> Nullable<Id>, decision_id -> Id, dossier_id -> Nullable<Id>,
        certificate_id -> Nullable<Id>, kind -> Text, stars -> Integer, level -> Text, place_id -> Nullable<Id>,
        printed_place -> Text, group_code -> Text, producer_kind -> Nullable<Text>, recognised_on -> Date,
        valid_through -> Date, expiring_on -> Date, ended_on -> Nullable<Date>, ended_why -> Nullable<Text>,
        newest -> Bool, extended_through -> Nullable<Date>, acted_on -> Nullable<Date>,
        revocation_ground -> Nullable<Text>,
    }
    decision_items (id) {
        id -> Id, decision_id -> Id, ordinal -> Integer, product_id -> Id, producer_id -> Nullable<Id>,
        dossier_id -> Nullable<Id>, result_id -> Nullable<Id>, certificate_id -> Nullable<Id>, certificate_number -> Nullable<Text>,
        printed -> Nullable<Text>, stars -> Integer, mean -> Nullable<Text>, note -> Text,
        reopened -> Nullable<Text>, corrections -> Nullable<Text>, recognition_id -> Nullable<Id>,
    }
    certificates (id) {
        id -> Id, number -> Text, recognition_id -> Id, product_id -> Id, producer_id -> Nullable<Id>,
        stars -> Integer, issued_on -> Date, valid_through -> Date, expiring_on -> Date,
        revoked_on -> Nullable<Date>, revocation_ground -> Nullable<Text>, superseded_on -> Nullable<Date>,
        withdrawn_on -> Nullable<Date>, printed -> Text, created_at -> Instant, extended_through -> Nullable<Date>,
        corrections -> Integer,
    }
    credential_entries (certificate_id) { certificate_id -> Id, entry -> BigInt, }
    notices (id) {
        id -> Id, number -> Text, decision_id -> Id, dossier_id -> Nullable<Id>, product_id -> Id,
        producer_id -> Nullable<Id>, place_id -> Nullable<Id>, outcome -> Text, stars -> Integer, reason -> Text, issued_on -> Date,
        producer_read_at -> Nullable<Instant>, producer_read_by -> Nullable<Id>, commune_read_at -> Nullable<Instant>,
        commune_read_by -> Nullable<Id>, recognition_id -> Nullable<Id>, ground -> Nullable<Text>,
        extended_through -> Nullable<Date>, created_at -> Instant, version -> Integer,
    }
    recognition_days (id) { id -> Id, recognition_id -> Id, kind -> Text, on_day -> Date, told_at -> Instant, }
    revocations (id) {
        id -> Id, certificate_id -> Nullable<Id>, recognition_id -> Nullable<Id>, ground -> Text, evidence_kind -> Text, evidence_number -> Text,
        evidence_dated -> Date, evidence_body -> Text, inspection_id -> Nullable<Id>, due_on -> Date,
        state -> Text, decision_id -> Nullable<Id>, opened_by -> Nullable<Id>, opened_at -> Instant,
        note -> Text, version -> Integer,
    }
    certificate_prints (id) {
        id -> Id, certificate_id -> Id, ordinal -> Integer, printed_on -> Date, reason -> Text,
        job_id -> Nullable<Id>, sha256 -> Nullable<Text>, by_user -> Nullable<Id>, at -> Instant,
        corrections -> Integer,
    }
    lots (id) {
        id -> Id, product_id -> Id, certificate_id -> Id, code -> Text, batch -> Text,
        made_on -> Nullable<Date>, expires_on -> Nullable<Date>, quantity -> Nullable<BigInt>,
        unit -> Nullable<Text>, created_by -> Nullable<Id>, created_at -> Instant, version -> Integer,
    }
    trace_events (lot_id, ordinal) {
        lot_id -> Id, ordinal -> Integer, id -> Id, kind -> Text, at -> Instant, place_id -> Nullable<Id>,
        place_text -> Text, quantity -> Nullable<BigInt>, unit -> Nullable<Text>, actor_name -> Text,
        note -> Text, recorded_by -> Nullable<Id>, recorded_at -> Instant,
    }
    inspections (id) {
        id -> Id, product_id -> Id, producer_id -> Nullable<Id>, place_id -> Nullable<Id>, kind -> Text,
        planned_on -> Date, inspected_on -> Nullable<Date>, state -> Text, findings -> Text,
        conclusion -> Nullable<Text>, conclusion_number -> Nullable<Text>, concluded_on -> Nullable<Date>,
        outcome -> Nullable<Text>, body_name -> Text, created_by -> Nullable<Id>, created_at -> Instant,
        version -> Integer,
    }
    plans (id) {
        id -> Id, code -> Text, number -> Text, title -> Text, place_id -> Nullable<Id>, body -> Text,
        created_at -> Instant,
    }
    imports (job_id) {
        job_id -> Id, text -> Text, sha256 -> Text, dry_run -> Bool, created_at -> Instant,
    }
    import_rows (job_id, line) {
        job_id -> Id, line -> Integer, class -> Text, report -> Text, product_id -> Nullable<Id>,
    }
    webhooks (id) {
        id -> Id, user_id -> Id, second_factor -> Bool, name -> Text, url -> Text, topics -> Text, sealed_secret -> Text,
        sealed_previous -> Nullable<Text>, previous_until -> Nullable<Instant>, cursor -> BigInt, active -> Bool,
        stopped_why -> Nullable<Text>, created_at -> Instant, ended_at -> Nullable<Instant>, version -> Integer,
    }
    webhook_deliveries (id) {
        id -> Id, webhook_id -> Id, outbox_id -> Nullable<Id>, event -> Text, body -> Text, state -> Text,
        attempts -> Integer, try_after -> Instant, lease_token -> Nullable<Id>, status -> Nullable<Integer>,
        error -> Nullable<Text>, created_at -> Instant, done_at -> Nullable<Instant>,
    }
    officer_tasks (id) {
        id -> Id, kind -> Text, subject_kind -> Text, subject_id -> Id, place_id -> Nullable<Id>,
        detail -> Text, state -> Text, created_at -> Instant, closed_at -> Nullable<Instant>,
    }
}
