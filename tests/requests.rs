//! What each operation of each resource asks TensorPool, request by request: one more is a slower apply and a nearer limit,
//! one less is a check that is missing.

mod support;

use std::time::Duration;

use support::Scenario;
use tensorpool_simulator::{NewCluster, NewVolume, Options};

/// An ordinary life of one object, and the requests of its operations.
struct Life<'a> {
    before: String,
    /// Nothing where no argument can be changed in place.
    after: Option<&'a str>,
    create: &'static [&'static str],
    read: &'static [&'static str],
    update: &'static [&'static str],
    destroy: &'static [&'static str],
}

/// A scenario in which whatever takes time takes more than one poll.
fn scenario(name: &str) -> Scenario {
    let time = Duration::from_millis(1500);
    Scenario::with(name, Options { provision: time, release: time, restart: time, edit: time, ..Options::default() })
}

/// A request without the ids in it, which differ from run to run.
fn pattern(line: &str) -> String {
    let is_id = |part: &&str| ["c-", "s-", "key_", "req_"].iter().any(|prefix| part.starts_with(prefix));
    line.split('/').map(|part| if is_id(&part) { "*" } else { part }).collect::<Vec<_>>().join("/")
}

/// What was asked since this was asked last. A poll that is repeated counts once, and so does the account, which validates the
/// credentials: Terraform plans a create once more in the process that applies it.
fn asked(scenario: &Scenario) -> Vec<String> {
    let mut lines: Vec<_> = scenario.cloud.requests().iter().map(|request| pattern(&request.line())).collect();
    scenario.cloud.clear_requests();
    lines.dedup();
    lines
}

#[track_caller]
fn lives(scenario: &Scenario, life: &Life<'_>) {
    // Terraform reads before it changes; without that, an apply is the operation alone.
    let alone = |verb: &str| scenario.run(&[verb, "-auto-approve", "-input=false", "-refresh=false", "-json"]).ok();
    scenario.write(&life.before);
    alone("apply");
    assert_eq!(asked(scenario), life.create, "a create");
    scenario.expect_empty_plan();
    assert_eq!(asked(scenario), life.read, "a read");
    if let Some(after) = life.after {
        scenario.write(after);
        alone("apply");
    }
    assert_eq!(asked(scenario), life.update, "an update");
    alone("destroy");
    assert_eq!(asked(scenario), life.destroy, "a destroy");
    assert!(scenario.resources().is_empty());
}

#[test]
fn a_cluster() {
    let cluster = |name| {
        format!("resource \"tensorpool_cluster\" \"it\" {{\n  name = \"{name}\"\n  instance_type = \"8xH100\"\n}}")
    };
    let life = Life {
        before: cluster("train"),
        after: Some(&cluster("other")),
        create: &[
            "GET /user/info",
            "GET /cluster/list",
            "POST /cluster/create",
            "GET /request/info/*",
            "GET /cluster/info/*",
        ],
        read: &["GET /cluster/info/*"],
        update: &["PATCH /cluster/edit/*", "GET /cluster/info/*"],
        destroy: &["DELETE /cluster/*", "GET /request/info/*", "GET /cluster/info/*"],
    };
    lives(&scenario("requests-cluster"), &life);
}

#[test]
fn a_storage_volume() {
    let volume = |size| format!("resource \"tensorpool_storage\" \"it\" {{\n  name = \"data\"\n  size_gb = {size}\n}}");
    let life = Life {
        before: volume(10),
        after: Some(&volume(20)),
        create: &[
            "GET /user/info",
            "GET /storage/list",
            "POST /storage/create",
            "GET /request/info/*",
            "GET /storage/info/*",
        ],
        read: &["GET /storage/info/*"],
        update: &["PATCH /storage/edit/*", "GET /storage/info/*"],
        // The first read searches for clusters that use it.
        destroy: &["GET /storage/info/*", "DELETE /storage/*", "GET /request/info/*", "GET /storage/info/*"],
    };
    lives(&scenario("requests-storage"), &life);
}

#[test]
fn an_attachment() {
    let scenario = scenario("requests-attachment");
    let cluster = NewCluster {
        name: "train".to_owned(),
        instance_type: "8xH100".to_owned(),
        num_nodes: 2,
        deletion_protection: false,
    };
    let volume = NewVolume { name: "data".to_owned(), size_gb: 10, ..NewVolume::default() };
    let (cluster, volume) = (scenario.cloud.add_cluster(cluster), scenario.cloud.add_volume(volume));
    let life = Life {
        before: format!(
            "resource \"tensorpool_storage_attachment\" \"it\" {{\n  storage_id = \"{volume}\"\n  cluster_id = \"{cluster}\"\n}}"
        ),
        after: None,
        // Each plan reads the cluster, as only nodes that run are restarted.
        create: &[
            "GET /user/info",
            "GET /cluster/info/*",
            "GET /user/info",
            "GET /cluster/info/*",
            "POST /storage/attach",
            "GET /request/info/*",
            "GET /storage/info/*",
            "GET /cluster/info/*",
        ],
        read: &["GET /storage/info/*", "GET /cluster/info/*"],
        update: &[],
        destroy: &[
            "GET /cluster/info/*",
            "POST /storage/detach",
            "GET /request/info/*",
            "GET /storage/info/*",
            "GET /cluster/info/*",
        ],
    };
    lives(&scenario, &life);
}

#[test]
fn an_ssh_key() {
    let key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAINJdpoDqinxOvPW2GIrwZ2ZIozKhkOidqQGMg913ksV6";
    let life = Life {
        before: format!("resource \"tensorpool_ssh_key\" \"it\" {{\n  name = \"laptop\"\n  public_key = \"{key}\"\n}}"),
        after: None,
        // The answer to the create holds no more than the id.
        create: &["GET /user/info", "GET /user/ssh-key/list", "POST /user/ssh-key/add", "GET /user/ssh-key/list"],
        read: &["GET /user/ssh-key/list"],
        update: &[],
        destroy: &["DELETE /user/ssh-key/remove/*"],
    };
    lives(&scenario("requests-ssh-key"), &life);
}

#[test]
fn object_storage() {
    let life = Life {
        before: "resource \"tensorpool_object_storage\" \"it\" {}".to_owned(),
        after: Some("resource \"tensorpool_object_storage\" \"it\" {\n  allow_disable = true\n}"),
        create: &["GET /user/info", "GET /object-storage/credentials", "POST /object-storage/enable"],
        read: &["GET /object-storage/credentials"],
        update: &["GET /object-storage/credentials"],
        // That there is no bucket any more is not left to the API.
        destroy: &[
            "GET /object-storage/credentials",
            "GET /object-storage/bucket/list",
            "DELETE /object-storage/disable",
        ],
    };
    lives(&scenario("requests-object-storage"), &life);
}

#[test]
fn a_bucket() {
    let scenario = scenario("requests-bucket");
    scenario.cloud.enable_object_storage();
    let life = Life {
        before: "resource \"tensorpool_object_storage_bucket\" \"it\" {\n  name = \"checkpoints\"\n}".to_owned(),
        after: None,
        create: &[
            "GET /user/info",
            "GET /object-storage/bucket/list",
            "PUT /object-storage/bucket/create/checkpoints",
            "GET /object-storage/bucket/list",
        ],
        read: &["GET /object-storage/bucket/list"],
        update: &[],
        destroy: &["DELETE /object-storage/bucket/delete/checkpoints"],
    };
    lives(&scenario, &life);
}
