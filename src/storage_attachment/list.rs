//! The list resource `tensorpool_storage_attachment`, for `terraform query`.

use std::collections::{BTreeSet, HashMap, HashSet};

use async_trait::async_trait;
use futures_util::stream::{self, StreamExt};
use tensorpool::{Api, ApiObject, Cluster, Error, Listing as Listed, Volume};
use terraform_plugin::schema::{Attribute, Schema};
use terraform_plugin::{Attr, Diagnostics, ListResource, Listing, Model};

use super::model::AttachmentModel;
use super::resource::TYPE_NAME;
use crate::errors::{Subject, Verb};
use crate::filter::{self, include_org_attribute};
use crate::incomplete_list;
use crate::provisioned::Object as _;
use crate::session::Session;
use crate::timeouts;

/// How many volumes are read at the same time, where the list does not show what they are attached to.
const PARALLEL: usize = 4;

/// The `config` block of the list.
#[derive(Clone, Debug, Model)]
pub struct AttachmentListModel {
    include_org: Attr<bool>,
    storage_id: Attr<String>,
    cluster_id: Attr<String>,
}

impl AttachmentListModel {
    fn wants(&self, pair: &Pair) -> bool {
        self.storage_id.as_str().is_none_or(|id| id == pair.storage_id)
            && self.cluster_id.as_str().is_none_or(|id| id == pair.cluster_id)
    }
}

/// The list resource `tensorpool_storage_attachment`.
pub struct AttachmentList;

#[async_trait]
impl ListResource for AttachmentList {
    type Session = Session;
    type Config = AttachmentListModel;
    type Model = AttachmentModel;

    fn type_name(&self) -> &'static str {
        TYPE_NAME
    }

    fn schema(&self) -> Schema {
        Schema::new("Finds the attachments of your storage volumes to your clusters.")
            .attribute("include_org", include_org_attribute())
            .attribute("storage_id", Attribute::string("Lists only attachments of the volume of this id.").optional())
            .attribute("cluster_id", Attribute::string("Lists only attachments to the cluster of this id.").optional())
    }

    async fn list(
        &self,
        listing: &Listing<Session, AttachmentModel>,
        config: AttachmentListModel,
    ) -> Result<(), Diagnostics> {
        let api = &listing.session().api(timeouts::READ, listing.stop())?;
        let subject = Subject { verb: Verb::LookUp, noun: "storage attachments", name: None, id: None };
        let objects = both(api, config.include_org.is_true()).await;
        let (volumes, clusters) = objects.map_err(|error| subject.failed(&error))?;
        incomplete_list::warn(listing, &volumes, Volume::DESCRIPTOR.plural).await;
        incomplete_list::warn(listing, &clusters, Cluster::DESCRIPTOR.plural).await;
        let (volumes, clusters) = (volumes.items, clusters.items);
        let names = Names::of(&volumes, &clusters);
        for pair in attachments(&volumes, &clusters) {
            if config.wants(&pair) {
                listing.found(names.describe(&pair), AttachmentModel::of(&pair.storage_id, &pair.cluster_id)).await;
            }
        }
        Ok(())
    }
}

/// A volume and the cluster that it is attached to.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Pair {
    storage_id: String,
    cluster_id: String,
}

/// The volumes and the clusters, each with what it shows of the others.
async fn both(api: &Api, include_org: bool) -> Result<(Listed<Volume>, Listed<Cluster>), Error> {
    let volumes = filter::list::<Volume>(api, include_org).await?;
    let clusters = filter::list(api, include_org).await?;
    let requests: Vec<_> = volumes.items.into_iter().map(|volume| with_attachments(api, volume)).collect();
    let items: Vec<_> = stream::iter(requests).buffered(PARALLEL).collect().await;
    let items = items.into_iter().collect::<Result<_, _>>()?;
    Ok((Listed { items, completeness: volumes.completeness }, clusters))
}

/// The volume with what it is attached to: the list may not show that, and the read of one volume may.
async fn with_attachments(api: &Api, volume: Volume) -> Result<Volume, Error> {
    if volume.attached_clusters.is_some() || volume.is_deleted() {
        return Ok(volume);
    }
    match api.volumes().get(&volume.id).await {
        // It was destroyed since.
        Err(error) if error.is_not_found() => Ok(volume),
        read => read,
    }
}

