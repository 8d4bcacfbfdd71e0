//! The nodes of clusters.

mod ssh_command;

pub use ssh_command::SshCommandDataSource;
