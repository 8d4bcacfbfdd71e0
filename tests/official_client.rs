//! TensorPool's official command line client works against the simulator: so what the simulator answers is what a client
//! that was written for the real API understands.

use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::OnceLock;
use std::time::Duration;

use tensorpool_simulator::{NewJob, Options, Simulator};

const KEY: &str = "tp-planted-5e0c";
const PACKAGE: &str = "tensorpool==0.0.9";
const PUBLIC_KEY: &str = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA me@home";

/// The Python that has the official client, which is installed into `target/official-client` once.
fn python() -> &'static Path {
    static INSTALLED: OnceLock<PathBuf> = OnceLock::new();
    INSTALLED.get_or_init(|| {
        let target = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().expect("it is in the target directory");
        let environment = target.join("official-client");
        let (python, marker) = (environment.join("bin/python"), environment.join("installed"));
        if std::fs::read_to_string(&marker).is_ok_and(|installed| installed == PACKAGE) {
            return python;
        }
        let succeeds = |command: &mut Command| {
            let output = command.output().unwrap_or_else(|error| {
                panic!("this test needs Python 3.11 with venv and pip (see README.md): {command:?}: {error}")
            });
            let said = String::from_utf8_lossy(&output.stderr);
            assert!(output.status.success(), "this test needs Python 3.11 with venv and pip: {command:?}: {said}");
        };
        succeeds(Command::new("python3").args(["-m", "venv", "--clear"]).arg(&environment));
        let options = ["-m", "pip", "install", "--quiet", "--no-cache-dir", "--disable-pip-version-check", PACKAGE];
        succeeds(Command::new(&python).args(options));
        std::fs::write(marker, PACKAGE).expect("the file can be written");
        python
    })
}

/// The client, with a home and a cloud of its own.
struct Cli {
    cloud: Simulator,
    home: PathBuf,
}

impl Cli {
    fn new(name: &str) -> Self {
        let home =
            Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("official-client-{name}-{}", std::process::id()));
        std::fs::create_dir_all(&home).expect("the directory can be made");
        let zero = Duration::ZERO;
        let cloud = Simulator::spawn(Options {
            listen: ([127, 0, 0, 1], 0).into(),
            api_key: KEY.to_owned(),
            provision: zero,
            release: zero,
            restart: zero,
            ..Options::default()
        });
        Self { cloud: cloud.expect("the simulator starts"), home }
    }

    fn call(&self, key: &str, arguments: &[&str]) -> Output {
        let mut command = Command::new(python());
        command.env_clear().args(["-m", "tensorpool.main", "--no-input"]).args(arguments);
        command.env("HOME", &self.home).env("TENSORPOOL_ENGINE", self.cloud.url()).env("TENSORPOOL_KEY", key);
        command.current_dir(&self.home).stdin(Stdio::null()).output().expect("the client can be started")
    }

    /// Runs a command that succeeds, and gives what it says.
    #[track_caller]
    fn run(&self, arguments: &[&str]) -> String {
        let output = self.call(KEY, arguments);
        let said = String::from_utf8_lossy(&output.stdout).into_owned();
        assert!(output.status.success(), "{arguments:?}: {said}{}", String::from_utf8_lossy(&output.stderr));
        said
    }

    /// Runs a command that fails, and checks what it says.
    #[track_caller]
    fn fails(&self, arguments: &[&str], why: &str) {
        let output = self.call(KEY, arguments);
        let said = String::from_utf8_lossy(&output.stdout);
        assert!(!output.status.success() && said.contains(why), "{arguments:?}: {said}");
    }

    fn write(&self, name: &str, text: &str) -> String {
        let path = self.home.join(name);
        std::fs::write(&path, text).expect("the file can be written");
        path.display().to_string()
    }
}

impl Drop for Cli {
    fn drop(&mut self) {
        _ = std::fs::remove_dir_all(&self.home);
    }
}

