//! Every decoder that takes bytes from outside, as a function of bytes: what the fuzz targets call, and what a bounded
//! run of the same calls is in the crate's own tests. None may panic, whatever the bytes are.

use std::sync::Arc;

use prost::Message as _;
use tokio_stream::StreamExt as _;
use tonic::Request;

use crate::operation::Private;
use crate::serve::environment::Environment;
use crate::serve::{handshake as plugin_handshake, logging, tls};
use crate::value::{Type, Value};
use crate::wire::generated::tfplugin6 as pb;
use crate::wire::generated::tfplugin6::provider_server::Provider as _;
use crate::wire::{ProviderService, Served};
use sample::Sample;

mod sample;
#[cfg(test)]
mod tests;

/// A type, as JSON up to the first zero byte, and a value of it in msgpack after that.
pub fn msgpack(bytes: &[u8]) {
    let Some((ty, value)) = typed(bytes) else { return };
    let Ok(value) = Value::from_msgpack(value, &ty) else { return };
    // What can be read can be written, and read again as the same.
    let written = value.to_msgpack(&ty).expect("a value that was read is of its type");
    let again = Value::from_msgpack(&written, &ty).expect("what was written can be read");
    assert_eq!(again.to_msgpack(&ty), Ok(written));
}

/// A type, as JSON up to the first zero byte, and a value of it as in a state file after that.
pub fn state_json(bytes: &[u8]) {
    let Some((ty, value)) = typed(bytes) else { return };
    let Ok(text) = std::str::from_utf8(value) else { return };
    if let Ok(value) = Value::from_json(text, &ty) {
        assert!(value.to_msgpack(&ty).is_ok(), "a value that was read is of its type");
    }
}

/// A type as JSON.
pub fn type_json(bytes: &[u8]) {
    let Ok(json) = serde_json::from_slice(bytes) else { return };
    if let Ok(ty) = Type::from_json(&json) {
        assert_eq!(Type::from_json(&ty.to_json()), Ok(ty));
    }
}

/// The private data of a state.
pub fn private_state(bytes: &[u8]) {
    let private = Private::from_bytes(bytes);
    assert_eq!(Private::from_bytes(&private.to_bytes()), private);
}

/// The environment of a process: lines of a name, `=` and a value; certificates in it may have lines of their own, with
/// `\n` for an end of line.
pub fn handshake(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let variable = |name: &str| {
        let line = text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix('='))?;
        Some(line.replace("\\n", "\n"))
    };
    let environment = Environment::from(variable);
    _ = plugin_handshake::check(&environment);
    _ = logging::level(environment.log_level.as_deref());
    if let Some(pem) = &environment.client_certificate {
        _ = tls::mutual(pem);
    }
}

/// A type and the bytes after it.
fn typed(bytes: &[u8]) -> Option<(Type, &[u8])> {
    let end = bytes.iter().position(|byte| *byte == 0)?;
    let json = serde_json::from_slice(&bytes[..end]).ok()?;
    Some((Type::from_json(&json).ok()?, &bytes[end + 1..]))
}

/// Decodes a request of one RPC, lets the service answer it, and checks the answer.
macro_rules! rpcs {
    ($($name:ident),*; streamed: $($streamed:ident),*) => {
        /// How many RPCs [`request`] knows.
        pub const RPCS: usize = [$(stringify!($name)),*, $(stringify!($streamed)),*].len();

        /// The number of the RPC of this name, in the form of Rust.
        #[cfg(test)]
        fn rpc(name: &str) -> u8 {
            let names = [$(stringify!($name)),*, $(stringify!($streamed)),*];
            let at = names.into_iter().position(|known| known == name).expect("there is such an RPC");
            u8::try_from(at).expect("there are few")
        }

        async fn answer(service: &ProviderService<Sample>, mut rpc: usize, body: &[u8]) {
            $(
                if rpc == 0 {
                    let Ok(message) = pb::$name::Request::decode(body) else { return };
                    return ensure_no_crash(&service.$name(Request::new(message)).await);
                }
                rpc -= 1;
            )*
            $(
                if rpc == 0 {
                    let Ok(message) = pb::$streamed::Request::decode(body) else { return };
                    match service.$streamed(Request::new(message)).await {
                        Ok(events) => {
                            let mut events = events.into_inner();
                            while let Some(event) = events.next().await {
                                ensure_no_crash(&event);
                            }
                        }
                        Err(status) => ensure_no_crash(&status),
                    }
                    return;
                }
                rpc -= 1;
            )*
            _ = rpc;
        }
    };
}

rpcs!(
    get_metadata, get_provider_schema, get_resource_identity_schemas, validate_provider_config, configure_provider,
    stop_provider, validate_resource_config, upgrade_resource_state, upgrade_resource_identity, read_resource,
    plan_resource_change, apply_resource_change, import_resource_state, move_resource_state, generate_resource_config,
    validate_data_resource_config, read_data_source, validate_ephemeral_resource_config, open_ephemeral_resource,
    renew_ephemeral_resource, close_ephemeral_resource, get_functions, call_function, validate_list_resource_config,
    validate_action_config, plan_action;
    streamed: list_resource, invoke_action
);

/// A panic that the framework turned into a diagnostic is one all the same: the sample never panics by itself.
fn ensure_no_crash(answer: &impl std::fmt::Debug) {
    let reported = format!("{answer:?}");
    assert!(!reported.contains("The provider crashed"), "{reported}");
}

/// The number of an RPC, and a request of it as protocol buffers, answered by a provider that has a bit of everything.
pub fn request(bytes: &[u8]) {
    let Some((rpc, body)) = bytes.split_first() else { return };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().expect("a runtime can be made");
    runtime.block_on(async {
        let service = ProviderService(Arc::new(Served::new(Sample, tokio_util::sync::CancellationToken::new())));
        let configure = pb::configure_provider::Request::default();
        _ = service.configure_provider(Request::new(configure)).await;
        answer(&service, usize::from(*rpc) % RPCS, body).await;
    });
}
