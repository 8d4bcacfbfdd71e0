//! A simulator, and a client for it.
#![allow(dead_code, reason = "each test file uses a part of it")]

use std::time::Duration;

use serde_json::Value;
use tensorpool::{Api, Client, Config, CreateCluster, CreateVolume, Error, Scope, Secret};
use tensorpool_simulator::{NewCluster, NewVolume, Options, Simulator};

/// The key that the simulator accepts.
pub const KEY: &str = "tp-planted-77aa";
/// A public key in OpenSSH's format.
pub const PUBLIC_KEY: &str = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA me@home";

/// A simulator, and a client with a valid key.
pub struct Cloud {
    /// The simulator.
    pub simulator: Simulator,
    /// The API, with a minute for each test.
    pub api: Api,
    /// For requests that the client cannot send. It is shared because creating one reads the system's certificates.
    pub http: reqwest::Client,
}

/// Returns options with which everything is done immediately.
pub fn at_once() -> Options {
    let zero = Duration::ZERO;
    Options { provision: zero, release: zero, restart: zero, ..Options::default() }
}

impl Cloud {
    /// Starts a simulator in which everything is done immediately.
    pub async fn new() -> Self {
        Self::with(at_once()).await
    }

    /// Starts a simulator with options.
    pub async fn with(options: Options) -> Self {
        let options = Options { listen: ([127, 0, 0, 1], 0).into(), api_key: KEY.to_owned(), ..options };
        let simulator = Simulator::start(options).await.expect("the simulator starts");
        let config = Config::new(Secret::new(KEY), &simulator.url()).expect("it is a loopback address").max_retries(0);
        let client = Client::new(config).expect("a client can be created");
        let api = client.scoped(Scope::detached(Duration::from_mins(1)));
        Self { simulator, api, http: reqwest::Client::new() }
    }

    /// Sends an admin request, and returns the body of the response.
    pub async fn admin(&self, method: &str, path: &str, body: Value) -> Value {
        let url = format!("{}/_simulator/{path}", self.simulator.url());
        let method = method.parse().expect("it is a method");
        let request = self.http.request(method, url).json(&body);
        let response = request.send().await.expect("the simulator responds");
        assert!(response.status().is_success(), "{path}: {}", response.status());
        response.json().await.expect("the body is JSON")
    }

    /// Sends a request without the client, and returns the status and the body of the response.
    pub async fn raw(&self, method: &str, path: &str, body: Option<Value>) -> (u16, String) {
        let method = method.parse().expect("it is a method");
        let mut request = self.http.request(method, format!("{}{path}", self.simulator.url()));
        request = request.bearer_auth(KEY);
        if let Some(body) = body {
            request = request.json(&body);
        }
        let response = request.send().await.expect("the simulator responds");
        (response.status().as_u16(), response.text().await.expect("the body is text"))
    }

    /// Creates a cluster, and returns its id and that of the request.
    pub async fn create_cluster(&self, name: &str, num_nodes: u32) -> (String, Option<String>) {
        let created = self.api.clusters().create(&new_cluster(name, num_nodes)).await;
        let created = created.expect("the cluster is accepted");
        (created.id, created.request_id)
    }

    /// Creates a volume, and returns its id.
    pub async fn create_volume(&self, name: &str, size_gb: u64) -> String {
        let volume = CreateVolume { name: name.to_owned(), size_gb, deletion_protection: false };
        self.api.volumes().create(&volume).await.expect("the volume is accepted").id
    }

    /// Creates a running cluster outside Terraform.
    pub fn add_cluster(&self, name: &str, num_nodes: u32) -> String {
        let (name, instance_type) = (name.to_owned(), "8xH100".to_owned());
        self.simulator.add_cluster(NewCluster { name, instance_type, num_nodes, deletion_protection: false })
    }

    /// Creates an available volume outside Terraform.
    pub fn add_volume(&self, name: &str) -> String {
        self.simulator.add_volume(NewVolume { name: name.to_owned(), size_gb: 100, ..NewVolume::default() })
    }
}

/// Returns a cluster to create.
pub fn new_cluster(name: &str, num_nodes: u32) -> CreateCluster {
    CreateCluster {
        instance_type: "8xH100".to_owned(),
        num_nodes,
        name: name.to_owned(),
        deletion_protection: false,
        public_keys: Vec::new(),
        container: None,
    }
}

/// Returns the status and the message of an error.
#[track_caller]
pub fn rejected<T: std::fmt::Debug>(result: Result<T, Error>) -> (u16, String) {
    let error = result.expect_err("it is rejected");
    (error.status().unwrap_or_default(), error.message().unwrap_or_default().to_owned())
}
