//! The files below `examples/`, and a cloud in which exists whatever one of them names and does not create itself.

use std::ops::Deref;
use std::path::{Path, PathBuf};

use super::{KEY, Scenario};
use tensorpool_simulator::{NewCluster, NewJob, NewSshKey, NewVolume, Owner};
use terraform_plugin_testing::files_below;

/// The public key that the examples read from a file, and that the account has.
pub const PUBLIC_KEY: &str = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAINJdpoDqinxOvPW2GIrwZ2ZIozKhkOidqQGMg913ksV6 me@home";

/// The key of a second account.
const OTHER_KEY: &str = "tp-other-9c2f";

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("examples")
}

/// The text of an example, by its path below `examples/`.
pub fn text(path: &str) -> String {
    let path = root().join(path);
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// All files below a directory of `examples/`, as paths below `examples/`, in order.
pub fn files(directory: &str) -> Vec<String> {
    let found = files_below(&root().join(directory)).expect("it can be listed");
    let path = |path| Path::new(directory).join(path).into_os_string().into_string().expect("it is Unicode");
    found.into_iter().map(path).collect()
}

/// A scenario for one example, and the real ids of what the examples call `c-abc123`, `s-abc123` and so on.
pub struct Example {
    scenario: Scenario,
    ids: Vec<(&'static str, String)>,
    /// The job that runs.
    pub job: String,
    /// The volume, if the example does not create it.
    pub volume: Option<String>,
}

impl Deref for Example {
    type Target = Scenario;

    fn deref(&self) -> &Scenario {
        &self.scenario
    }
}

impl Example {
    /// The scenario of a configuration that is applied: what it creates itself does not exist yet.
    pub fn applied(path: &str, text: &str) -> Self {
        let creates = |kind: &str| text.contains(&format!("resource \"tensorpool_{kind}\" "));
        Self::new(path, 2, &creates)
    }

    /// The scenario of what exists already: everything.
    pub fn existing(path: &str, num_nodes: u32) -> Self {
        Self::new(path, num_nodes, &|_| false)
    }

    fn new(path: &str, num_nodes: u32, creates: &dyn Fn(&str) -> bool) -> Self {
        let name = path.replace(['/', '.', '*'], "-");
        let mut scenario = Scenario::new(&format!("example-{name}"));
        let cloud = &scenario.cloud;
        let mut ids = vec![("o-abc123", "o-simulated".to_owned())];
        let cluster = (!creates("cluster")).then(|| {
            let instance_type = "8xH100".to_owned();
            let new = NewCluster { name: "training".to_owned(), instance_type, num_nodes, deletion_protection: false };
            cloud.add_cluster(new)
        });
        let volume = (!creates("storage")).then(|| {
            cloud.add_volume(NewVolume { name: "datasets".to_owned(), size_gb: 1000, ..NewVolume::default() })
        });
        if !creates("object_storage") {
            cloud.enable_object_storage();
            cloud.add_bucket("training-datasets");
            cloud.add_bucket("other");
        }
        if !creates("ssh_key") {
            let public_key = PUBLIC_KEY.to_owned();
            let id = cloud.add_ssh_key(NewSshKey { public_key, name: "laptop".to_owned(), owner: Owner::User });
            ids.push(("key_abc123", id));
        }
        let job = NewJob { name: "train".to_owned(), status: "running".to_owned(), cluster_id: cluster.clone() };
        let job = cloud.add_job(job);
        cloud.set_payment_method(true);
        cloud.add_account(OTHER_KEY);
        ids.push(("j-abc123", job.clone()));
        ids.extend(cluster.map(|id| ("c-abc123", id)));
        ids.extend(volume.clone().map(|id| ("s-abc123", id)));
        for (name, value) in [("tensorpool_key", KEY), ("personal_key", KEY), ("organization_key", OTHER_KEY)] {
            scenario.set(&format!("TF_VAR_{name}"), value);
        }
        let mut example = Self { scenario, ids, job, volume };
        example.write_home();
        example
    }

    /// A home directory with an SSH key, for `file("~/.ssh/id_ed25519.pub")`.
    fn write_home(&mut self) {
        let home = self.path("home");
        std::fs::create_dir_all(home.join(".ssh")).expect("it can be made");
        std::fs::write(home.join(".ssh/id_ed25519.pub"), format!("{PUBLIC_KEY}\n")).expect("it can be written");
        for name in ["HOME", "USERPROFILE"] {
            self.scenario.set(name, home.to_str().expect("it is Unicode"));
        }
    }

    /// Sets an environment variable for the runs from here on.
    pub fn set(&mut self, name: &str, value: &str) {
        self.scenario.set(name, value);
    }

    /// The id of what the examples call by this id.
    #[track_caller]
    pub fn id(&self, written: &str) -> &str {
        let found = self.ids.iter().find(|(known, _)| *known == written);
        found.map_or_else(|| panic!("there is no {written}"), |(_, id)| id)
    }

    /// A text with the real ids, the address of the simulator and its key.
    pub fn real(&self, text: &str) -> String {
        let ids = self.ids.iter().fold(text.to_owned(), |text, (written, id)| text.replace(written, id));
        ids.replace("http://127.0.0.1:8080", &self.cloud.url()).replace("sim-key", KEY)
    }

    /// Writes a configuration: as it is if it requires the provider itself, or else with that in front of it.
    pub fn write_real(&self, text: &str) {
        let text = self.real(text);
        if text.contains("required_providers") {
            self.write_file("main.tf", &text);
        } else {
            self.write(&text);
        }
    }

    /// Applies a configuration, and checks that the next plan is empty.
    #[track_caller]
    pub fn apply_real(&self, text: &str) {
        self.write_real(text);
        self.apply().ok();
        self.expect_empty_plan();
    }

    /// Runs the Terraform commands of a script; without `init`, which has nothing to install where the provider is overridden.
    #[track_caller]
    pub fn run_commands(&self, script: &str) {
        let mut commands = 0;
        for line in self.real(script).lines() {
            let line = line.split(" #").next().unwrap_or_default().trim();
            let Some(arguments) = line.strip_prefix("terraform ").filter(|arguments| *arguments != "init") else {
                continue;
            };
            // Of a shell's quotes, the examples need only those around a whole argument.
            let mut arguments: Vec<_> = arguments.split_whitespace().map(|one| one.replace('\'', "")).collect();
            if ["apply", "destroy"].contains(&arguments[0].as_str()) {
                arguments.push("-auto-approve".to_owned());
            }
            arguments.push("-no-color".to_owned());
            let arguments: Vec<_> = arguments.iter().map(String::as_str).collect();
            self.run(&arguments).ok();
            commands += 1;
        }
        assert!(commands > 0, "no command of Terraform in:\n{script}");
    }
}
