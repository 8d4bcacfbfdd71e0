//! What exists at TensorPool before a block is applied.
//!
//! `given KIND NAME` creates an object, and `given KIND NAME as ID` puts its id in the place of one that the page shows:
//!
//! - `cluster`, `protected cluster`: of two nodes of 8 H100;
//! - `volume`: of 1,000 GB; `attachment VOLUME CLUSTER` attaches one, by their names;
//! - `key`: an SSH key; `bucket`: one in object storage, which is enabled for it; `job`: one that runs;
//! - `object storage`: it is enabled;
//! - `account KEY`: another account, with this key.

use tensorpool_simulator::{NewCluster, NewJob, NewSshKey, NewVolume, Owner};

use crate::support::{PUBLIC_KEY, Scenario};

/// Creates what an option asks for. Returns the id that stands on the page, with the one that it has, if there is one.
pub fn give(scenario: &Scenario, what: &str) -> Option<(String, String)> {
    let (what, shown) = what.split_once(" as ").map_or((what, None), |(what, shown)| (what, Some(shown)));
    let words: Vec<_> = what.split(' ').collect();
    let id = match words.as_slice() {
        ["cluster", name] => cluster(scenario, name, false),
        ["protected", "cluster", name] => cluster(scenario, name, true),
        ["volume", name] => {
            scenario.cloud.add_volume(NewVolume { name: (*name).to_owned(), size_gb: 1000, ..NewVolume::default() })
        }
        ["attachment", volume, cluster] => {
            let volumes = scenario.cloud.volumes();
            let volume = volumes.iter().find(|one| one.name == *volume).expect("the volume was given");
            let clusters = scenario.cloud.clusters();
            let cluster = clusters.iter().find(|one| one.name == *cluster).expect("the cluster was given");
            scenario.cloud.attach(&volume.id, &cluster.id);
            String::new()
        }
        ["key", name] => {
            let (public_key, name) = (format!("{PUBLIC_KEY} {name}@home"), (*name).to_owned());
            scenario.cloud.add_ssh_key(NewSshKey { public_key, name, owner: Owner::User })
        }
        ["object", "storage"] => {
            scenario.cloud.enable_object_storage();
            String::new()
        }
        ["bucket", name] => {
            scenario.cloud.enable_object_storage();
            scenario.cloud.add_bucket(name);
            (*name).to_owned()
        }
        ["job", name] => {
            let (name, status) = ((*name).to_owned(), "running".to_owned());
            scenario.cloud.add_job(NewJob { name, status, cluster_id: None })
        }
        ["account", key] => {
            scenario.cloud.add_account(key);
            String::new()
        }
        _ => panic!("{what:?} is nothing that can be given"),
    };
    Some((shown?.to_owned(), id))
}

fn cluster(scenario: &Scenario, name: &str, deletion_protection: bool) -> String {
    let (name, instance_type) = (name.to_owned(), "8xH100".to_owned());
    scenario.cloud.add_cluster(NewCluster { name, instance_type, num_nodes: 2, deletion_protection })
}
