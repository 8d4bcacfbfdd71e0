//! One life of a cluster and of a volume for each shape that the API's answers may have: what is not documented may be
//! either way.

mod support;

use std::time::Duration;

use serde_json::json;
use support::{KEY, Scenario};
use tensorpool_simulator::{Action, ErrorShape, Fault, Gone, IdName, NameField, Options, RetryAfter};

const CLUSTER: &str = "tensorpool_cluster.train";
const VOLUME: &str = "tensorpool_storage.data";

/// Create, empty plan, change in place, import, destroy.
fn lives(name: &str, change: fn(&mut Options), faults: &[Fault]) {
    let short = Duration::from_millis(300);
    let mut options = Options { provision: short, release: short, ..Options::default() };
    change(&mut options);
    let scenario = Scenario::with(&format!("variant-{name}"), options);
    let write = |suffix: &str, size_gb: u64, protection: bool| {
        scenario.write(&format!(
            "resource \"tensorpool_cluster\" \"train\" {{\n  name = \"train{suffix}\"\n  instance_type = \"8xH100\"\n  \
             num_nodes = 2\n  deletion_protection = {protection}\n}}\n\nresource \"tensorpool_storage\" \"data\" {{\n  \
             name = \"data{suffix}\"\n  size_gb = {size_gb}\n  deletion_protection = {protection}\n}}"
        ));
    };
    let arm = || faults.iter().for_each(|fault| scenario.cloud.add_fault(fault.clone()));
    write("", 100, true);
    arm();
    scenario.apply().ok();
    scenario.cloud.clear_faults();
    let (cluster, volume) = (scenario.cloud.clusters()[0].clone(), scenario.cloud.volumes()[0].clone());
    assert_eq!((scenario.cloud.clusters().len(), scenario.cloud.volumes().len()), (1, 1), "none is made twice");
    assert_eq!(
        (&scenario.values(CLUSTER)["id"], &scenario.values(VOLUME)["id"]),
        (&json!(cluster.id), &json!(volume.id))
    );
    assert_eq!(scenario.values(CLUSTER)["instances"].as_array().map(Vec::len), Some(2));
    scenario.expect_empty_plan();

    write("-renamed", 200, false);
    arm();
    scenario.apply().ok();
    scenario.cloud.clear_faults();
    let (changed, grown) = (scenario.cloud.clusters()[0].clone(), scenario.cloud.volumes()[0].clone());
    assert_eq!(
        (&changed.id, changed.name.as_str(), changed.deletion_protection),
        (&cluster.id, "train-renamed", false)
    );
    assert_eq!((&grown.id, grown.name.as_str(), grown.size_gb), (&volume.id, "data-renamed", 200));
    scenario.expect_empty_plan();

    for (address, id) in [(CLUSTER, &cluster.id), (VOLUME, &volume.id)] {
        scenario.run(&["state", "rm", address]).ok();
        scenario.run(&["import", "-input=false", address, id]).ok();
    }
    scenario.expect_empty_plan();

    arm();
    scenario.destroy().ok();
    scenario.cloud.clear_faults();
    assert!(scenario.cloud.clusters().is_empty() && scenario.cloud.volumes().is_empty());
    assert!(scenario.resources().is_empty());
}

