//! The requests of the service. An answer is a status and a body, `null` standing for none.

use std::net::{Ipv4Addr, Ipv6Addr};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::store::{Access, LOCATIONS, Record, ShortToken, Store};

/// How many records are on a page.
const PAGE: usize = 3;

/// One request.
pub struct Call<'a> {
    pub method: &'a str,
    pub path: &'a [&'a str],
    pub query: &'a str,
    pub token: &'a str,
    pub body: Value,
}

type Answer = (u16, Value);

fn refused(status: u16, message: impl Into<String>) -> Answer {
    (status, json!({"message": message.into()}))
}

/// The answer of a service that has too much to do.
pub fn busy() -> Answer {
    refused(429, "too many requests")
}

/// Answers a request.
pub fn handle(store: &mut Store, call: &Call<'_>) -> Answer {
    let Some(access) = store.access(call.token) else {
        return refused(401, "the token is missing, unknown or has ended");
    };
    let Some(("v1", path)) = call.path.split_first().map(|(first, path)| (*first, path)) else {
        return refused(404, "there is no such path");
    };
    if let Access::Zone(zone) = access
        && !path.starts_with(&["zones", zone])
    {
        return refused(403, "the token is for another zone");
    }
    match (call.method, path) {
        ("POST", ["tokens"]) => create_token(store, &call.body),
        ("PUT", ["tokens", id]) => renew_token(store, id),
        ("DELETE", ["tokens", id]) => found(store.tokens.remove(*id), "token", |_| (204, Value::Null)),
        (_, ["zones", zone, ..]) if !store.zones.contains_key(*zone) => {
            refused(404, format!("there is no zone {zone}"))
        }
        ("GET", ["zones", zone]) => {
            let servers = ["ns1.zones.example", "ns2.zones.example"];
            (200, json!({"name": zone, "name_servers": servers, "record_count": store.zones[*zone].len()}))
        }
        ("POST", ["zones", _, "purges"]) => {
            let id = store.id("purge");
            store.purges.insert(id.clone(), 0);
            (202, json!({"id": id, "done": 0, "total": LOCATIONS}))
        }
        // A location is done at every look.
        ("GET", ["zones", _, "purges", id]) => found(store.purges.get_mut(*id), "purge", |done| {
            *done = (*done + 1).min(LOCATIONS);
            (200, json!({"id": id, "done": done, "total": LOCATIONS}))
        }),
        ("GET", ["zones", zone, "records"]) => page(store, zone, call.query),
        ("POST", ["zones", zone, "records"]) => create_record(store, zone, &call.body),
        (method, ["zones", zone, "records", id]) => one_record(store, method, zone, id, &call.body),
        _ => refused(404, "there is no such path"),
    }
}

fn found<T>(object: Option<T>, noun: &str, answer: impl FnOnce(T) -> Answer) -> Answer {
    object.map_or_else(|| refused(404, format!("there is no such {noun}")), answer)
}

/// A page of records: those after the one that the cursor names.
fn page(store: &Store, zone: &str, query: &str) -> Answer {
    let after = query.split('&').find_map(|pair| pair.strip_prefix("cursor=")).unwrap_or_default();
    let rest: Vec<_> = store.zones[zone].iter().filter(|(id, _)| id.as_str() > after).collect();
    let records: Vec<_> = rest.iter().take(PAGE).map(|(id, record)| record.json(id)).collect();
    let next = (rest.len() > PAGE).then(|| rest[PAGE - 1].0);
    (200, json!({"records": records, "next_cursor": next}))
}

fn create_record(store: &mut Store, zone: &str, body: &Value) -> Answer {
    let record = match record(body) {
        Ok(record) => record,
        Err(message) => return refused(422, message),
    };
    let same = |(_, other): &(&String, &Record)| other.name == record.name && other.kind == record.kind;
    if let Some((id, _)) = store.zones[zone].iter().find(same) {
        return refused(409, format!("the record {id} has this name and type already"));
    }
    let id = store.id("rec");
    let answer = (201, record.json(&id));
    store.zones.entry(zone.to_owned()).or_default().insert(id, record);
    answer
}

fn one_record(store: &mut Store, method: &str, zone: &str, id: &str, body: &Value) -> Answer {
    let records = store.zones.entry(zone.to_owned()).or_default();
    match method {
        "GET" => found(records.get(id), "record", |record| (200, record.json(id))),
        "DELETE" => found(records.remove(id), "record", |_| (204, Value::Null)),
        "PUT" => found(records.get_mut(id), "record", |old| match record(body) {
            Ok(new) => {
                *old = new;
                (200, old.json(id))
            }
            Err(message) => refused(422, message),
        }),
        _ => refused(405, "a record is not used like this"),
    }
}

/// Reads a record, or says what is wrong with it.
fn record(body: &Value) -> Result<Record, String> {
    let text = |name: &str| body[name].as_str().map(str::to_owned).ok_or_else(|| format!("{name} must be a text"));
    let (name, kind, value) = (text("name")?, text("type")?, text("value")?);
    let fits = match kind.as_str() {
        "A" => value.parse::<Ipv4Addr>().is_ok(),
        "AAAA" => value.parse::<Ipv6Addr>().is_ok(),
        "CNAME" => !value.is_empty() && value != name,
        "TXT" => value.len() <= 255,
        _ => return Err(format!("there is no type {kind}")),
    };
    if !fits {
        return Err(format!("{value:?} is no value of a record of the type {kind}"));
    }
    let ttl = body["ttl"].as_i64().filter(|ttl| *ttl >= 60).ok_or("ttl must be a number from 60 on")?;
    Ok(Record { name, kind, value, ttl })
}

fn create_token(store: &mut Store, body: &Value) -> Answer {
    let (Some(zone), Some(seconds)) = (body["zone"].as_str(), body["seconds"].as_u64()) else {
        return refused(422, "a token needs a zone and seconds");
    };
    if !store.zones.contains_key(zone) {
        return refused(404, format!("there is no zone {zone}"));
    }
    let id = store.id("tok");
    // A real service takes something that nobody can guess.
    let token = format!("short-{id}");
    let lifetime = Duration::from_secs(seconds);
    let short = ShortToken { token: token.clone(), zone: zone.to_owned(), lifetime, ends: Instant::now() + lifetime };
    store.tokens.insert(id.clone(), short);
    (201, json!({"id": id, "token": token}))
}

fn renew_token(store: &mut Store, id: &str) -> Answer {
    found(store.tokens.get_mut(id), "token", |short| {
        short.ends = Instant::now() + short.lifetime;
        (204, Value::Null)
    })
}
