//! The RPCs of resources.

use std::sync::Arc;

use tokio_util::sync::CancellationToken;

use super::convert;
use super::generated::tfplugin6 as pb;
use super::served::{Served, find, identity_type};
use crate::diagnostic::Diagnostics;
use crate::framework::{AnyResource, ApplyInput, Declared, Outcome, PlanInput, PlanOutput, Stored, guard};
use crate::memory;
use crate::operation::Private;
use crate::provider::Provider;
use crate::resource::{ImportTarget, MoveSource};

/// An object as it stands in a request.
fn stored(
    what: &str,
    declared: &Declared,
    state: Option<&pb::DynamicValue>,
    private: &[u8],
    identity: Option<&pb::ResourceIdentityData>,
) -> Result<Stored, Diagnostics> {
    let mut private = Private::from_bytes(private);
    // What a plan generated was for the second plan alone: it stands in the planned state.
    memory::take(&mut private);
    Ok(Stored {
        state: convert::read(what, state, &declared.object_type)?,
        private,
        identity: convert::read_identity(identity, declared.identity_type.as_ref())?,
    })
}

/// The parts of an outcome as messages.
struct Answer {
    state: pb::DynamicValue,
    private: Vec<u8>,
    identity: Option<pb::ResourceIdentityData>,
    deferred: Option<pb::Deferred>,
    diagnostics: Diagnostics,
}

fn answer(outcome: Outcome, declared: &Declared) -> Answer {
    let Outcome { state, private, identity, mut diagnostics, deferred } = outcome;
    Answer {
        state: convert::write("state", &state, &declared.object_type, &mut diagnostics),
        identity: convert::write_identity(identity.as_ref(), declared.identity_type.as_ref(), &mut diagnostics),
        private: private.to_bytes(),
        deferred: deferred.map(convert::deferred),
        diagnostics,
    }
}

impl<P: Provider> Served<P> {
    fn resource(&self, name: &str) -> Result<&dyn AnyResource<P::Session>, Diagnostics> {
        find(&self.resources, "resource", name)
    }

    pub(super) async fn validate_resource_config(
        self: Arc<Self>,
        request: pb::validate_resource_config::Request,
        _: CancellationToken,
    ) -> pb::validate_resource_config::Response {
        let validated = async {
            let resource = self.resource(&request.type_name)?;
            let config = convert::read("configuration", request.config.as_ref(), &resource.declared().object_type)?;
            let capabilities = request.client_capabilities.unwrap_or_default();
            let pb::ClientCapabilities { write_only_attributes_allowed, computed_blocks_allowed, .. } = capabilities;
            Ok(resource.validate(config, write_only_attributes_allowed, computed_blocks_allowed).await)
        };
        pb::validate_resource_config::Response { diagnostics: convert::validated(validated.await) }
    }

    pub(super) async fn upgrade_resource_state(
        self: Arc<Self>,
        request: pb::upgrade_resource_state::Request,
        stop: CancellationToken,
    ) -> pb::upgrade_resource_state::Response {
        let upgraded = guard("upgrade the state of", &request.type_name, async {
            let resource = self.resource(&request.type_name)?;
            let raw = convert::raw("state", request.raw_state.as_ref())?;
            let state = resource.upgrade(self.call(stop, None), request.version, raw).await?;
            Ok((state, &resource.declared().object_type))
        });
        let mut diagnostics = Diagnostics::new();
        let upgraded_state = match upgraded.await {
            Ok((state, ty)) => Some(convert::write("state", &state, ty, &mut diagnostics)),
            Err(error) => {
                diagnostics.extend(error);
                None
            }
        };
        pb::upgrade_resource_state::Response { upgraded_state, diagnostics: convert::diagnostics(diagnostics) }
    }

    pub(super) async fn upgrade_resource_identity(
        self: Arc<Self>,
        request: pb::upgrade_resource_identity::Request,
        stop: CancellationToken,
    ) -> pb::upgrade_resource_identity::Response {
        let upgraded = guard("upgrade the identity of", &request.type_name, async {
            let resource = self.resource(&request.type_name)?;
            let ty = identity_type(resource.declared())?;
            let Some(raw) = convert::raw_identity(request.raw_identity.as_ref())? else { return Ok((None, ty)) };
            Ok((Some(resource.upgrade_identity(self.call(stop, None), request.version, raw).await?), ty))
        });
        let mut diagnostics = Diagnostics::new();
        let upgraded_identity = match upgraded.await {
            Ok((identity, ty)) => convert::write_identity(identity.as_ref(), Some(ty), &mut diagnostics),
            Err(error) => {
                diagnostics.extend(error);
                None
            }
        };
        pb::upgrade_resource_identity::Response { upgraded_identity, diagnostics: convert::diagnostics(diagnostics) }
    }

