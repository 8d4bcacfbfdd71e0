//! Reads that a list may answer, when many objects of a kind are read at once: see `bulk.rs` for when it may.

use std::time::Duration;

use crate::bulk::{Owner, State, Step};
use crate::error::{Error, ErrorKind};
use crate::object::{ApiObject, Objects, list_request};

/// How long a list may take, with all its attempts.
const LIST_LIMIT: Duration = Duration::from_secs(20);

impl<T: ApiObject> Objects<'_, T> {
    /// Returns an object from a list, if many objects of the kind are being read, and a list may answer. `needs` are the fields
    /// that the caller wants to know of it, by the names of the fields of `T`. `None` if the object has to be read by itself,
    /// with [`Objects::get`] or [`Objects::resolve`]: that it is in no list says nothing.
    ///
    /// The answer is at most two seconds old, and newer than the last change that was made through the client and its clones.
    ///
    /// # Errors
    /// Returns an error if the scope ends. That a list cannot be had is none: then objects are read one by one.
    pub async fn listed(&self, id: &str, needs: &[&str]) -> Result<Option<T>, Error> {
        let (bulk, kind) = (self.api.client().bulk(), self.api.client().bulk().kind::<T>());
        let came = bulk.now();
        if !kind.state().count(id, came) {
            return Ok(None);
        }
        loop {
            let next = kind.state().next(id, needs, owners::<T>(), came, bulk.changed());
            match next {
                Step::Answer(object) => return Ok(Some(object)),
                Step::ReadAlone => return Ok(None),
                Step::List(owner) => {
                    let is_there = |state: &State<T>| !state.may_answer() || state.has(owner, came, bulk.changed());
                    if self.ask_for_list(owner, is_there).await? {
                        kind.state().judge(owner);
                    }
                }
            }
        }
    }

    /// Asks for a list, unless it is there already, as another caller has just asked for it. Returns whether it was asked for.
    pub(crate) async fn ask_for_list(&self, owner: Owner, is_there: impl Fn(&State<T>) -> bool) -> Result<bool, Error> {
        let (bulk, kind) = (self.api.client().bulk(), self.api.client().bulk().kind::<T>());
        let interrupted = |why| Error::interrupted(why, list_request::<T>().operation(), self.api.scope());
        let _turn = self.api.scope().run(kind.turn(owner).lock()).await.map_err(interrupted)?;
        if !kind.state().can_list() || is_there(&kind.state()) {
            return Ok(false);
        }
        let began = bulk.now();
        // A part of the time: if there is no list, there has to be time to read the object.
        let api = self.api.within(LIST_LIMIT.min(self.api.scope().remaining() / 4));
        match api.objects::<T>().list(owner == Owner::Organization).await {
            Ok(listing) => kind.state().take_list(owner, began, bulk.now(), listing.items),
            Err(error) if error.kind() == ErrorKind::Stopped => return Err(error),
            Err(error) => kind.state().take_failure(&error),
        }
        Ok(true)
    }
}

