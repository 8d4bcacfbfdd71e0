//! The demo: the life of a cluster, from apply to destroy, with a real Terraform or OpenTofu and a simulated TensorPool.
//!
//! Everything happens in `target/demo`, which is removed at the end, also after an interrupt. The user's own configuration of
//! the command line is not read.

use std::path::Path;
use std::process::ExitCode;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use tensorpool_simulator::{Options, Simulator};
use terraform_plugin_testing::{Cli, Installation, Workspace, program_next_to_examples, terraform};

const KEY: &str = "demo-key";

/// What did not go as it should.
type Problem = String;

struct Demo {
    workspace: Workspace,
    cloud: Simulator,
    step: u32,
}

static INTERRUPTED: AtomicBool = AtomicBool::new(false);

/// Notes an interrupt instead of dying of it: the Terraform that runs gets it too and stops, and then the demo ends in
/// order and cleans up.
fn note_interrupts() -> Result<(), Problem> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(io)?;
    let signals = runtime.block_on(async {
        use tokio::signal::unix::{SignalKind, signal};
        Ok((signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?))
    });
    let (mut interrupt, mut terminate) = signals.map_err(io)?;
    std::thread::spawn(move || {
        runtime.block_on(async {
            loop {
                tokio::select! { _ = interrupt.recv() => {}, _ = terminate.recv() => {} }
                INTERRUPTED.store(true, Ordering::Relaxed);
            }
        });
    });
    Ok(())
}

fn main() -> ExitCode {
    let result = note_interrupts().and_then(|()| Demo::prepare()).and_then(|mut demo| demo.play());
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(problem) => {
            eprintln!("\nThe demo did not go as it should: {problem}");
            ExitCode::FAILURE
        }
    }
}

#[expect(clippy::needless_pass_by_value, reason = "it is what map_err gives")]
fn io(error: std::io::Error) -> Problem {
    error.to_string()
}

fn cluster(name: &str, protected: bool) -> String {
    format!(
        "resource \"tensorpool_cluster\" \"{name}\" {{\n  name                = \"{name}\"\n  instance_type       = \
         \"8xH100\"\n  num_nodes           = 2\n  deletion_protection = {protected}\n}}\n"
    )
}

impl Demo {
    /// Starts the cloud and lays the provider where `terraform init` finds it.
    fn prepare() -> Result<Self, Problem> {
        // One run at a time: what a killed one left is removed first.
        let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/demo");
        let program = program_next_to_examples("terraform-provider-tensorpool").map_err(io)?;
        let (address, version) = ("tensorpool/tensorpool", env!("CARGO_PKG_VERSION"));
        let installation = Installation::Mirror { address, program: &program, version };
        let mut workspace = Workspace::create(&directory, &installation).map_err(io)?;
        let cloud = Simulator::spawn(Options {
            listen: ([127, 0, 0, 1], 0).into(),
            api_key: KEY.to_owned(),
            provision: Duration::from_secs(2),
            release: Duration::from_secs(2),
            ..Options::default()
        })
        .map_err(io)?;
        workspace.set("TENSORPOOL_ENGINE", &cloud.url());
        workspace.set("TENSORPOOL_KEY", KEY);
        Ok(Self { workspace, cloud, step: 0 })
    }