    pub(super) async fn read_resource(
        self: Arc<Self>,
        request: pb::read_resource::Request,
        stop: CancellationToken,
    ) -> pb::read_resource::Response {
        let pb::read_resource::Request { type_name, current_state: state, private, current_identity: identity, .. } =
            request;
        let (capabilities, meta) = (request.client_capabilities, request.provider_meta);
        let read = async {
            let resource = self.resource(&type_name)?;
            let declared = resource.declared();
            let stored = stored("state", declared, state.as_ref(), &private, identity.as_ref())?;
            let call = self.call_with_meta(stop, capabilities, meta.as_ref())?;
            Ok(answer(resource.read(call, stored).await, declared))
        };
        match read.await {
            Ok(answer) => pb::read_resource::Response {
                new_state: Some(answer.state),
                private: answer.private,
                new_identity: answer.identity,
                deferred: answer.deferred,
                diagnostics: convert::diagnostics(answer.diagnostics),
            },
            Err(diagnostics) => pb::read_resource::Response {
                new_state: state,
                private,
                new_identity: identity,
                deferred: None,
                diagnostics: convert::diagnostics(diagnostics),
            },
        }
    }

    pub(super) async fn plan_resource_change(
        self: Arc<Self>,
        request: pb::plan_resource_change::Request,
        stop: CancellationToken,
    ) -> pb::plan_resource_change::Response {
        let planned = async {
            let resource = self.resource(&request.type_name)?;
            let declared = resource.declared();
            let ty = &declared.object_type;
            let input = PlanInput {
                prior: stored(
                    "prior state",
                    declared,
                    request.prior_state.as_ref(),
                    &request.prior_private,
                    request.prior_identity.as_ref(),
                )?,
                proposed: convert::read("proposed state", request.proposed_new_state.as_ref(), ty)?,
                config: convert::read("configuration", request.config.as_ref(), ty)?,
                earlier_private: (!request.planned_private.is_empty())
                    .then(|| Private::from_bytes(&request.planned_private)),
            };
            let call = self.call_with_meta(stop, request.client_capabilities, request.provider_meta.as_ref())?;
            Ok((resource.plan(call, input).await, declared))
        };
        match planned.await {
            Ok((plan, declared)) => {
                let PlanOutput { planned, requires_replace, private, identity, mut diagnostics, deferred } = plan;
                let identity_type = declared.identity_type.as_ref();
                pb::plan_resource_change::Response {
                    planned_state: Some(convert::write(
                        "planned state",
                        &planned,
                        &declared.object_type,
                        &mut diagnostics,
                    )),
                    planned_identity: convert::write_identity(identity.as_ref(), identity_type, &mut diagnostics),
                    requires_replace: requires_replace.iter().map(convert::path).collect(),
                    planned_private: private.to_bytes(),
                    deferred: deferred.map(convert::deferred),
                    diagnostics: convert::diagnostics(diagnostics),
                    legacy_type_system: false,
                }
            }
            Err(diagnostics) => pb::plan_resource_change::Response {
                diagnostics: convert::diagnostics(diagnostics),
                ..Default::default()
            },
        }
    }

