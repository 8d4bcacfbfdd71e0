//! Attaching and detaching: what the API answers, and when each is over.
//!
//! Both restart all nodes of the cluster, so both are over when the volume shows it and the nodes run again. The API answers 409
//! while nodes do not run, while it is busy with the volume, and when there is nothing to do: so the two are read, and what was
//! read decides.

use std::time::Duration;

use tensorpool::{Api, Cluster, Condition, Error, ErrorKind, Progress, Tolerance, Volume};
use terraform_plugin::Private;

use super::model::AttachmentModel;
use crate::evidence::absence::READS_APART;
use crate::evidence::{Doubt, Presence};
use crate::provisioned::{Object, UNEXPLAINED_TRIES, presence};

/// Between two requests for the same thing.
const PAUSE: Duration = Duration::from_secs(1);

/// What is wanted.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Goal {
    Attached,
    Detached,
}

/// What one read of both objects found; `None` for one that it did not find.
#[derive(Clone, Debug)]
pub(super) struct Observation {
    volume: Option<Volume>,
    cluster: Option<Cluster>,
}

impl Observation {
    pub async fn read(api: &Api, attachment: &AttachmentModel) -> Result<Self, Error> {
        let volume = found::<Volume>(api, attachment.storage_id()).await?;
        Ok(Self { volume, cluster: found::<Cluster>(api, attachment.cluster_id()).await? })
    }

    /// Which of the two was not found, in a sentence.
    pub fn missing(&self) -> Option<&'static str> {
        match self {
            Self { volume: None, .. } => Some("The storage volume was not found"),
            Self { cluster: None, .. } => Some("The cluster was not found"),
            _ => None,
        }
    }

    /// Whether the volume is attached, by what either object shows; `None` if the API does not show it.
    pub fn is_attached(&self) -> Option<bool> {
        let (Some(volume), Some(cluster)) = (&self.volume, &self.cluster) else { return None };
        let listed = cluster.storage_ids.contains(&volume.id);
        match volume.is_attached_to(&cluster.id) {
            Some(shown) => Some(shown || listed),
            None if listed => Some(true),
            None if cluster.storage_ids.is_empty() => None,
            None => Some(false),
        }
    }

    /// Whether nothing is being done to the two. Nodes that are not shown are not waited for.
    fn is_settled(&self) -> bool {
        let runs = |cluster: &Cluster| cluster.instances.is_empty() || cluster.is_running();
        self.cluster.as_ref().is_none_or(runs) && !self.volume.as_ref().is_some_and(Volume::is_busy)
    }

    fn describe(&self) -> String {
        let cluster = self.cluster.as_ref().map_or_else(|| "no cluster".to_owned(), Object::describe);
        let volume = self.volume.as_ref().map_or_else(|| "no storage volume".to_owned(), Object::describe);
        format!("{cluster}; of the storage volume, {volume}")
    }
}

async fn found<O: Object>(api: &Api, id: &str) -> Result<Option<O>, Error> {
    match api.objects::<O>().get(id).await {
        Ok(object) => Ok(Some(object).filter(|object| !object.is_deleted())),
        Err(error) if error.is_not_found() => Ok(None),
        Err(error) => Err(error),
    }
}

