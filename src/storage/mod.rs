//! Storage volumes: the resource, the data sources and the list.

mod data_source;
mod model;
mod object;
mod resource;

pub use data_source::{StorageDataSource, StoragesDataSource};
pub use model::StorageModel;
