//! Attachments of storage volumes to clusters. Each begin and each end of one restarts all nodes of its cluster.

mod attach;
mod list;
mod messages;
mod model;
mod resource;
mod restart;

pub use list::AttachmentList;
pub use resource::AttachmentResource;