/// Checks that a text holds all of these.
#[track_caller]
fn says(text: &str, parts: &[&str]) {
    for part in parts {
        assert!(text.contains(part), "{part:?} is not in:\n{text}");
    }
}

#[test]
fn clusters() {
    let cli = Cli::new("clusters");
    let key = cli.write("id.pub", PUBLIC_KEY);
    let create = ["cluster", "create", "8xH100", "--name", "train", "-n", "2", "-i", &key, "--deletion-protection"];
    says(&cli.run(&[&create[..], &["--container", "image:1", "--wait"]].concat()), &["CLUSTER_CLAIM", "complete"]);
    let cluster = cli.cloud.clusters().remove(0);
    assert_eq!((cluster.name.as_str(), cluster.num_nodes, cluster.deletion_protection), ("train", 2, true));
    assert_eq!((cluster.container.as_deref(), cluster.status.as_str()), (Some("image:1"), "RUNNING"));
    // The client never says that keys shall not be saved.
    assert_eq!((cluster.public_keys, cli.cloud.ssh_keys().len()), (vec![PUBLIC_KEY.to_owned()], 1));
    let id = cluster.id.as_str();
    says(&cli.run(&["cluster", "create", "1xH100"]), &["initiated"]);
    assert_eq!(cli.cloud.clusters().len(), 2);

    says(&cli.run(&["cluster", "list"]), &[id, "train", "2 x 8xH100", "RUNNING"]);
    says(&cli.run(&["cluster", "ls", "--instances"]), &[&cluster.instance_ids[1], "203.0.113.2"]);
    says(&cli.run(&["cluster", "list", "--org"]), &["No clusters"]);
    says(&cli.run(&["cluster", "info", id]), &[id, "protected", &cluster.instance_ids[0]]);
    cli.fails(&["cluster", "info", "c-none"], "Cluster not found");

    cli.fails(&["cluster", "destroy", id], "Deletion protection is enabled");
    says(&cli.run(&["cluster", "edit", id, "--name", "other", "--deletion-protection", "false"]), &["updated"]);
    let edited = cli.cloud.clusters().into_iter().find(|cluster| cluster.id == id).expect("it exists");
    assert_eq!((edited.name.as_str(), edited.deletion_protection), ("other", false));

    let volume = cli.cloud.add_volume(tensorpool_simulator::NewVolume { size_gb: 1, ..Default::default() });
    says(&cli.run(&["cluster", "attach", id, &volume, "--wait"]), &["STORAGE_ATTACH", "complete"]);
    assert_eq!(cli.cloud.volumes()[0].attached_clusters, [id]);
    says(&cli.run(&["cluster", "detach", id, &volume, "--wait"]), &["STORAGE_DETACH", "complete"]);
    assert!(cli.cloud.volumes()[0].attached_clusters.is_empty());

    says(&cli.run(&["cluster", "destroy", id, "--wait"]), &["CLUSTER_RELEASE", "complete"]);
    let left = cli.cloud.clusters();
    says(&cli.run(&["cluster", "rm", &left[0].id]), &["initiated"]);
    assert!(left.len() == 1 && cli.cloud.clusters().is_empty());
}

#[test]
fn volumes() {
    let cli = Cli::new("volumes");
    let created = cli.run(&["storage", "create", "100", "--name", "data", "--deletion-protection", "--wait"]);
    let volume = cli.cloud.volumes().remove(0);
    says(&created, &[&volume.id, "created"]);
    assert_eq!((volume.name.as_str(), volume.size_gb, volume.deletion_protection), ("data", 100, true));
    let id = volume.id.as_str();
    says(&cli.run(&["storage", "list"]), &[id, "data", "100 GB"]);
    says(&cli.run(&["storage", "ls", "--org"]), &["No storage volumes"]);
    says(&cli.run(&["storage", "info", id]), &[id, "protected"]);
    cli.fails(&["storage", "destroy", id], "Deletion protection is enabled");
    let edit = ["storage", "edit", id, "--name", "more", "-s", "200", "--deletion-protection", "false"];
    says(&cli.run(&edit), &["updated"]);
    let edited = cli.cloud.volumes().remove(0);
    assert_eq!((edited.name.as_str(), edited.size_gb, edited.deletion_protection), ("more", 200, false));
    cli.fails(&["storage", "edit", id, "-s", "100"], "422");
    assert_eq!(cli.cloud.volumes()[0].size_gb, 200);
    says(&cli.run(&["storage", "destroy", id, "--wait"]), &["STORAGE_DESTROY", "complete"]);
    assert!(cli.cloud.volumes().is_empty());
}

