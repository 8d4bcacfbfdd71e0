//! The remedies that messages print, each walked to its end with a real Terraform.

mod support;

use std::collections::BTreeMap;
use std::fs;
use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::thread;
use std::time::Duration;

use serde_json::json;
use support::{KEY, PUBLIC_KEY, Scenario};
use tensorpool_simulator::{Action, Fault, Options};

const CLUSTER: &str =
    "resource \"tensorpool_cluster\" \"train\" {\n  name = \"train\"\n  instance_type = \"1xH100\"\n}";
/// Volumes can be attached to clusters of several nodes.
const PAIR: &str =
    "resource \"tensorpool_cluster\" \"train\" {\n  name = \"train\"\n  instance_type = \"8xH100\"\n  num_nodes = 2\n}";

/// What a message says between two texts.
#[track_caller]
fn between<'a>(text: &'a str, begin: &str, end: &str) -> &'a str {
    let rest = text.split_once(begin).unwrap_or_else(|| panic!("{begin:?} is not in:\n{text}")).1;
    rest.split_once(end).unwrap_or_else(|| panic!("{end:?} is not in:\n{rest}")).0
}

fn page(status: u16) -> Action {
    let headers = BTreeMap::from([("content-type".to_owned(), "text/html".to_owned())]);
    Action::Respond { status, body: format!("<html>\n  <title>Welcome, {KEY}</title></html>"), headers }
}

#[test]
fn an_endpoint_without_a_scheme_becomes_the_one_that_the_message_suggests() {
    let mut scenario = Scenario::new("endpoint-scheme");
    let url = scenario.cloud.url();
    scenario.set("TENSORPOOL_ENGINE", url.trim_start_matches("http://"));
    scenario.write(&format!("provider \"tensorpool\" {{}}\n\n{CLUSTER}"));
    let run = scenario.plan();
    let error = run.error("Invalid provider configuration");
    error.says(&[
        "(from the environment variable TENSORPOOL_ENGINE) is not an http or https URL",
        "allow_plain_http_host",
    ]);
    let suggestion = between(&error.detail, "Did you mean ", "?").to_owned();
    scenario.set("TENSORPOOL_ENGINE", &suggestion);
    scenario.plan().ok();
}

#[test]
fn https_to_a_port_of_plain_http_is_explained() {
    let mut scenario = Scenario::new("endpoint-https");
    let url = scenario.cloud.url().replace("http://", "https://");
    scenario.set("TENSORPOOL_ENGINE", &url);
    scenario.write(&format!("provider \"tensorpool\" {{\n  max_retries = 0\n}}\n\n{CLUSTER}"));
    let run = scenario.plan();
    let error = run.error("Cannot read account: no connection");
    error.says(&[&url, "TENSORPOOL_ENGINE", "responded in plain text to https", "No request was sent"]);
    scenario.set("TENSORPOOL_ENGINE", &url.replace("https://", between(&error.detail, "then begins with ", ".")));
    scenario.plan().ok();
}

#[test]
fn http_to_a_port_of_https_is_explained() {
    let mut scenario = Scenario::new("endpoint-http");
    // A server of TLS 1.2 answers what is no ClientHello with the fatal alert "unexpected message".
    let listener = TcpListener::bind("127.0.0.1:0").expect("there is a free port");
    let url = format!("http://{}", listener.local_addr().expect("it is bound"));
    thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            _ = stream.read(&mut [0; 1024]);
            _ = stream.write_all(&[21, 3, 3, 0, 2, 2, 10]);
        }
    });
    scenario.set("TENSORPOOL_ENGINE", &url);
    scenario.write(&format!("provider \"tensorpool\" {{\n  max_retries = 0\n}}\n\n{CLUSTER}"));
    scenario.plan().error("Cannot read account: unreadable response").says(&[
        &url,
        "TENSORPOOL_ENGINE",
        "did not respond in http, so the port may be one of https",
        "then begins with https://",
    ]);
}

#[test]
fn a_path_too_many_in_the_endpoint_is_about_the_endpoint() {
    let scenario = Scenario::new("endpoint-path");
    let url = scenario.cloud.url();
    scenario.write(&format!("provider \"tensorpool\" {{\n  endpoint = \"{url}/api/\"\n}}\n\n{CLUSTER}"));
    let run = scenario.plan();
    let error = run.error("Cannot read account: not found");
    error.says(&["may have a path too many", &format!("Endpoint: {url}/api (from the argument endpoint)")]);
    assert!(!error.detail.contains("Check the id"), "{}", error.detail);
    scenario.write(&format!("provider \"tensorpool\" {{\n  endpoint = \"{url}\"\n}}\n\n{CLUSTER}"));
    scenario.plan().ok();
}

#[test]
fn what_responds_in_place_of_the_api_is_shown_without_the_key() {
    for (status, summary) in [(200, "unreadable response"), (404, "not found"), (302, "unexpected response")] {
        let scenario = Scenario::new(&format!("endpoint-page-{status}"));
        scenario.write(&format!("provider \"tensorpool\" {{\n  max_retries = 0\n}}\n\n{CLUSTER}"));
        scenario.cloud.add_fault(Fault { method: None, path: None, ..Fault::once("", "", page(status)) }.always());
        let run = scenario.plan();
        let error = run.error(&format!("Cannot read account: {summary}"));
        error.says(&["text/html: <html> <title>Welcome, ***</title></html>", "Endpoint: http://127.0.0.1"]);
        assert!(!run.text.contains(KEY));
    }
}

