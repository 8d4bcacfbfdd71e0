//! Attaching and detaching: what the API answers, and when each is over.
//!
//! Both restart all nodes of the cluster, so both are over when the volume shows it and the nodes run again. The API
//! answers 409 while nodes do not run, while it is busy with the volume, and when there is nothing to do: so the two are
//! looked at, and the look decides.

use tensorpool::{Client, Cluster, Error, ErrorKind, Progress, Scope, Volume};

use super::model::AttachmentModel;
use crate::paid::{Look, Remote, UNEXPLAINED_TRIES, look, pause};

/// What is wanted.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Goal {
    Attached,
    Detached,
}

/// What a look at both objects shows. None of the two is there when it is gone.
pub(super) struct Sight {
    volume: Option<Volume>,
    cluster: Option<Cluster>,
}

impl Sight {
    pub async fn of(api: &Client, attachment: &AttachmentModel, scope: &Scope) -> Result<Self, Error> {
        let volume = one(api, attachment.storage_id(), scope).await?;
        Ok(Self { volume, cluster: one(api, attachment.cluster_id(), scope).await? })
    }

    /// Which of the two is gone, in a sentence.
    pub fn missing(&self) -> Option<&'static str> {
        match self {
            Self { volume: None, .. } => Some("The storage volume was destroyed"),
            Self { cluster: None, .. } => Some("The cluster was destroyed"),
            _ => None,
        }
    }

    /// Whether the volume is attached, by what either object shows; none when the API does not tell.
    pub fn is_attached(&self) -> Option<bool> {
        let (Some(volume), Some(cluster)) = (&self.volume, &self.cluster) else { return Some(false) };
        let listed = cluster.storage_ids.contains(&volume.id);
        match volume.is_attached_to(&cluster.id) {
            Some(told) => Some(told || listed),
            None if listed => Some(true),
            None if cluster.storage_ids.is_empty() => None,
            None => Some(false),
        }
    }

    /// Whether nothing is being done to the two. Nodes that are not told are not waited for.
    fn is_settled(&self) -> bool {
        let runs = |cluster: &Cluster| cluster.instances.is_empty() || cluster.is_running();
        self.cluster.as_ref().is_none_or(runs) && !self.volume.as_ref().is_some_and(Volume::is_busy)
    }

    fn describe(&self) -> String {
        let cluster = self.cluster.as_ref().map_or_else(|| "no cluster".to_owned(), Remote::describe);
        let volume = self.volume.as_ref().map_or_else(|| "no storage volume".to_owned(), Remote::describe);
        format!("{cluster}; of the storage volume, {volume}")
    }
}

async fn one<R: Remote>(api: &Client, id: &str, scope: &Scope) -> Result<Option<R>, Error> {
    match look(api, id, scope).await? {
        Look::There(object) => Ok(Some(object)),
        Look::Gone => Ok(None),
        // Of a kind that is asked again while something is waited for.
        Look::Contradiction => Err(Error::new(ErrorKind::InvalidResponse, format!("looking for {id}"))
            .with_message(Some("the API says that there is none, but lists it".to_owned()))),
    }
}

/// Asks for it until the API accepts, and gives the requests to wait for; none when there is nothing to ask for.
pub(super) async fn ask(
    api: &Client,
    attachment: &AttachmentModel,
    goal: Goal,
    scope: &Scope,
) -> Result<Option<Vec<String>>, Error> {
    let (storage_id, cluster_id) = (attachment.storage_id(), attachment.cluster_id());
    let mut unexplained = 0;
    loop {
        let asked = match goal {
            Goal::Attached => api.volumes().attach(storage_id, cluster_id, scope).await,
            Goal::Detached => api.volumes().detach(storage_id, cluster_id, scope).await,
        };
        let error = match asked {
            Ok(requests) => return Ok(Some(requests)),
            Err(error) => error,
        };
        let ending = matches!(error.kind(), ErrorKind::Stopped | ErrorKind::Deadline);
        let open = error.kind() == ErrorKind::Conflict || error.is_not_found() || error.outcome_is_unclear();
        if ending || !open {
            return Err(error);
        }
        let sight = Sight::of(api, attachment, scope).await?;
        if sight.missing().is_some() {
            return if goal == Goal::Detached { Ok(None) } else { Err(error) };
        }
        if !sight.is_settled() {
            // Perhaps it is this very thing that is being done. Afterwards the API says so.
            wait_until(api, attachment, scope, Sight::is_settled).await?;
        } else if sight.is_attached() == Some(goal == Goal::Attached) {
            return Ok(None);
        } else if unexplained == UNEXPLAINED_TRIES {
            return Err(error);
        } else {
            unexplained += 1;
            pause(api, "waiting to ask again", scope).await?;
        }
    }
}

