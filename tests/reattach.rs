//! A provider that runs already, as under a debugger, and a Terraform that attaches to it.

mod support;

use std::io::{BufRead as _, BufReader, Read as _};
use std::path::PathBuf;
use std::process::{Child, ChildStdout, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;
use support::{KEY, PROGRAM, Scenario};
use terraform_provider_tensorpool::ADDRESS;

/// A provider that was started with `--debug`.
struct Debugged {
    process: Child,
    /// What it says is the value of `TF_REATTACH_PROVIDERS`.
    reattach: String,
    socket: PathBuf,
    /// Kept open: it may still be writing.
    _stdout: BufReader<ChildStdout>,
}

impl Debugged {
    fn start(engine: &str) -> Self {
        let mut process = Command::new(PROGRAM)
            .arg("--debug")
            .env("TENSORPOOL_ENGINE", engine)
            .env("TENSORPOOL_KEY", KEY)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .expect("the provider can be started");
        let mut stdout = BufReader::new(process.stdout.take().expect("it is piped"));
        let mut lines = stdout.by_ref().lines().map_while(Result::ok);
        let line = lines.find(|line| line.starts_with("TF_REATTACH_PROVIDERS=")).expect("it says how to attach");
        let reattach = line.trim_start_matches("TF_REATTACH_PROVIDERS=").trim_matches('\'').to_owned();
        let printed: Value = serde_json::from_str(&reattach).expect("the value is JSON");
        assert_eq!(printed[ADDRESS]["Pid"], process.id());
        let socket = printed[ADDRESS]["Addr"]["String"].as_str().expect("it has a socket").into();
        Self { process, reattach, socket, _stdout: stdout }
    }

    /// Sends it a signal, and waits for its end.
    fn end_by(&mut self, signal: Signal) -> ExitStatus {
        kill_process(Pid::from_child(&self.process), signal).expect("it runs");
        let begin = Instant::now();
        loop {
            if let Some(status) = self.process.try_wait().expect("it can be waited for") {
                return status;
            }
            assert!(begin.elapsed() < Duration::from_secs(5), "it does not end");
            std::thread::sleep(Duration::from_millis(20));
        }
    }
}

impl Drop for Debugged {
    fn drop(&mut self) {
        _ = self.process.kill();
    }
}

#[test]
fn terraform_attaches_to_a_provider_that_runs() {
    let mut scenario = Scenario::new("reattach");
    let mut provider = Debugged::start(&scenario.cloud.url());
    // Only the provider that runs knows the cloud and the key: one that Terraform started itself would fail.
    scenario.unset("TENSORPOOL_ENGINE");
    scenario.unset("TENSORPOOL_KEY");
    scenario.set("TF_REATTACH_PROVIDERS", &provider.reattach);
    scenario.write_cluster("  name = \"train\"\n  instance_type = \"8xH100\"");
    scenario.apply().ok();
    scenario.expect_empty_plan();
    scenario.destroy().ok();
    assert_eq!(scenario.asked("DELETE /cluster/"), 1);
    // It outlives every run of Terraform, and only Ctrl-C ends it.
    assert!(provider.socket.exists());
    assert_eq!(provider.end_by(Signal::INT).code(), Some(0));
    assert!(!provider.socket.exists());
    assert!(!provider.socket.parent().expect("it is in a directory").exists());
}

#[test]
fn a_provider_that_is_terminated_removes_its_socket() {
    let mut provider = Debugged::start("http://127.0.0.1:9");
    assert!(provider.socket.exists());
    assert_eq!(provider.end_by(Signal::TERM).code(), Some(0));
    assert!(!provider.socket.exists());
}
