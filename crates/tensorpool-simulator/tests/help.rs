//! The help text and the messages of the program.

mod support;

use std::process::{Command, Output};

use serde_json::Value;
use support::Cloud;

/// Returns the examples in the help text: the method, the URL and the body.
fn examples(help: &str) -> Vec<(String, String, Option<Value>)> {
    let curls = help.lines().filter_map(|line| line.trim().strip_prefix("curl "));
    curls
        .map(|line| {
            let (line, body) = line.split_once(" -d '").map_or((line, None), |(line, body)| (line, Some(body)));
            let (method, url) = line.strip_prefix("-X ").and_then(|line| line.split_once(' ')).unwrap_or(("GET", line));
            let body = body.map(|body| serde_json::from_str(body.trim_end_matches('\'')).expect("it is JSON"));
            (method.to_owned(), url.to_owned(), body)
        })
        .collect()
}

#[tokio::test]
async fn every_example_in_the_help_works() {
    let cloud = Cloud::new().await;
    let get = async |path: &str| {
        let response = cloud.http.get(format!("{}{path}", cloud.simulator.url())).send().await.expect("it responds");
        let kind = response.headers()["content-type"].to_str().expect("it is text").to_owned();
        (kind, response.text().await.expect("it is text"))
    };
    let (kind, help) = get("/_simulator").await;
    assert!(kind.starts_with("text/plain"), "{kind}");
    cloud.simulator.enable_object_storage();
    cloud.simulator.add_bucket("data");
    let examples = examples(&help);
    assert!(examples.len() > 25, "{help}");
    let mut ids: Vec<(&str, String)> = vec![("BUCKET", "data".to_owned()), ("OBJECT", "model.pt".to_owned())];
    for (method, url, body) in examples {
        let with_ids = |text: &str| ids.iter().fold(text.to_owned(), |text, (name, id)| text.replace(name, id));
        let (url, body) = (with_ids(&url), body.map(|body| with_ids(&body.to_string())));
        assert!(url.starts_with(&cloud.simulator.url()), "{url}");
        let request = cloud.http.request(method.parse().expect("it is a method"), &url);
        let response = request.body(body.unwrap_or_default()).send().await.expect("it responds");
        let (status, text) = (response.status(), response.text().await.expect("it is text"));
        assert!(status.is_success(), "{method} {url}: {status} {text}");
        let created = serde_json::from_str::<Value>(&text).ok().and_then(|body| body["id"].as_str().map(str::to_owned));
        if let Some(id) = created {
            let names = [("clusters", "CLUSTER"), ("volumes", "VOLUME"), ("ssh-keys", "KEY"), ("jobs", "JOB")];
            let name = names.into_iter().find(|(path, _)| url.ends_with(path)).expect("it is one of these");
            ids.push((name.1, id));
        }
    }
    assert!(["CLUSTER", "VOLUME", "KEY", "JOB"].iter().all(|wanted| ids.iter().any(|(name, _)| name == wanted)));
    assert!(help.contains("answer_id") && help.contains("lag_ms"), "{help}");
}

/// Runs the program until it exits.
fn run(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_tensorpool-simulator")).args(arguments).output().expect("the program runs")
}

#[test]
fn the_help_of_the_program_contains_the_admin_requests() {
    let output = run(&["--help"]);
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success());
    for part in ["curl http://127.0.0.1:8080/_simulator/requests", "--any-instance-type", "truncated_lists"] {
        assert!(text.contains(part), "{part} is not in:\n{text}");
    }
}

#[tokio::test]
async fn the_program_reports_why_it_does_not_start() {
    let cloud = Cloud::new().await;
    let address = cloud.simulator.url().replace("http://", "");
    let directory = tempfile::tempdir().expect("there is room for a directory");
    let data = directory.path().join("cloud.json");
    std::fs::write(&data, "{").expect("it can be written");
    let data = data.to_str().expect("it is text");
    let in_use = format!("Cannot listen on {address}: the address is in use");
    for (arguments, reasons) in [
        (vec!["--listen", &address], vec![in_use.as_str(), "Choose another address with --listen"]),
        (vec!["--listen", "127.0.0.1:0", "--data", data], vec!["Cannot use the data file", data]),
        (vec!["--fault-share", "1.5"], vec!["--fault-share", "a number from 0 to 1"]),
        (vec!["--fault-share=-0.1"], vec!["a number from 0 to 1"]),
        (vec!["--fault-share", "NaN"], vec!["a number from 0 to 1"]),
        (vec!["--set", "poem=1"], vec!["there is no option poem"]),
    ] {
        let output = run(&arguments);
        let text = String::from_utf8_lossy(&output.stderr);
        assert!(!output.status.success(), "{arguments:?}");
        for reason in reasons {
            assert!(text.contains(reason) && !text.contains("Custom {"), "{arguments:?}: {text}");
        }
    }
}
