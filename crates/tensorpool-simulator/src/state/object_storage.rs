//! What is stored of the object storage of the organization.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::clock::Moment;

#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Credentials {
    pub profile_id: String,
    pub access_key_id: String,
    pub secret_access_key: String,
    pub created_at: Moment,
    pub updated_at: Moment,
}

#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Bucket {
    pub created_at: Moment,
    pub objects: Vec<String>,
}

#[derive(Default, Serialize, Deserialize)]
pub(crate) struct State {
    /// Present while object storage is enabled.
    pub credentials: Option<Credentials>,
    pub buckets: BTreeMap<String, Bucket>,
}
