//! What the framework does about authors' mistakes, panics and deferrals, and what is common to the tests.

mod computed;
mod deferred;
mod dynamic;
mod faulty;
mod identity;
mod looked_up;
mod moved;
mod panics;
mod texts;

use std::sync::Arc;

use tokio_util::sync::CancellationToken;

use super::outcome::Stored;
use crate::diagnostic::Diagnostics;
use crate::model::{Attr, Model};
use crate::operation::{Call, Private};
use crate::path::AttributePath;
use crate::value::Value;

#[derive(Clone, Model)]
struct Thing {
    id: Attr<String>,
    name: Attr<String>,
    tags: Attr<Vec<Attr<String>>>,
}

fn call(may_defer: bool) -> Call<()> {
    Call {
        session: Some(Arc::new(())),
        provider_deferred: false,
        stop: CancellationToken::new(),
        meta: Value::Null,
        may_defer,
        stores_planned_private: false,
        computed_blocks_allowed: false,
    }
}

fn thing(id: Value, name: &str, tags: Value) -> Value {
    Value::object([("id", id), ("name", name.into()), ("tags", tags)])
}

fn stored(state: Value) -> Stored {
    let identity = state.get("id").map(|id| Value::object([("id", id.clone())]));
    Stored { state, private: Private::default(), identity }
}

fn nothing() -> Stored {
    Stored { state: Value::Null, private: Private::default(), identity: None }
}

/// The first message, with the attribute that it is about.
fn reported(diagnostics: &Diagnostics) -> (String, Option<String>) {
    let first = diagnostics.iter().next().expect("something is reported");
    (first.detail.lines().next().unwrap_or_default().to_owned(), first.path.as_ref().map(AttributePath::to_string))
}
