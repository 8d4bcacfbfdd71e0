//! What exists in the simulated cloud, and the rules of how it changes.
//!
//! Nothing runs in the background: what is true at a moment follows from when things began.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};

/// How the simulator behaves.
#[derive(Clone, Debug)]
pub struct Options {
    /// Where to listen; port 0 takes a free one.
    pub listen: SocketAddr,
    /// The only key that is accepted.
    pub api_key: String,
    /// How long a create takes.
    pub provision: Duration,
    /// How long a destroy takes.
    pub release: Duration,
    /// What the `Retry-After` header of unfinished requests holds.
    pub retry_after: RetryAfter,
    /// Answers to creates and destroys hold no request id.
    pub without_request_ids: bool,
    /// The source of ids.
    pub seed: u64,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            listen: ([127, 0, 0, 1], 8080).into(),
            api_key: "sim-key".to_owned(),
            provision: Duration::from_secs(4),
            release: Duration::from_secs(3),
            retry_after: RetryAfter::Seconds(1),
            without_request_ids: false,
            seed: 1,
        }
    }
}

/// The `Retry-After` header of unfinished requests.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RetryAfter {
    /// A number of seconds.
    Seconds(u64),
    /// A date that is so many seconds ahead.
    Date(u64),
    /// Text that is neither.
    Malformed,
    /// No header.
    Absent,
}

/// A cluster that is made outside Terraform.
#[derive(Clone, Debug, Deserialize)]
pub struct NewCluster {
    /// Its name.
    pub name: String,
    /// What its nodes are.
    pub instance_type: String,
    /// How many nodes it has.
    #[serde(default = "one")]
    pub num_nodes: u32,
    /// Whether it is protected.
    #[serde(default)]
    pub deletion_protection: bool,
}

fn one() -> u32 {
    1
}

/// A cluster as it really is.
#[derive(Clone, Debug, Serialize, PartialEq)]
pub struct ClusterView {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// What its nodes are.
    pub instance_type: String,
    /// How many nodes it has.
    pub num_nodes: u32,
    /// Whether it is protected.
    pub deletion_protection: bool,
    /// The container's image.
    pub container: Option<String>,
    /// The status of its nodes.
    pub status: String,
    /// Its nodes.
    pub instance_ids: Vec<String>,
}

pub(crate) struct Cluster {
    pub id: String,
    pub name: String,
    pub instance_type: String,
    pub num_nodes: u32,
    pub deletion_protection: bool,
    pub container: Option<String>,
    pub instance_ids: Vec<String>,
    pub claim: Option<String>,
    pub release: Option<String>,
    /// A status that was set from outside.
    pub status: Option<String>,
}

pub(crate) struct Request {
    pub id: String,
    pub kind: &'static str,
    pub object_id: String,
    began: Instant,
    takes: Duration,
    /// It ends as FAILED with this message.
    failure: Option<String>,
}

impl Request {
    pub fn status(&self, now: Instant) -> &'static str {
        let elapsed = now.saturating_duration_since(self.began);
        if elapsed < self.takes / 4 {
            "PENDING"
        } else if elapsed < self.takes {
            "PROCESSING"
        } else if self.failure.is_some() {
            "FAILED"
        } else {
            "COMPLETED"
        }
    }

    pub fn message(&self, now: Instant) -> Option<&str> {
        self.failure.as_deref().filter(|_| self.status(now) == "FAILED")
    }

    fn is_running(&self, now: Instant) -> bool {
        matches!(self.status(now), "PENDING" | "PROCESSING")
    }
}

/// Everything that exists.
pub(crate) struct World {
    pub options: Options,
    random: fastrand::Rng,
    clusters: BTreeMap<String, Cluster>,
    requests: BTreeMap<String, Request>,
    /// By the type of request: the messages with which the next ones fail.
    failures: Vec<(String, String)>,
}

impl World {
    pub fn new(options: Options) -> Self {
        Self {
            random: fastrand::Rng::with_seed(options.seed),
            options,
            clusters: BTreeMap::new(),
            requests: BTreeMap::new(),
            failures: Vec::new(),
        }
    }

    fn id(&mut self, prefix: &str) -> String {
        let random: String = std::iter::repeat_with(|| self.random.alphanumeric()).take(10).collect();
        format!("{prefix}{}", random.to_ascii_lowercase())
    }

    pub fn fail_next(&mut self, kind: &str, message: &str) {
        self.failures.push((kind.to_owned(), message.to_owned()));
    }

