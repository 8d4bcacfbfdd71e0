//! All worlds. A world joins with a line here.

use std::collections::BTreeMap;
use std::time::Duration;

use tensorpool_simulator::{
    Action, AnswerId, Containers, ErrorShape, Fault, Gone, IdName, NameField, Names, Options, Variants,
};

use super::World;
use super::rewrites::{CAPITALS, CONTAINER, NEW_TYPE, NODES, PATIENT, SPACES, VERY_PATIENT};
use crate::operation::Operation;
use crate::sandbox::{KEY, NEW_KEY, OTHER_KEY};
use crate::subject::Subject;

/// Where single objects are read.
const INFOS: [&str; 4] = ["/cluster/info", "/storage/info", "/object-storage/credentials", "/user/preferences"];
/// Where they are listed.
const LISTS: [&str; 4] = ["/cluster/list", "/storage/list", "/user/ssh-key/list", "/object-storage/bucket/list"];
const REQUESTS: [&str; 3] = ["/request/info", "/cluster/operations", "/storage/operations"];
const ACCOUNTS: [&str; 2] = ["/user/info", "/me"];
/// The methods that change something.
const WRITES: [&str; 4] = ["POST", "PUT", "PATCH", "DELETE"];

fn respond(status: u16, body: &str) -> Action {
    Action::Respond { status, body: body.to_owned(), headers: BTreeMap::new() }
}

