//! Clusters: the resource and the data sources.

mod claim;
mod data_source;
mod messages;
mod model;
mod public_key;
mod release;
mod resource;

pub use data_source::{ClusterDataSource, ClustersDataSource};
pub use resource::ClusterResource;