#[test]
fn a_failure_of_the_api_says_how_often_and_for_how_long_it_was_retried() {
    let scenario = Scenario::new("retries");
    scenario.write("data \"tensorpool_clusters\" \"all\" {}");
    scenario.cloud.add_fault(
        Fault::once(
            "GET",
            "/cluster/list",
            Action::Respond { status: 500, body: String::new(), headers: BTreeMap::new() },
        )
        .always(),
    );
    let run = scenario.plan();
    let failed = run.diagnostics.iter().find(|one| one.summary.contains("API failure")).expect("it is an error");
    failed.says(&["returned 500 and no message, after 4 retries"]);
}

#[test]
fn a_path_in_place_of_a_key_becomes_the_file_that_the_message_suggests() {
    let scenario = Scenario::new("key-path");
    let write = |key: &str| {
        scenario
            .write(&format!("resource \"tensorpool_ssh_key\" \"me\" {{\n  name = \"me\"\n  public_key = {key}\n}}"));
    };
    fs::write(scenario.path("me.pub"), format!("{PUBLIC_KEY} me@home\n")).expect("it can be written");
    write("\"./me.pub\"");
    let run = scenario.plan();
    let error = run.error("Invalid attribute value");
    error.says(&["\"./me.pub\" looks like a path"]);
    write(between(&error.detail, "Did you mean ", "?"));
    scenario.apply().ok();
    assert_eq!(scenario.cloud.ssh_keys().len(), 1);
}

#[test]
fn a_shell_variable_in_place_of_a_key_becomes_the_variable_that_the_message_suggests() {
    let mut scenario = Scenario::new("key-shell");
    let key =
        |key: &str| format!("resource \"tensorpool_ssh_key\" \"me\" {{\n  name = \"me\"\n  public_key = {key}\n}}");
    scenario.write(&key("\"$SSH_PUBLIC_KEY\""));
    let run = scenario.plan();
    let error = run.error("Invalid attribute value");
    error.says(&["\"$SSH_PUBLIC_KEY\" looks like a variable of a shell"]);
    let expression = between(&error.detail, "for example ", " with the environment variable ").to_owned();
    let variable = between(&error.detail, " with the environment variable ", ",").to_owned();
    let name = expression.strip_prefix("var.").expect("it is a variable of Terraform");
    scenario.write(&format!("variable {name:?} {{}}\n\n{}", key(&expression)));
    scenario.set(&variable, PUBLIC_KEY);
    scenario.apply().ok();
    assert_eq!(scenario.cloud.ssh_keys().len(), 1);
}

#[test]
fn an_attachment_that_ran_out_of_time_is_kept_by_the_steps_of_its_message() {
    let restart = Duration::from_secs(12);
    let quick = Options { provision: Duration::ZERO, release: Duration::ZERO, restart, ..Options::default() };
    let scenario = Scenario::with("attach-out-of-time", quick);
    let write = |create: &str| {
        scenario.write(&format!(
            "{PAIR}\n\nresource \"tensorpool_storage\" \"v\" {{\n  name = \"v\"\n  size_gb = 10\n}}\n\n\
             resource \"tensorpool_storage_attachment\" \"a\" {{\n  storage_id = tensorpool_storage.v.id\n  \
             cluster_id = tensorpool_cluster.train.id\n  timeouts {{\n    create = \"{create}\"\n  }}\n}}"
        ));
    };
    write("4s");
    scenario.apply().error("Cannot create storage attachment: out of time").says(&[
        "Timed out after 4s while creating storage attachment",
        "detaches the volume and attaches it again",
        "1. Run: terraform untaint",
        "create = \"2h\"",
    ]);
    scenario.run(&["untaint", "tensorpool_storage_attachment.a"]).ok();
    write("2h");
    scenario.apply().ok();
    scenario.expect_empty_plan();
    assert_eq!((scenario.asked("POST /storage/attach"), scenario.asked("POST /storage/detach")), (1, 0));
    assert_eq!(scenario.values("tensorpool_storage_attachment.a")["attached"], json!(true));
}

#[test]
fn an_attachment_to_a_cluster_of_the_same_plan_warns_of_no_restart() {
    let scenario = Scenario::new("attach-new");
    scenario.write(&format!(
        "{PAIR}\n\nresource \"tensorpool_storage\" \"v\" {{\n  name = \"v\"\n  size_gb = 10\n}}\n\n\
         resource \"tensorpool_storage_attachment\" \"a\" {{\n  storage_id = tensorpool_storage.v.id\n  \
         cluster_id = tensorpool_cluster.train.id\n}}"
    ));
    let run = scenario.plan().ok();
    assert!(!run.text.contains("All nodes of the cluster restart"), "{}", run.text);
}
