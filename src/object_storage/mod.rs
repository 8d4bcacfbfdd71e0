//! Object storage, which an organization has once: the resource, the data source, its credentials as an ephemeral
//! resource, and the action that rotates its keys. Buckets are objects of their own.

mod api;
mod credentials;
mod data_source;
mod messages;
mod model;
mod resource;
mod rotate;

pub use credentials::CredentialsEphemeral;
pub use data_source::ObjectStorageDataSource;
pub use resource::ObjectStorageResource;
pub use rotate::RotateKeysAction;
