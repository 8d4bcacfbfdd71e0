//! Reads one object or a list of objects of any type. One request lists either the user's own objects or those of the
//! organization.

use std::collections::HashSet;
use std::sync::Arc;

use serde_json::Value;

use crate::api::ApiRequest;
use crate::client::Client;
use crate::error::{Error, ErrorKind};
use crate::lenient;
use crate::scope::Scope;

/// An object that the API lists.
pub(crate) trait Listed: Clone + PartialEq + Send + Sync + 'static {
    /// The path segments of the list.
    const PATH: &'static [&'static str];
    /// The names of the field that may contain the list.
    const WRAPPERS: &'static [&'static str];

    /// Reads an object. `None` if it has no id.
    fn read(item: &Value) -> Option<Self>;

    /// Returns the id.
    fn id(&self) -> &str;

    /// Returns the name if the API reports it.
    fn name(&self) -> Option<&str>;

    /// Replaces the id.
    fn with_id(self, id: String) -> Self;
}

/// A list of objects, and whether it is complete.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listing<T> {
    /// The objects that could be read.
    pub items: Vec<T>,
    /// Whether an object that is not among them does not exist.
    pub completeness: Completeness,
}

/// What a list proves about an object that it does not contain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Completeness {
    /// The list is complete: the object does not exist.
    Complete,
    /// The API responded with 404, which may be its response for an empty list.
    NotFound,
    /// The list is not complete, for this reason.
    Incomplete(String),
}

impl Completeness {
    /// Returns the completeness of two lists together, which is the weaker one.
    fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::Incomplete(reason), _) | (_, Self::Incomplete(reason)) => Self::Incomplete(reason),
            (Self::NotFound, _) | (_, Self::NotFound) => Self::NotFound,
            (Self::Complete, Self::Complete) => Self::Complete,
        }
    }
}

/// Lists the user's own objects, or those of the organization instead.
pub(crate) async fn list<T: Listed>(client: &Client, organization: bool, scope: &Scope) -> Result<Vec<T>, Error> {
    Ok(one::<T>(client, organization, scope).await?.items)
}

async fn one<T: Listed>(client: &Client, organization: bool, scope: &Scope) -> Result<Listing<T>, Error> {
    let mut request = ApiRequest::get(T::PATH);
    if organization {
        request = request.query("include_org", "true");
    }
    listing(client, request, T::WRAPPERS, T::read, scope).await
}

/// Lists what `read` can read.
pub(crate) async fn listing<T>(
    client: &Client,
    request: ApiRequest,
    wrappers: &[&str],
    read: impl Fn(&Value) -> Option<T>,
    scope: &Scope,
) -> Result<Listing<T>, Error> {
    let operation = request.operation();
    let response = match client.send(request, scope).await {
        Ok(response) => response,
        Err(error) if error.is_not_found() => return Ok(not_found(&error)),
        Err(error) => return Err(error),
    };
    read_list(&response.body, wrappers, read)
        .ok_or_else(|| Error::invalid_response(operation, "the response contains no list"))
}

/// Returns the empty list that a 404 stands for. The API may respond with 404 if there are no objects; so does its router, or a
/// gateway, if there is no such path. Only an error of the API itself may mean an empty list.
fn not_found<T>(error: &Error) -> Listing<T> {
    let is_from_the_api = error.is_json() && error.message().is_some_and(|message| message != "Not Found");
    let completeness = if is_from_the_api {
        Completeness::NotFound
    } else {
        Completeness::Incomplete(format!("the 404 of {} is not an error message of the API", error.operation()))
    };
    Listing { items: Vec::new(), completeness }
}

/// Lists the user's own objects and those of the organization, without duplicates. Concurrent callers share the two requests,
/// which always start after the call.
pub(crate) async fn all<T: Listed>(client: &Client, scope: &Scope) -> Result<Arc<Listing<T>>, Error> {
    let query = async { Ok(merge(one::<T>(client, false, scope).await?, one(client, true, scope).await?)) };
    client.single_flight().run(&ApiRequest::get(T::PATH).operation(), scope, query).await
}

/// Returns all objects of a name. The API may trim names.
pub(crate) async fn find<T: Listed>(client: &Client, name: &str, scope: &Scope) -> Result<Vec<T>, Error> {
    let objects = &all::<T>(client, scope).await?.items;
    let has_name = |object: &&T| object.name().is_some_and(|other| other.trim() == name.trim());
    Ok(objects.iter().filter(has_name).cloned().collect())
}

/// Reads one object by its id. A response without an id counts as one about the requested object.
///
/// # Errors
/// Returns an error if the request fails, or the response is about another object.
pub(crate) async fn get<T: Listed>(client: &Client, path: &[&str], id: &str, scope: &Scope) -> Result<T, Error> {
    let (object, operation) = read_one::<T>(client, path, scope).await?;
    if object.id().is_empty() {
        return Ok(object.with_id(id.to_owned()));
    }
    if object.id() == id {
        return Ok(object);
    }
    let message = format!("the response is about another object ({})", object.id());
    Err(client.redact(Error::new(ErrorKind::WrongObject, operation).with_message(Some(message))))
}