/// A test for each row: its name, what is otherwise than usual, and what goes wrong on the way.
macro_rules! variants {
    ($($(#[$doc:meta])* $name:ident: $change:expr $(, $fault:expr)*;)*) => {
        $($(#[$doc])* #[test]
        fn $name() {
            lives(stringify!($name), $change, &[$($fault),*]);
        })*
    };
}

fn respond(path: &str, status: u16, retry_after: Option<&str>) -> Fault {
    let headers = retry_after.map(|value| ("retry-after".to_owned(), value.to_owned())).into_iter().collect();
    Fault::once("GET", path, Action::Respond { status, body: String::new(), headers })
}

variants! {
    bare_answers: |options| options.variants.bare = true;
    ids_named_after_their_kind: |options| options.variants.id_name = IdName::OfKind;
    names_named_after_their_kind: |options| options.variants.name_field = NameField::OfKind;
    names_named_as_in_a_create: |options| {
        options.variants.name_field = NameField::TpOfKind;
        options.variants.id_name = IdName::OfKind;
        options.variants.bare = true;
    };
    request_ids_of_another_form: |options| options.variants.request_id_prefix = "r-".to_owned();
    polls_at_no_interval: |options| options.retry_after = RetryAfter::Seconds(0);
    polls_without_an_interval: |options| options.retry_after = RetryAfter::Absent;
    polls_at_a_malformed_interval: |options| options.retry_after = RetryAfter::Malformed;
    polls_at_a_date: |options| options.retry_after = RetryAfter::Date(1);
    no_request_ids: |options| options.without_request_ids = true;
    edits_answered_with_200: |options| options.variants.edit_status = 200;
    edits_that_take_a_while: |options| options.edit = Duration::from_millis(1200);
    edits_with_request_ids: |options| {
        options.edit = Duration::from_millis(1200);
        options.variants.edit_request_ids = true;
    };
    statuses_in_lower_case: |options| options.variants.lower_case_statuses = true;
    a_status_that_is_unknown: |options| {
        options.provision = Duration::from_secs(3);
        options.variants.unknown_status = Some("QUEUED_FOR_CAPACITY".to_owned());
    };
    requests_that_are_retried: |options| {
        options.provision = Duration::from_secs(2);
        options.variants.retrying = true;
    };
    what_is_deleted_is_forbidden: |options| options.variants.gone = Gone::Forbidden;
    what_is_deleted_is_shown_for_a_while: |options| options.variants.gone = Gone::ShownForMs(1500);
    what_is_deleted_is_shown_for_long: |options| options.variants.gone = Gone::ShownForMs(3_600_000);
    empty_lists_are_not_found: |options| options.variants.empty_lists_are_404 = true;
    a_limit_with_retry_after: |options| {
        options.requests_per_second = Some(5);
        options.limit_retry_after = Some(1);
    };
    a_limit_without_retry_after: |options| options.requests_per_second = Some(5);
    polls_that_fail: |_| {},
        respond("/request/info", 500, None),
        respond("/request/info", 502, None),
        respond("/request/info", 503, Some("1"));
    creates_whose_answers_are_lost: |_| {},
        Fault::once("POST", "/cluster/create", Action::DropAfter),
        Fault::once("POST", "/storage/create", Action::DropAfter);
}

#[test]
fn refusals_are_reported_in_whichever_shape_they_come() {
    let text = "Insufficient balance";
    for (name, shape, status, says) in [
        ("message", ErrorShape::Message, 402, Some(text)),
        ("error", ErrorShape::Error, 402, Some(text)),
        ("detail", ErrorShape::Detail, 400, Some(text)),
        ("external", ErrorShape::ExternalMessage, 402, Some(text)),
        ("text", ErrorShape::Text, 402, Some(text)),
        ("html", ErrorShape::Html, 402, Some("text/html")),
        ("empty", ErrorShape::Empty, 400, None),
    ] {
        let mut options = Options { provision: Duration::ZERO, release: Duration::ZERO, ..Options::default() };
        options.variants.error_shape = shape;
        options.variants.low_balance_status = status;
        let scenario = Scenario::with(&format!("variant-refused-{name}"), options);
        scenario.write("resource \"tensorpool_storage\" \"data\" {\n  name = \"data\"\n  size_gb = 1000000000\n}");
        let run = scenario.apply();
        let what = if status == 402 { "balance too low" } else { "invalid request" };
        let error = run.error(&format!("Cannot create storage volume: {what}"));
        error.says(&[&status.to_string(), "data", says.unwrap_or_default()]);
        assert!(!run.text.contains(KEY), "{}", error.detail);
        assert!(scenario.resources().is_empty());
        // A refused destroy: the lock that the plan did not see.
        scenario
            .write("resource \"tensorpool_cluster\" \"train\" {\n  name = \"train\"\n  instance_type = \"8xH100\"\n}");
        scenario.apply().ok();
        scenario.run(&["plan", "-destroy", "-out=destroy.plan"]).ok();
        scenario.cloud.set_deletion_protection(&scenario.cloud.clusters()[0].id, true);
        scenario.run(&["apply", "-json", "destroy.plan"]).error("Cluster is protected from deletion").says(&["409"]);
    }
}
