//! The RPCs of the provider itself.

use std::sync::{Arc, Mutex, PoisonError};

use tokio_util::sync::CancellationToken;

use super::generated::tfplugin6 as pb;
use super::served::{Configuration, Served};
use super::{convert, schema};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::framework::{Declared, caught, guard};
use crate::provider::{Configure, Provider};
use crate::schema::mistake::Kind;

const CAPABILITIES: pb::ServerCapabilities = pb::ServerCapabilities {
    plan_destroy: true,
    get_provider_schema_optional: true,
    move_resource_state: true,
    generate_resource_config: true,
};

impl<P: Provider> Served<P> {
    /// A provider whose author made a mistake reports it instead of being called buggy by Terraform.
    fn reported_mistakes(&self) -> Vec<pb::Diagnostic> {
        let reported = self.mistakes().iter().map(|mistake| {
            let detail = format!("{mistake}\n\nThis is a bug in the provider; please report it to its developers.");
            Diagnostic::error("Mistake in the provider", detail)
        });
        let mut diagnostics = Diagnostics::new();
        diagnostics.extend(reported);
        convert::diagnostics(diagnostics)
    }

    pub(super) fn get_metadata(&self) -> pb::get_metadata::Response {
        use pb::get_metadata as message;
        let own = |name: &&str| (*name).to_owned();
        pb::get_metadata::Response {
            server_capabilities: Some(CAPABILITIES),
            diagnostics: self.reported_mistakes(),
            resources: names(self.resources.keys().map(own), |type_name| message::ResourceMetadata { type_name }),
            data_sources: names(self.data_sources.keys().map(own), |type_name| message::DataSourceMetadata {
                type_name,
            }),
            ephemeral_resources: names(self.ephemeral_resources.keys().map(own), |type_name| {
                message::EphemeralMetadata { type_name }
            }),
            list_resources: names(self.list_resources.keys().map(own), |type_name| message::ListResourceMetadata {
                type_name,
            }),
            actions: names(self.actions.keys().map(own), |type_name| message::ActionMetadata { type_name }),
            functions: names(self.functions.keys().map(own), |name| message::FunctionMetadata { name }),
            state_stores: Vec::new(),
        }
    }

    pub(super) fn get_provider_schema(&self) -> pb::get_provider_schema::Response {
        let named = |declared: &Declared, kind| (declared.name.to_owned(), schema::schema(&declared.schema, kind));
        let action = |declared: &Declared| {
            let schema = schema::schema(&declared.schema, Kind::Action);
            (declared.name.to_owned(), pb::ActionSchema { schema: Some(schema) })
        };
        let meta = |declared: &Declared| schema::schema(&declared.schema, Kind::ProviderMeta);
        let resources = self.resources.values().map(|one| named(one.declared(), Kind::Resource));
        let data_sources = self.data_sources.values().map(|one| named(one.declared(), Kind::DataSource));
        let ephemeral = self.ephemeral_resources.values().map(|one| named(one.declared(), Kind::Ephemeral));
        let lists = self.list_resources.values().map(|one| named(one.declared(), Kind::List));
        pb::get_provider_schema::Response {
            provider: Some(schema::schema(&self.declared.schema, Kind::Provider)),
            provider_meta: self.meta.as_ref().map(meta),
            resource_schemas: resources.collect(),
            data_source_schemas: data_sources.collect(),
            ephemeral_resource_schemas: ephemeral.collect(),
            list_resource_schemas: lists.collect(),
            action_schemas: self.actions.values().map(|one| action(one.declared())).collect(),
            functions: self.signatures(),
            state_store_schemas: std::collections::HashMap::new(),
            diagnostics: self.reported_mistakes(),
            server_capabilities: Some(CAPABILITIES),
        }
    }

    pub(super) fn get_resource_identity_schemas(&self) -> pb::get_resource_identity_schemas::Response {
        let identity = |declared: &Declared| {
            let identity = declared.schema.identity.as_ref()?;
            Some((declared.name.to_owned(), schema::identity(identity)))
        };
        pb::get_resource_identity_schemas::Response {
            identity_schemas: self.resources.values().filter_map(|one| identity(one.declared())).collect(),
            diagnostics: Vec::new(),
        }
    }

    pub(super) async fn validate_provider_config(
        self: Arc<Self>,
        request: pb::validate_provider_config::Request,
        _: CancellationToken,
    ) -> pb::validate_provider_config::Response {
        let validated = async {
            let config = convert::read("provider configuration", request.config.as_ref(), &self.declared.object_type)?;
            Ok(self.declared.validate(config, false, async |config| self.provider.validate(config).await).await)
        };
        pb::validate_provider_config::Response { diagnostics: convert::validated(validated.await) }
    }

    pub(super) async fn configure_provider(
        self: Arc<Self>,
        request: pb::configure_provider::Request,
        stop: CancellationToken,
    ) -> pb::configure_provider::Response {
        let warnings = Arc::<Mutex<Diagnostics>>::default();
        let configured = async {
            let config = convert::read("provider configuration", request.config.as_ref(), &self.declared.object_type)?;
            let config = self.declared.configuration(config)?;
            let asked = || self.provider.defers_everything(&config);
            if request.client_capabilities.is_some_and(|can| can.deferral_allowed)
                && caught("ask for a deferral", self.declared.name, asked)?
            {
                return Ok(Configuration::Deferred);
            }
            let configure = Configure {
                config,
                terraform_version: request.terraform_version,
                stop,
                warnings: Arc::clone(&warnings),
            };
            let session = guard("configure", self.declared.name, self.provider.configure(configure)).await?;
            Ok(Configuration::Made(Arc::new(session)))
        };
        let configured =
            configured.await.map(|made| *self.configuration.write().unwrap_or_else(PoisonError::into_inner) = made);
        let mut diagnostics = std::mem::take(&mut *warnings.lock().unwrap_or_else(PoisonError::into_inner));
        diagnostics.absorb(configured);
        pb::configure_provider::Response { diagnostics: convert::diagnostics(diagnostics) }
    }
}

fn names<T>(names: impl Iterator<Item = String>, message: impl FnMut(String) -> T) -> Vec<T> {
    names.map(message).collect()
}
