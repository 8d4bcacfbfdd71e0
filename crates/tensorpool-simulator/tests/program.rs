//! The program: its arguments, what it prints, and why it does not start.

mod support;

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use support::{Cloud, KEY};

fn program(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_tensorpool-simulator"));
    command.args(arguments);
    command
}

/// Runs the program until it exits.
fn run(arguments: &[&str]) -> Output {
    program(arguments).output().expect("the program runs")
}

/// A running program, which is killed when it is dropped.
struct Program(Child);

impl Drop for Program {
    fn drop(&mut self) {
        _ = self.0.kill();
        _ = self.0.wait();
    }
}

impl Program {
    /// Starts the program on a free port, and returns it and its URL, which it writes to a file when it is ready.
    async fn start(directory: &Path, arguments: &[&str]) -> (Self, String) {
        let ready = directory.join("ready");
        let mut command = program(&["--listen", "127.0.0.1:0", "--api-key", KEY]);
        command
            .current_dir(directory)
            .args(arguments)
            .arg("--ready-file")
            .arg(&ready)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let program = Self(command.spawn().expect("it can be started"));
        let begin = Instant::now();
        loop {
            let url = std::fs::read_to_string(&ready).unwrap_or_default();
            if !url.is_empty() {
                return (program, url);
            }
            assert!(begin.elapsed() < Duration::from_mins(1), "it is never ready");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// Ends the program, and returns the lines that it wrote to its two output streams.
    fn end(mut self) -> [Vec<String>; 2] {
        self.0.kill().expect("it runs");
        let (output, error) = (self.0.stdout.take().expect("it is piped"), self.0.stderr.take().expect("it is piped"));
        let text = "it is text";
        [
            BufReader::new(output).lines().map(|line| line.expect(text)).collect(),
            BufReader::new(error).lines().map(|line| line.expect(text)).collect(),
        ]
    }
}

#[tokio::test]
async fn the_program_accepts_its_options_and_prints_how_to_use_it() {
    let directory = tempfile::tempdir().expect("there is room for a directory");
    let settings = ["--set", "bare=true", "--set", "error_shape=html"];
    let arguments = ["--data", "cloud.json", "--provision-ms", "7", "--any-instance-type"];
    let (program, url) = Program::start(directory.path(), &[&settings[..], &arguments].concat()).await;
    let options = reqwest::get(format!("{url}/_simulator/options")).await.expect("the simulator responds");
    let options: Value = options.json().await.expect("it is JSON");
    let chosen = ["bare", "error_shape", "provision_ms", "any_instance_type"].map(|name| options[name].clone());
    assert_eq!(chosen, [json!(true), json!("html"), json!(7), json!(true)]);
    let list = reqwest::Client::new().get(format!("{url}/cluster/list")).bearer_auth(KEY).send().await;
    assert_eq!(list.expect("the simulator responds").text().await.expect("it is text"), "[]");
    assert!(directory.path().join("cloud.json").exists());
    let [output, error] = program.end();
    for line in [
        format!("  export TENSORPOOL_ENGINE={url}"),
        format!("  export TENSORPOOL_KEY={KEY}"),
        format!("Its page: {url}/   All its options: --help   To stop it: Ctrl-C"),
    ] {
        assert!(output.contains(&line), "{line} is not in {output:#?}");
    }
    assert!(error.is_empty(), "there is no log unless one is wanted: {error:#?}");
}

#[tokio::test]
async fn the_log_has_a_line_for_each_request_and_no_key() {
    let directory = tempfile::tempdir().expect("there is room for a directory");
    let (program, url) = Program::start(directory.path(), &["--log"]).await;
    let http = reqwest::Client::new();
    let fault = json!({"path": "/cluster/list", "action": "drop_before"});
    let fault = http.post(format!("{url}/_simulator/faults")).body(fault.to_string());
    fault.send().await.expect("the simulator responds");
    for path in ["/me?q=1", "/cluster/list", &format!("/no/{KEY}"), "/", "/_page/live"] {
        _ = http.get(format!("{url}{path}")).bearer_auth(KEY).send().await;
    }
    let [_, lines] = program.end();
    let without_times: Vec<_> = lines
        .iter()
        .map(|line| {
            let (line, ms) =
                line.strip_suffix(" ms").and_then(|line| line.rsplit_once(' ')).expect("it ends in a time");
            assert!(ms.parse::<u64>().is_ok(), "{ms}");
            line
        })
        .collect();
    assert_eq!(without_times[0], "POST /_simulator/faults 200");
    assert_eq!(without_times[1], "GET /me 200");
    // The client may send a request again if its connection was closed.
    assert_eq!(without_times[2], "GET /cluster/list closed");
    assert_eq!(without_times[without_times.len() - 1], "GET /no/(key) 404");
}

#[test]
fn the_help_of_the_program_contains_the_admin_requests() {
    let output = run(&["--help"]);
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success());
    for part in [
        "curl http://127.0.0.1:8080/_simulator/requests",
        "--any-instance-type",
        "truncated_lists",
        "Fields of a fault",
        "late_ms",
        "curl -X DELETE http://127.0.0.1:8080/_simulator/faults/1",
    ] {
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
        (
            vec!["--listen", "127.0.0.1:0", "--ready-file", "/no/such/folder/file"],
            vec!["Cannot write --ready-file /no/such/folder/file"],
        ),
        (
            vec!["--listen", "0.0.0.0:0"],
            vec!["Cannot listen on 0.0.0.0:0: other machines can reach", "allow it with --allow-remote-access"],
        ),
        (vec!["--listen", "localhost"], vec!["--listen", "an IP address and a port from 0 to 65535"]),
        (vec!["--fault-share", "2"], vec!["--fault-share", "a number from 0 to 1"]),
        (vec!["--fault-share=-0.1"], vec!["a number from 0 to 1"]),
        (vec!["--fault-share", "NaN"], vec!["a number from 0 to 1"]),
        (vec!["--provision-ms", "4s"], vec!["--provision-ms", "a whole number from 0 to"]),
        (vec!["--api-key", ""], vec!["--api-key", "visible ASCII characters"]),
        (vec!["--set", "poem=1"], vec!["Cannot use --set: there is no option poem"]),
        (vec!["--set", "edit_status=high"], vec![r#"--set: "high" is not a value of edit_status"#]),
        (vec!["--set", "bare"], vec!["--set", "a name and a value"]),
    ] {
        let output = run(&arguments);
        let text = String::from_utf8_lossy(&output.stderr);
        assert!(!output.status.success(), "{arguments:?}");
        for reason in reasons {
            assert!(
                text.contains(reason) && ["Custom {", "Os {", "Err("].iter().all(|debug| !text.contains(debug)),
                "{arguments:?}: {text}"
            );
        }
    }
}
