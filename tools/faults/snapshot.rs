//! Where an operation begins: a sandbox that was brought there once. Each case of the operation gets a copy of it.

use std::path::Path;
use std::time::Duration;

use tensorpool_simulator::{LoggedRequest, Options};

use crate::operation::Operation;
use crate::rewrite::Rewrite;
use crate::sandbox::{Sandbox, Saved};
use crate::subject::Subject;

/// An operation, ready to be run.
pub struct Snapshot {
    pub subject: &'static dyn Subject,
    pub operation: Operation,
    /// What Terraform is called with.
    pub arguments: Vec<String>,
    /// The requests of a run in which nothing goes wrong, in words.
    pub requests: Vec<String>,
    pub rewrite: Rewrite,
    saved: Saved,
}

/// How the cloud behaves while nothing is strange.
pub fn options() -> Options {
    let short = Duration::from_millis(300);
    Options { provision: short, release: short, restart: short, ..Options::default() }
}

impl Snapshot {
    /// Brings a sandbox to where an operation begins.
    pub fn new(home: &Path, seed: u64, subject: &'static dyn Subject, operation: Operation, rewrite: Rewrite) -> Self {
        let name = format!("{}-{operation:?}-{}", subject.type_name(), rewrite.name);
        let mut sandbox = Sandbox::new(home, &name, seed, &options(), false).expect("a sandbox can be created");
        sandbox.rewrite = rewrite;
        let arguments = operation.prepare(subject, &mut sandbox);
        Self { subject, operation, arguments, requests: Vec::new(), saved: sandbox.save(), rewrite }
    }

    /// The same, with the requests that a copy sends in which nothing goes wrong.
    pub fn with_requests(mut self, home: &Path, seed: u64) -> Self {
        let name = format!("{}-{:?}-clean", self.subject.type_name(), self.operation);
        let mut clean = self.copy(home, &name, seed, false);
        clean.run(&self.arguments);
        self.requests = clean.cloud.requests().iter().map(line).collect();
        self
    }

    /// A copy of where it begins.
    pub fn copy(&self, home: &Path, name: &str, seed: u64, trace: bool) -> Sandbox {
        let copied = Sandbox::copy(home, name, &self.saved, seed, &options(), trace);
        let mut sandbox = copied.expect("a sandbox can be copied");
        sandbox.rewrite = self.rewrite;
        sandbox
    }

    /// What has to be applied afterwards.
    pub fn wanted(&self) -> String {
        self.operation.wanted(self.subject)
    }
}

/// A request without the ids in it.
fn line(request: &LoggedRequest) -> String {
    let shown = |segment: &str| match segment {
        id if ["c-", "s-", "key_"].iter().any(|prefix| id.starts_with(prefix)) => "{id}".to_owned(),
        id if id.starts_with("req_") => "{request}".to_owned(),
        other => other.to_owned(),
    };
    let path: Vec<_> = request.path.split('/').map(shown).collect();
    let query = if request.query.is_empty() { String::new() } else { format!("?{}", request.query) };
    format!("{} {}{query}", request.method, path.join("/"))
}
