//! Clusters.

use std::sync::Arc;

use http::Method;
use serde_json::{Value, json};

use crate::accepted::Accepted;
use crate::body;
use crate::client::{Call, Client};
use crate::error::{Error, ErrorKind};
use crate::field::Field;
use crate::listing::{self, Listed, Listing};
use crate::request::Request;
use crate::scope::Scope;

/// What to create.
#[derive(Clone, Debug)]
pub struct CreateCluster {
    /// What each node is, as `8xH100`.
    pub instance_type: String,
    /// How many nodes.
    pub num_nodes: u32,
    /// The name. It is unique among the account's clusters, and so what finds the cluster again when the answer to the
    /// create is lost.
    pub name: String,
    /// Whether the cluster refuses to be destroyed.
    pub deletion_protection: bool,
    /// SSH keys to install beside the account's.
    pub public_keys: Vec<String>,
    /// The image of a container to run on the nodes.
    pub container: Option<String>,
}

impl CreateCluster {
    /// The names are those of the API's reference; `container` is what the official client sends since 0.0.8.
    fn body(&self) -> Value {
        let mut body = json!({
            "instance_type": self.instance_type,
            "num_nodes": self.num_nodes,
            "tp_cluster_name": self.name,
            "deletion_protection": self.deletion_protection,
            // By default the API would save new keys to the account, where nobody would remove them.
            "save_keys": false,
        });
        if !self.public_keys.is_empty() {
            body["public_keys"] = json!(self.public_keys);
        }
        if let Some(container) = &self.container {
            body["container"] = json!(container);
        }
        body
    }
}

/// What to change.
#[derive(Clone, Debug, Default)]
pub struct EditCluster {
    /// The new name.
    pub name: Option<String>,
    /// Whether the cluster refuses to be destroyed.
    pub deletion_protection: Option<bool>,
}

/// An accepted create.
#[derive(Clone, Debug)]
pub struct Created {
    /// The id of the new cluster.
    pub cluster_id: String,
    /// The request to wait for. Without one, the cluster itself tells when it is ready.
    pub request_id: Option<String>,
}

/// A cluster, as far as the API tells.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Cluster {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: Option<String>,
    /// What each node is.
    pub instance_type: Option<String>,
    /// How many nodes it has, where the API tells.
    pub num_nodes: Option<u32>,
    /// Whether it refuses to be destroyed.
    pub deletion_protection: Option<bool>,
    /// Its status, where the API tells.
    pub status: Option<String>,
    /// The image of the container that runs on the nodes.
    pub container: Field<String>,
    /// Its nodes.
    pub instances: Vec<Instance>,
    /// The volumes that are attached to it.
    pub storage_ids: Vec<String>,
}

/// A node of a cluster.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Instance {
    /// Its id.
    pub id: String,
    /// Its status; `RUNNING` is the only one that is documented.
    pub status: Option<String>,
    /// Its address.
    pub ip_address: Option<String>,
}

impl Instance {
    /// Whether it runs.
    #[must_use]
    pub fn is_running(&self) -> bool {
        self.status.as_deref().is_some_and(|status| status.eq_ignore_ascii_case("RUNNING"))
    }

    fn read(value: &Value) -> Option<Self> {
        if let Some(id) = body::id_of(value) {
            return Some(Self { id, ..Self::default() });
        }
        Some(Self {
            id: body::id(value, &["id", "instance_id"])?,
            status: body::text(value, &["status", "state"]),
            ip_address: body::text(value, &["ip_address", "public_ip", "ip", "address"]),
        })
    }
}

impl Cluster {
    /// Whether every node runs.
    #[must_use]
    pub fn is_running(&self) -> bool {
        !self.instances.is_empty() && self.instances.iter().all(Instance::is_running)
    }

    /// Whether this is only the tombstone of a destroyed cluster: the API may show one for a while. A node that runs is a
    /// cluster, whatever its status says.
    #[must_use]
    pub fn is_deleted(&self) -> bool {
        let is_deleted = |instance: &Instance| instance.status.as_deref().is_some_and(body::is_deleted);
        let no_node_is_left = !self.instances.is_empty() && self.instances.iter().all(is_deleted);
        let is_tombstone = self.status.as_deref().is_some_and(body::is_deleted) || no_node_is_left;
        is_tombstone && !self.instances.iter().any(Instance::is_running)
    }

