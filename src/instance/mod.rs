//! The nodes of clusters.

mod ssh_command;
mod ssh_commands;
mod system;

pub use ssh_command::SshCommandDataSource;
pub use ssh_commands::SshCommandsDataSource;
