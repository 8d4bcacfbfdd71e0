//! Does what a block says: applies it, runs it, or compares it.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt as _;
use std::path::PathBuf;

use terraform_plugin_testing::{Cli, Feature, Run, left_out, terraform};

use crate::block::{Block, Language, blocks};
use crate::page::{Page, file, root};
use crate::support::s3::S3;
use crate::support::{KEY, PROGRAM, Scenario};
use crate::world::give;

/// What lets commands of a page run without a person.
const AUTOMATIC: [(&str, &str); 3] = [
    ("TF_INPUT", "0"),
    ("TF_CLI_ARGS_apply", "-auto-approve -no-color"),
    ("TF_CLI_ARGS_destroy", "-auto-approve -no-color"),
];

/// Does what each block of a page says, in their order.
pub fn page(name: &str) {
    let page = Page::read(name);
    let (mut site, mut is_left_out, mut written) = (None, false, None);
    for (number, block) in blocks(&page).into_iter().enumerate() {
        if block.language == Language::Other {
            compare(&block);
            continue;
        }
        // What is only written is applied by commands before anything else is.
        let is_run = block.language == Language::Shell && !block.has("not run");
        assert!(is_run || written.is_none(), "{}: {written:?} is not applied yet", block.place);
        written = block.has("written").then(|| block.place.clone());
        // What follows a block that was left out is left out too.
        if block.has("not run") || is_left_out && block.continues() {
            continue;
        }
        site = Site::of(&block, name, number, site).map(|site| site.try_out(&block));
        is_left_out = site.is_none();
    }
    assert!(written.is_none(), "{written:?} is not applied by any commands");
}

/// Compares a block with the file that it is a part of.
fn compare(block: &Block) {
    if let Some(path) = block.option("part of") {
        assert!(file(path).contains(&block.text), "{}: it is no part of {path}", block.place);
    }
}

/// The workspace of a block, with its CLI and its TensorPool.
struct Site {
    scenario: Scenario,
    terraform: PathBuf,
    /// The ids that stand on the page, with those that they have.
    ids: Vec<(String, String)>,
}

impl Site {
    /// The workspace that a block needs. `None` if there is no CLI for it.
    fn of(block: &Block, page: &str, number: usize, former: Option<Self>) -> Option<Self> {
        let mut site = match former {
            Some(site) if block.continues() => site,
            _ => {
                let scenario = Scenario::new(&format!("page-{}-{number}", page.to_lowercase()));
                Self { scenario, terraform: terraform(), ids: Vec::new() }
            }
        };
        if block.has("needs") {
            site.terraform = terraform_for(block)?;
        }
        for (name, value) in AUTOMATIC {
            site.scenario.set(name, value);
        }
        for what in block.all("given") {
            site.ids.extend(give(&site.scenario, what));
        }
        for variable in block.all("set") {
            let (name, value) = variable.split_once('=').expect("a variable has a value");
            let value = site.translated(value);
            site.scenario.set(name, &value);
        }
        Some(site)
    }

    /// Does what a block says.
    fn try_out(self, block: &Block) -> Self {
        if block.language == Language::Hcl { self.hcl(block) } else { self.shell(block) }
    }

    /// A text of the page, with the ids and the addresses that there are.
    fn translated(&self, text: &str) -> String {
        let text = self.ids.iter().fold(text.to_owned(), |text, (shown, id)| text.replace(shown, id));
        text.replace("http://127.0.0.1:8080", &self.scenario.cloud.url()).replace("sim-key", KEY)
    }

    fn run(&self, arguments: &[&str]) -> Run {
        let mut command = self.scenario.program(&self.terraform);
        Run::of(&command.args(arguments).output().expect("terraform can be started"))
    }

    fn write(&self, name: &str, text: &str) {
        let text = self.translated(text);
        if name == "main.tf" && !text.contains("required_providers") {
            self.scenario.write(&text);
        } else {
            self.scenario.write_file(name, &text);
        }
    }

