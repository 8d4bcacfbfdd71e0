//! What the page shows, read from the state.

use askama::Template;
use serde_json::{Value, json};

use super::form::AdminCall;
use super::in_flight::InFlight;
use crate::clock;
use crate::fault::Rule;
use crate::help::OPTIONS;
use crate::log::LoggedRequest;
use crate::options::Options;
use crate::simulator::ServerState;
use crate::state::cluster::ClusterView;
use crate::state::storage::VolumeView;
use crate::world::World;

/// How many of the last requests are shown.
const SHOWN_REQUESTS: usize = 25;

/// The whole page.
#[derive(Template)]
#[template(path = "page.html")]
pub(super) struct Page {
    pub live: Live,
}

/// The part of the page that is refreshed.
#[derive(Template)]
#[template(path = "live.html")]
pub(super) struct Live {
    url: String,
    clusters: Vec<Cluster>,
    volumes: Vec<VolumeView>,
    in_flight: Vec<InFlight>,
    faults: Vec<Fault>,
    requests: Vec<Logged>,
    received: usize,
    options: Vec<Setting>,
    changed_options: usize,
    other_accounts: usize,
}

struct Cluster {
    view: ClusterView,
    nodes: Vec<Node>,
}

struct Node {
    id: String,
    status: String,
    address: String,
}

struct Fault {
    id: u64,
    requests: String,
    action: String,
    used: String,
    is_spent: bool,
}

struct Logged {
    time: String,
    line: String,
    status: String,
    took: String,
    is_error: bool,
}

struct Setting {
    name: &'static str,
    what: &'static str,
    value: String,
    is_changed: bool,
}

impl Live {
    /// Reads the state. The objects are those of the first account.
    pub fn of(state: &mut ServerState) -> Self {
        let world = &mut state.world;
        world.settle();
        let now = clock::now();
        let options = settings(&world.options);
        Self {
            url: state.url.clone(),
            clusters: world.cluster_views().into_iter().map(|view| Cluster::of(world, view)).collect(),
            volumes: world.volume_views(),
            in_flight: InFlight::of_all(world, now),
            faults: state.faults.rules().iter().map(Fault::of).collect(),
            requests: state.log.iter().rev().take(SHOWN_REQUESTS).map(Logged::of).collect(),
            received: state.log.len(),
            changed_options: options.iter().filter(|option| option.is_changed).count(),
            options,
            other_accounts: world.accounts.others().len(),
        }
    }
}

impl Live {
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Returns the line that does what a form does with its initial values.
    fn curl(&self, method: &str, path: &str, body: Value) -> String {
        AdminCall { method: method.to_owned(), path: path.to_owned(), body }.curl(&self.url)
    }

    fn curl_of_status(&self, path: &str) -> String {
        self.curl("PATCH", path, json!({"instance_status": "FAILED"}))
    }

    fn curl_of_lock(&self, path: &str, is_locked: bool) -> String {
        self.curl("PATCH", path, json!({"deletion_protection": !is_locked}))
    }

    fn curl_of_delete(&self, path: &str) -> String {
        self.curl("DELETE", path, Value::Null)
    }

    fn curl_of_new_fault(&self) -> String {
        let fault = json!({"path": "/cluster/", "action": "respond", "status": 503, "times": 1});
        self.curl("POST", "faults", fault)
    }

    fn curl_of_option(&self, option: &Setting) -> String {
        let value = serde_json::from_str::<Value>(&option.value).unwrap_or_default();
        self.curl("PATCH", "options", json!({option.name: value}))
    }
}

impl Cluster {
    fn of(world: &World, view: ClusterView) -> Self {
        let node = |id: &String| {
            let (status, address) = world.node(id).unwrap_or_default();
            // The API returns no address of a node that does not run.
            let address = if status == "RUNNING" { address } else { String::new() };
            Node { id: id.clone(), status, address }
        };
        Self { nodes: view.instance_ids.iter().map(node).collect(), view }
    }
}

