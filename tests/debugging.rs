//! The log of the provider, as a person who has a problem reads and sends it.

mod support;

use std::collections::BTreeMap;
use std::fs;
use std::time::Duration;

use support::{KEY, Scenario};
use tensorpool_simulator::{Action, Fault, Options};

/// A scenario that logs at a level, and the function that reads the log.
fn logging(name: &str, level: &str, options: Options) -> (Scenario, impl Fn() -> String) {
    let mut scenario = Scenario::with(name, options);
    let log = scenario.path("provider.log");
    scenario.set("TF_LOG_PROVIDER", level);
    scenario.set("TF_LOG_PATH", &log.display().to_string());
    (scenario, move || fs::read_to_string(&log).unwrap_or_default())
}

fn quick() -> Options {
    Options { provision: Duration::ZERO, release: Duration::ZERO, ..Options::default() }
}

fn lines<'a>(log: &'a str, text: &str) -> Vec<&'a str> {
    log.lines().filter(|line| line.contains(text)).collect()
}

#[test]
fn debug_has_a_line_for_each_attempt_of_a_request() {
    let (scenario, log) = logging("debug-lines", "DEBUG", quick());
    let failure = Action::Respond { status: 503, body: String::new(), headers: BTreeMap::new() };
    scenario.cloud.add_fault(Fault::once("GET", "/user/info", failure));
    scenario.write_cluster("  name = \"train\"\n  instance_type = \"1xH100\"");
    scenario.apply().ok();
    let log = log();
    let created = lines(&log, "response to POST /cluster/create");
    assert_eq!(created.len(), 1, "{log}");
    for field in ["method=POST", "path=/cluster/create", "status=202", "elapsed_ms=", "attempt=1"] {
        assert!(created[0].contains(field), "{field}: {created:?}");
    }
    assert_eq!(lines(&log, "response to GET /user/info").iter().filter(|line| line.contains("attempt=2")).count(), 1);
    assert!(lines(&log, "[TRACE]").is_empty() && !log.contains(KEY));
}

#[test]
fn trace_has_headers_and_bodies_without_secrets() {
    let (scenario, log) = logging("trace-bodies", "TRACE", quick());
    let headers =
        BTreeMap::from([("x-echo".to_owned(), KEY.to_owned()), ("set-cookie".to_owned(), "planted-1".to_owned())]);
    let body = format!(
        "{{\"message\": \"{KEY}\", \"odd\": {{\"new_token\": \"planted-2\", \"email\": \"planted-3@x.dev\"}}}}"
    );
    scenario.cloud.add_fault(Fault::once("GET", "/user/info", Action::Respond { status: 500, body, headers }));
    scenario.write_cluster("  name = \"train\"\n  instance_type = \"1xH100\"");
    scenario.apply().ok();
    let log = log();
    for text in
        ["sending POST /cluster/create", "received from POST /cluster/create", "authorization: ***", "x-echo: ***"]
    {
        assert!(log.contains(text), "{text}: {log}");
    }
    let sent = lines(&log, "sending POST /cluster/create");
    assert!(sent.iter().any(|line| line.contains("1xH100")), "{sent:?}");
    assert!(log.contains("new_token"), "the names of unknown fields are in the log");
    assert!(!log.contains(KEY) && !log.contains("planted"), "{log}");
}

#[test]
fn a_read_that_waits_because_of_429s_says_so() {
    let (scenario, log) = logging("info-429", "INFO", quick());
    let headers = BTreeMap::from([("retry-after".to_owned(), "2".to_owned())]);
    let limited = Action::Respond { status: 429, body: "{}".to_owned(), headers };
    scenario.cloud.add_fault(Fault::once("GET", "/cluster/list", limited));
    scenario.write("data \"tensorpool_clusters\" \"all\" {}");
    scenario.plan().ok();
    let log = log();
    assert_eq!(lines(&log, "the API limits requests (429): all requests wait").len(), 1, "{log}");
    assert_eq!(lines(&log, "GET /cluster/list waits because the API limits requests (429)").len(), 1, "{log}");
}

#[test]
fn the_fault_of_the_guide_on_debugging_is_repeated() {
    let guide = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/templates/guides/debugging.md.tmpl"))
        .expect("it is there");
    let (_, fault) = guide.split_once("-d '").expect("the guide has a fault");
    let fault: Fault = serde_json::from_str(fault.split_once('\'').expect("it ends").0).expect("it is a fault");
    let scenario = Scenario::new("guide-fault");
    scenario.cloud.add_fault(fault);
    scenario.write("data \"tensorpool_clusters\" \"all\" {}");
    scenario.plan().error("Cannot look up clusters: API failure").says(&["GET /cluster/list returned 500"]);
}

#[test]
fn a_long_wait_is_logged_once_a_minute() {
    let (scenario, log) = logging(
        "info-minute",
        "INFO",
        Options { provision: Duration::from_mins(10), release: Duration::ZERO, ..Options::default() },
    );
    scenario.write_cluster("  name = \"train\"\n  instance_type = \"1xH100\"\n  timeouts {\n    create = \"63s\"\n  }");
    scenario.apply().error("Cannot create cluster: out of time").says(&["Timed out after 1m3s while creating cluster"]);
    let log = log();
    let still = lines(&log, "(still waiting after 60 s)");
    assert_eq!(still.len(), 1, "{log}");
    for text in ["CLUSTER_CLAIM is ", "name=train", "object_id=c-", "request_id=req_", "elapsed_s=60"] {
        assert!(still[0].contains(text), "{text}: {still:?}");
    }
}