    fn play(&mut self) -> Result<(), Problem> {
        println!("{}", Cli::of(&terraform()).map_err(io)?);
        self.say("A provider block, and init finds the provider that was just built");
        self.write("");
        self.succeeds(&["init", "-input=false"])?;

        self.say("apply: a protected cluster of two nodes");
        self.write(&cluster("train", true));
        self.succeeds(&["apply", "-auto-approve"])?;
        let id = self.cloud.clusters().first().ok_or("there is no cluster")?.id.clone();

        self.say("destroy: refused while it is planned, before anything is touched");
        self.fails(&["destroy", "-auto-approve"], "Cluster is protected from deletion")?;

        self.say("Protection off in the configuration, apply");
        self.write(&cluster("train", false));
        self.succeeds(&["apply", "-auto-approve"])?;

        self.say(
            "A destroy is planned; then the cluster is locked outside Terraform; the plan is applied and meets the 409",
        );
        self.succeeds(&["plan", "-destroy", "-out=destroy.plan"])?;
        self.cloud.set_deletion_protection(&id, true);
        self.fails(&["apply", "destroy.plan"], "it was set outside Terraform")?;

        self.say("apply lifts the lock, as the configuration says that there is none");
        self.succeeds(&["apply", "-auto-approve"])?;

        self.say("The block is removed from the configuration, apply: DELETE, and polling to the end");
        self.cloud.clear_requests();
        self.write("");
        self.succeeds(&["apply", "-auto-approve"])?;
        println!("\n    What TensorPool was asked:");
        for request in self.cloud.requests() {
            println!("      {} -> {}", request.line(), request.status.unwrap_or_default());
        }
        let asked = |line: &str| self.cloud.requests().iter().any(|request| request.line().starts_with(line));
        if !asked(&format!("DELETE /cluster/{id}")) || !asked("GET /request/info/") {
            return Err("the request log shows no DELETE with polling".to_owned());
        }

        self.say("A second cluster, and destroy");
        self.write(&cluster("second", false));
        self.succeeds(&["apply", "-auto-approve"])?;
        self.succeeds(&["destroy", "-auto-approve"])?;

        self.say("Nothing is left");
        if !self.cloud.clusters().is_empty() {
            return Err("clusters are left in the cloud".to_owned());
        }
        let state = self.workspace.command(&["state", "list"]).output().map_err(io)?;
        if !state.stdout.is_empty() {
            return Err("resources are left in the state".to_owned());
        }
        println!("    No cluster in the cloud, no resource in the state.\n\nThe demo is complete.");
        Ok(())
    }

    /// What a user types: `terraform` or `tofu`.
    fn name() -> String {
        let program = terraform();
        program.file_name().unwrap_or(program.as_os_str()).to_string_lossy().into_owned()
    }

    fn say(&mut self, what: &str) {
        self.step += 1;
        println!("\n=== Step {}: {what}\n", self.step);
    }

    fn write(&self, hcl: &str) {
        self.workspace.write(&format!("provider \"tensorpool\" {{}}\n\n{hcl}"));
    }

    /// Runs the CLI and shows what it says. Returns whether it succeeded, and its output.
    fn run(&self, arguments: &[&str]) -> Result<(bool, String), Problem> {
        println!("    $ {} {}", Self::name(), arguments.join(" "));
        let arguments: Vec<_> = arguments.iter().copied().chain(["-no-color"]).collect();
        // Terraform wants its options before a plan's file.
        let mut ordered: Vec<&str> = arguments.iter().copied().filter(|argument| argument.starts_with('-')).collect();
        let words = arguments.iter().copied().filter(|argument| !argument.starts_with('-'));
        let (first, rest): (Vec<_>, Vec<_>) = words.enumerate().partition(|(index, _)| *index == 0);
        ordered.splice(0..0, first.into_iter().map(|(_, word)| word));
        ordered.extend(rest.into_iter().map(|(_, word)| word));
        let output =
            self.workspace.command(&ordered).output().map_err(|error| format!("terraform cannot be run: {error}"))?;
        let text = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        if INTERRUPTED.load(Ordering::Relaxed) {
            return Err("it was interrupted".to_owned());
        }
        for line in text.lines().filter(|line| !line.trim().is_empty()) {
            println!("    | {line}");
        }
        Ok((output.status.success(), text))
    }

    fn succeeds(&self, arguments: &[&str]) -> Result<(), Problem> {
        match self.run(arguments)? {
            (true, _) => Ok(()),
            (false, _) => Err(format!("{} {} failed", Self::name(), arguments.join(" "))),
        }
    }

    fn fails(&self, arguments: &[&str], expected: &str) -> Result<(), Problem> {
        let (succeeded, text) = self.run(arguments)?;
        let said = text.split_whitespace().collect::<Vec<_>>().join(" ").contains(expected);
        if succeeded || !said {
            return Err(format!("{} {} should have failed with: {expected}", Self::name(), arguments.join(" ")));
        }
        Ok(())
    }
}
