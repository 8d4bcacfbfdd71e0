//! What a user sees: the lifecycle of objects under a real Terraform.

use std::fs;
use std::path::PathBuf;
use std::process::Stdio;
use std::time::{Duration, Instant};

use tensorpool_simulator::{Action, Fault};
use terraform_plugin_testing::Installation;

use crate::build::directory;
use crate::problem::{Problem, expect};
use crate::program::{source, succeed};
use crate::session::Session;

/// A cluster, a volume, and the two together.
const STACK: &str = "examples/resources/tensorpool_storage_attachment/resource.tf";
/// A cluster of a generated name, which only the journal can find again.
const UNNAMED: &str = "resource \"tensorpool_cluster\" \"train\" {\n  instance_type = \"1xH100\"\n}\n";
const JOURNAL: &str = ".terraform/tensorpool/journal";
const ADOPTED: &str = "Cluster of an earlier run adopted";
const ADDRESS: &str = "tensorpool/tensorpool";
/// Terraform does not ask, and needs no colours.
const UNASKED: [&str; 3] = ["-auto-approve", "-input=false", "-no-color"];

/// A Terraform, and the provider that it runs.
pub struct Way {
    /// Which Terraform that is.
    pub name: &'static str,
    pub terraform: PathBuf,
    pub provider: PathBuf,
    /// Whether the provider is installed by `terraform init`, which takes a program of this platform.
    pub by_init: bool,
}

/// A configuration in a directory of its own, and a Terraform that runs there.
struct Life {
    session: Session,
    terraform: PathBuf,
}

impl Life {
    fn begin(way: &Way, name: &str, hcl: &str) -> Result<Self, Problem> {
        let (program, version) = (way.provider.as_path(), env!("CARGO_PKG_VERSION"));
        let installation = if way.by_init {
            Installation::Mirror { address: ADDRESS, program, version }
        } else {
            Installation::DevOverride { address: ADDRESS, program }
        };
        let session = Session::new(
            &directory()?.join(format!("runs/{}", way.name.replace(' ', "-"))).join(name),
            &installation,
            &[],
        )?;
        session.write(hcl);
        let life = Self { session, terraform: way.terraform.clone() };
        if way.by_init {
            life.run(&["init", "-input=false", "-no-color"])?;
        }
        Ok(life)
    }

    /// Runs Terraform, which has to succeed.
    fn run(&self, arguments: &[&str]) -> Result<String, Problem> {
        succeed(self.session.program(&self.terraform).args(arguments))
    }

    fn apply(&self) -> Result<String, Problem> {
        self.run(&[&["apply"], &UNASKED[..]].concat())
    }

    /// Destroys everything, and checks that.
    fn end(self) -> Result<(), Problem> {
        self.run(&[&["destroy"], &UNASKED[..]].concat())?;
        self.session.expect_empty_cloud()
    }

    /// How many entries the journal has.
    fn entries(&self) -> usize {
        let Ok(files) = fs::read_dir(self.session.path(JOURNAL)) else { return 0 };
        files.flatten().filter(|file| file.path().extension().is_some_and(|end| end == "json")).count()
    }
}

/// Creates objects, plans them empty, and destroys them.
pub fn run(way: &Way, report: &dyn Fn(&str)) -> Result<(), Problem> {
    let life = Life::begin(way, "run", &fs::read_to_string(source(STACK))?)?;
    life.apply()?;
    let cloud = &life.session.cloud;
    let (clusters, volumes, entries) = (cloud.clusters().len(), cloud.volumes().len(), life.entries());
    expect((clusters, volumes) == (1, 1), || format!("{clusters} clusters and {volumes} volumes are created"))?;
    expect(entries == 2, || format!("the journal has {entries} entries after two creates"))?;
    life.run(&["plan", "-detailed-exitcode", "-input=false", "-no-color"])?;
    expect(life.entries() == 0, || "the journal has not forgotten what is in the state".to_owned())?;
    life.end()?;
    report(&format!("with {}: creates, plans empty and destroys a cluster, a volume and an attachment", way.name));
    Ok(())
}

/// Kills Terraform in the middle of a create, and checks that the next apply adopts what was created.
pub fn killed(way: &Way, report: &dyn Fn(&str)) -> Result<(), Problem> {
    let life = Life::begin(way, "killed", UNNAMED)?;
    let cloud = &life.session.cloud;
    cloud.add_fault(Fault::once("POST", "/cluster/create", Action::Delay { ms: 60_000 }));
    let mut apply = life.session.program(&life.terraform);
    let mut terraform = apply.arg("apply").args(UNASKED).stdout(Stdio::null()).spawn()?;
    let begin = Instant::now();
    while cloud.clusters().is_empty() && begin.elapsed() < Duration::from_mins(2) {
        std::thread::sleep(Duration::from_millis(50));
    }
    terraform.kill()?;
    terraform.wait()?;
    expect(!cloud.clusters().is_empty(), || "the create is never asked for".to_owned())?;
    let text = life.apply()?;
    let clusters = cloud.clusters().len();
    expect(text.contains(ADOPTED) && clusters == 1, || format!("there are {clusters} clusters:\n{text}"))?;
    life.end()?;
    report(&format!("notices that {} was killed, and adopts what it had created", way.name));
    Ok(())
}
