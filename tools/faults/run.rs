//! A run of Terraform: the processes while it runs, and what it printed.

use std::path::PathBuf;
use std::process::{Child, ExitStatus};
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process, kill_process_group};
use terraform_plugin_testing::providers_in;

/// How often it is seen whether a process has ended.
const POLL: Duration = Duration::from_millis(10);
/// A provider whose Terraform was killed needs a moment to notice.
const PROVIDER_LIMIT: Duration = Duration::from_secs(10);

/// The processes of a run, to send signals to.
#[derive(Clone)]
pub struct Processes {
    pub terraform: Pid,
    /// Where they run.
    pub directory: PathBuf,
}

impl Processes {
    pub fn signal_group(&self, signal: Signal) {
        _ = kill_process_group(self.terraform, signal);
    }

    pub fn signal_terraform(&self, signal: Signal) {
        _ = kill_process(self.terraform, signal);
    }

    pub fn kill_provider(&self) {
        for pid in providers_in(&self.directory) {
            _ = kill_process(pid, Signal::KILL);
        }
    }

    /// Waits for the end of Terraform. One that takes longer than the limit hangs, and is killed.
    pub fn wait(&self, mut child: Child, limit: Duration) -> (ExitStatus, bool) {
        let begin = Instant::now();
        loop {
            if let Some(status) = child.try_wait().expect("it is our child") {
                return (status, false);
            }
            if begin.elapsed() > limit {
                self.signal_group(Signal::KILL);
                self.kill_provider();
                return (child.wait().expect("it is our child"), true);
            }
            thread::sleep(POLL);
        }
    }

    /// Waits for the end of the provider.
    pub fn wait_for_provider(&self) {
        let begin = Instant::now();
        while !providers_in(&self.directory).is_empty() && begin.elapsed() < PROVIDER_LIMIT {
            thread::sleep(2 * POLL);
        }
    }
}

/// What a run printed and how it ended.
pub struct Run {
    pub succeeded: bool,
    /// It was still running when it should long have ended, or a signal ended it that the harness did not send.
    pub hung: bool,
    pub code: Option<i32>,
    pub text: String,
}

impl Run {
    /// Whether an error or a warning contains this. That a line of progress does is not enough.
    pub fn reports(&self, text: &str) -> bool {
        self.text.lines().any(|line| is_diagnostic(line) && line.contains(text))
    }

    /// What a user has to read of it: the errors and warnings, or everything if there is nothing but text.
    pub fn diagnostics(&self) -> String {
        if !self.text.starts_with('{') {
            return self.text.clone();
        }
        let lines = self.text.lines().filter(|line| is_diagnostic(line) && !line.contains("development overrides"));
        lines.collect::<Vec<_>>().join("\n")
    }
}

fn is_diagnostic(line: &str) -> bool {
    line.contains(r#""type":"diagnostic""#)
}
