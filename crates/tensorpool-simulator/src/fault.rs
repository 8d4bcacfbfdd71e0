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
    /// What happens to them.
    #[serde(flatten)]
    pub action: Action,
}

fn once() -> u64 {
    1
}

impl Fault {
    /// A rule that hits the first request of a method whose path begins so.
    #[must_use]
    pub fn once(method: &str, path: &str, action: Action) -> Self {
        Self { method: Some(method.to_owned()), path: Some(path.to_owned()), skip: 0, times: 1, action }
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
#[derive(Default)]
pub(crate) struct Faults(Vec<(Fault, u64)>);

impl Faults {
    pub fn add(&mut self, fault: Fault) {
        self.0.push((fault, 0));
    }

    pub fn clear(&mut self) {
        self.0.clear();
    }

    /// What happens to a request, if any rule hits it. The first one counts.
    pub fn hit(&mut self, method: &str, path: &str) -> Option<Action> {
        let mut action = None;
        for (fault, seen) in self.0.iter_mut().filter(|(fault, _)| fault.matches(method, path)) {
            *seen += 1;
            let in_range = *seen > fault.skip && (fault.times == 0 || *seen <= fault.skip + fault.times);
            if in_range && action.is_none() {
                action = Some(fault.action.clone());
            }
        }
        action
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rule_hits_as_often_as_it_says() {
        let mut faults = Faults::default();
        faults.add(Fault::once("GET", "/cluster/", Action::DropBefore).after(1));
        let hits: Vec<_> = (0..3).map(|_| faults.hit("GET", "/cluster/info/c-1").is_some()).collect();
        assert_eq!(hits, [false, true, false]);
        assert!(faults.hit("POST", "/cluster/create").is_none());
    }
}