fn not_found() -> Action {
    respond(404, r#"{"detail": "Not found"}"#)
}

fn denied(status: u16) -> Action {
    respond(status, r#"{"error": "Invalid or missing authentication token"}"#)
}

/// A rule for every request.
fn always(action: Action) -> Fault {
    Fault { method: None, path: None, ..Fault::once("", "", action).always() }
}

/// A rule for every request to one of these places.
fn at(paths: &[&str], action: &Action) -> Vec<Fault> {
    paths.iter().map(|path| Fault { method: None, ..Fault::once("", path, action.clone()).always() }).collect()
}

/// A rule for everything that changes something.
fn writes(action: &Action) -> Vec<Fault> {
    WRITES.iter().map(|method| Fault::once(method, "/", action.clone()).always()).collect()
}

/// What is in a list.
fn has_list(subject: &dyn Subject, _: Operation) -> bool {
    !matches!(subject.type_name(), "tensorpool_object_storage")
}

/// What can be read by itself.
fn has_info(subject: &dyn Subject, _: Operation) -> bool {
    !matches!(subject.type_name(), "tensorpool_ssh_key" | "tensorpool_object_storage_bucket")
}

fn is_paid(subject: &dyn Subject, _: Operation) -> bool {
    subject.is_paid()
}

fn is_cluster(subject: &dyn Subject, _: Operation) -> bool {
    subject.type_name() == "tensorpool_cluster"
}

/// The API does not change the spelling of what was created outside Terraform.
fn is_created_cluster(subject: &dyn Subject, operation: Operation) -> bool {
    is_cluster(subject, operation) && operation != Operation::Import
}

fn is_storage(subject: &dyn Subject, _: Operation) -> bool {
    subject.type_name() == "tensorpool_storage"
}

fn has_spelling(subject: &dyn Subject, _: Operation) -> bool {
    subject.is_paid() || subject.type_name() == "tensorpool_ssh_key"
}

fn has_requests(subject: &dyn Subject, _: Operation) -> bool {
    subject.is_paid() || subject.type_name() == "tensorpool_storage_attachment"
}

/// Whether a fact shows what these worlds hide. Every read of the object reports that there is none, and the API is there, so
/// a refresh takes it out of the state, as no client could know better; Terraform does not show the warning before a destroy. But
/// a create does not pass over what stays, a read says what it does, and the refusal of a destroy speaks of an object.
fn can_be_known(_: &dyn Subject, operation: Operation) -> bool {
    !matches!(operation, Operation::Update | Operation::Replace | Operation::Delete)
}

fn creates(_: &dyn Subject, operation: Operation) -> bool {
    matches!(operation, Operation::Create | Operation::Replace)
}

/// Whether it creates what has a name that may be taken, and is not what was created before.
fn creates_name(subject: &dyn Subject, operation: Operation) -> bool {
    let has_name = subject.is_paid() || subject.type_name() == "tensorpool_object_storage_bucket";
    has_name && operation == Operation::Create
}

/// Minutes are waited in these.
fn is_long(subject: &dyn Subject, operation: Operation) -> bool {
    is_cluster(subject, operation) && matches!(operation, Operation::Create | Operation::Delete)
}

/// All worlds.
pub fn all() -> Vec<World> {
    let mut all = lived_in();
    all.extend(behind());
    all.extend(not_there());
    all.extend(keys());
    all.extend(ambiguous());
    all.extend(refusing());
    all
}

/// Strange, but everything works.
#[expect(clippy::too_many_lines, reason = "it is one list of worlds")]
fn lived_in() -> Vec<World> {
    let shapes = |options: &mut Options| {
        options.variants = Variants {
            bare: true,
            id_name: IdName::OfKind,
            name_field: NameField::OfKind,
            lower_case_statuses: true,
            unknown_status: Some("QUEUED".to_owned()),
            retrying: true,
            edit_status: 200,
            edit_request_ids: true,
            bucket_objects: true,
            error_shape: ErrorShape::Detail,
            ..Variants::default()
        };
    };
    let worlds = [
        World::new("other-shapes").options(shapes),
        World::new("empty-lists-404").options(|options| options.variants.empty_lists_are_404 = true),
        World::new("no-request-ids").options(|options| options.without_request_ids = true),
        World::new("gone-is-403").options(|options| options.variants.gone = Gone::Forbidden).shown_in(has_requests),
        World::new("gone-is-shown")
            .options(|options| options.variants.gone = Gone::ShownForMs(2000))
            .shown_in(has_requests),
        World::new("lower-case-names")
            .options(|options| options.variants.names = Names::LowerCase)
            .rewritten(CAPITALS)
            .shown_in(has_spelling),
        World::new("trimmed-names")
            .options(|options| options.variants.names = Names::Trimmed)
            .rewritten(SPACES)
            .shown_in(has_spelling),
        World::new("full-images")
            .options(|options| options.variants.containers = Containers::Full)
            .rewritten(CONTAINER)
            .shown_in(|subject, operation| is_cluster(subject, operation) && creates(subject, operation)),
        World::new("rounded-sizes").options(|options| options.variants.size_step_gb = 64).shown_in(is_storage),
        World::new("shuffled-nodes")
            .options(|options| options.variants.shuffle_instances = true)
            .rewritten(NODES)
            .shown_in(is_created_cluster),
        World::new("foreign-operations")
            .options(|options| options.variants.foreign_operations = true)
            .shown_in(has_requests),
        World::new("flickering-status")
            .options(|options| options.variants.flickering_status = true)
            .shown_in(has_requests),
        World::new("new-instance-type")
            .options(|options| options.variants.any_instance_type = true)
            .rewritten(NEW_TYPE)
            .shown_in(|subject, operation| is_cluster(subject, operation) && operation == Operation::Create),
        World::new("slow").faults([always(Action::Delay { ms: 700 })]),
        World::new("journal-off").around(|sandbox| sandbox.environment.push(("TENSORPOOL_JOURNAL", "off")), |_| {}),
        World::new("journal-unwritable")
            .around(|sandbox| sandbox.environment.push(("TENSORPOOL_JOURNAL", "/dev/null/journal")), |_| {})
            .shown_in(is_paid),
        World::new("rotated-key").around(
            |sandbox| {
                sandbox.cloud.rotate_key(KEY, NEW_KEY);
                sandbox.key = NEW_KEY;
            },
            |_| {},
        ),
    ];
    worlds.map(World::lasting).into()
}

/// Waits until what there is would show, so that nothing of it vanishes again.
fn wait_for(lag: Duration) {
    std::thread::sleep(lag + Duration::from_millis(100));
}

/// Reads show late what was written.
fn behind() -> Vec<World> {
    const SHORT: Duration = Duration::from_secs(3);
    const LONG: Duration = Duration::from_secs(8);
    vec![
        World::new("lag-3s").options(|options| options.lag = SHORT).around(|_| wait_for(SHORT), |_| {}).lasting(),
        World::new("lag-8s")
            .options(|options| options.lag = LONG)
            .around(|_| wait_for(LONG), |_| {})
            .rewritten(PATIENT)
            .lasting(),
        World::new("lost-answers").faults(writes(&Action::DropAfter)),
        World::new("lost-answers-lag-3s")
            .options(|options| options.lag = SHORT)
            .around(|_| wait_for(SHORT), |_| {})
            .faults(writes(&Action::DropAfter))
            .rewritten(PATIENT),
        // Longer than the search for a lost create lasts.
        World::new("lost-answers-lag-70s")
            .options(|options| options.lag = Duration::from_secs(70))
            .faults(writes(&Action::DropAfter))
            .rewritten(VERY_PATIENT)
            .shown_in(|subject, operation| has_spelling(subject, operation) && operation == Operation::Create),
    ]
}

/// The API, or a part of it, says that there is nothing.
fn not_there() -> Vec<World> {
    let objects: Vec<_> = INFOS.into_iter().chain(LISTS).collect();
    vec![
        World::new("404-json").faults([always(not_found())]),
        World::new("404-text").faults([always(respond(404, "404 page not found"))]),
        World::new("404-html").faults([always(respond(404, "<html><h1>Not Found</h1></html>"))]),
        World::new("404-infos")
            .faults(at(&INFOS, &not_found()))
            .shown_in(|subject, operation| has_list(subject, operation) || can_be_known(subject, operation)),
        World::new("404-lists")
            .faults(at(&LISTS, &not_found()))
            .shown_in(|subject, operation| has_info(subject, operation) || can_be_known(subject, operation)),
        World::new("404-objects").faults(at(&objects, &not_found())).shown_in(can_be_known),
        World::new("404-requests").faults(at(&REQUESTS, &not_found())).shown_in(has_requests),
        World::new("404-account").faults(at(&ACCOUNTS, &not_found())),
        World::new("404-writes").faults(writes(&not_found())),
        World::new("truncated-to-0").options(|options| options.variants.truncated_lists = Some(0)),
        World::new("truncated-to-1").options(|options| options.variants.truncated_lists = Some(1)),
        World::new("unreadable-item").options(|options| options.variants.unreadable_item = true),
    ]
}

/// The key is not the right one, or the API says so for a while.
fn keys() -> Vec<World> {
    vec![
        World::new("other-account")
            .around(|sandbox| sandbox.key = OTHER_KEY, |sandbox| sandbox.key = KEY)
            .shown_in(is_not_asked_for),
        World::new("other-account-empty")
            .around(|sandbox| sandbox.key = OTHER_KEY, |sandbox| sandbox.key = KEY)
            .without_namesake(),
        World::new("expired-key")
            .around(|sandbox| sandbox.cloud.rotate_key(KEY, NEW_KEY), |sandbox| sandbox.key = NEW_KEY),
        World::new("401").faults([always(denied(401))]),
        World::new("403").faults([always(denied(403))]),
        World::new("401-in-the-middle").faults([middle(denied(401))]),
        World::new("403-in-the-middle").faults([middle(denied(403))]),
        World::new("401-for-minutes").faults([always(denied(401)).after(6)]).rewritten(VERY_PATIENT).shown_in(is_long),
        World::new("403-for-minutes").faults([always(denied(403)).after(6)]).rewritten(VERY_PATIENT).shown_in(is_long),
    ]
}

/// Who imports a bucket by its name with the key of another organization means that one's.
fn is_not_asked_for(subject: &dyn Subject, operation: Operation) -> bool {
    operation != Operation::Import || subject.type_name() != "tensorpool_object_storage_bucket"
}

/// A rule for two requests some way in.
fn middle(action: Action) -> Fault {
    Fault { times: 2, ..always(action).after(3) }
}

/// Answers are about something else, or about nothing.
fn ambiguous() -> Vec<World> {
    let answer = |name, options| World::new(name).options(options).shown_in(has_requests);
    let create = |name, options| {
        World::new(name)
            .options(options)
            .shown_in(|subject, operation| is_paid(subject, operation) && creates(subject, operation))
    };
    vec![
        answer("answers-other-id", |options| options.variants.answer_id = AnswerId::Other),
        answer("answers-empty-id", |options| options.variants.answer_id = AnswerId::Empty),
        answer("answers-numeric-id", |options| options.variants.answer_id = AnswerId::Numeric),
        answer("answers-no-id", |options| options.variants.answer_id = AnswerId::Missing),
        create("creates-other-id", |options| options.variants.create_id = AnswerId::Other),
        create("creates-empty-id", |options| options.variants.create_id = AnswerId::Empty),
        create("creates-numeric-id", |options| options.variants.create_id = AnswerId::Numeric),
        create("creates-no-id", |options| options.variants.create_id = AnswerId::Missing),
    ]
}

/// The API refuses, or does not keep up.
fn refusing() -> Vec<World> {
    let poor = |name, options| {
        World::new(name)
            .options(options)
            .around(|sandbox| sandbox.cloud.set_balance(0.0), |sandbox| sandbox.cloud.set_balance(100_000.0))
    };
    vec![
        World::new("creates-fail")
            .options(|options| options.variants.fail_creates = Some("No capacity".to_owned()))
            .shown_in(is_paid),
        poor("poor-and-echo", |options| options.variants.echo_secrets = true),
        poor("poor-and-escapes", |options| options.variants.escape_sequences = true),
        World::new("name-taken").with_twin().shown_in(creates_name),
        World::new("name-twice")
            .options(|options| options.variants.allow_duplicate_names = true)
            .with_twin()
            .shown_in(is_paid),
        World::new("rate-limit").options(|options| {
            options.requests_per_second = Some(3);
            options.limit_retry_after = Some(1);
        }),
        World::new("flaky").faults(Fault::by_chance(0.2)),
    ]
}