    fn begin(&mut self, kind: &'static str, object_id: &str, takes: Duration) -> String {
        let id = self.id("req_");
        let failure = self.failures.iter().position(|(wanted, _)| wanted == kind);
        let failure = failure.map(|position| self.failures.remove(position).1);
        let request =
            Request { id: id.clone(), kind, object_id: object_id.to_owned(), began: Instant::now(), takes, failure };
        self.requests.insert(id.clone(), request);
        id
    }

    /// Forgets the clusters whose destroy has ended, and the destroys that failed.
    fn settle(&mut self, now: Instant) {
        let requests = &self.requests;
        self.clusters.retain(|_, cluster| {
            let release = cluster.release.as_ref().and_then(|id| requests.get(id));
            match release.map(|request| request.status(now)) {
                Some("COMPLETED") => return false,
                Some("FAILED") => cluster.release = None,
                _ => {}
            }
            true
        });
    }

    /// A cluster by its id or its name.
    pub fn cluster(&mut self, key: &str) -> Option<&mut Cluster> {
        self.settle(Instant::now());
        let id = self.clusters.values().find(|cluster| cluster.id == key || cluster.name == key)?.id.clone();
        self.clusters.get_mut(&id)
    }

    pub fn name_is_taken(&mut self, name: &str, by_other_than: Option<&str>) -> bool {
        self.settle(Instant::now());
        self.clusters.values().any(|cluster| cluster.name == name && Some(cluster.id.as_str()) != by_other_than)
    }

    pub fn create(&mut self, new: NewCluster, container: Option<String>, provisions: bool) -> &Cluster {
        let id = self.id("c-");
        let instance_ids = (0..new.num_nodes).map(|_| self.id("i-")).collect();
        let takes = if provisions { self.options.provision } else { Duration::ZERO };
        let claim = self.begin("CLUSTER_CLAIM", &id, takes);
        let name = if new.name.is_empty() { id.replace("c-", "cluster-") } else { new.name };
        let cluster = Cluster {
            id: id.clone(),
            name,
            instance_type: new.instance_type,
            num_nodes: new.num_nodes,
            deletion_protection: new.deletion_protection,
            container,
            instance_ids,
            claim: Some(claim),
            release: None,
            status: None,
        };
        self.clusters.entry(id).or_insert(cluster)
    }

    /// Begins a destroy, or says why not.
    pub fn release(&mut self, id: &str) -> Result<String, String> {
        let Some(view) = self.view(id) else { return Err(String::new()) };
        if view.deletion_protection {
            return Err("Deletion protection is enabled for this cluster".to_owned());
        }
        // A cluster whose create failed has no nodes that could run; without this exception it would stay for ever.
        if view.status != "RUNNING" && view.status != "FAILED" {
            return Err("Cluster instances are not RUNNING".to_owned());
        }
        let request = self.begin("CLUSTER_RELEASE", &view.id, self.options.release);
        if let Some(cluster) = self.cluster(&view.id) {
            cluster.release = Some(request.clone());
        }
        Ok(request)
    }

    pub fn remove(&mut self, id: &str) {
        self.clusters.remove(id);
    }

    pub fn request(&self, id: &str) -> Option<&Request> {
        self.requests.get(id)
    }

    pub fn requests_of(&self, object_id: &str) -> Vec<&Request> {
        self.requests.values().filter(|request| request.object_id == object_id).collect()
    }

    pub fn view(&mut self, key: &str) -> Option<ClusterView> {
        let now = Instant::now();
        let id = self.cluster(key)?.id.clone();
        let cluster = self.clusters.get(&id)?;
        let request = |id: &Option<String>| id.as_ref().and_then(|id| self.requests.get(id));
        let releasing = request(&cluster.release).is_some_and(|request| request.is_running(now));
        let status = match (&cluster.status, request(&cluster.claim).map(|request| request.status(now))) {
            (Some(status), _) => status.as_str(),
            _ if releasing => "RELEASING",
            (None, Some("PENDING" | "PROCESSING")) => "PROVISIONING",
            (None, Some("FAILED")) => "FAILED",
            _ => "RUNNING",
        };
        Some(ClusterView {
            id: cluster.id.clone(),
            name: cluster.name.clone(),
            instance_type: cluster.instance_type.clone(),
            num_nodes: cluster.num_nodes,
            deletion_protection: cluster.deletion_protection,
            container: cluster.container.clone(),
            status: status.to_owned(),
            instance_ids: cluster.instance_ids.clone(),
        })
    }

    pub fn views(&mut self) -> Vec<ClusterView> {
        self.settle(Instant::now());
        let ids: Vec<_> = self.clusters.keys().cloned().collect();
        ids.iter().filter_map(|id| self.view(id)).collect()
    }
}