    pub(super) async fn apply_resource_change(
        self: Arc<Self>,
        request: pb::apply_resource_change::Request,
        stop: CancellationToken,
    ) -> pb::apply_resource_change::Response {
        let pb::apply_resource_change::Request {
            type_name,
            prior_state: state,
            planned_state,
            config,
            planned_private: private,
            provider_meta,
            planned_identity: identity,
        } = request;
        let applied = async {
            let resource = self.resource(&type_name)?;
            let declared = resource.declared();
            let ty = &declared.object_type;
            let input = ApplyInput {
                prior: stored("prior state", declared, state.as_ref(), &private, identity.as_ref())?,
                planned: convert::read("planned state", planned_state.as_ref(), ty)?,
                config: convert::read("configuration", config.as_ref(), ty)?,
            };
            let call = self.call_with_meta(stop, None, provider_meta.as_ref())?;
            Ok(answer(resource.apply(call, input).await, declared))
        };
        match applied.await {
            Ok(answer) => pb::apply_resource_change::Response {
                new_state: Some(answer.state),
                private: answer.private,
                new_identity: answer.identity,
                diagnostics: convert::diagnostics(answer.diagnostics),
                legacy_type_system: false,
            },
            Err(diagnostics) => pb::apply_resource_change::Response {
                new_state: state,
                private,
                new_identity: identity,
                diagnostics: convert::diagnostics(diagnostics),
                legacy_type_system: false,
            },
        }
    }

    pub(super) async fn import_resource_state(
        self: Arc<Self>,
        request: pb::import_resource_state::Request,
        stop: CancellationToken,
    ) -> pb::import_resource_state::Response {
        let type_name = request.type_name.clone();
        let imported = async {
            let resource = self.resource(&request.type_name)?;
            let declared = resource.declared();
            let target = match request.identity {
                Some(identity) => {
                    let identity = convert::read_identity(Some(&identity), Some(identity_type(declared)?))?;
                    identity.map(ImportTarget::Identity)
                }
                None => None,
            };
            let target = target.unwrap_or(ImportTarget::Id(request.id));
            let call = self.call(stop, request.client_capabilities);
            let outcome = resource.import(call, target).await;
            let found = !outcome.diagnostics.has_errors() && !outcome.state.is_null();
            Ok((answer(outcome, declared), found))
        };
        let (answer, found) = match imported.await {
            Ok(both) => both,
            Err(diagnostics) => {
                let diagnostics = convert::diagnostics(diagnostics);
                return pb::import_resource_state::Response { diagnostics, ..Default::default() };
            }
        };
        let object = pb::import_resource_state::ImportedResource {
            type_name,
            state: Some(answer.state),
            private: answer.private,
            identity: answer.identity,
        };
        pb::import_resource_state::Response {
            imported_resources: if found { vec![object] } else { Vec::new() },
            diagnostics: convert::diagnostics(answer.diagnostics),
            deferred: answer.deferred,
        }
    }

    pub(super) async fn move_resource_state(
        self: Arc<Self>,
        request: pb::move_resource_state::Request,
        _: CancellationToken,
    ) -> pb::move_resource_state::Response {
        let moved = async {
            let resource = self.resource(&request.target_type_name)?;
            let source = MoveSource {
                identity: convert::raw_identity(request.source_identity.as_ref())?.map(str::to_owned),
                identity_schema_version: request.source_identity_schema_version,
                state: convert::raw("state", request.source_state.as_ref())?.to_owned(),
                provider_address: request.source_provider_address,
                type_name: request.source_type_name,
                schema_version: request.source_schema_version,
                private: request.source_private,
            };
            Ok(answer(resource.move_state(source).await, resource.declared()))
        };
        match moved.await {
            Ok(answer) => pb::move_resource_state::Response {
                target_state: Some(answer.state),
                target_private: answer.private,
                target_identity: answer.identity,
                diagnostics: convert::diagnostics(answer.diagnostics),
            },
            Err(diagnostics) => pb::move_resource_state::Response {
                diagnostics: convert::diagnostics(diagnostics),
                ..Default::default()
            },
        }
    }

    pub(super) async fn generate_resource_config(
        self: Arc<Self>,
        request: pb::generate_resource_config::Request,
        _: CancellationToken,
    ) -> pb::generate_resource_config::Response {
        let generated = guard("generate a configuration for", &request.type_name, async {
            let resource = self.resource(&request.type_name)?;
            let ty = &resource.declared().object_type;
            Ok((resource.generate(convert::read("state", request.state.as_ref(), ty)?)?, ty))
        });
        let mut diagnostics = Diagnostics::new();
        let config = match generated.await {
            Ok((config, ty)) => Some(convert::write("configuration", &config, ty, &mut diagnostics)),
            Err(error) => {
                diagnostics.extend(error);
                None
            }
        };
        pb::generate_resource_config::Response { config, diagnostics: convert::diagnostics(diagnostics) }
    }
}
