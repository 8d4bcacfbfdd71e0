//! The user's preferences: a resource of which every account has exactly one.

mod messages;
mod model;
mod resource;

pub use resource::UserPreferencesResource;