    /// The nodes and their statuses, in words.
    #[must_use]
    pub fn describe_instances(&self) -> String {
        if self.instances.is_empty() {
            return "no instances".to_owned();
        }
        let one = |instance: &Instance| {
            format!("{} is {}", instance.id, instance.status.as_deref().unwrap_or("in an unknown status"))
        };
        self.instances.iter().map(one).collect::<Vec<_>>().join(", ")
    }
}

impl Listed for Cluster {
    const PATH: &'static [&'static str] = &["cluster", "list"];
    const WRAPPERS: &'static [&'static str] = &["clusters"];

    /// Reads a cluster by whichever names its fields go; none when it has no id.
    fn read(value: &Value) -> Option<Self> {
        let value = body::unwrap(value, &["cluster_info", "cluster"]);
        let instances = body::items(value, &["instances"]).map(Vec::as_slice).unwrap_or_default();
        // Order is not meaning, and a changing one would look like a change.
        let mut instances: Vec<_> = instances.iter().filter_map(Instance::read).collect();
        instances.sort_by(|a, b| a.id.cmp(&b.id));
        let mut storage_ids = body::ids(value, &["storage_ids", "storage"], &["id", "storage_id"]);
        storage_ids.sort();
        Some(Self {
            id: body::id(value, &["id", "cluster_id", "tp_cluster_id"])?,
            name: body::text(value, &["name", "cluster_name", "tp_cluster_name"]),
            instance_type: body::text(value, &["instance_type"]),
            num_nodes: body::whole(value, &["num_nodes"]),
            deletion_protection: body::flag(value, &["deletion_protection"]),
            status: body::text(value, &["status", "state"]),
            container: Field::read(value, &["container", "experimental_container"]),
            instances,
            storage_ids,
        })
    }

    fn id(&self) -> &str {
        &self.id
    }

    fn name(&self) -> Option<&str> {
        self.name.as_deref()
    }

    fn with_id(self, id: String) -> Self {
        Self { id, ..self }
    }
}

/// The calls on clusters.
pub struct Clusters<'a>(&'a Client);

impl Client {
    /// The calls on clusters.
    #[must_use]
    pub fn clusters(&self) -> Clusters<'_> {
        Clusters(self)
    }
}

impl Clusters<'_> {
    /// Creates a cluster. It is sent again only when the API certainly did not accept it.
    ///
    /// # Errors
    /// When the API refuses or cannot be reached. If [`Error::is_ambiguous`], the cluster may exist all the same.
    pub async fn create(&self, cluster: &CreateCluster, scope: &Scope) -> Result<Created, Error> {
        let call = Call::new(Method::POST, &["cluster", "create"]).body(cluster.body()).makes_another();
        let name = call.name();
        let answer = self.0.send(call, scope).await?;
        let request_id = Accepted::read(&answer.body).request_id;
        match body::id(&answer.body, &["cluster_id", "id"]) {
            Some(cluster_id) => Ok(Created { cluster_id, request_id }),
            None => Err(no_id(&name).ambiguous(true)),
        }
    }

    /// Reads a cluster.
    ///
    /// # Errors
    /// When there is none, the API cannot be asked, or it answers about another cluster ([`ErrorKind::WrongObject`]).
    pub async fn get(&self, id: &str, scope: &Scope) -> Result<Cluster, Error> {
        listing::get(self.0, &["cluster", "info", id], id, scope).await
    }

    /// Reads a cluster by its id, or by a name in place of it, which the API accepts. The id is that of the answer.
    ///
    /// # Errors
    /// When there is none, the API cannot be asked, or neither the answer nor the list tells its id.
    pub async fn resolve(&self, id_or_name: &str, scope: &Scope) -> Result<Cluster, Error> {
        listing::resolve(self.0, &["cluster", "info", id_or_name], id_or_name, scope).await
    }

    /// The user's own clusters and those of the organization, each once, and what the list proves.
    ///
    /// # Errors
    /// When the API cannot be asked.
    pub async fn listing(&self, scope: &Scope) -> Result<Arc<Listing<Cluster>>, Error> {
        listing::all(self.0, scope).await
    }

    /// The user's own clusters, or those of the organization instead.
    ///
    /// # Errors
    /// When the API cannot be asked.
    pub async fn list(&self, organization: bool, scope: &Scope) -> Result<Vec<Cluster>, Error> {
        listing::list(self.0, organization, scope).await
    }

    /// The user's own clusters and those of the organization, each once.
    ///
    /// # Errors
    /// When the API cannot be asked.
    pub async fn list_all(&self, scope: &Scope) -> Result<Vec<Cluster>, Error> {
        Ok(listing::all(self.0, scope).await?.items.clone())
    }

    /// The clusters of a name: one or none, as names are unique, unless the user and the organization each have one.
    ///
    /// # Errors
    /// When the API cannot be asked.
    pub async fn find(&self, name: &str, scope: &Scope) -> Result<Vec<Cluster>, Error> {
        let clusters = &listing::all::<Cluster>(self.0, scope).await?.items;
        // The API may cut blanks off that a name begins or ends with.
        let named = |cluster: &&Cluster| cluster.name.as_deref().is_some_and(|other| other.trim() == name.trim());
        Ok(clusters.iter().filter(named).filter(|cluster| !cluster.is_deleted()).cloned().collect())
    }

    /// Changes a cluster in place.
    ///
    /// # Errors
    /// When the API refuses or cannot be reached.
    pub async fn edit(&self, id: &str, edit: &EditCluster, scope: &Scope) -> Result<Accepted, Error> {
        let mut body = json!({});
        if let Some(name) = &edit.name {
            body["cluster_name"] = json!(name);
        }
        if let Some(protection) = edit.deletion_protection {
            body["deletion_protection"] = json!(protection);
        }
        let answer = self.0.send(Call::new(Method::PATCH, &["cluster", "edit", id]).body(body), scope).await?;
        Ok(Accepted::read(&answer.body))
    }

    /// Destroys a cluster. The API refuses with 409 while deletion protection is on or a node does not run.
    ///
    /// # Errors
    /// When the API refuses or cannot be reached.
    pub async fn destroy(&self, id: &str, scope: &Scope) -> Result<Accepted, Error> {
        let answer = self.0.send(Call::new(Method::DELETE, &["cluster", id]), scope).await?;
        Ok(Accepted::read(&answer.body))
    }

    /// The requests that the API lists for a cluster, those of volumes that are attached to it among them: whose each is says
    /// [`Request::may_concern`].
    ///
    /// # Errors
    /// When the API cannot be asked.
    pub async fn operations(&self, id: &str, scope: &Scope) -> Result<Vec<Request>, Error> {
        match self.0.send(Call::new(Method::GET, &["cluster", "operations", id]), scope).await {
            Ok(answer) => {
                let items = body::items(&answer.body, &["operations", "requests"]).map(Vec::as_slice);
                Ok(items.unwrap_or_default().iter().filter_map(Request::read).collect())
            }
            Err(error) if error.is_not_found() => Ok(Vec::new()),
            Err(error) => Err(error),
        }
    }
}