    /// Applies a block, or does what its options say.
    fn hcl(self, block: &Block) -> Self {
        let name = block.option("file").unwrap_or("main.tf");
        if name != "main.tf" && !self.scenario.path("main.tf").exists() {
            self.scenario.write("");
        }
        let text = if block.has("without aws") { without_aws(&block.text) } else { block.text.clone() };
        if block.has("backend") {
            return self.backend(block);
        }
        if let Some(path) = block.option("with") {
            let (_, name) = path.rsplit_once('/').expect("it is in a directory");
            self.scenario.write_file(name, &file(path));
        }
        self.write(name, &text);
        self.write("needed.tf", &format!("{}\n{USER_OF_THE_PROVIDER}", block.needed));
        if block.has("written") {
            return self;
        }
        let place = &block.place;
        if name.ends_with(".tftest.hcl") {
            ended(place, &self.run(&["test", "-no-color"]));
        } else if name.ends_with(".tfquery.hcl") {
            self.query(block);
        } else if block.has("planned") {
            ended(place, &self.run(&["plan", "-input=false", "-no-color"]));
        } else if let Some(summary) = block.option("fails") {
            let run = self.run(&["apply", "-auto-approve", "-input=false", "-json"]);
            _ = run.error(summary);
        } else {
            self.applied(block);
        }
        self
    }

    fn applied(&self, block: &Block) {
        let invoke = block.option("invoke").map(|address| format!("-invoke={address}"));
        let mut arguments = vec!["apply", "-auto-approve", "-input=false", "-no-color"];
        arguments.extend(invoke.as_deref());
        // Modules of the block are installed; the provider is where the configuration of the command line says.
        ended(&block.place, &self.run(&["get", "-no-color"]));
        ended(&block.place, &self.run(&arguments));
        if invoke.is_none() {
            let run = self.run(&["plan", "-input=false", "-no-color", "-detailed-exitcode"]);
            ended(&format!("{}, planned again", block.place), &run);
        }
    }

    /// Queries, and applies what the query generates: imports alone.
    fn query(&self, block: &Block) {
        ended(&block.place, &self.run(&["query", "-no-color", "-generate-config-out=generated.tf"]));
        assert!(self.scenario.path("generated.tf").exists(), "{}: nothing was found", block.place);
        let run = self.run(&["apply", "-auto-approve", "-input=false", "-no-color"]);
        ended(&format!("{}, imported", block.place), &run);
        assert!(run.text.contains("0 added, 0 changed, 0 destroyed"), "{}: {}", block.place, run.text);
        self.applied(block);
    }

    /// Initialises a backend, with an S3 of its own.
    fn backend(self, block: &Block) -> Self {
        let s3 = S3::default();
        self.scenario.write_file("backend.tf", &block.text.replace("https://s3.example.com", &s3.serve()));
        let mut site = self;
        for file in ["AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"] {
            site.scenario.set(file, "/dev/null");
        }
        site.scenario.set("AWS_ACCESS_KEY_ID", "AKPLANTED");
        site.scenario.set("AWS_SECRET_ACCESS_KEY", "tp-planted-backend");
        // The provider is overridden, so of what init does the backend alone matters.
        let run = site.run(&["init", "-input=false", "-no-color"]);
        assert!(run.text.contains("Successfully configured the backend"), "{}: {}", block.place, run.text);
        site.write("main.tf", "output \"kept\" {\n  value = \"kept\"\n}");
        ended(&block.place, &site.run(&["apply", "-auto-approve", "-input=false", "-no-color"]));
        assert!(s3.asked().iter().any(|head| head.starts_with("put ")), "{}: no state was stored", block.place);
        site
    }

    /// Runs commands, with the Terraform of the block and the TensorPool of the test.
    fn shell(mut self, block: &Block) -> Self {
        if !block.needed.is_empty() || !self.scenario.path("main.tf").exists() {
            self.write("main.tf", &block.needed);
        }
        let programs = self.scenario.path("programs");
        fs::create_dir_all(&programs).expect("it can be created");
        // Not a link, as a Terraform that was fetched finds its library next to itself.
        let program = format!("#!/bin/sh\nexec '{}' \"$@\"\n", self.terraform.display());
        let path = programs.join("terraform");
        fs::write(&path, program)
            .and_then(|()| fs::set_permissions(&path, Permissions::from_mode(0o755)))
            .expect("it can be written");
        if block.has("installed") {
            self.install();
        }
        let path = std::env::var("PATH").unwrap_or_default();
        self.scenario.set("PATH", &format!("{}:{path}", programs.display()));
        let simulator = self.scenario.cloud.url();
        self.scenario.set("SIMULATOR", &simulator);
        let commands = format!("{PRELUDE}\n{}", self.translated(&block.text));
        let output = self.scenario.program("bash").args(["-c", &commands]).output().expect("bash can be started");
        let run = Run::of(&output);
        match block.option("fails") {
            None => ended(&block.place, &run),
            Some(text) => {
                let is_right = run.code != Some(0) && plain(&run.text).contains(text);
                assert!(is_right, "{}: {text:?} is not in, or it did not fail:\n{}", block.place, run.text);
            }
        }
        self
    }