/// Those who have a list of the kind.
pub(crate) fn owners<T: ApiObject>() -> &'static [Owner] {
    if T::HAS_ORGANIZATION_LIST { &[Owner::User, Owner::Organization] } else { &[Owner::User] }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use futures_util::future::join_all;
    use serde_json::{Value, json};
    use wiremock::matchers::{method, path, path_regex, query_param};
    use wiremock::{Mock, MockServer, Request, ResponseTemplate};

    use super::*;
    use crate::api::Api;
    use crate::client::Client;
    use crate::cluster::Cluster;
    use crate::config::Config;
    use crate::scope::Scope;
    use crate::secret::Secret;

    fn cluster(number: usize) -> Value {
        json!({"id": format!("c-{number}"), "name": format!("n-{number}"), "instance_type": "1xH100"})
    }

    /// An API with clusters: the last of them belongs to the organization. A list is as `list` says.
    async fn api(number: usize, list: impl Fn(&[Value]) -> ResponseTemplate) -> (MockServer, Api) {
        let server = MockServer::start().await;
        let own: Vec<_> = (0..number - 1).map(cluster).collect();
        let shared = list(&[cluster(number - 1)]);
        Mock::given(path("/cluster/list"))
            .and(query_param("include_org", "true"))
            .respond_with(shared)
            .mount(&server)
            .await;
        Mock::given(path("/cluster/list")).respond_with(list(&own)).mount(&server).await;
        let one = |request: &Request| {
            let id = request.url.path().rsplit('-').next().expect("it has an id");
            let body = json!({"cluster_info": cluster(id.parse().expect("it is a number"))});
            ResponseTemplate::new(200).set_body_json(body)
        };
        Mock::given(path_regex("^/cluster/info/c-[0-9]+$")).respond_with(one).mount(&server).await;
        Mock::given(method("PATCH"))
            .respond_with(ResponseTemplate::new(200).set_body_json(json!({})))
            .mount(&server)
            .await;
        let config = Config::new(Secret::new("k"), &server.uri()).expect("it is a loopback address").max_retries(0);
        let client = Client::new(config).expect("a client can be created");
        (server, client.scoped(Scope::detached(Duration::from_secs(30))))
    }

    fn whole(clusters: &[Value]) -> ResponseTemplate {
        ResponseTemplate::new(200).set_body_json(json!({"clusters": clusters}))
    }

    /// Reads as a refresh does: by a list if one may answer, else by itself.
    async fn read(api: &Api, number: usize) -> Cluster {
        let id = format!("c-{number}");
        let listed = api.clusters().listed(&id, &["name"]).await.expect("the scope lasts");
        let found = match listed {
            Some(found) => found,
            None => api.clusters().get(&id).await.expect("it exists"),
        };
        assert_eq!(found.name.as_deref(), Some(format!("n-{number}").as_str()));
        found
    }

    /// How many lists were asked for, and how many objects by themselves.
    async fn asked(server: &MockServer) -> (usize, usize) {
        let requests = server.received_requests().await.expect("they are recorded");
        let count = |part: &str| requests.iter().filter(|request| request.url.path().contains(part)).count();
        (count("/list"), count("/info/"))
    }

    #[tokio::test]
    async fn a_few_objects_are_read_by_themselves() {
        let (server, api) = api(100, whole).await;
        join_all((0..3).map(|number| read(&api, number))).await;
        assert_eq!(asked(&server).await, (0, 3));
    }

    #[tokio::test]
    async fn many_objects_are_read_by_a_few_lists() {
        let (server, api) = api(1000, whole).await;
        // As Terraform does, ten at once.
        join_all((0..10).map(|first| {
            let api = &api;
            async move {
                for number in (first..1000).step_by(10) {
                    read(api, number).await;
                }
            }
        }))
        .await;
        let (lists, alone) = asked(&server).await;
        assert!(lists <= 10 && (3..=10).contains(&alone), "{lists} lists, {alone} alone");
    }

    #[tokio::test]
    async fn after_a_change_a_list_is_asked_for_again() {
        let (server, api) = api(100, whole).await;
        join_all((0..20).map(|number| read(&api, number))).await;
        let (before, alone) = asked(&server).await;
        read(&api, 50).await;
        assert_eq!(asked(&server).await, (before, alone));
        let edit = crate::EditCluster { name: Some("other".to_owned()), deletion_protection: None };
        api.clusters().edit("c-7", &edit).await.expect("it is accepted");
        read(&api, 50).await;
        assert_eq!(asked(&server).await, (before + 1, alone));
    }

    #[tokio::test]
    async fn lists_that_cannot_be_used_are_asked_for_once_and_everything_is_read() {
        let bare = |clusters: &[Value]| {
            let ids: Vec<_> = clusters.iter().map(|cluster| json!({"id": cluster["id"]})).collect();
            ResponseTemplate::new(200).set_body_json(ids)
        };
        let refused = |_: &[Value]| ResponseTemplate::new(403).set_body_json(json!({"message": "no"}));
        let page = |_: &[Value]| ResponseTemplate::new(200).set_body_string("<html>");
        for (server, api) in [api(100, bare).await, api(100, refused).await, api(100, page).await] {
            for number in 0..50 {
                read(&api, number).await;
            }
            assert_eq!(asked(&server).await, (1, 50));
        }
    }

    #[tokio::test]
    async fn a_list_that_takes_too_long_is_given_up_and_a_stop_is_an_error() {
        let (server, api) = api(100, |all| whole(all).set_delay(Duration::from_secs(20))).await;
        let short = api.within(Duration::from_secs(2));
        for number in 0..3 {
            read(&short, number).await;
        }
        assert_eq!(short.clusters().listed("c-3", &[]).await.map_err(|error| error.kind()), Ok(None));
        read(&short, 3).await;
        assert_eq!(asked(&server).await, (1, 4), "there is time left to read it");

        let stop = tokio_util::sync::CancellationToken::new();
        let config = Config::new(Secret::new("k"), &server.uri()).expect("it is a loopback address");
        let client = Client::new(config).expect("a client can be created");
        let stopped = client.scoped(Scope::new(Duration::from_secs(30), stop.clone()));
        for number in 0..3 {
            read(&stopped, number).await;
        }
        let clusters = stopped.clusters();
        let (listed, ()) = tokio::join!(clusters.listed("c-3", &[]), async {
            tokio::time::sleep(Duration::from_millis(100)).await;
            stop.cancel();
        });
        assert_eq!(listed.map_err(|error| error.kind()), Err(ErrorKind::Stopped));
    }
}
