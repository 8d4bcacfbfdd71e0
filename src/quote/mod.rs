//! Prices, as far as the API tells them.

mod data_source;

pub use data_source::{ClusterQuoteDataSource, StorageQuoteDataSource};
