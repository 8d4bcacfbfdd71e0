//! Functions: pure computations, which need neither the network nor a key.

mod instance_type;
mod ssh_key;

pub use instance_type::{FormatInstanceType, ParseInstanceType};
pub use ssh_key::SshKeyFingerprint;
