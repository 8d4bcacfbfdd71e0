//! The handshake: is it Terraform that started us, which protocol do we speak, and where.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;

use super::environment::Environment;
use super::error::ServeError;
use super::listener::Address;

/// Terraform puts this into the environment of every provider that it starts.
const MAGIC_COOKIE: &str = "d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2";
/// The version of the handshake itself.
const CORE_VERSION: u8 = 1;
/// The major version of the provider protocol.
pub(super) const PROTOCOL_VERSION: u8 = 6;

/// Checks that Terraform started the process and speaks our protocol.
pub(crate) fn check(environment: &Environment) -> Result<(), ServeError> {
    if environment.magic_cookie.as_deref() != Some(MAGIC_COOKIE) {
        return Err(ServeError::StartedByHand);
    }
    let Some(versions) = &environment.protocol_versions else { return Ok(()) };
    let ours = versions.split(',').any(|version| version.trim().parse() == Ok(PROTOCOL_VERSION));
    if ours { Ok(()) } else { Err(ServeError::Protocol(versions.clone())) }
}

/// The one line that the client reads from our standard output. `certificate` is ours, in DER.
pub(super) fn line(address: &Address, certificate: Option<&[u8]>, environment: &Environment) -> String {
    let Address { network, place } = address;
    let certificate = certificate.map(|der| STANDARD_NO_PAD.encode(der)).unwrap_or_default();
    // We open no connections of our own, so there is nothing to multiplex; older clients do not know the field.
    let multiplexing = if environment.multiplexing { "|false" } else { "" };
    format!("{CORE_VERSION}|{PROTOCOL_VERSION}|{network}|{place}|grpc|{certificate}{multiplexing}")
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    fn environment(pairs: &[(&str, &str)]) -> Environment {
        Environment::from(|name| pairs.iter().find(|pair| pair.0 == name).map(|pair| pair.1.to_owned()))
    }

    #[test]
    fn only_terraform_may_start_a_provider() {
        assert!(matches!(check(&environment(&[])), Err(ServeError::StartedByHand)));
        assert!(matches!(check(&environment(&[("TF_PLUGIN_MAGIC_COOKIE", "x")])), Err(ServeError::StartedByHand)));
    }

    #[test]
    fn protocol_6_must_be_among_the_versions() {
        let cookie = ("TF_PLUGIN_MAGIC_COOKIE", MAGIC_COOKIE);
        assert!(check(&environment(&[cookie, ("PLUGIN_PROTOCOL_VERSIONS", "5,6")])).is_ok());
        let old = check(&environment(&[cookie, ("PLUGIN_PROTOCOL_VERSIONS", "4,5")]));
        assert!(matches!(old, Err(ServeError::Protocol(versions)) if versions == "4,5"));
    }

    #[test]
    fn the_line_has_six_fields_and_seven_where_they_are_understood() {
        let address = Address::unix(Path::new("/tmp/x/plugin.sock"));
        assert_eq!(line(&address, None, &environment(&[])), "1|6|unix|/tmp/x/plugin.sock|grpc|");
        let modern = environment(&[("PLUGIN_MULTIPLEX_GRPC", "true")]);
        assert_eq!(line(&address, Some(b"ab"), &modern), "1|6|unix|/tmp/x/plugin.sock|grpc|YWI|false");
        let tcp = Address::tcp(([127, 0, 0, 1], 10_000).into());
        assert_eq!(line(&tcp, None, &environment(&[])), "1|6|tcp|127.0.0.1:10000|grpc|");
    }
}
