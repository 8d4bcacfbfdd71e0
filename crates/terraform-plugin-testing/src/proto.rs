//! The messages and clients of the protocol, as they were generated.
#![allow(missing_docs, clippy::pedantic, clippy::all, reason = "it is generated; the .proto files say what it means")]

/// Terraform's provider protocol.
pub mod tfplugin6 {
    include!(concat!(env!("OUT_DIR"), "/tfplugin6.rs"));
}

/// The services of go-plugin.
pub mod plugin {
    include!(concat!(env!("OUT_DIR"), "/plugin.rs"));
}
