//! SSH keys of the account: the resource, the data sources and the list.

mod api;
mod data_source;
mod list;
mod listed;
mod lookup;
mod messages;
mod model;
mod resource;

pub use data_source::SshKeysDataSource;
pub use list::SshKeyList;
pub use lookup::SshKeyDataSource;
pub use resource::SshKeyResource;