    /// Puts the provider into a mirror, from which `terraform init` takes it.
    fn install(&mut self) {
        let script = root().join("tools/install.sh");
        let target = self.scenario.path("installed");
        let run =
            Run::of(&self.scenario.program(script).arg(PROGRAM).arg(&target).output().expect("it can be started"));
        ended("the installation", &run);
        self.scenario.set("TF_CLI_CONFIG_FILE", &target.join("cli.tfrc").display().to_string());
    }
}

/// What commands of a page find: the simulator runs already, in the process of the test.
const PRELUDE: &str = "set -eu
tensorpool-simulator() { echo \"$SIMULATOR\" > simulator.url; }
cargo() { :; }";

/// Without anything that uses it, Terraform does not read a provider block. This uses it, and asks TensorPool for nothing.
const USER_OF_THE_PROVIDER: &str = "data \"tensorpool_user\" \"of_the_provider\" {\n  count = 0\n}\n";

/// Checks that a run succeeded.
fn ended(place: &str, run: &Run) {
    assert_eq!(run.code, Some(0), "{place}:\n{}", run.text);
}

/// A text without the frames and line breaks that Terraform puts into messages.
fn plain(text: &str) -> String {
    text.split_whitespace().filter(|word| !["│", "╷", "╵"].contains(word)).collect::<Vec<_>>().join(" ")
}

/// The CLI for a block: the one at hand or, if that lacks what the block needs, a Terraform that was fetched. `None` if none has it.
fn terraform_for(block: &Block) -> Option<PathBuf> {
    let feature =
        |name| Feature::named(name).unwrap_or_else(|| panic!("{}: there is no feature {name:?}", block.place));
    let needed: Vec<_> = block.all("needs").into_iter().map(feature).collect();
    let has_all = |cli: &Cli| needed.iter().all(|feature| feature.is_in(cli));
    if has_all(Cli::at_hand()) {
        return Some(terraform());
    }
    let fetched = fs::read_dir(root().join("target/terraform")).into_iter().flatten().filter_map(Result::ok);
    // Each lies in a directory that is named after its version.
    let fetched = fetched.filter_map(|entry| {
        let cli = Cli::parse(&format!("Terraform v{}", entry.file_name().to_str()?))?;
        Some((cli, entry.path().join("terraform")))
    });
    let usable = fetched.filter(|(cli, program)| has_all(cli) && program.exists());
    let found = usable.max_by_key(|(cli, _)| cli.version).map(|(_, program)| program);
    if found.is_none() {
        left_out(&block.place, &format!("no CLI here has {needed:?}"));
    }
    found
}

/// A configuration of the AWS provider, which is not installed for tests. Each value that it is given is given to a provider that
/// is, so that it is read as Terraform reads it.
fn without_aws(text: &str) -> String {
    let (before, block) = text.split_once("provider \"aws\" {\n").expect("there is a provider block");
    let (block, after) = block.split_once("\n}\n").expect("the block ends");
    let values = block.lines().filter_map(|line| line.split_once("= ")).filter(|(_, value)| value.contains('.'));
    let providers = values.enumerate().map(|(number, (_, value))| {
        format!(
            "provider \"tensorpool\" {{\n  alias   = \"value_{number}\"\n  api_key = {value}\n}}\n\ndata \"tensorpool_user\" \
             \"value_{number}\" {{\n  count    = 0\n  provider = tensorpool.value_{number}\n}}\n"
        )
    });
    format!("{before}{}{after}", providers.collect::<String>())
}
