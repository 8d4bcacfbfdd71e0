//! The user's preferences, of which every account has exactly one set: the resource and the data source.

mod data_source;
mod messages;
mod model;
mod resource;

pub use data_source::UserPreferencesDataSource;
pub use resource::UserPreferencesResource;
