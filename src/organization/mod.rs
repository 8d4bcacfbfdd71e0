//! The organization of the user to whom the API key belongs.

mod data_source;

pub use data_source::OrganizationDataSource;