fn no_id(name: &str) -> Error {
    Error::new(ErrorKind::InvalidResponse, name).with_message(Some("the answer holds no cluster id".to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cluster_is_read_in_every_known_shape() {
        let wrapped = json!({"message": "m", "cluster_info": {
            "id": "c-1", "name": "n", "instances": [{"id": "i-1", "status": "running", "ip": "10.0.0.1"}],
            "storage": ["s-1"], "deletion_protection": true, "num_nodes": 1, "extra": {"x": []}}});
        let bare = json!({"cluster_id": "c-1", "tp_cluster_name": "n", "instances": [
            {"instance_id": "i-1", "state": "running", "public_ip": "10.0.0.1"}],
            "storage_ids": [{"storage_id": "s-1"}], "deletion_protection": true, "num_nodes": 1});
        let read = Cluster::read(&wrapped).expect("it has an id");
        assert_eq!(Cluster::read(&bare).as_ref(), Some(&read));
        assert!(read.is_running() && !read.is_deleted());
    }

    #[test]
    fn fields_of_a_wrong_type_are_absent() {
        let odd = json!({"id": "c-1", "name": 7, "instances": "many", "num_nodes": -1, "deletion_protection": "yes"});
        assert_eq!(Cluster::read(&odd), Some(Cluster { id: "c-1".to_owned(), ..Cluster::default() }));
        assert_eq!(Cluster::read(&json!({"message": "nothing"})), None);
    }

    #[test]
    fn a_cluster_without_instances_does_not_run() {
        assert!(!Cluster::default().is_running());
        assert!(!Cluster::default().is_deleted());
    }

    #[test]
    fn keys_are_never_saved_to_the_account() {
        let create = CreateCluster {
            instance_type: "1xH100".into(),
            num_nodes: 1,
            name: "n".into(),
            deletion_protection: false,
            public_keys: Vec::new(),
            container: None,
        };
        let expected = json!({"instance_type": "1xH100", "num_nodes": 1, "tp_cluster_name": "n",
            "deletion_protection": false, "save_keys": false});
        assert_eq!(create.body(), expected);
    }
}
