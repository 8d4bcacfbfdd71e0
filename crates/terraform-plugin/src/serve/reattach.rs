//! What a person types to let Terraform attach to a provider that runs already.

use serde_json::json;

use super::handshake::PROTOCOL_VERSION;
use super::listener::Address;

/// Terraform attaches without TLS, so nothing but the file system protects a socket.
const PUBLIC: &str =
    "Until then every user of this machine can connect to it, with the credentials that it was started with.\n";

/// The value of `TF_REATTACH_PROVIDERS`.
fn value(provider: &str, pid: u32, address: &Address) -> String {
    json!({
        provider: {
            "Protocol": "grpc",
            "ProtocolVersion": PROTOCOL_VERSION,
            "Pid": pid,
            "Test": true,
            "Addr": { "Network": address.network, "String": address.place },
        }
    })
    .to_string()
}

/// What to print for the person who started the provider.
pub(super) fn instructions(provider: &str, address: &Address) -> String {
    let value = value(provider, std::process::id(), address);
    let warning = if address.is_private() { "" } else { PUBLIC };
    format!(
        "The provider runs. In another terminal, set this and run terraform there; Ctrl-C here ends the provider.\n{warning}\n\
         TF_REATTACH_PROVIDERS='{value}'\n"
    )
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    #[test]
    fn the_value_is_what_terraform_reads() {
        let text = value("registry.example/a/b", 7, &Address::unix(Path::new("/tmp/s")));
        assert_eq!(
            text,
            r#"{"registry.example/a/b":{"Addr":{"Network":"unix","String":"/tmp/s"},"Pid":7,"Protocol":"grpc","ProtocolVersion":6,"Test":true}}"#
        );
    }

    #[test]
    fn who_else_can_connect_is_said() {
        let private = instructions("registry.example/a/b", &Address::unix(Path::new("/tmp/s")));
        assert!(!private.contains("every user"), "{private}");
        let public = instructions("registry.example/a/b", &Address::tcp(([127, 0, 0, 1], 10_000).into()));
        assert!(public.contains("ends the provider.\nUntil then every user of this machine can connect"), "{public}");
        assert!(public.contains("\n\nTF_REATTACH_PROVIDERS="), "{public}");
    }
}