/// Whether an attachment exists.
#[derive(Debug)]
pub(super) enum Attachment {
    /// It does, or the API does not show it.
    Attached,
    /// Both objects exist, and it does not.
    Detached,
    /// One of the two is absent, in a sentence.
    Absent(&'static str),
    /// It may.
    Unproved(Doubt),
}

/// Whether lists show both objects and the attachment, when many objects are read at once.
///
/// # Errors
/// When the scope ends.
pub(super) async fn is_listed(api: &Api, attachment: &AttachmentModel) -> Result<bool, Error> {
    let Some(volume) = api.volumes().listed(attachment.storage_id(), &[]).await? else { return Ok(false) };
    let cluster = api.clusters().listed(attachment.cluster_id(), &[]).await?;
    Ok(Observation { volume: Some(volume), cluster }.is_attached() == Some(true))
}

/// Whether an attachment exists. That a volume or a cluster is absent has to be proved; that both exist and do not know each
/// other is believed when two reads show it that are as far apart as for any absence.
///
/// # Errors
/// When the API cannot be asked, or the scope ends.
pub(super) async fn attachment_presence(
    api: &Api,
    attachment: &AttachmentModel,
    private: &Private,
) -> Result<Attachment, Error> {
    let first = read_attachment(api, attachment, private).await?;
    if !matches!(first, Attachment::Detached) {
        return Ok(first);
    }
    let slept = api.scope().sleep(READS_APART).await;
    slept.map_err(|why| Error::interrupted(why, "waiting to read the attachment again", api.scope()))?;
    read_attachment(api, attachment, private).await
}

/// Whether one read shows the attachment.
async fn read_attachment(api: &Api, attachment: &AttachmentModel, private: &Private) -> Result<Attachment, Error> {
    let volume = match presence::<Volume>(api, attachment.storage_id(), private).await? {
        Presence::Found(volume) => volume,
        Presence::Absent => return Ok(Attachment::Absent("The storage volume was destroyed")),
        Presence::Unproved(doubt) => return Ok(Attachment::Unproved(doubt)),
    };
    let cluster = match presence::<Cluster>(api, attachment.cluster_id(), private).await? {
        Presence::Found(cluster) => cluster,
        Presence::Absent => return Ok(Attachment::Absent("The cluster was destroyed")),
        Presence::Unproved(doubt) => return Ok(Attachment::Unproved(doubt)),
    };
    let observation = Observation { volume: Some(volume), cluster: Some(cluster) };
    Ok(if observation.is_attached() == Some(false) { Attachment::Detached } else { Attachment::Attached })
}

/// Sends the request until the API accepts it, and returns the requests to wait for; `None` if there is nothing to do.
///
/// # Errors
/// As the API refuses, or when one of the two is not found.
pub(super) async fn send(api: &Api, attachment: &AttachmentModel, goal: Goal) -> Result<Option<Vec<String>>, Error> {
    let (storage_id, cluster_id) = (attachment.storage_id(), attachment.cluster_id());
    let mut unexplained = 0;
    loop {
        let sent = match goal {
            Goal::Attached => api.volumes().attach(storage_id, cluster_id).await,
            Goal::Detached => api.volumes().detach(storage_id, cluster_id).await,
        };
        let error = match sent {
            Ok(requests) => return Ok(Some(requests)),
            Err(error) => error,
        };
        let ending = matches!(error.kind(), ErrorKind::Stopped | ErrorKind::Deadline);
        let open = error.kind() == ErrorKind::Conflict || error.is_not_found() || error.is_ambiguous();
        if ending || !open {
            return Err(error);
        }
        let observation = Observation::read(api, attachment).await?;
        if observation.missing().is_some() {
            // Whether it is absent is for the caller to prove.
            return if goal == Goal::Detached { Ok(None) } else { Err(error) };
        }
        if !observation.is_settled() {
            // Perhaps it is this very thing that is being done. Afterwards the API says so.
            api.wait(&PairIn { api, attachment, state: PairState::Settled }).await?;
        } else if observation.is_attached() == Some(goal == Goal::Attached) {
            return Ok(None);
        } else if unexplained == UNEXPLAINED_TRIES {
            return Err(error);
        } else {
            unexplained += 1;
        }
        let slept = api.scope().sleep(PAUSE).await;
        slept.map_err(|why| Error::interrupted(why, "waiting to ask again", api.scope()))?;
    }
}

/// Waits until it is done: every request has ended, the volume shows it, and the nodes run again. Returns whether a request
/// is known to have COMPLETED.
///
/// # Errors
/// When a request FAILED, or the end is not observed.
pub(super) async fn finish(
    api: &Api,
    attachment: &AttachmentModel,
    goal: Goal,
    requests: &[String],
) -> Result<bool, Error> {
    let mut completed = false;
    for request in requests {
        match api.requests().wait(request, None, Tolerance::PAID).await {
            Ok(_) => completed = true,
            // The API forgets requests, and a response about another one says nothing: then the objects themselves show it.
            Err(error) if error.is_not_found() || error.kind() == ErrorKind::WrongObject => {}
            Err(error) => return Err(error),
        }
    }
    let seen = api.wait(&PairIn { api, attachment, state: PairState::Reached(goal) }).await?;
    match seen.missing().filter(|_| goal == Goal::Attached) {
        Some(why) => Err(Error::new(ErrorKind::NotFound, WAIT).with_message(Some(why.to_owned()))),
        None => Ok(completed && seen.missing().is_none()),
    }
}

const WAIT: &str = "waiting for the instances of the cluster to run again";

/// A state of a volume and a cluster that is waited for.
#[derive(Clone, Copy)]
enum PairState {
    /// Nothing is being done to the two.
    Settled,
    /// The goal is reached, or one of the two is missing.
    Reached(Goal),
}

/// That a volume and a cluster are in a state.
struct PairIn<'a> {
    api: &'a Api,
    attachment: &'a AttachmentModel,
    state: PairState,
}

