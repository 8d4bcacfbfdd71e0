//! Faults that are injected into the responses to requests.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// What happens to a request instead of, or in addition to, its effect.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(tag = "action", rename_all = "snake_case")]
pub enum Action {
    /// Sends this response. The request has no effect.
    Respond {
        /// The status.
        status: u16,
        /// The body, unchanged.
        #[serde(default)]
        body: String,
        /// Additional headers.
        #[serde(default)]
        headers: BTreeMap<String, String>,
    },
    /// Sends this response after the request has taken effect.
    RespondAfter {
        /// The status.
        status: u16,
        /// The body, unchanged.
        #[serde(default)]
        body: String,
    },
    /// Delays the response after the request has taken effect.
    Delay {
        /// The delay in milliseconds.
        ms: u64,
    },
    /// Closes the connection before the request takes effect.
    DropBefore,
    /// Closes the connection after the request has taken effect.
    DropAfter,
    /// Closes the connection in the middle of the response body, after the request has taken effect.
    CutBody,
}

/// A rule that injects a fault into some requests.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Fault {
    /// The method. `None` matches every method.
    pub method: Option<String>,
    /// The prefix of the path. `None` matches every path.
    pub path: Option<String>,
    /// How many matching requests are skipped before the first fault.
    #[serde(default)]
    pub skip: u64,
    /// How many matching requests get the fault. 0 means all from then on.
    #[serde(default = "once")]
    pub times: u64,
    /// The probability of the fault for each of these requests, from 0 to 1.
    #[serde(default = "certain")]
    pub chance: f64,
    /// The delay before the action, in milliseconds.
    #[serde(default)]
    pub late_ms: u64,
    /// The action.
    #[serde(flatten)]
    pub action: Action,
}

fn once() -> u64 {
    1
}

fn certain() -> f64 {
    1.0
}

impl Fault {
    /// Creates a rule for the next request with a method and a prefix of the path.
    #[must_use]
    pub fn once(method: &str, path: &str, action: Action) -> Self {
        let (method, path) = (Some(method.to_owned()), Some(path.to_owned()));
        Self { method, path, skip: 0, times: 1, chance: 1.0, late_ms: 0, action }
    }

    /// Creates rules for about this share of all requests, from 0 to 1. A quarter each gets a 500, gets a 503, and loses its
    /// connection before and after its effect.
    #[must_use]
    pub fn by_chance(share: f64) -> [Self; 4] {
        let respond = |status| Action::Respond { status, body: String::new(), headers: BTreeMap::new() };
        let actions = [respond(500), respond(503), Action::DropBefore, Action::DropAfter];
        actions.map(|action| Self { chance: share / 4.0, ..Self::once("", "", action).always().everywhere() })
    }

    fn everywhere(mut self) -> Self {
        (self.method, self.path) = (None, None);
        self
    }

    /// Delays the action by some milliseconds.
    #[must_use]
    pub fn late(mut self, ms: u64) -> Self {
        self.late_ms = ms;
        self
    }

    /// Sets the probability of the fault, from 0 to 1.
    #[must_use]
    pub fn with_chance(mut self, chance: f64) -> Self {
        self.chance = chance;
        self
    }

    /// Applies the rule to all requests from then on.
    #[must_use]
    pub fn always(mut self) -> Self {
        self.times = 0;
        self
    }

    /// Skips some requests before the first fault.
    #[must_use]
    pub fn after(mut self, skip: u64) -> Self {
        self.skip = skip;
        self
    }

    /// Reads a rule from the body of an admin request.
    ///
    /// # Errors
    /// Returns a sentence that names the field and its range if the rule cannot be applied.
    pub(crate) fn from_json(body: &Value) -> Result<Self, String> {
        let fault: Self = serde_json::from_value(body.clone()).map_err(|error| error.to_string())?;
        if !(0.0..=1.0).contains(&fault.chance) {
            return Err(format!("chance must be a number from 0 to 1, not {}", fault.chance));
        }
        if let Action::Respond { status, .. } | Action::RespondAfter { status, .. } = &fault.action
            && !(200..=999).contains(status)
        {
            return Err(format!("status must be from 200 to 999, not {status}"));
        }
        let known = serde_json::to_value(&fault).map_err(|error| error.to_string())?;
        let mut fields = body.as_object().into_iter().flatten().map(|(name, _)| name);
        match fields.find(|name| known.get(name).is_none()) {
            Some(name) => Err(format!("this action has no field {name}")),
            None => Ok(fault),
        }
    }

    fn matches(&self, method: &str, path: &str) -> bool {
        self.method.as_deref().is_none_or(|wanted| wanted.eq_ignore_ascii_case(method))
            && self.path.as_deref().is_none_or(|prefix| path.starts_with(prefix))
    }
}

