//! What the service keeps, in memory.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

/// The zones that there are from the beginning. The service has no request that makes one.
const ZONES: [&str; 2] = ["example.com", "example.org"];
/// Where the caches of the service are.
pub const LOCATIONS: u32 = 4;

/// One record.
#[derive(Clone, Debug)]
pub struct Record {
    pub name: String,
    pub kind: String,
    pub value: String,
    pub ttl: i64,
}

impl Record {
    pub fn json(&self, id: &str) -> Value {
        json!({"id": id, "name": self.name, "type": self.kind, "value": self.value, "ttl": self.ttl})
    }
}

/// A token for one zone.
pub struct ShortToken {
    pub token: String,
    pub zone: String,
    pub lifetime: Duration,
    pub ends: Instant,
}

/// Everything.
pub struct Store {
    pub token: String,
    /// The records of each zone, by their ids.
    pub zones: BTreeMap<String, BTreeMap<String, Record>>,
    /// Purges, by their ids: in how many locations each is done.
    pub purges: BTreeMap<String, u32>,
    /// Short tokens, by their ids.
    pub tokens: BTreeMap<String, ShortToken>,
    last_number: u32,
}

/// What a token may do.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Access<'a> {
    Everything,
    /// What is about this zone.
    Zone(&'a str),
}

impl Store {
    pub fn new(token: String) -> Self {
        let zones = ZONES.map(|zone| (zone.to_owned(), BTreeMap::new())).into();
        Self { token, zones, purges: BTreeMap::new(), tokens: BTreeMap::new(), last_number: 0 }
    }

    /// An id that no other object has. The ids of one kind sort in the order in which they were made.
    pub fn id(&mut self, kind: &str) -> String {
        self.last_number += 1;
        format!("{kind}-{:06}", self.last_number)
    }

    /// What a token may do; `None` if it may do nothing.
    pub fn access(&self, token: &str) -> Option<Access<'_>> {
        if token == self.token {
            return Some(Access::Everything);
        }
        let now = Instant::now();
        let found = self.tokens.values().find(|short| short.token == token && short.ends > now);
        found.map(|short| Access::Zone(&short.zone))
    }
}
