//! The state of a record, which the resource and the list share, and how it is made from what the API answers.

use terraform_plugin::{Attr, Model};

use crate::api::{Record, RecordBody};

/// The default of `ttl`, in seconds.
pub const TTL: i64 = 3600;

/// The state of a record. The fields are the attributes of the schema.
#[derive(Clone, Debug, PartialEq, Model)]
pub struct RecordModel {
    pub id: Attr<String>,
    pub zone: Attr<String>,
    pub name: Attr<String>,
    #[model(rename = "type")]
    pub kind: Attr<String>,
    pub value: Attr<String>,
    pub ttl: Attr<i64>,
}

impl RecordModel {
    /// A record that exists.
    pub fn of(zone: &str, record: Record) -> Self {
        Self {
            id: record.id.into(),
            zone: zone.into(),
            name: record.name.into(),
            kind: record.kind.into(),
            value: record.value.into(),
            ttl: record.ttl.into(),
        }
    }

    /// A record of which no more than its names is known: what an import hands over, to be read.
    pub fn unread(zone: &str, id: &str) -> Self {
        let (id, zone) = (id.into(), zone.into());
        Self { id, zone, name: Attr::Null, kind: Attr::Null, value: Attr::Null, ttl: Attr::Null }
    }

    /// What is sent to the API. When a record is written, all of this is known.
    pub fn body(&self) -> RecordBody<'_> {
        RecordBody {
            name: text(&self.name),
            kind: text(&self.kind),
            value: text(&self.value),
            ttl: self.ttl.known().copied().unwrap_or(TTL),
        }
    }

    /// The zone and the id, by which the API knows the record.
    pub fn key(&self) -> (&str, &str) {
        (text(&self.zone), text(&self.id))
    }

    /// What messages call it.
    pub fn description(&self) -> String {
        let (zone, id) = self.key();
        match (self.kind.as_str(), self.name.as_str()) {
            (Some(kind), Some(name)) => format!("the {kind} record {name:?} of the zone {zone:?}"),
            _ => format!("the record with the id {id:?} of the zone {zone:?}"),
        }
    }
}

fn text(attribute: &Attr<String>) -> &str {
    attribute.as_str().unwrap_or_default()
}
