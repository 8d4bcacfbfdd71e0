//! Every kind of resource that is tried. One joins with an implementation of [`Subject`] and a line in [`all`].

mod account;
mod attachment;
mod cluster;
mod storage;
mod user_preferences;

use crate::subject::Subject;

/// Every resource that is tried.
pub fn all() -> Vec<&'static dyn Subject> {
    vec![
        &attachment::Attachment,
        &account::Bucket,
        &cluster::Cluster,
        &account::ObjectStorage,
        &account::SshKey,
        &storage::Storage,
        &user_preferences::UserPreferences,
    ]
}
