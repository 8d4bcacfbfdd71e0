//! What stands behind the RPCs: messages are read, the object is found by its name, and the framework is called.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

use tokio_util::sync::CancellationToken;

use super::convert;
use super::generated::tfplugin6 as pb;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::framework::{
    AnyDataSource, AnyResource, ApplyInput, Call, Outcome, PlanInput, PlanOutput, guard, model, validate,
};
use crate::operation::Private;
use crate::provider::{Configure, Provider};
use crate::schema::Schema;
use crate::value::Type;

/// Serves a provider.
pub(crate) struct ProviderService<P: Provider> {
    provider: P,
    pub(super) schema: Schema,
    config_type: Type,
    pub(super) resources: HashMap<&'static str, Box<dyn AnyResource<P::Client>>>,
    pub(super) data_sources: HashMap<&'static str, Box<dyn AnyDataSource<P::Client>>>,
    client: RwLock<Option<Arc<P::Client>>>,
    /// The parent of every running call's token. A stop cancels it and puts a fresh one in its place, as the server
    /// keeps serving.
    pub(super) stop: RwLock<CancellationToken>,
}

impl<P: Provider> ProviderService<P> {
    pub(crate) fn new(provider: P) -> Self {
        let schema = provider.schema();
        let objects = provider.objects();
        Self {
            config_type: schema.object_type(),
            schema,
            resources: objects.resources.into_iter().map(|resource| (resource.type_name(), resource)).collect(),
            data_sources: objects.data_sources.into_iter().map(|source| (source.type_name(), source)).collect(),
            client: RwLock::default(),
            stop: RwLock::new(CancellationToken::new()),
            provider,
        }
    }

    pub(super) fn call(&self) -> Call<P::Client> {
        Call { client: self.client.read().unwrap_or_else(PoisonError::into_inner).clone(), stop: self.stop_token() }
    }

    fn stop_token(&self) -> CancellationToken {
        self.stop.read().unwrap_or_else(PoisonError::into_inner).child_token()
    }

    pub(super) fn resource(&self, name: &str) -> Result<&dyn AnyResource<P::Client>, Diagnostics> {
        self.resources.get(name).map(AsRef::as_ref).ok_or_else(|| no_such("resource", name))
    }

    pub(super) fn data_source(&self, name: &str) -> Result<&dyn AnyDataSource<P::Client>, Diagnostics> {
        self.data_sources.get(name).map(AsRef::as_ref).ok_or_else(|| no_such("data source", name))
    }

    pub(super) fn capabilities() -> pb::ServerCapabilities {
        pb::ServerCapabilities {
            plan_destroy: true,
            get_provider_schema_optional: true,
            move_resource_state: false,
            generate_resource_config: false,
        }
    }

    pub(super) async fn configured(&self, request: pb::configure_provider::Request) -> Result<(), Diagnostics> {
        let config = convert::read("provider configuration", request.config, &self.config_type)?;
        let configure = Configure {
            config: model("the provider configuration", config)?,
            terraform_version: request.terraform_version,
            stop: self.stop_token(),
        };
        let client = guard("configure", "the provider", self.provider.configure(configure)).await?;
        *self.client.write().unwrap_or_else(PoisonError::into_inner) = Some(Arc::new(client));
        Ok(())
    }

    pub(super) async fn validated_provider(&self, config: Option<pb::DynamicValue>) -> Result<(), Diagnostics> {
        let config = convert::read("provider configuration", config, &self.config_type)?;
        let mut diagnostics = validate(&self.schema, &config);
        let own = async { self.provider.validate(model("the provider configuration", config)?).await };
        diagnostics.absorb(guard("validate", "the provider", own).await);
        if diagnostics.is_empty() { Ok(()) } else { Err(diagnostics) }
    }

    pub(super) fn upgraded(
        &self,
        request: pb::upgrade_resource_state::Request,
    ) -> Result<pb::DynamicValue, Diagnostics> {
        let resource = self.resource(&request.type_name)?;
        let unreadable = |reason: &str| {
            let detail = format!("The state of this {} cannot be read: {reason}.", request.type_name);
            Diagnostics::from(Diagnostic::error("State cannot be read", detail))
        };
        let raw = request.raw_state.ok_or_else(|| unreadable("there is none"))?;
        if raw.json.is_empty() {
            return Err(unreadable("it was written by Terraform 0.11 or older"));
        }
        let text = std::str::from_utf8(&raw.json).map_err(|_| unreadable("it is not UTF-8"))?;
        let state = resource.upgrade(request.version, text)?;
        let mut diagnostics = Diagnostics::new();
        let value = convert::write("state", &state, resource.object_type(), &mut diagnostics);
        if diagnostics.is_empty() { Ok(value) } else { Err(diagnostics) }
    }

    pub(super) async fn read(&self, request: pb::read_resource::Request) -> Result<(Outcome, &Type), Diagnostics> {
        let resource = self.resource(&request.type_name)?;
        let state = convert::read("state", request.current_state, resource.object_type())?;
        let outcome = resource.read(self.call(), state, Private::from_bytes(&request.private)).await;
        Ok((outcome, resource.object_type()))
    }

    pub(super) async fn planned(
        &self,
        request: pb::plan_resource_change::Request,
    ) -> Result<(PlanOutput, &Type), Diagnostics> {
        let resource = self.resource(&request.type_name)?;
        let ty = resource.object_type();
        let input = PlanInput {
            prior: convert::read("prior state", request.prior_state, ty)?,
            proposed: convert::read("proposed state", request.proposed_new_state, ty)?,
            config: convert::read("configuration", request.config, ty)?,
            private: Private::from_bytes(&request.prior_private),
        };
        Ok((resource.plan(self.call(), input).await, ty))
    }

    pub(super) async fn applied(
        &self,
        request: pb::apply_resource_change::Request,
    ) -> Result<(Outcome, &Type), Diagnostics> {
        let resource = self.resource(&request.type_name)?;
        let ty = resource.object_type();
        let input = ApplyInput {
            prior: convert::read("prior state", request.prior_state, ty)?,
            planned: convert::read("planned state", request.planned_state, ty)?,
            private: Private::from_bytes(&request.planned_private),
        };
        Ok((resource.apply(self.call(), input).await, ty))
    }

    pub(super) async fn imported(
        &self,
        request: pb::import_resource_state::Request,
    ) -> Result<(Outcome, &Type), Diagnostics> {
        let resource = self.resource(&request.type_name)?;
        Ok((resource.import(self.call(), request.id).await, resource.object_type()))
    }

    pub(super) async fn data_read(
        &self,
        request: pb::read_data_source::Request,
    ) -> Result<(Outcome, &Type), Diagnostics> {
        let source = self.data_source(&request.type_name)?;
        let config = convert::read("configuration", request.config, source.object_type())?;
        Ok((source.read(self.call(), config).await, source.object_type()))
    }
}

/// What to say of a name that the provider does not have.
pub(super) fn no_such(kind: &str, name: &str) -> Diagnostics {
    let detail = format!("The provider has no {kind} named {name:?}. A newer version of the provider may have it.");
    Diagnostic::error(format!("Unknown {kind}"), detail).into()
}