/// A rule, and how often it was used.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Rule {
    pub id: u64,
    /// How many requests have matched.
    pub seen: u64,
    #[serde(flatten)]
    pub fault: Fault,
}

impl Rule {
    /// Whether all requests that get the fault have been received.
    pub fn is_spent(&self) -> bool {
        self.fault.times > 0 && self.seen >= self.fault.skip.saturating_add(self.fault.times)
    }
}

/// The rules, in the order in which they are tried.
pub(crate) struct Faults {
    rules: Vec<Rule>,
    next_id: u64,
    random: fastrand::Rng,
}

impl Faults {
    pub fn new(seed: u64) -> Self {
        Self { rules: Vec::new(), next_id: 1, random: fastrand::Rng::with_seed(seed) }
    }

    /// Adds a rule, and returns its id.
    pub fn add(&mut self, fault: Fault) -> u64 {
        let id = self.next_id;
        self.next_id += 1;
        self.rules.push(Rule { id, seen: 0, fault });
        id
    }

    pub fn rules(&self) -> &[Rule] {
        &self.rules
    }

    /// Removes a rule. Returns whether it existed.
    pub fn remove(&mut self, id: &str) -> bool {
        let before = self.rules.len();
        self.rules.retain(|rule| rule.id.to_string() != id);
        self.rules.len() < before
    }

    pub fn clear(&mut self) {
        self.rules.clear();
    }

    /// Counts a request, and returns the first rule that applies to it.
    pub fn next_for(&mut self, method: &str, path: &str) -> Option<Fault> {
        let mut applying = None;
        for rule in self.rules.iter_mut().filter(|rule| rule.fault.matches(method, path)) {
            let in_range = !rule.is_spent() && rule.seen >= rule.fault.skip;
            rule.seen += 1;
            if in_range && applying.is_none() && self.random.f64() < rule.fault.chance {
                applying = Some(rule.fault.clone());
            }
        }
        applying
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_rule_applies_as_often_as_it_says() {
        let mut faults = Faults::new(1);
        faults.add(Fault::once("GET", "/cluster/", Action::DropBefore).after(1));
        let hits: Vec<_> = (0..3).map(|_| faults.next_for("GET", "/cluster/info/c-1").is_some()).collect();
        assert_eq!(hits, [false, true, false]);
        assert!(faults.next_for("POST", "/cluster/create").is_none());
    }

    #[test]
    fn faults_by_chance_affect_about_their_share_and_the_same_requests_for_the_same_seed() {
        let hits = |seed| {
            let mut faults = Faults::new(seed);
            for fault in Fault::by_chance(0.2) {
                faults.add(fault);
            }
            (0..2000).filter(|_| faults.next_for("GET", "/me").is_some()).collect::<Vec<i32>>()
        };
        assert!((300..500).contains(&hits(7).len()), "{}", hits(7).len());
        assert_eq!(hits(7), hits(7));
        assert_ne!(hits(7), hits(8));
    }

    #[test]
    fn a_rule_in_json_needs_only_its_action() {
        let fault: Fault = serde_json::from_str(r#"{"action": "drop_before"}"#).expect("the rest has defaults");
        assert_eq!((fault.times, fault.late_ms), (1, 0));
        assert!((fault.chance - 1.0).abs() < f64::EPSILON);
    }

    #[test]
    fn a_rule_that_cannot_be_applied_is_refused_with_its_field() {
        for (rule, reason) in [
            (json!({"action": "poem"}), "unknown variant `poem`"),
            (json!({"action": "respond"}), "missing field `status`"),
            (json!({"action": "respond", "status": 7}), "status must be from 200 to 999"),
            (json!({"action": "drop_before", "chance": 2}), "chance must be a number from 0 to 1, not 2"),
            (json!({"action": "drop_before", "tiems": 2}), "this action has no field tiems"),
            (json!({"action": "drop_before", "status": 500}), "this action has no field status"),
        ] {
            let error = Fault::from_json(&rule).expect_err("it is wrong");
            assert!(error.contains(reason), "{error}");
        }
    }

    #[test]
    fn each_rule_is_removed_by_its_id() {
        let mut faults = Faults::new(1);
        let ids = [(); 2].map(|()| faults.add(Fault::once("GET", "/", Action::DropBefore)));
        assert!(faults.remove(&ids[0].to_string()));
        assert!(!faults.remove(&ids[0].to_string()) && !faults.remove("x"));
        assert_eq!(faults.rules().iter().map(|rule| rule.id).collect::<Vec<_>>(), [ids[1]]);
        assert!(!faults.rules()[0].is_spent());
        faults.next_for("GET", "/me");
        assert!(faults.rules()[0].is_spent());
    }
}