/// Reads one object by its id or its name. The id is that in the response or, if it contains none, that in the list.
///
/// # Errors
/// Returns an error if a request fails, or neither contains the id.
pub(crate) async fn resolve<T: Listed>(
    client: &Client,
    path: &[&str],
    id_or_name: &str,
    scope: &Scope,
) -> Result<T, Error> {
    let (object, operation) = read_one::<T>(client, path, scope).await?;
    if !object.id().is_empty() {
        return Ok(object);
    }
    let listing = all::<T>(client, scope).await?;
    let by_id = listing.items.iter().find(|one| one.id() == id_or_name);
    let found = by_id.or_else(|| listing.items.iter().find(|one| one.name() == Some(id_or_name)));
    found.cloned().ok_or_else(|| {
        Error::invalid_response(operation, "neither the response nor the list contains the id of the object")
    })
}

/// Reads one object, and returns it with the operation that read it. Its id is empty if the response contains none.
async fn read_one<T: Listed>(client: &Client, path: &[&str], scope: &Scope) -> Result<(T, String), Error> {
    let request = ApiRequest::get(path);
    let operation = request.operation();
    let body = client.send(request, scope).await?.body;
    match T::read(&body).or_else(|| read_without_id(&body)) {
        Some(object) => Ok((object, operation)),
        None => Err(Error::invalid_response(operation, "the response contains no object")),
    }
}

/// Reads an object without an id. `None` if the response contains no field of such an object, for example only a message or an
/// error.
fn read_without_id<T: Listed>(body: &Value) -> Option<T> {
    let inner = body.as_object()?.values().find(|value| value.is_object()).unwrap_or(body);
    let id = ("id".to_owned(), Value::from("-"));
    let mut fields = inner.as_object()?.clone();
    fields.retain(|_, value| !value.is_null());
    fields.extend([id.clone()]);
    let nothing = T::read(&Value::from_iter([id]));
    let object = T::read(&Value::Object(fields)).filter(|object| Some(object) != nothing.as_ref());
    object.map(|object| object.with_id(String::new()))
}

fn read_list<T>(body: &Value, wrappers: &[&str], read: impl Fn(&Value) -> Option<T>) -> Option<Listing<T>> {
    let values = lenient::items(body, wrappers)?;
    let items: Vec<_> = values.iter().filter_map(read).collect();
    let unreadable = values.len() - items.len();
    let completeness = if unreadable > 0 {
        Completeness::Incomplete(format!("{unreadable} of its {} items cannot be read", values.len()))
    } else if announces_more(body, values.len()) {
        Completeness::Incomplete("it says that there is more".to_owned())
    } else {
        Completeness::Complete
    };
    Some(Listing { items, completeness })
}

