//! The requests of the API that the provider uses, and what they answer. One function is one request.

use reqwest::Method;
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::client::{Client, Request};
use crate::error::Error;

/// A record as the API has it.
#[derive(Clone, Debug, Deserialize)]
pub struct Record {
    pub id: String,
    pub name: String,
    #[serde(rename = "type")]
    pub kind: String,
    pub value: String,
    pub ttl: i64,
}

/// What can be said of a record when it is written.
#[derive(Clone, Debug, Serialize)]
pub struct RecordBody<'a> {
    pub name: &'a str,
    #[serde(rename = "type")]
    pub kind: &'a str,
    pub value: &'a str,
    pub ttl: i64,
}

/// A page of a list, and where the next one begins.
#[derive(Debug, Deserialize)]
pub struct Page {
    pub records: Vec<Record>,
    pub next_cursor: Option<String>,
}

/// A zone.
#[derive(Debug, Deserialize)]
pub struct Zone {
    pub name: String,
    pub name_servers: Vec<String>,
    pub record_count: i64,
}

/// How far the purge of a zone's caches is.
#[derive(Debug, Deserialize)]
pub struct Purge {
    pub id: String,
    pub done: u32,
    pub total: u32,
}

/// A token that ends by itself.
#[derive(Deserialize)]
pub struct ShortToken {
    pub id: String,
    pub token: String,
}

fn get<'a>(path: &'a [&'a str]) -> Request<'a> {
    Request { method: Method::GET, path, query: &[], body: None }
}

impl Client {
    pub async fn zone(&self, name: &str) -> Result<Zone, Error> {
        self.send(&get(&["v1", "zones", name])).await
    }

    pub async fn record(&self, zone: &str, id: &str) -> Result<Record, Error> {
        self.send(&get(&["v1", "zones", zone, "records", id])).await
    }

    /// A page of the records of a zone: the first one without a cursor.
    pub async fn records(&self, zone: &str, cursor: Option<&str>) -> Result<Page, Error> {
        let query: Vec<_> = cursor.map(|cursor| ("cursor", cursor)).into_iter().collect();
        self.send(&Request { query: &query, ..get(&["v1", "zones", zone, "records"]) }).await
    }

    pub async fn create_record(&self, zone: &str, record: &RecordBody<'_>) -> Result<Record, Error> {
        let (method, body) = (Method::POST, Some(json!(record)));
        self.send(&Request { method, body, ..get(&["v1", "zones", zone, "records"]) }).await
    }

    pub async fn update_record(&self, zone: &str, id: &str, record: &RecordBody<'_>) -> Result<Record, Error> {
        let (method, body) = (Method::PUT, Some(json!(record)));
        self.send(&Request { method, body, ..get(&["v1", "zones", zone, "records", id]) }).await
    }

    pub async fn delete_record(&self, zone: &str, id: &str) -> Result<(), Error> {
        let method = Method::DELETE;
        gone(self.send(&Request { method, ..get(&["v1", "zones", zone, "records", id]) }).await)
    }

    pub async fn begin_purge(&self, zone: &str) -> Result<Purge, Error> {
        self.send(&Request { method: Method::POST, ..get(&["v1", "zones", zone, "purges"]) }).await
    }

    pub async fn purge(&self, zone: &str, id: &str) -> Result<Purge, Error> {
        self.send(&get(&["v1", "zones", zone, "purges", id])).await
    }

    pub async fn create_token(&self, zone: &str, seconds: i64) -> Result<ShortToken, Error> {
        let body = Some(json!({"zone": zone, "seconds": seconds}));
        self.send(&Request { method: Method::POST, body, ..get(&["v1", "tokens"]) }).await
    }

    /// Lets a token live for as long again.
    pub async fn renew_token(&self, id: &str) -> Result<(), Error> {
        self.send(&Request { method: Method::PUT, ..get(&["v1", "tokens", id]) }).await
    }

    pub async fn delete_token(&self, id: &str) -> Result<(), Error> {
        gone(self.send(&Request { method: Method::DELETE, ..get(&["v1", "tokens", id]) }).await)
    }
}

/// What does not exist need not be deleted: somebody was faster, or the answer to an earlier attempt got lost.
fn gone(result: Result<(), Error>) -> Result<(), Error> {
    match result {
        Err(error) if error.is_not_found() => Ok(()),
        result => result,
    }
}
