//! Reads of one object and lists of all. The API shows either the user's own objects or those of the organization, never both
//! at once.

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

    /// Reads an item; `None` if nothing can be done with it.
    fn read(item: &Value) -> Option<Self>;

    /// What tells one object from another.
    fn id(&self) -> &str;

    /// Its name.
    fn name(&self) -> Option<&str>;

    /// The same with another id.
    fn with_id(self, id: String) -> Self;
}

/// A list, with what it proves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listing<T> {
    /// The objects that could be read.
    pub items: Vec<T>,
    /// Whether something that is not among them is not there.
    pub completeness: Completeness,
}

/// What a list proves of an object that is not in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Completeness {
    /// It is complete.
    Complete,
    /// The API answered 404, as it may for an empty list.
    NotFound,
    /// It is not complete, for this reason.
    Incomplete(String),
}

impl Completeness {
    /// That of two lists together: the worse one.
    fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::Incomplete(reason), _) | (_, Self::Incomplete(reason)) => Self::Incomplete(reason),
            (Self::NotFound, _) | (_, Self::NotFound) => Self::NotFound,
            (Self::Complete, Self::Complete) => Self::Complete,
        }
    }
}

/// The user's own objects, or those of the organization instead.
pub(crate) async fn list<T: Listed>(client: &Client, organization: bool, scope: &Scope) -> Result<Vec<T>, Error> {
    Ok(one::<T>(client, organization, scope).await?.items)
}

async fn one<T: Listed>(client: &Client, organization: bool, scope: &Scope) -> Result<Listing<T>, Error> {
    let mut call = Call::new(Method::GET, T::PATH);
    if organization {
        call = call.query("include_org", "true");
    }
    listing(client, call, T::WRAPPERS, T::read, scope).await
}

/// Reads a list of things that `read` can read.
pub(crate) async fn listing<T>(
    client: &Client,
    call: Call,
    wrappers: &[&str],
    read: impl Fn(&Value) -> Option<T>,
    scope: &Scope,
) -> Result<Listing<T>, Error> {
    let name = call.name();
    let answer = match client.send(call, scope).await {
        Ok(answer) => answer,
        Err(error) if error.is_not_found() => return Ok(not_found(&error)),
        Err(error) => return Err(error),
    };
    read_list(&answer.body, wrappers, read).ok_or_else(|| {
        Error::new(ErrorKind::InvalidResponse, name).with_message(Some("the answer holds no list".to_owned()))
    })
}

/// The API may answer 404 for an empty list. So may anything else that does not have the list: its router, or a gateway.
fn not_found<T>(error: &Error) -> Listing<T> {
    let is_the_apis_own = error.is_json() && error.message().is_some_and(|message| message != "Not Found");
    let completeness = if is_the_apis_own {
        Completeness::NotFound
    } else {
        Completeness::Incomplete(format!("{} was answered with 404, and not in the API's words", error.operation()))
    };
    Listing { items: Vec::new(), completeness }
}

/// The user's own objects and those of the organization, each once. Parallel callers share the two requests; the answer is
/// always younger than the call.
pub(crate) async fn all<T: Listed>(client: &Client, scope: &Scope) -> Result<Arc<Listing<T>>, Error> {
    let both = async { Ok(merge(one::<T>(client, false, scope).await?, one(client, true, scope).await?)) };
    client.sharing().ask(&Call::new(Method::GET, T::PATH).name(), scope, both).await
}

/// Reads one object by its id. An answer without an id is taken for one about the object that was asked for.
pub(crate) async fn get<T: Listed>(client: &Client, path: &[&str], id: &str, scope: &Scope) -> Result<T, Error> {
    let (object, name) = read_one::<T>(client, path, scope).await?;
    if object.id().is_empty() {
        return Ok(object.with_id(id.to_owned()));
    }
    if object.id() == id {
        return Ok(object);
    }
    let message = format!("the answer is about another object ({})", object.id());
    Err(client.clean(Error::new(ErrorKind::WrongObject, name).with_message(Some(message))))
}

