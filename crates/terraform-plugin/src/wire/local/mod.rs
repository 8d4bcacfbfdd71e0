//! A client of a provider in the same process: the other end of the protocol, without a connection.
//!
//! What is called is the service that Terraform calls, and what is sent and answered are the messages that Terraform and the
//! provider exchange. So whoever uses it sees what Terraform would see, and nothing of the service is left out.

mod messages;
mod objects;
mod resource;

use std::sync::Arc;

use tokio_util::sync::CancellationToken;
use tonic::{Request, Response, Status};

use super::generated::tfplugin6 as pb;
use super::generated::tfplugin6::provider_server::Provider as _;
use super::served::Served;
use super::service::ProviderService;
use crate::diagnostic::Diagnostics;
use crate::provider::Provider;
use crate::value::{Type, Value};

pub(crate) use resource::Moved;

/// What a Terraform says of itself in its requests.
#[derive(Clone, Copy, Default)]
#[expect(clippy::struct_excessive_bools, reason = "they are the independent flags of the protocol's message")]
pub(crate) struct Capabilities {
    pub write_only: bool,
    pub deferral: bool,
    pub planned_private: bool,
    pub computed_blocks: bool,
}

impl From<Capabilities> for pb::ClientCapabilities {
    fn from(capabilities: Capabilities) -> Self {
        Self {
            write_only_attributes_allowed: capabilities.write_only,
            deferral_allowed: capabilities.deferral,
            store_planned_private: capabilities.planned_private,
            computed_blocks_allowed: capabilities.computed_blocks,
        }
    }
}

/// What goes with every call that concerns objects of a module.
#[derive(Clone, Copy)]
pub(crate) struct Client<'a> {
    pub capabilities: Capabilities,
    /// The `provider_meta` block of the module.
    pub meta: &'a Value,
}

/// A provider, and the way to call it.
pub(crate) struct Local<P: Provider>(ProviderService<P>);

impl<P: Provider> Local<P> {
    pub fn new(provider: P) -> Self {
        Self(ProviderService(Arc::new(Served::new(provider, CancellationToken::new()))))
    }

    /// The provider itself.
    pub fn served(&self) -> &Served<P> {
        &self.0.0
    }

    /// What the provider's `configure` returned, if it ran.
    pub fn session(&self) -> Option<Arc<P::Session>> {
        self.served().call(CancellationToken::new(), None).session
    }

    /// What an interrupt of the user does to the process of a provider.
    pub fn interrupt(&self) {
        self.served().interrupt.cancel();
    }

    /// Stops what runs.
    pub async fn stop(&self) {
        // The answer says nothing.
        _ = self.0.stop_provider(Request::new(pb::stop_provider::Request::default())).await;
    }

    pub async fn validate_provider(&self, config: &Value) -> Diagnostics {
        let sent = async {
            let config = messages::sent("configuration", config, &self.served().declared.object_type)?;
            let request = pb::validate_provider_config::Request { config };
            Ok(answered(self.0.validate_provider_config(Request::new(request)).await)?.diagnostics)
        };
        messages::reported(sent.await)
    }

    pub async fn configure(&self, config: &Value, terraform_version: &str, capabilities: Capabilities) -> Diagnostics {
        let sent = async {
            let config = messages::sent("configuration", config, &self.served().declared.object_type)?;
            let request = pb::configure_provider::Request {
                config,
                terraform_version: terraform_version.to_owned(),
                client_capabilities: Some(capabilities.into()),
            };
            Ok(answered(self.0.configure_provider(Request::new(request)).await)?.diagnostics)
        };
        messages::reported(sent.await)
    }

    /// The type of the `provider_meta` block. Without one, nothing is sent.
    fn meta(&self, client: Client<'_>) -> Result<Option<pb::DynamicValue>, Diagnostics> {
        match &self.served().meta {
            Some(declared) => messages::sent("provider meta block", client.meta, &declared.object_type),
            None => Ok(None),
        }
    }
}

/// The message of an answer.
///
/// # Errors
/// If the provider answered none, which is what Terraform calls a plugin error.
fn answered<T>(answer: Result<Response<T>, Status>) -> Result<T, Diagnostics> {
    answer.map(Response::into_inner).map_err(|status| messages::failed(&status))
}

/// The value of an answer. One that cannot be read is null, and reported.
fn received(what: &str, value: Option<&pb::DynamicValue>, ty: &Type, diagnostics: &mut Diagnostics) -> Value {
    super::convert::read(what, value, ty).unwrap_or_else(|error| {
        diagnostics.extend(error);
        Value::Null
    })
}