/// All attachments that either object shows, in the order of their ids. What is destroyed is attached to nothing.
fn attachments(volumes: &[Volume], clusters: &[Cluster]) -> BTreeSet<Pair> {
    let deleted_volumes = deleted(volumes);
    let deleted_clusters = deleted(clusters);
    let pair = |storage_id: &str, cluster_id: &str| Pair {
        storage_id: storage_id.to_owned(),
        cluster_id: cluster_id.to_owned(),
    };
    let of_volumes = volumes.iter().flat_map(|volume| {
        volume.attached_clusters.iter().flatten().map(move |cluster_id| pair(&volume.id, cluster_id))
    });
    let of_clusters = clusters
        .iter()
        .flat_map(|cluster| cluster.storage_ids.iter().map(move |storage_id| pair(storage_id, &cluster.id)));
    let exists =
        |pair: &Pair| !deleted_volumes.contains(&*pair.storage_id) && !deleted_clusters.contains(&*pair.cluster_id);
    of_volumes.chain(of_clusters).filter(exists).collect()
}

fn deleted<O: ApiObject>(objects: &[O]) -> HashSet<&str> {
    objects.iter().filter(|object| object.is_deleted()).map(ApiObject::id).collect()
}

/// The names of volumes and clusters, by their ids.
struct Names<'a>(HashMap<&'a str, &'a str>);

impl<'a> Names<'a> {
    fn of(volumes: &'a [Volume], clusters: &'a [Cluster]) -> Self {
        let volumes = volumes.iter().filter_map(|volume| Some((volume.id(), volume.name()?)));
        let clusters = clusters.iter().filter_map(|cluster| Some((cluster.id(), cluster.name()?)));
        Self(volumes.chain(clusters).collect())
    }

    fn describe(&self, pair: &Pair) -> String {
        let storage = self.0.get(&*pair.storage_id).copied().unwrap_or(&pair.storage_id);
        let cluster = self.0.get(&*pair.cluster_id).copied().unwrap_or(&pair.cluster_id);
        format!("{storage} on {cluster}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn volume(id: &str, attached: Option<&[&str]>) -> Volume {
        let attached_clusters = attached.map(|ids| ids.iter().map(|id| (*id).to_owned()).collect());
        Volume { id: id.to_owned(), attached_clusters, ..Volume::default() }
    }

    fn cluster(id: &str, attached: &[&str]) -> Cluster {
        let storage_ids = attached.iter().map(|id| (*id).to_owned()).collect();
        Cluster { id: id.to_owned(), storage_ids, ..Cluster::default() }
    }

    fn found(volumes: &[Volume], clusters: &[Cluster]) -> Vec<String> {
        let found = attachments(volumes, clusters);
        found.iter().map(|pair| format!("{}/{}", pair.storage_id, pair.cluster_id)).collect()
    }

    #[test]
    fn an_attachment_is_found_once_by_what_either_object_shows() {
        let (shown, hidden) = (volume("s-1", Some(&["c-2", "c-1"])), volume("s-2", None));
        let clusters = [cluster("c-1", &["s-1", "s-2"]), cluster("c-2", &[])];
        assert_eq!(found(&[shown, hidden], &clusters), ["s-1/c-1", "s-1/c-2", "s-2/c-1"]);
        assert_eq!(found(&[volume("s-1", Some(&["c-9"]))], &[]), ["s-1/c-9"], "a cluster of the organization");
    }

    #[test]
    fn what_is_destroyed_is_attached_to_nothing() {
        let tombstone = Cluster { status: Some("DELETED".to_owned()), ..cluster("c-1", &["s-1"]) };
        assert_eq!(found(&[volume("s-1", Some(&["c-1"]))], &[tombstone]), [""; 0]);
        let tombstone = Volume { status: Some("DELETED".to_owned()), ..volume("s-1", None) };
        assert_eq!(found(&[tombstone], &[cluster("c-1", &["s-1"])]), [""; 0]);
    }

    #[test]
    fn an_attachment_is_named_by_both_objects() {
        let volumes = [Volume { name: Some("datasets".to_owned()), ..volume("s-1", None) }];
        let pair = Pair { storage_id: "s-1".to_owned(), cluster_id: "c-1".to_owned() };
        assert_eq!(Names::of(&volumes, &[]).describe(&pair), "datasets on c-1");
    }
}
