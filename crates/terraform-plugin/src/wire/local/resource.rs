//! Calls of resources.

use tonic::Request;

use super::{Client, Local, answered, messages, received};
use crate::diagnostic::Diagnostics;
use crate::framework::{ApplyInput, Declared, Outcome, PlanInput, PlanOutput, Stored};
use crate::operation::Private;
use crate::provider::Provider;
use crate::resource::ImportTarget;
use crate::value::Value;
use crate::wire::convert;
use crate::wire::generated::tfplugin6 as pb;
use crate::wire::generated::tfplugin6::provider_server::Provider as _;
use crate::wire::served::find;

/// An object of another type, for a move.
pub(crate) struct Moved {
    pub provider_address: String,
    pub type_name: String,
    pub schema_version: i64,
    pub state: String,
    pub private: Vec<u8>,
}

impl<P: Provider> Local<P> {
    fn declared_resource(&self, name: &str) -> Result<&Declared, Diagnostics> {
        Ok(find(&self.served().resources, "resource", name)?.declared())
    }

    pub async fn validate_resource(&self, name: &str, config: &Value, client: Client<'_>) -> Diagnostics {
        let sent = async {
            let request = pb::validate_resource_config::Request {
                type_name: name.to_owned(),
                config: messages::sent("configuration", config, &self.declared_resource(name)?.object_type)?,
                client_capabilities: Some(client.capabilities.into()),
            };
            Ok(answered(self.0.validate_resource_config(Request::new(request)).await)?.diagnostics)
        };
        messages::reported(sent.await)
    }

    /// The upgraded state, or null, and what was reported.
    pub async fn upgrade_state(&self, name: &str, version: i64, state: &str) -> (Value, Diagnostics) {
        let sent = async {
            let ty = &self.declared_resource(name)?.object_type;
            let raw_state = Some(raw(state));
            let request = pb::upgrade_resource_state::Request { type_name: name.to_owned(), version, raw_state };
            let answer = answered(self.0.upgrade_resource_state(Request::new(request)).await)?;
            let mut diagnostics = messages::diagnostics(answer.diagnostics);
            let state = received("state", answer.upgraded_state.as_ref(), ty, &mut diagnostics);
            Ok((state, diagnostics))
        };
        sent.await.unwrap_or_else(|diagnostics| (Value::Null, diagnostics))
    }

    /// The upgraded identity, or null, and what was reported.
    pub async fn upgrade_identity(&self, name: &str, version: i64, identity: &str) -> (Value, Diagnostics) {
        let sent = async {
            let declared = self.declared_resource(name)?;
            let raw_identity = Some(raw(identity));
            let request = pb::upgrade_resource_identity::Request { type_name: name.to_owned(), version, raw_identity };
            let answer = answered(self.0.upgrade_resource_identity(Request::new(request)).await)?;
            let mut diagnostics = messages::diagnostics(answer.diagnostics);
            let identity = read_identity(answer.upgraded_identity.as_ref(), declared, &mut diagnostics);
            Ok((identity.unwrap_or(Value::Null), diagnostics))
        };
        sent.await.unwrap_or_else(|diagnostics| (Value::Null, diagnostics))
    }

    pub async fn read_resource(&self, name: &str, stored: Stored, client: Client<'_>) -> Outcome {
        let sent = async {
            let declared = self.declared_resource(name)?;
            let request = pb::read_resource::Request {
                type_name: name.to_owned(),
                current_state: messages::sent("state", &stored.state, &declared.object_type)?,
                private: stored.private.to_bytes(),
                provider_meta: self.meta(client)?,
                client_capabilities: Some(client.capabilities.into()),
                current_identity: messages::identity(stored.identity.as_ref(), declared.identity_type.as_ref())?,
            };
            let answer = answered(self.0.read_resource(Request::new(request)).await)?;
            let answer = Parts {
                state: answer.new_state,
                private: answer.private,
                identity: answer.new_identity,
                deferred: answer.deferred,
                diagnostics: answer.diagnostics,
            };
            Ok(answer.outcome(declared))
        };
        sent.await.unwrap_or_else(|diagnostics| Outcome::untouched(stored, diagnostics))
    }

    pub async fn plan_resource(&self, name: &str, input: &PlanInput, client: Client<'_>) -> PlanOutput {
        let sent = async {
            let declared = self.declared_resource(name)?;
            let (ty, identity_type) = (&declared.object_type, declared.identity_type.as_ref());
            let request = pb::plan_resource_change::Request {
                type_name: name.to_owned(),
                prior_state: messages::sent("prior state", &input.prior.state, ty)?,
                proposed_new_state: messages::sent("proposed state", &input.proposed, ty)?,
                config: messages::sent("configuration", &input.config, ty)?,
                prior_private: input.prior.private.to_bytes(),
                provider_meta: self.meta(client)?,
                client_capabilities: Some(client.capabilities.into()),
                prior_identity: messages::identity(input.prior.identity.as_ref(), identity_type)?,
                planned_private: input.earlier_private.as_ref().map(Private::to_bytes).unwrap_or_default(),
            };
            let answer = answered(self.0.plan_resource_change(Request::new(request)).await)?;
            let mut diagnostics = messages::diagnostics(answer.diagnostics);
            Ok(PlanOutput {
                planned: received("planned state", answer.planned_state.as_ref(), ty, &mut diagnostics),
                requires_replace: answer.requires_replace.iter().map(messages::path).collect(),
                private: Private::from_bytes(&answer.planned_private),
                identity: read_identity(answer.planned_identity.as_ref(), declared, &mut diagnostics),
                deferred: messages::deferred(answer.deferred),
                diagnostics,
            })
        };
        sent.await.unwrap_or_else(PlanOutput::refused)
    }

