//! What the compiler of the protocol buffers wrote.
#![allow(
    missing_docs,
    dead_code,
    clippy::pedantic,
    clippy::all,
    reason = "it is generated; the .proto files say what everything means"
)]

/// Terraform's provider protocol.
pub(crate) mod tfplugin6 {
    include!(concat!(env!("OUT_DIR"), "/tfplugin6.rs"));
}

/// The services of go-plugin.
pub(crate) mod plugin {
    include!(concat!(env!("OUT_DIR"), "/plugin.rs"));
}