/// Reads one object by its id or its name. The id is that of the answer, or else of the list.
pub(crate) async fn resolve<T: Listed>(
    client: &Client,
    path: &[&str],
    id_or_name: &str,
    scope: &Scope,
) -> Result<T, Error> {
    let (object, name) = read_one::<T>(client, path, scope).await?;
    if !object.id().is_empty() {
        return Ok(object);
    }
    let listing = all::<T>(client, scope).await?;
    let by_id = listing.items.iter().find(|one| one.id() == id_or_name);
    let found = by_id.or_else(|| listing.items.iter().find(|one| one.name() == Some(id_or_name)));
    found.cloned().ok_or_else(|| {
        let message = "neither the answer nor the list tells its id".to_owned();
        Error::new(ErrorKind::InvalidResponse, name).with_message(Some(message))
    })
}

/// Reads one object; its id is empty if the answer holds none.
async fn read_one<T: Listed>(client: &Client, path: &[&str], scope: &Scope) -> Result<(T, String), Error> {
    let call = Call::new(Method::GET, path);
    let name = call.name();
    let answer = client.send(call, scope).await?;
    match T::read(&answer.body).or_else(|| read_without_id(&answer.body)) {
        Some(object) => Ok((object, name)),
        None => {
            Err(Error::new(ErrorKind::InvalidResponse, name)
                .with_message(Some("the answer holds no object".to_owned())))
        }
    }
}

/// Reads an object whose answer holds no id. One that holds nothing but a message is none.
fn read_without_id<T: Listed>(body: &Value) -> Option<T> {
    let inner = body.as_object()?.values().find(|value| value.is_object()).unwrap_or(body);
    let mut fields = inner.as_object()?.clone();
    fields.retain(|name, value| name != "message" && !value.is_null());
    if fields.is_empty() {
        return None;
    }
    fields.insert("id".to_owned(), Value::from("-"));
    T::read(&Value::Object(fields)).map(|object| object.with_id(String::new()))
}

fn read_list<T>(body: &Value, wrappers: &[&str], read: impl Fn(&Value) -> Option<T>) -> Option<Listing<T>> {
    let values = body::items(body, wrappers)?;
    let items: Vec<_> = values.iter().filter_map(read).collect();
    let unreadable = values.len() - items.len();
    let completeness = if unreadable > 0 {
        Completeness::Incomplete(format!("{unreadable} of its {} items cannot be read", values.len()))
    } else if says_more(body, values.len()) {
        Completeness::Incomplete("it says that there is more".to_owned())
    } else {
        Completeness::Complete
    };
    Some(Listing { items, completeness })
}

/// Whether an answer says that it does not hold the whole list. No paging is documented; these are its usual words.
fn says_more(body: &Value, items: usize) -> bool {
    let flag =
        ["has_more", "more", "truncated"].iter().any(|name| body.get(name).and_then(Value::as_bool) == Some(true));
    let next = ["next", "next_page", "next_cursor", "next_token", "cursor"].iter().any(|name| match body.get(name) {
        None | Some(Value::Null | Value::Bool(false)) => false,
        Some(Value::String(text)) => !text.is_empty(),
        Some(_) => true,
    });
    let total = ["total", "total_count", "count"].iter().find_map(|name| body.get(name).and_then(Value::as_u64));
    flag || next || total.is_some_and(|total| usize::try_from(total).is_ok_and(|total| total > items))
}

