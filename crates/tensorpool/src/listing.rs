//! Lists. The API shows either the user's own objects or those of the organization, never both at once.

use std::collections::HashSet;
use std::sync::Arc;

use http::Method;
use serde_json::Value;

use crate::body;
use crate::client::{Call, Client};
use crate::error::{Error, ErrorKind};
use crate::scope::Scope;

/// A kind of object that can be listed.
pub(crate) trait Listed: Clone + Send + Sync + 'static {
    /// The segments of the list's path.
    const PATH: &'static [&'static str];
    /// The names by which the list may stand in the answer.
    const WRAPPERS: &'static [&'static str];

    /// Reads an item; none when nothing can be done with it.
    fn read(item: &Value) -> Option<Self>;

    /// What tells one object from another.
    fn id(&self) -> &str;
}

/// The user's own objects, or those of the organization instead.
pub(crate) async fn list<T: Listed>(client: &Client, organization: bool, scope: &Scope) -> Result<Vec<T>, Error> {
    let mut call = Call::new(Method::GET, T::PATH);
    if organization {
        call = call.query("include_org", "true");
    }
    let name = call.name();
    let answer = match client.send(call, scope).await {
        Ok(answer) => answer,
        // The API is said to have answered so when there are none.
        Err(error) if error.is_not_found() => return Ok(Vec::new()),
        Err(error) => return Err(error),
    };
    read(&answer.body).ok_or_else(|| {
        Error::new(ErrorKind::InvalidResponse, name).with_message(Some("the answer holds no list".to_owned()))
    })
}

/// The user's own objects and those of the organization, each once. Parallel callers share the two requests; the answer is
/// always younger than the call.
pub(crate) async fn list_all<T: Listed>(client: &Client, scope: &Scope) -> Result<Arc<Vec<T>>, Error> {
    let both = async { Ok(merge(list::<T>(client, false, scope).await?, list(client, true, scope).await?)) };
    client.sharing().ask(&Call::new(Method::GET, T::PATH).name(), scope, both).await
}

fn read<T: Listed>(body: &Value) -> Option<Vec<T>> {
    Some(body::items(body, T::WRAPPERS)?.iter().filter_map(T::read).collect())
}

fn merge<T: Listed>(mut own: Vec<T>, organization: Vec<T>) -> Vec<T> {
    let known: HashSet<_> = own.iter().map(|object| object.id().to_owned()).collect();
    own.extend(organization.into_iter().filter(|object| !known.contains(object.id())));
    own
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[derive(Clone, Debug, PartialEq)]
    struct Thing(String);

    impl Listed for Thing {
        const PATH: &'static [&'static str] = &["thing", "list"];
        const WRAPPERS: &'static [&'static str] = &["things"];

        fn read(item: &Value) -> Option<Self> {
            body::text(item, &["id"]).map(Self)
        }

        fn id(&self) -> &str {
            &self.0
        }
    }

    #[test]
    fn a_list_comes_bare_or_wrapped_and_what_has_no_id_is_left_out() {
        let items = json!([{"id": "a"}, {"name": "nameless"}, 7, {"id": "b"}]);
        let expected = Some(vec![Thing("a".to_owned()), Thing("b".to_owned())]);
        assert_eq!(read::<Thing>(&items), expected);
        assert_eq!(read::<Thing>(&json!({"message": "m", "things": items})), expected);
        assert_eq!(read::<Thing>(&json!({"message": "m"})), None);
    }

    #[test]
    fn what_both_lists_hold_is_there_once() {
        let things = |names: &[&str]| names.iter().map(|name| Thing((*name).to_owned())).collect::<Vec<_>>();
        assert_eq!(merge(things(&["a", "b"]), things(&["b", "c"])), things(&["a", "b", "c"]));
    }
}
