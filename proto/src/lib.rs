//! Terraform's plugin protocol 6, and the services of go-plugin, compiled for prost and tonic.
//!
//! The messages are here in any case. The feature `server` adds what a server implements, for example
//! `tfplugin6::provider_server::Provider`, and `client` the clients, for example `tfplugin6::provider_client::ProviderClient`.
//!
//! What messages and fields mean is said in the `.proto` files, which are in the package. Requests and responses of an RPC are nested
//! in a module of the RPC's name:
//!
//! ```
//! use terraform_plugin_proto::tfplugin6::{DynamicValue, read_resource};
//!
//! let request = read_resource::Request {
//!     type_name: "example_thing".to_owned(),
//!     current_state: Some(DynamicValue { msgpack: vec![0xc0], json: Vec::new() }),
//!     ..Default::default()
//! };
//! assert!(request.client_capabilities.is_none());
//! ```

/// Terraform's provider protocol, `tfplugin6.proto`.
#[allow(missing_docs, clippy::pedantic, clippy::all, reason = "it is generated; the .proto file says what it means")]
pub mod tfplugin6 {
    include!("tfplugin6.rs");
}

/// The services of go-plugin: how a client ends a plugin, reads what it prints, and opens further connections.
#[allow(missing_docs, clippy::pedantic, clippy::all, reason = "it is generated; the .proto files say what it means")]
pub mod plugin {
    include!("plugin.rs");
}

/// The definition of the provider protocol, as it stands in the package.
pub const TFPLUGIN6: &str = include_str!("../tfplugin6.proto");