    pub async fn apply_resource(&self, name: &str, input: ApplyInput, client: Client<'_>) -> Outcome {
        let ApplyInput { prior, planned, config } = input;
        let sent = async {
            let declared = self.declared_resource(name)?;
            let ty = &declared.object_type;
            let request = pb::apply_resource_change::Request {
                type_name: name.to_owned(),
                prior_state: messages::sent("prior state", &prior.state, ty)?,
                planned_state: messages::sent("planned state", &planned, ty)?,
                config: messages::sent("configuration", &config, ty)?,
                planned_private: prior.private.to_bytes(),
                provider_meta: self.meta(client)?,
                planned_identity: messages::identity(prior.identity.as_ref(), declared.identity_type.as_ref())?,
            };
            let answer = answered(self.0.apply_resource_change(Request::new(request)).await)?;
            let answer = Parts {
                state: answer.new_state,
                private: answer.private,
                identity: answer.new_identity,
                deferred: None,
                diagnostics: answer.diagnostics,
            };
            Ok(answer.outcome(declared))
        };
        sent.await.unwrap_or_else(|diagnostics| Outcome::untouched(prior, diagnostics))
    }

    pub async fn import_resource(&self, name: &str, target: ImportTarget, client: Client<'_>) -> Outcome {
        let sent = async {
            let declared = self.declared_resource(name)?;
            let (id, identity) = match target {
                ImportTarget::Id(id) => (id, None),
                ImportTarget::Identity(identity) => (String::new(), Some(identity)),
            };
            let request = pb::import_resource_state::Request {
                type_name: name.to_owned(),
                id,
                client_capabilities: Some(client.capabilities.into()),
                identity: messages::identity(identity.as_ref(), declared.identity_type.as_ref())?,
            };
            let answer = answered(self.0.import_resource_state(Request::new(request)).await)?;
            let imported = answer.imported_resources.into_iter().next().unwrap_or_default();
            let answer = Parts {
                state: imported.state,
                private: imported.private,
                identity: imported.identity,
                deferred: answer.deferred,
                diagnostics: answer.diagnostics,
            };
            Ok(answer.outcome(declared))
        };
        sent.await.unwrap_or_else(Outcome::nothing)
    }

    pub async fn move_resource(&self, name: &str, source: Moved) -> Outcome {
        let sent = async {
            let declared = self.declared_resource(name)?;
            let request = pb::move_resource_state::Request {
                source_provider_address: source.provider_address,
                source_type_name: source.type_name,
                source_schema_version: source.schema_version,
                source_state: Some(raw(&source.state)),
                target_type_name: name.to_owned(),
                source_private: source.private,
                ..Default::default()
            };
            let answer = answered(self.0.move_resource_state(Request::new(request)).await)?;
            let answer = Parts {
                state: answer.target_state,
                private: answer.target_private,
                identity: answer.target_identity,
                deferred: None,
                diagnostics: answer.diagnostics,
            };
            Ok(answer.outcome(declared))
        };
        sent.await.unwrap_or_else(Outcome::nothing)
    }

    /// The generated configuration, or null, and what was reported.
    pub async fn generate_config(&self, name: &str, state: &Value) -> (Value, Diagnostics) {
        let sent = async {
            let ty = &self.declared_resource(name)?.object_type;
            let state = messages::sent("state", state, ty)?;
            let request = pb::generate_resource_config::Request { type_name: name.to_owned(), state };
            let answer = answered(self.0.generate_resource_config(Request::new(request)).await)?;
            let mut diagnostics = messages::diagnostics(answer.diagnostics);
            let config = received("configuration", answer.config.as_ref(), ty, &mut diagnostics);
            Ok((config, diagnostics))
        };
        sent.await.unwrap_or_else(|diagnostics: Diagnostics| (Value::Null, diagnostics))
    }
}

fn raw(json: &str) -> pb::RawState {
    pb::RawState { json: json.as_bytes().to_vec(), ..Default::default() }
}

fn read_identity(
    identity: Option<&pb::ResourceIdentityData>,
    declared: &Declared,
    diagnostics: &mut Diagnostics,
) -> Option<Value> {
    convert::read_identity(identity, declared.identity_type.as_ref()).unwrap_or_else(|error| {
        diagnostics.extend(error);
        None
    })
}

/// The parts of an answer about an object.
struct Parts {
    state: Option<pb::DynamicValue>,
    private: Vec<u8>,
    identity: Option<pb::ResourceIdentityData>,
    deferred: Option<pb::Deferred>,
    diagnostics: Vec<pb::Diagnostic>,
}

impl Parts {
    fn outcome(self, declared: &Declared) -> Outcome {
        let mut diagnostics = messages::diagnostics(self.diagnostics);
        Outcome {
            state: received("state", self.state.as_ref(), &declared.object_type, &mut diagnostics),
            private: Private::from_bytes(&self.private),
            identity: read_identity(self.identity.as_ref(), declared, &mut diagnostics),
            deferred: messages::deferred(self.deferred),
            diagnostics,
        }
    }
}
