//! The provider, driven by a real Terraform against the service: `TF=path/to/terraform` chooses another one than that on the path.
//!
//! Each test has a service and a directory of its own, so all of them run at the same time. What an older Terraform does not have
//! is left out there: `requires` says so.

mod cases;
mod examples;
mod failures;
mod lifecycle;
mod newer;
#[path = "../../service/service.rs"]
mod service;

use std::net::{Ipv4Addr, SocketAddr};
use std::path::Path;

use serde_json::Value;
use service::{Options, Service};
use terraform_plugin_testing::{Feature, Workspace, requires};

const TOKEN: &str = "secret-token";

/// A workspace with the provider, and a service that runs as long as the test.
struct Zones {
    workspace: Workspace,
    service: Service,
    runtime: tokio::runtime::Runtime,
    http: reqwest::Client,
}

impl std::ops::Deref for Zones {
    type Target = Workspace;

    fn deref(&self) -> &Workspace {
        &self.workspace
    }
}

impl Zones {
    fn new(name: &str) -> Self {
        Self::busy(name, 0)
    }

    /// With a service that refuses every request of this number at first.
    fn busy(name: &str, busy_every: usize) -> Self {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build();
        let runtime = runtime.expect("a runtime can be built");
        let listen = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
        let service = Service::start(Options { listen, token: TOKEN.to_owned(), busy_every });
        let service = runtime.block_on(service).expect("the service can listen");
        let program = Path::new(env!("CARGO_BIN_EXE_terraform-provider-zones"));
        let mut workspace = Workspace::new(&format!("zones-{name}"), "example/zones", program);
        workspace.set("ZONES_ENDPOINT", &service.url());
        workspace.set("ZONES_TOKEN", TOKEN);
        Self { workspace, service, runtime, http: reqwest::Client::new() }
    }

    /// What somebody else does to the service.
    #[track_caller]
    fn outside(&self, method: reqwest::Method, path: &str, body: &Value) -> Value {
        let request = self.http.request(method, format!("{}/v1/{path}", self.service.url())).bearer_auth(TOKEN);
        let answer =
            self.runtime.block_on(async { request.json(body).send().await?.error_for_status()?.bytes().await });
        let answer = answer.expect("it succeeds");
        serde_json::from_slice(&answer).unwrap_or(Value::Null)
    }

    /// The records of `example.com`, as the service has them.
    fn records(&self) -> Vec<Value> {
        let page = self.outside(reqwest::Method::GET, "zones/example.com/records", &Value::Null);
        page["records"].as_array().cloned().unwrap_or_default()
    }

    /// A record that Terraform knows nothing of, and its id.
    fn add(&self, name: &str, kind: &str, value: &str) -> String {
        let record = serde_json::json!({"name": name, "type": kind, "value": value, "ttl": 3600});
        let made = self.outside(reqwest::Method::POST, "zones/example.com/records", &record);
        made["id"].as_str().expect("it has an id").to_owned()
    }

    fn has_answered(&self, request: &str) -> bool {
        self.service.requests().iter().any(|answered| answered.starts_with(request))
    }

    #[track_caller]
    fn output(&self, name: &str) -> Value {
        self.json(&["output", "-json", name])
    }
}

const WWW: &str = "resource \"zones_record\" \"www\" {
  zone  = \"example.com\"
  name  = \"www\"
  type  = \"A\"
  value = \"192.0.2.1\"
}
";