#[test]
fn object_storage() {
    let cli = Cli::new("object-storage");
    cli.fails(&["object-storage", "credentials"], "not enabled");
    let enabled = cli.run(&["object-storage", "enable"]);
    let (access, secret) = cli.cloud.object_storage_keys().expect("it is enabled");
    says(&enabled, &[&access, &secret, "https://", "us-west"]);
    says(&cli.run(&["object-storage", "credentials"]), &[&access, &secret]);
    says(&cli.run(&["object-storage", "configure", "rclone"]), &["rclone.conf"]);
    let configuration = std::fs::read_to_string(cli.home.join(".config/rclone/rclone.conf"));
    says(&configuration.expect("the client wrote it"), &["[tp]", &access, &secret]);
    says(&cli.run(&["object-storage", "bucket", "list"]), &["No buckets found"]);
    says(&cli.run(&["object-storage", "bucket", "create", "data"]), &["created"]);
    assert_eq!(cli.cloud.buckets(), ["data"]);
    says(&cli.run(&["object-storage", "bucket", "ls"]), &["data"]);
    cli.cloud.put_object("data", "model.pt");
    cli.fails(&["object-storage", "bucket", "delete", "data"], "not empty");
    cli.fails(&["object-storage", "disable"], "has buckets");
    cli.cloud.empty_bucket("data");
    says(&cli.run(&["object-storage", "bucket", "rm", "data"]), &["deleted successfully"]);
    assert!(cli.cloud.buckets().is_empty());
    says(&cli.run(&["object-storage", "disable"]), &["disabled"]);
    assert_eq!(cli.cloud.object_storage_keys(), None);
}

#[test]
fn the_user_and_their_keys_and_jobs() {
    let cli = Cli::new("me");
    says(&cli.run(&["me"]), &["user@simulated.invalid", "Simulated Organization", &cli.cloud.url()]);
    let refused = cli.call("wrong", &["me"]);
    says(&String::from_utf8_lossy(&refused.stdout), &["Invalid or missing authentication token"]);
    assert!(!refused.status.success());
    let key = cli.write("id.pub", PUBLIC_KEY);
    says(&cli.run(&["me", "sshkey", "add", &key, "--name", "laptop"]), &["added"]);
    let saved = cli.cloud.ssh_keys().remove(0);
    assert_eq!((saved.name.as_str(), saved.public_key.as_str()), ("laptop", PUBLIC_KEY));
    cli.fails(&["me", "sshkey", "add", &key], "exists already");
    says(&cli.run(&["me", "sshkey", "list"]), &[&saved.id, "laptop"]);
    says(&cli.run(&["me", "sshkey", "ls", "--org"]), &[&saved.id, "laptop"]);
    says(&cli.run(&["me", "sshkey", "remove", &saved.id]), &["removed"]);
    assert!(cli.cloud.ssh_keys().is_empty());
    says(&cli.run(&["me", "preferences"]), &["dashboard"]);

    let job = cli.cloud.add_job(NewJob::default());
    says(&cli.run(&["job", "info", &job]), &["running"]);
    says(&cli.run(&["job", "cancel", &job, "--wait"]), &["canceled"]);
    assert_eq!(cli.cloud.job_status(&job).as_deref(), Some("canceled"));
    says(&cli.run(&["job", "list"]), &["1 jobs"]);
    says(&cli.run(&["job", "delete", &job]), &["deleted"]);
    assert_eq!(cli.cloud.job_status(&job), None);
}