/// Waits until it is done: every request has ended, the volume shows it, and the nodes run again.
pub(super) async fn end(
    api: &Client,
    attachment: &AttachmentModel,
    goal: Goal,
    requests: &[String],
    scope: &Scope,
) -> Result<(), Error> {
    for request in requests {
        match api.requests().wait(request, scope).await {
            // The API forgets requests; then the objects themselves tell.
            Err(error) if !error.is_not_found() => return Err(error),
            Ok(_) | Err(_) => {}
        }
    }
    let done = |sight: &Sight| {
        let shows = sight.is_attached().is_none_or(|attached| attached == (goal == Goal::Attached));
        sight.missing().is_some() || (sight.is_settled() && shows)
    };
    let sight = wait_until(api, attachment, scope, done).await?;
    match sight.missing().filter(|_| goal == Goal::Attached) {
        Some(why) => Err(Error::new(ErrorKind::NotFound, WAIT).with_message(Some(why.to_owned()))),
        None => Ok(()),
    }
}

const WAIT: &str = "waiting for the instances of the cluster to run again";

async fn wait_until(
    api: &Client,
    attachment: &AttachmentModel,
    scope: &Scope,
    done: impl Fn(&Sight) -> bool + Send + Sync,
) -> Result<Sight, Error> {
    let look = || async {
        let sight = Sight::of(api, attachment, scope).await?;
        Ok(if done(&sight) { Progress::Done(sight) } else { Progress::Pending(sight.describe()) })
    };
    api.wait_until(WAIT, scope, look).await
}

#[cfg(test)]
mod tests {
    use tensorpool::Instance;

    use super::*;

    fn sight(told: Option<&[&str]>, listed: &[&str], status: &str) -> Sight {
        let texts = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>();
        let instance = Instance { status: Some(status.to_owned()), ..Instance::default() };
        Sight {
            volume: Some(Volume { id: "s-1".to_owned(), attached_clusters: told.map(texts), ..Volume::default() }),
            cluster: Some(Cluster {
                id: "c-1".to_owned(),
                storage_ids: texts(listed),
                instances: vec![instance],
                ..Cluster::default()
            }),
        }
    }

    #[test]
    fn either_object_tells_whether_the_volume_is_attached() {
        let attached = |told, listed: &[&str]| sight(told, listed, "RUNNING").is_attached();
        assert_eq!(attached(Some(&["c-1"]), &[]), Some(true));
        assert_eq!(attached(Some(&[]), &["s-1"]), Some(true));
        assert_eq!(attached(None, &["s-1"]), Some(true));
        assert_eq!(attached(Some(&["c-2"]), &["s-2"]), Some(false));
        assert_eq!(attached(None, &["s-2"]), Some(false));
        assert_eq!(attached(None, &[]), None, "nobody tells");
    }

    #[test]
    fn nodes_that_restart_and_a_busy_volume_are_waited_for() {
        assert!(sight(None, &[], "running").is_settled());
        assert!(!sight(None, &[], "RESTARTING").is_settled());
        let mut busy = sight(None, &[], "RUNNING");
        busy.volume = busy.volume.map(|volume| Volume { status: Some("ATTACHING".to_owned()), ..volume });
        assert!(!busy.is_settled());
        assert_eq!(Sight { cluster: None, ..busy }.missing(), Some("The cluster was destroyed"));
    }
}
