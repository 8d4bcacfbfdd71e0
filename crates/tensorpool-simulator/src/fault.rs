//! Failures that were ordered.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// What happens to a request instead of, or beside, its effect.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(tag = "action", rename_all = "snake_case")]
pub enum Action {
    /// An answer, without the effect.
    Respond {
        /// The status.
        status: u16,
        /// The body, as it is.
        #[serde(default)]
        body: String,
        /// More headers.
        #[serde(default)]
        headers: BTreeMap<String, String>,
    },
    /// An answer, although the effect took place.
    RespondAfter {
        /// The status.
        status: u16,
        /// The body, as it is.
        #[serde(default)]
        body: String,
    },
    /// The answer comes late.
    Delay {
        /// How late, in milliseconds.
        ms: u64,
    },
    /// The connection ends before the effect.
    DropBefore,
    /// The connection ends after the effect.
    DropAfter,
    /// The effect takes place, and the connection ends in the middle of the answer's body.
    CutBody,
}

/// A rule: which requests are hit, and by what.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Fault {
    /// The method; any when absent.
    pub method: Option<String>,
    /// How the path begins; any when absent.
    pub path: Option<String>,
    /// How many matching requests pass before the first is hit.
    #[serde(default)]
    pub skip: u64,
    /// How many matching requests are hit; 0 = all from there on.
    #[serde(default = "once")]
    pub times: u64,
    /// How likely a matching request in this range is hit, from 0 to 1.
    #[serde(default = "certain")]
    pub chance: f64,
    /// How late whatever happens comes, in milliseconds.
    #[serde(default)]
    pub late_ms: u64,
    /// What happens to them.
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
    /// A rule that hits the first request of a method whose path begins so.
    #[must_use]
    pub fn once(method: &str, path: &str, action: Action) -> Self {
        let (method, path) = (Some(method.to_owned()), Some(path.to_owned()));
        Self { method, path, skip: 0, times: 1, chance: 1.0, late_ms: 0, action }
    }

    /// Rules that hit about this share of all requests, from 0 to 1: a quarter each is answered with 500, answered with
    /// 503, dropped before the effect, and dropped after it.
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

    /// The same rule, but whatever happens comes late.
    #[must_use]
    pub fn late(mut self, ms: u64) -> Self {
        self.late_ms = ms;
        self
    }

    /// The same rule, but only by chance: from 0 for never to 1 for always.
    #[must_use]
    pub fn with_chance(mut self, chance: f64) -> Self {
        self.chance = chance;
        self
    }

    /// The same rule for every request from there on.
    #[must_use]
    pub fn always(mut self) -> Self {
        self.times = 0;
        self
    }

    /// The same rule, after so many requests passed.
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

/// All rules, each with the number of matching requests so far.
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

    /// The rule that hits a request, if any does. The first one counts.
    pub fn hit(&mut self, method: &str, path: &str) -> Option<Fault> {
        let mut hit = None;
        for (fault, seen) in self.rules.iter_mut().filter(|(fault, _)| fault.matches(method, path)) {
            *seen += 1;
            let in_range = *seen > fault.skip && (fault.times == 0 || *seen <= fault.skip + fault.times);
            if in_range && hit.is_none() && self.random.f64() < fault.chance {
                hit = Some(fault.clone());
            }
        }
        hit
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rule_hits_as_often_as_it_says() {
        let mut faults = Faults::new(1);
        faults.add(Fault::once("GET", "/cluster/", Action::DropBefore).after(1));
        let hits: Vec<_> = (0..3).map(|_| faults.hit("GET", "/cluster/info/c-1").is_some()).collect();
        assert_eq!(hits, [false, true, false]);
        assert!(faults.hit("POST", "/cluster/create").is_none());
    }

    #[test]
    fn chance_hits_about_its_share_and_the_same_requests_for_the_same_seed() {
        let hits = |seed| {
            let mut faults = Faults::new(seed);
            for fault in Fault::by_chance(0.2) {
                faults.add(fault);
            }
            (0..2000).filter(|_| faults.hit("GET", "/me").is_some()).collect::<Vec<i32>>()
        };
        assert!((300..500).contains(&hits(7).len()), "{}", hits(7).len());
        assert_eq!(hits(7), hits(7));
        assert_ne!(hits(7), hits(8));
    }

    #[test]
    fn a_rule_in_json_needs_its_action_only() {
        let fault: Fault = serde_json::from_str(r#"{"action": "drop_before"}"#).expect("the rest has defaults");
        assert_eq!((fault.times, fault.late_ms), (1, 0));
        assert!((fault.chance - 1.0).abs() < f64::EPSILON);
    }
}
