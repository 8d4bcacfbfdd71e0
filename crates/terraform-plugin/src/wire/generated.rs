//! What the compiler of the protocol buffers wrote.

#[cfg(feature = "serve")]
pub(crate) use terraform_plugin_proto::plugin;
pub(crate) use terraform_plugin_proto::tfplugin6;
