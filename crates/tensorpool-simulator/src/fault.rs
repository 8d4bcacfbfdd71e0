//! Faults that are injected into the responses to requests.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

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

    fn matches(&self, method: &str, path: &str) -> bool {
        self.method.as_deref().is_none_or(|wanted| wanted.eq_ignore_ascii_case(method))
            && self.path.as_deref().is_none_or(|prefix| path.starts_with(prefix))
    }
}

/// The rules, each with the number of matching requests so far.
pub(crate) struct Faults {
    rules: Vec<(Fault, u64)>,
    random: fastrand::Rng,
}

impl Faults {
    pub fn new(seed: u64) -> Self {
        Self { rules: Vec::new(), random: fastrand::Rng::with_seed(seed) }
    }

    pub fn add(&mut self, fault: Fault) {
        self.rules.push((fault, 0));
    }

    pub fn clear(&mut self) {
        self.rules.clear();
    }

    /// Counts a request, and returns the first rule that applies to it.
    pub fn next_for(&mut self, method: &str, path: &str) -> Option<Fault> {
        let mut applying = None;
        for (fault, seen) in self.rules.iter_mut().filter(|(fault, _)| fault.matches(method, path)) {
            *seen += 1;
            let in_range = *seen > fault.skip && (fault.times == 0 || *seen <= fault.skip + fault.times);
            if in_range && applying.is_none() && self.random.f64() < fault.chance {
                applying = Some(fault.clone());
            }
        }
        applying
    }
}

#[cfg(test)]
mod tests {
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
}