/// Whether the response says that the list continues. The API documents no pagination; these are the usual fields.
fn announces_more(body: &Value, items: usize) -> bool {
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

/// Joins two lists without duplicates.
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
    use crate::error_body::ErrorBody;
    use crate::redact::Redactor;
    use crate::secret::Secret;

    #[derive(Clone, Debug, PartialEq)]
    struct Thing(String);

    impl Listed for Thing {
        const PATH: &'static [&'static str] = &["thing", "list"];
        const WRAPPERS: &'static [&'static str] = &["things"];

        fn read(item: &Value) -> Option<Self> {
            lenient::text(item, &["id"]).map(Self)
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
    fn a_list_is_read_bare_or_wrapped_and_reports_whether_it_is_complete() {
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
    fn merged_lists_have_no_duplicates_and_the_weaker_completeness() {
        let listing = |names: &[&str], completeness| Listing { items: things(names), completeness };
        let merged = merge(listing(&["a", "b"], Completeness::Complete), listing(&["b", "c"], Completeness::NotFound));
        assert_eq!(merged, listing(&["a", "b", "c"], Completeness::NotFound));
        let cut = Completeness::Incomplete("cut".to_owned());
        assert_eq!(merge(listing(&[], Completeness::NotFound), listing(&[], cut.clone())).completeness, cut);
    }

    #[test]
    fn a_404_means_an_empty_list_only_with_an_error_message_of_the_api() {
        let error = |body: &str| {
            let body = ErrorBody::read(body.as_bytes(), &Redactor::default());
            Error::new(ErrorKind::NotFound, "GET /thing/list")
                .status_code(404)
                .with_message(body.message())
                .with_json(body.is_object())
        };
        let is_empty_list = |body: &str| not_found::<Thing>(&error(body)).completeness == Completeness::NotFound;
        assert!(is_empty_list(r#"{"message": "No clusters found"}"#));
        for other in [r#"{"detail": "Not Found"}"#, "default backend - 404", "<html>404</html>", "", "{}"] {
            assert!(!is_empty_list(other), "{other}");
        }
    }

    /// Starts an API with these responses by path. The organization has one cluster.
    async fn api(responses: &[(&str, u16, Value)]) -> (MockServer, Client) {
        let api = MockServer::start().await;
        Mock::given(query_param("include_org", "true"))
            .respond_with(ResponseTemplate::new(200).set_body_json(json!([{"id": "c-org", "name": "shared"}])))
            .mount(&api)
            .await;
        for (at, status, body) in responses {
            let response = ResponseTemplate::new(*status).set_body_json(body);
            Mock::given(path(*at)).respond_with(response).mount(&api).await;
        }
        let config = Config::new(Secret::new("k"), &api.uri()).expect("it is a loopback address").max_retries(0);
        (api, Client::new(config).expect("a client can be created"))
    }

    fn scope() -> Scope {
        Scope::detached(std::time::Duration::from_secs(10))
    }

    fn ids(clusters: &[Cluster]) -> Vec<&str> {
        clusters.iter().map(|cluster| cluster.id.as_str()).collect()
    }

    #[tokio::test]
    async fn own_objects_and_those_of_the_organization_are_listed_by_separate_requests() {
        let (_api, client) =
            api(&[("/cluster/list", 200, json!({"clusters": [{"id": "c-1"}, {"id": "c-org"}]}))]).await;
        let clusters = client.clusters();
        assert_eq!(ids(&clusters.list(false, &scope()).await.expect("it is a list")), ["c-1", "c-org"]);
        assert_eq!(ids(&clusters.list(true, &scope()).await.expect("it is a list")), ["c-org"]);
        let both = clusters.listing(&scope()).await.expect("both are lists");
        assert_eq!((ids(&both.items), &both.completeness), (vec!["c-1", "c-org"], &Completeness::Complete));
    }

    #[tokio::test]
    async fn a_404_is_an_empty_list_and_any_other_failure_is_an_error() {
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
        assert_eq!(error.message(), Some("the response contains no list"));
    }

    #[tokio::test]
    async fn a_response_with_the_id_of_another_object_is_an_error_and_one_without_an_id_is_not() {
        let (_api, client) = api(&[
            ("/cluster/info/c-1", 200, json!({"cluster_info": {"id": "c-1", "name": "n"}})),
            ("/cluster/info/c-2", 200, json!({"message": "m", "cluster_info": {"name": "n", "status": null}})),
            ("/cluster/info/c-3", 200, json!({"id": "c-1", "name": "n"})),
            ("/cluster/info/c-4", 200, json!({"message": "m", "status": null})),
            ("/cluster/info/c-5", 200, json!({"data": {"name": "under another name"}})),
            ("/cluster/info/c-6", 200, json!({"error": "Cluster not found", "success": false})),
            ("/cluster/info/c-7", 200, json!({"cluster_info": {"error": "Cluster not found", "name": null}})),
        ])
        .await;
        let get = async |id: &str| client.clusters().get(id, &scope()).await;
        assert_eq!(get("c-1").await.expect("it is that one").id, "c-1");
        let without_id = get("c-2").await.expect("it contains no other id");
        assert_eq!((without_id.id.as_str(), without_id.name.as_deref()), ("c-2", Some("n")));
        assert_eq!(get("c-3").await.expect_err("it is another").kind(), ErrorKind::WrongObject);
        let error = get("c-4").await.expect_err("it is a message");
        assert_eq!(
            (error.message(), error.operation()),
            (Some("the response contains no object"), "GET /cluster/info/c-4")
        );
        for id in ["c-6", "c-7"] {
            let error = get(id).await.expect_err("it has no field of a cluster");
            assert_eq!(error.message(), Some("the response contains no object"), "{id}");
        }
        assert_eq!(get("c-5").await.expect("it is an object").name.as_deref(), Some("under another name"));
    }

    #[tokio::test]
    async fn an_object_found_by_its_name_has_the_id_in_the_response_or_in_the_list() {
        let list = json!([{"id": "other", "name": "c-2"}, {"id": "c-1", "name": "train"}, {"id": "c-2", "name": "x"}]);
        let nameless = json!({"cluster_info": {"num_nodes": 1}});
        let (_api, client) = api(&[
            ("/cluster/list", 200, list),
            ("/cluster/info/c-9", 200, json!({"id": "c-9"})),
            ("/cluster/info/train", 200, nameless.clone()),
            ("/cluster/info/c-2", 200, nameless.clone()),
            ("/cluster/info/absent", 200, nameless),
        ])
        .await;
        let resolve = async |id: &str| client.clusters().resolve(id, &scope()).await;
        assert_eq!(resolve("c-9").await.expect("the response contains it").id, "c-9");
        assert_eq!(resolve("train").await.expect("the list contains it").id, "c-1");
        assert_eq!(resolve("c-2").await.expect("the list contains it").id, "c-2", "an id takes precedence over a name");
        let error = resolve("absent").await.expect_err("nothing contains it");
        assert_eq!(error.message(), Some("neither the response nor the list contains the id of the object"));
    }
}