impl Condition for PairIn<'_> {
    type Output = Observation;
    type Pending = String;

    fn name(&self) -> String {
        WAIT.to_owned()
    }

    fn tolerance(&self) -> Tolerance {
        Tolerance::PAID
    }

    async fn check(&self) -> Result<Progress<Observation, String>, Error> {
        let seen = Observation::read(self.api, self.attachment).await?;
        let is_done = match self.state {
            PairState::Settled => seen.is_settled(),
            PairState::Reached(goal) => {
                let shows = seen.is_attached().is_none_or(|attached| attached == (goal == Goal::Attached));
                seen.missing().is_some() || (seen.is_settled() && shows)
            }
        };
        Ok(if is_done { Progress::Done(seen) } else { Progress::Pending(seen.describe()) })
    }
}

#[cfg(test)]
mod tests {
    use tensorpool::Instance;

    use super::*;

    fn observation(shown: Option<&[&str]>, listed: &[&str], status: &str) -> Observation {
        let texts = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>();
        let instance = Instance { status: Some(status.to_owned()), ..Instance::default() };
        Observation {
            volume: Some(Volume { id: "s-1".to_owned(), attached_clusters: shown.map(texts), ..Volume::default() }),
            cluster: Some(Cluster {
                id: "c-1".to_owned(),
                storage_ids: texts(listed),
                instances: vec![instance],
                ..Cluster::default()
            }),
        }
    }

    #[test]
    fn either_object_shows_whether_the_volume_is_attached() {
        let attached = |shown, listed: &[&str]| observation(shown, listed, "RUNNING").is_attached();
        assert_eq!(attached(Some(&["c-1"]), &[]), Some(true));
        assert_eq!(attached(Some(&[]), &["s-1"]), Some(true));
        assert_eq!(attached(None, &["s-1"]), Some(true));
        assert_eq!(attached(Some(&["c-2"]), &["s-2"]), Some(false));
        assert_eq!(attached(None, &["s-2"]), Some(false));
        assert_eq!(attached(None, &[]), None, "neither shows it");
    }

    #[test]
    fn nodes_that_restart_and_a_busy_volume_are_waited_for() {
        assert!(observation(None, &[], "running").is_settled());
        assert!(!observation(None, &[], "RESTARTING").is_settled());
        let mut busy = observation(None, &[], "RUNNING");
        busy.volume = busy.volume.map(|volume| Volume { status: Some("ATTACHING".to_owned()), ..volume });
        assert!(!busy.is_settled());
        assert_eq!(Observation { cluster: None, ..busy }.missing(), Some("The cluster was not found"));
    }
}
