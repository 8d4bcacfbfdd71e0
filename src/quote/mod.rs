//! Prices, as far as the API returns them.

mod data_source;

pub use data_source::{ClusterQuoteDataSource, StorageQuoteDataSource};