impl Fault {
    fn of(rule: &Rule) -> Self {
        let fault = &rule.fault;
        let method = fault.method.as_deref().filter(|method| !method.is_empty()).unwrap_or("any method");
        let path = fault.path.as_deref().map_or("any path".to_owned(), |path| format!("{path}\u{2026}"));
        // What a rule has in addition to its defaults, in the words of the admin interface.
        let mut details = serde_json::to_value(fault).unwrap_or_default();
        let action = details["action"].as_str().unwrap_or_default().to_owned();
        let mut extras = Vec::new();
        for (name, value) in details.as_object_mut().into_iter().flatten() {
            let is_usual = match name.as_str() {
                "method" | "path" | "action" | "times" => true,
                "chance" => value.as_f64() == Some(1.0),
                _ => [Value::from(0), Value::from(""), Value::Object([].into_iter().collect())].contains(value),
            };
            if !is_usual {
                extras.push(format!("{name} {value}"));
            }
        }
        let affected = match fault.times {
            0 => "all requests".to_owned(),
            1 => "1 request".to_owned(),
            times => format!("{times} requests"),
        };
        Self {
            id: rule.id,
            requests: format!("{method} {path}"),
            action: [vec![action], extras].concat().join(", "),
            used: format!("affects {affected}, {} matched so far", rule.seen),
            is_spent: rule.is_spent(),
        }
    }
}

impl Logged {
    fn of(request: &LoggedRequest) -> Self {
        let query = if request.query.is_empty() { String::new() } else { format!("?{}", request.query) };
        Self {
            // Hours, minutes and seconds of an ISO 8601 time.
            time: clock::iso(request.received_at).get(11..19).unwrap_or_default().to_owned(),
            line: format!("{}{query}", request.line()),
            status: request.status.map_or("\u{2013}".to_owned(), |status| status.to_string()),
            took: request.took_ms.map_or(String::new(), |ms| format!("{ms} ms")),
            is_error: request.status.is_some_and(|status| status >= 400),
        }
    }
}

/// Returns all options.
fn settings(options: &Options) -> Vec<Setting> {
    let json = |options: &Options| serde_json::to_value(options).unwrap_or_default();
    let (now, usual) = (json(options), json(&Options::default()));
    let setting = |(name, what): (&'static str, &'static str)| Setting {
        name,
        what,
        value: now[name].to_string(),
        is_changed: now[name] != usual[name],
    };
    OPTIONS.map(setting).into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fault::{self, Action};

    #[test]
    fn a_fault_is_described_by_what_is_unusual_in_it() {
        let describe = |fault| {
            let Fault { requests, action, used, .. } = Fault::of(&Rule { id: 1, seen: 2, fault });
            [requests, action, used]
        };
        let respond = Action::Respond { status: 503, body: String::new(), headers: [].into() };
        let once = fault::Fault::once("GET", "/cluster/", respond);
        assert_eq!(
            describe(once),
            ["GET /cluster/\u{2026}", "respond, status 503", "affects 1 request, 2 matched so far"]
        );
        let always = fault::Fault { method: None, path: None, ..fault::Fault::once("", "", Action::DropAfter) };
        let always = always.always().with_chance(0.5).late(9);
        let expected =
            ["any method any path", "drop_after, chance 0.5, late_ms 9", "affects all requests, 2 matched so far"];
        assert_eq!(describe(always), expected);
    }

    #[test]
    fn changed_options_are_marked() {
        let mut options = Options::default();
        assert!(settings(&options).iter().all(|option| !option.is_changed));
        options.variants.bare = true;
        let changed: Vec<_> = settings(&options).into_iter().filter(|option| option.is_changed).collect();
        assert_eq!((changed.len(), changed[0].name, changed[0].value.as_str()), (1, "bare", "true"));
    }
}
