//! What a person types to let Terraform attach to a provider that runs already.

use serde_json::json;

use super::handshake::PROTOCOL_VERSION;
use super::listener::Address;

/// The value of `TF_REATTACH_PROVIDERS`.
fn value(provider: &str, pid: u32, address: &Address) -> String {
    json!({
        provider: {
            "Protocol": "grpc",
            "ProtocolVersion": PROTOCOL_VERSION,
            "Pid": pid,
            "Test": true,
            "Addr": { "Network": address.network(), "String": address.place() },
        }
    })
    .to_string()
}

/// What to print for the person who started the provider.
pub(super) fn instructions(provider: &str, address: &Address) -> String {
    let value = value(provider, std::process::id(), address);
    format!(
        "The provider runs. In another terminal, set this and run terraform there; Ctrl-C here ends the provider.\n\n\
         TF_REATTACH_PROVIDERS='{value}'\n"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_value_is_what_terraform_reads() {
        let text = value("registry.example/a/b", 7, &Address::Unix("/tmp/s".into()));
        assert_eq!(
            text,
            r#"{"registry.example/a/b":{"Addr":{"Network":"unix","String":"/tmp/s"},"Pid":7,"Protocol":"grpc","ProtocolVersion":6,"Test":true}}"#
        );
    }
}
