//! Buckets of the organization's object storage: the resource, the data source and the list.

mod api;
mod data_source;
mod list;
mod messages;
mod model;
mod name;
mod resource;

pub use data_source::BucketsDataSource;
pub use list::BucketList;
pub use resource::{BucketResource, TYPE_NAME};