fn merge<T: Listed>(mut own: Listing<T>, organization: Listing<T>) -> Listing<T> {
    let known: HashSet<_> = own.items.iter().map(|object| object.id().to_owned()).collect();
    own.items.extend(organization.items.into_iter().filter(|object| !known.contains(object.id())));
    Listing { items: own.items, completeness: own.completeness.and(organization.completeness) }
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use wiremock::matchers::{path, query_param};
    use wiremock::{Mock, MockServer, ResponseTemplate};

    use super::*;
    use crate::cluster::Cluster;
    use crate::config::Config;
    use crate::secret::Secret;

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

        fn name(&self) -> Option<&str> {
            None
        }

        fn with_id(self, id: String) -> Self {
            Self(id)
        }
    }

    fn read(body: &Value) -> Option<Listing<Thing>> {
        read_list(body, Thing::WRAPPERS, Thing::read)
    }

    fn things(names: &[&str]) -> Vec<Thing> {
        names.iter().map(|name| Thing((*name).to_owned())).collect()
    }

    #[test]
    fn a_list_comes_bare_or_wrapped_and_says_whether_it_is_complete() {
        let items = json!([{"id": "a"}, {"id": "b"}]);
        let complete = Some(Listing { items: things(&["a", "b"]), completeness: Completeness::Complete });
        assert_eq!(read(&items), complete);
        assert_eq!(read(&json!({"message": "m", "things": items, "next": null, "total": 2})), complete);
        assert_eq!(read(&json!({"message": "m"})), None);
        let broken = read(&json!([{"id": "a"}, {"name": "nameless"}, 7])).expect("it is a list");
        assert_eq!(broken.items, things(&["a"]));
        assert!(matches!(broken.completeness, Completeness::Incomplete(reason) if reason.starts_with("2 of its 3")));
        for more in [json!({"has_more": true}), json!({"next_cursor": "x"}), json!({"total": 9}), json!({"next": 2})] {
            let mut body = json!({"things": items});
            body.as_object_mut().expect("it is an object").extend(more.as_object().cloned().expect("it is one"));
            let listing = read(&body).expect("it is a list");
            assert!(matches!(listing.completeness, Completeness::Incomplete(_)), "{body}");
        }
    }

    #[test]
    fn what_both_lists_hold_is_there_once_and_the_worse_list_counts() {
        let listing = |names: &[&str], completeness| Listing { items: things(names), completeness };
        let merged = merge(listing(&["a", "b"], Completeness::Complete), listing(&["b", "c"], Completeness::NotFound));
        assert_eq!(merged, listing(&["a", "b", "c"], Completeness::NotFound));
        let cut = Completeness::Incomplete("cut".to_owned());
        assert_eq!(merge(listing(&[], Completeness::NotFound), listing(&[], cut.clone())).completeness, cut);
    }

    #[test]
    fn a_404_of_a_list_counts_only_in_the_words_of_the_api() {
        let error = |body: &str| {
            Error::new(ErrorKind::NotFound, "GET /thing/list")
                .status_code(404)
                .with_message(body::message(body.as_bytes()))
                .with_json(body::is_json(body.as_bytes()))
        };
        let counts = |body: &str| not_found::<Thing>(&error(body)).completeness == Completeness::NotFound;
        assert!(counts(r#"{"message": "No clusters found"}"#));
        for other in [r#"{"detail": "Not Found"}"#, "default backend - 404", "<html>404</html>", "", "{}"] {
            assert!(!counts(other), "{other}");
        }
    }

    /// A client of an API that has these answers, by their paths. The lists of the organization are empty.
    async fn api(answers: &[(&str, u16, Value)]) -> (MockServer, Client) {
        let api = MockServer::start().await;
        Mock::given(query_param("include_org", "true"))
            .respond_with(ResponseTemplate::new(200).set_body_json(json!([{"id": "c-org", "name": "shared"}])))
            .mount(&api)
            .await;
        for (at, status, body) in answers {
            let answer = ResponseTemplate::new(*status).set_body_json(body);
            Mock::given(path(*at)).respond_with(answer).mount(&api).await;
        }
        let config = Config::new(Secret::new("k"), &api.uri()).expect("it is on this machine").max_retries(0);
        (api, Client::new(config).expect("a client can be made"))
    }

    fn scope() -> Scope {
        Scope::detached(std::time::Duration::from_secs(10))
    }

    fn ids(clusters: &[Cluster]) -> Vec<&str> {
        clusters.iter().map(|cluster| cluster.id.as_str()).collect()
    }

    #[tokio::test]
    async fn own_objects_and_those_of_the_organization_are_listed_each_by_its_question() {
        let (_api, client) =
            api(&[("/cluster/list", 200, json!({"clusters": [{"id": "c-1"}, {"id": "c-org"}]}))]).await;
        let clusters = client.clusters();
        assert_eq!(ids(&clusters.list(false, &scope()).await.expect("it is a list")), ["c-1", "c-org"]);
        assert_eq!(ids(&clusters.list(true, &scope()).await.expect("it is a list")), ["c-org"]);
        let both = clusters.listing(&scope()).await.expect("both are lists");
        assert_eq!((ids(&both.items), &both.completeness), (vec!["c-1", "c-org"], &Completeness::Complete));
    }

    #[tokio::test]
    async fn a_404_of_a_list_is_an_empty_list_and_another_failure_is_none() {
        let (_api, client) = api(&[
            ("/cluster/list", 404, json!({"message": "No clusters found"})),
            ("/storage/list", 403, json!({"message": "no"})),
            ("/user/ssh-key/list", 200, json!({"message": "no list"})),
        ])
        .await;
        let listing = client.clusters().listing(&scope()).await.expect("404 is an empty list");
        assert_eq!((ids(&listing.items), &listing.completeness), (vec!["c-org"], &Completeness::NotFound));
        let error = client.volumes().list(false, &scope()).await.expect_err("it is denied");
        assert_eq!(error.kind(), ErrorKind::Forbidden);
        let error = client.ssh_keys().list(false, &scope()).await.expect_err("it is no list");
        assert_eq!(error.message(), Some("the answer holds no list"));
    }

    #[tokio::test]
    async fn an_answer_is_about_the_object_that_was_asked_for_or_says_nothing_else() {
        let (_api, client) = api(&[
            ("/cluster/info/c-1", 200, json!({"cluster_info": {"id": "c-1", "name": "n"}})),
            ("/cluster/info/c-2", 200, json!({"message": "m", "cluster_info": {"name": "n", "status": null}})),
            ("/cluster/info/c-3", 200, json!({"id": "c-1", "name": "n"})),
            ("/cluster/info/c-4", 200, json!({"message": "m", "status": null})),
            ("/cluster/info/c-5", 200, json!({"data": {"name": "under another name"}})),
        ])
        .await;
        let get = async |id: &str| client.clusters().get(id, &scope()).await;
        assert_eq!(get("c-1").await.expect("it is that one").id, "c-1");
        let without_id = get("c-2").await.expect("it does not say another id");
        assert_eq!((without_id.id.as_str(), without_id.name.as_deref()), ("c-2", Some("n")));
        assert_eq!(get("c-3").await.expect_err("it is another").kind(), ErrorKind::WrongObject);
        let error = get("c-4").await.expect_err("it is a message");
        assert_eq!((error.message(), error.operation()), (Some("the answer holds no object"), "GET /cluster/info/c-4"));
        assert_eq!(get("c-5").await.expect("it is an object").name.as_deref(), Some("under another name"));
    }

    #[tokio::test]
    async fn an_object_is_found_by_its_name_and_has_the_id_of_the_answer_or_of_the_list() {
        let list = json!([{"id": "other", "name": "c-2"}, {"id": "c-1", "name": "train"}, {"id": "c-2", "name": "x"}]);
        let nameless = json!({"cluster_info": {"num_nodes": 1}});
        let (_api, client) = api(&[
            ("/cluster/list", 200, list),
            ("/cluster/info/c-9", 200, json!({"id": "c-9"})),
            ("/cluster/info/train", 200, nameless.clone()),
            ("/cluster/info/c-2", 200, nameless.clone()),
            ("/cluster/info/gone", 200, nameless),
        ])
        .await;
        let resolve = async |id: &str| client.clusters().resolve(id, &scope()).await;
        assert_eq!(resolve("c-9").await.expect("the answer says it").id, "c-9");
        assert_eq!(resolve("train").await.expect("the list says it").id, "c-1");
        assert_eq!(resolve("c-2").await.expect("the list says it").id, "c-2", "an id counts more than a name");
        let error = resolve("gone").await.expect_err("nothing says it");
        assert_eq!(error.message(), Some("neither the answer nor the list tells its id"));
    }
}
