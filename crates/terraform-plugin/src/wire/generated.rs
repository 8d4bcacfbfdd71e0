//! What the compiler of the protocol buffers wrote.

pub(crate) use terraform_plugin_proto::{plugin, tfplugin6};
