//! The gRPC service of a provider: one method for each RPC, which turns an outcome into the RPC's answer.

use std::pin::Pin;
use std::sync::PoisonError;

use futures_util::Stream;
use tonic::{Request, Response, Status};

use super::calls::{ProviderService, no_such};
use super::convert;
use super::generated::tfplugin6 as pb;
use crate::diagnostic::Diagnostics;
use crate::framework::{Outcome, PlanOutput, guard};
use crate::provider::Provider;
use crate::schema::Schema;

/// A stream of answers.
type Answers<T> = Pin<Box<dyn Stream<Item = Result<T, Status>> + Send>>;

/// A stream of one answer.
fn one<T: Send + 'static>(answer: T) -> Response<Answers<T>> {
    Response::new(Box::pin(futures_util::stream::iter([Ok(answer)])))
}

fn absent(kind: &str, name: &str) -> Vec<pb::Diagnostic> {
    convert::diagnostics(no_such(kind, name))
}

fn no_state_stores() -> Status {
    Status::unimplemented("the provider has no state stores")
}

/// The messages of a result that carries nothing else.
fn only_diagnostics(result: Result<(), Diagnostics>) -> Vec<pb::Diagnostic> {
    convert::diagnostics(result.err().unwrap_or_default())
}

#[tonic::async_trait]
impl<P: Provider> pb::provider_server::Provider for ProviderService<P> {
    async fn get_metadata(
        &self,
        _: Request<pb::get_metadata::Request>,
    ) -> Result<Response<pb::get_metadata::Response>, Status> {
        use pb::get_metadata::{DataSourceMetadata, ResourceMetadata};
        Ok(Response::new(pb::get_metadata::Response {
            server_capabilities: Some(Self::capabilities()),
            resources: self.resources.keys().map(|name| ResourceMetadata { type_name: (*name).to_owned() }).collect(),
            data_sources: self
                .data_sources
                .keys()
                .map(|name| DataSourceMetadata { type_name: (*name).to_owned() })
                .collect(),
            ..Default::default()
        }))
    }

    async fn get_provider_schema(
        &self,
        _: Request<pb::get_provider_schema::Request>,
    ) -> Result<Response<pb::get_provider_schema::Response>, Status> {
        let named = |name: &str, schema: &Schema| (name.to_owned(), convert::schema(schema));
        Ok(Response::new(pb::get_provider_schema::Response {
            provider: Some(convert::schema(&self.schema)),
            resource_schemas: self.resources.values().map(|one| named(one.type_name(), one.schema())).collect(),
            data_source_schemas: self.data_sources.values().map(|one| named(one.type_name(), one.schema())).collect(),
            server_capabilities: Some(Self::capabilities()),
            ..Default::default()
        }))
    }

    async fn validate_provider_config(
        &self,
        request: Request<pb::validate_provider_config::Request>,
    ) -> Result<Response<pb::validate_provider_config::Response>, Status> {
        let result = self.validated_provider(request.into_inner().config).await;
        Ok(Response::new(pb::validate_provider_config::Response { diagnostics: only_diagnostics(result) }))
    }

    async fn validate_resource_config(
        &self,
        request: Request<pb::validate_resource_config::Request>,
    ) -> Result<Response<pb::validate_resource_config::Response>, Status> {
        let request = request.into_inner();
        let result = async {
            let resource = self.resource(&request.type_name)?;
            let config = convert::read("configuration", request.config, resource.object_type())?;
            Err(resource.validate(config).await)
        };
        Ok(Response::new(pb::validate_resource_config::Response { diagnostics: only_diagnostics(result.await) }))
    }

    async fn validate_data_resource_config(
        &self,
        request: Request<pb::validate_data_resource_config::Request>,
    ) -> Result<Response<pb::validate_data_resource_config::Response>, Status> {
        let request = request.into_inner();
        let result = async {
            let source = self.data_source(&request.type_name)?;
            let config = convert::read("configuration", request.config, source.object_type())?;
            Err(source.validate(config).await)
        };
        Ok(Response::new(pb::validate_data_resource_config::Response { diagnostics: only_diagnostics(result.await) }))
    }

    async fn upgrade_resource_state(
        &self,
        request: Request<pb::upgrade_resource_state::Request>,
    ) -> Result<Response<pb::upgrade_resource_state::Response>, Status> {
        let request = request.into_inner();
        let name = request.type_name.clone();
        let result = guard("upgrade the state of", &name, async { self.upgraded(request) }).await;
        let (upgraded_state, diagnostics) = match result {
            Ok(state) => (Some(state), Vec::new()),
            Err(diagnostics) => (None, convert::diagnostics(diagnostics)),
        };
        Ok(Response::new(pb::upgrade_resource_state::Response { upgraded_state, diagnostics }))
    }

    async fn configure_provider(
        &self,
        request: Request<pb::configure_provider::Request>,
    ) -> Result<Response<pb::configure_provider::Response>, Status> {
        let result = self.configured(request.into_inner()).await;
        Ok(Response::new(pb::configure_provider::Response { diagnostics: only_diagnostics(result) }))
    }

    async fn read_resource(
        &self,
        request: Request<pb::read_resource::Request>,
    ) -> Result<Response<pb::read_resource::Response>, Status> {
        let request = request.into_inner();
        let (current, private) = (request.current_state.clone(), request.private.clone());
        Ok(Response::new(match self.read(request).await {
            Ok((Outcome { state, private, mut diagnostics }, ty)) => pb::read_resource::Response {
                new_state: Some(convert::write("state", &state, ty, &mut diagnostics)),
                diagnostics: convert::diagnostics(diagnostics),
                private: private.to_bytes(),
                ..Default::default()
            },
            Err(diagnostics) => pb::read_resource::Response {
                new_state: current,
                diagnostics: convert::diagnostics(diagnostics),
                private,
                ..Default::default()
            },
        }))
    }

    async fn plan_resource_change(
        &self,
        request: Request<pb::plan_resource_change::Request>,
    ) -> Result<Response<pb::plan_resource_change::Response>, Status> {
        Ok(Response::new(match self.planned(request.into_inner()).await {
            Ok((PlanOutput { planned, requires_replace, private, mut diagnostics }, ty)) => {
                pb::plan_resource_change::Response {
                    planned_state: Some(convert::write("planned state", &planned, ty, &mut diagnostics)),
                    requires_replace: requires_replace.iter().map(convert::path).collect(),
                    planned_private: private.to_bytes(),
                    diagnostics: convert::diagnostics(diagnostics),
                    ..Default::default()
                }
            }
            Err(diagnostics) => pb::plan_resource_change::Response {
                diagnostics: convert::diagnostics(diagnostics),
                ..Default::default()
            },
        }))
    }

    async fn apply_resource_change(
        &self,
        request: Request<pb::apply_resource_change::Request>,
    ) -> Result<Response<pb::apply_resource_change::Response>, Status> {
        let request = request.into_inner();
        let (prior, private) = (request.prior_state.clone(), request.planned_private.clone());
        Ok(Response::new(match self.applied(request).await {
            Ok((Outcome { state, private, mut diagnostics }, ty)) => pb::apply_resource_change::Response {
                new_state: Some(convert::write("state", &state, ty, &mut diagnostics)),
                private: private.to_bytes(),
                diagnostics: convert::diagnostics(diagnostics),
                ..Default::default()
            },
            Err(diagnostics) => pb::apply_resource_change::Response {
                new_state: prior,
                private,
                diagnostics: convert::diagnostics(diagnostics),
                ..Default::default()
            },
        }))
    }

    async fn import_resource_state(
        &self,
        request: Request<pb::import_resource_state::Request>,
    ) -> Result<Response<pb::import_resource_state::Response>, Status> {
        let request = request.into_inner();
        let type_name = request.type_name.clone();
        let (imported, diagnostics) = match self.imported(request).await {
            Ok((Outcome { state, private, mut diagnostics }, ty)) => {
                let imported = (!diagnostics.has_errors() && !state.is_null()).then(|| {
                    pb::import_resource_state::ImportedResource {
                        type_name,
                        state: Some(convert::write("state", &state, ty, &mut diagnostics)),
                        private: private.to_bytes(),
                        ..Default::default()
                    }
                });
                (imported, diagnostics)
            }
            Err(diagnostics) => (None, diagnostics),
        };
        Ok(Response::new(pb::import_resource_state::Response {
            imported_resources: imported.into_iter().collect(),
            diagnostics: convert::diagnostics(diagnostics),
            deferred: None,
        }))
    }

    async fn read_data_source(
        &self,
        request: Request<pb::read_data_source::Request>,
    ) -> Result<Response<pb::read_data_source::Response>, Status> {
        Ok(Response::new(match self.data_read(request.into_inner()).await {
            Ok((Outcome { state, mut diagnostics, .. }, ty)) => pb::read_data_source::Response {
                state: Some(convert::write("result", &state, ty, &mut diagnostics)),
                diagnostics: convert::diagnostics(diagnostics),
                deferred: None,
            },
            Err(diagnostics) => {
                pb::read_data_source::Response { diagnostics: convert::diagnostics(diagnostics), ..Default::default() }
            }
        }))
    }

    async fn stop_provider(
        &self,
        _: Request<pb::stop_provider::Request>,
    ) -> Result<Response<pb::stop_provider::Response>, Status> {
        let running = std::mem::take(&mut *self.stop.write().unwrap_or_else(PoisonError::into_inner));
        running.cancel();
        tracing::debug!("asked to stop; running operations are cancelled");
        Ok(Response::new(pb::stop_provider::Response::default()))
    }

    // What follows are kinds of object that this framework does not have yet: it answers as a provider without any.

    async fn get_resource_identity_schemas(
        &self,
        _: Request<pb::get_resource_identity_schemas::Request>,
    ) -> Result<Response<pb::get_resource_identity_schemas::Response>, Status> {
        Ok(Response::new(pb::get_resource_identity_schemas::Response::default()))
    }

    async fn upgrade_resource_identity(
        &self,
        request: Request<pb::upgrade_resource_identity::Request>,
    ) -> Result<Response<pb::upgrade_resource_identity::Response>, Status> {
        let request = request.into_inner();
        Ok(Response::new(pb::upgrade_resource_identity::Response {
            diagnostics: absent("resource with an identity", &request.type_name),
            ..Default::default()
        }))
    }

    async fn move_resource_state(
        &self,
        request: Request<pb::move_resource_state::Request>,
    ) -> Result<Response<pb::move_resource_state::Response>, Status> {
        let request = request.into_inner();
        Ok(Response::new(pb::move_resource_state::Response {
            diagnostics: absent("resource that takes over states", &request.target_type_name),
            ..Default::default()
        }))
    }

    async fn generate_resource_config(
        &self,
        request: Request<pb::generate_resource_config::Request>,
    ) -> Result<Response<pb::generate_resource_config::Response>, Status> {
        let request = request.into_inner();
        Ok(Response::new(pb::generate_resource_config::Response {
            diagnostics: absent("resource that generates configuration", &request.type_name),
            ..Default::default()
        }))
    }

    async fn validate_ephemeral_resource_config(
        &self,
        request: Request<pb::validate_ephemeral_resource_config::Request>,
    ) -> Result<Response<pb::validate_ephemeral_resource_config::Response>, Status> {
        let request = request.into_inner();
        Ok(Response::new(pb::validate_ephemeral_resource_config::Response {
            diagnostics: absent("ephemeral resource", &request.type_name),
        }))
    }

    async fn open_ephemeral_resource(
        &self,
        request: Request<pb::open_ephemeral_resource::Request>,
    ) -> Result<Response<pb::open_ephemeral_resource::Response>, Status> {
        let request = request.into_inner();
        Ok(Response::new(pb::open_ephemeral_resource::Response {
            diagnostics: absent("ephemeral resource", &request.type_name),
            ..Default::default()
        }))
    }

    async fn renew_ephemeral_resource(
        &self,
        request: Request<pb::renew_ephemeral_resource::Request>,
    ) -> Result<Response<pb::renew_ephemeral_resource::Response>, Status> {
        let request = request.into_inner();
        Ok(Response::new(pb::renew_ephemeral_resource::Response {
            diagnostics: absent("ephemeral resource", &request.type_name),
            ..Default::default()
        }))
    }

    async fn close_ephemeral_resource(
        &self,
        request: Request<pb::close_ephemeral_resource::Request>,
    ) -> Result<Response<pb::close_ephemeral_resource::Response>, Status> {
        let request = request.into_inner();
        Ok(Response::new(pb::close_ephemeral_resource::Response {
            diagnostics: absent("ephemeral resource", &request.type_name),
        }))
    }

    async fn get_functions(
        &self,
        _: Request<pb::get_functions::Request>,
    ) -> Result<Response<pb::get_functions::Response>, Status> {
        Ok(Response::new(pb::get_functions::Response::default()))
    }

    async fn call_function(
        &self,
        request: Request<pb::call_function::Request>,
    ) -> Result<Response<pb::call_function::Response>, Status> {
        let text = format!("The provider has no function {}.", request.into_inner().name);
        let error = pb::FunctionError { text, function_argument: None };
        Ok(Response::new(pb::call_function::Response { result: None, error: Some(error) }))
    }

    async fn validate_list_resource_config(
        &self,
        request: Request<pb::validate_list_resource_config::Request>,
    ) -> Result<Response<pb::validate_list_resource_config::Response>, Status> {
        let request = request.into_inner();
        Ok(Response::new(pb::validate_list_resource_config::Response {
            diagnostics: absent("list resource", &request.type_name),
        }))
    }

    type ListResourceStream = Answers<pb::list_resource::Event>;

    async fn list_resource(
        &self,
        request: Request<pb::list_resource::Request>,
    ) -> Result<Response<Self::ListResourceStream>, Status> {
        let diagnostic = absent("list resource", &request.into_inner().type_name);
        Ok(one(pb::list_resource::Event { diagnostic, ..Default::default() }))
    }

    async fn validate_action_config(
        &self,
        request: Request<pb::validate_action_config::Request>,
    ) -> Result<Response<pb::validate_action_config::Response>, Status> {
        let request = request.into_inner();
        Ok(Response::new(pb::validate_action_config::Response { diagnostics: absent("action", &request.type_name) }))
    }

    async fn plan_action(
        &self,
        request: Request<pb::plan_action::Request>,
    ) -> Result<Response<pb::plan_action::Response>, Status> {
        let request = request.into_inner();
        Ok(Response::new(pb::plan_action::Response {
            diagnostics: absent("action", &request.action_type),
            ..Default::default()
        }))
    }

    type InvokeActionStream = Answers<pb::invoke_action::Event>;

    async fn invoke_action(
        &self,
        request: Request<pb::invoke_action::Request>,
    ) -> Result<Response<Self::InvokeActionStream>, Status> {
        use pb::invoke_action::event::{Completed, Type};
        let diagnostics = absent("action", &request.into_inner().action_type);
        Ok(one(pb::invoke_action::Event { r#type: Some(Type::Completed(Completed { diagnostics })) }))
    }

    async fn validate_state_store_config(
        &self,
        _: Request<pb::validate_state_store::Request>,
    ) -> Result<Response<pb::validate_state_store::Response>, Status> {
        Err(no_state_stores())
    }

    async fn configure_state_store(
        &self,
        _: Request<pb::configure_state_store::Request>,
    ) -> Result<Response<pb::configure_state_store::Response>, Status> {
        Err(no_state_stores())
    }

    async fn lock_state(
        &self,
        _: Request<pb::lock_state::Request>,
    ) -> Result<Response<pb::lock_state::Response>, Status> {
        Err(no_state_stores())
    }

    async fn unlock_state(
        &self,
        _: Request<pb::unlock_state::Request>,
    ) -> Result<Response<pb::unlock_state::Response>, Status> {
        Err(no_state_stores())
    }

    async fn get_states(
        &self,
        _: Request<pb::get_states::Request>,
    ) -> Result<Response<pb::get_states::Response>, Status> {
        Err(no_state_stores())
    }

    async fn delete_state(
        &self,
        _: Request<pb::delete_state::Request>,
    ) -> Result<Response<pb::delete_state::Response>, Status> {
        Err(no_state_stores())
    }

    type ReadStateBytesStream = Answers<pb::read_state_bytes::Response>;

    async fn read_state_bytes(
        &self,
        _: Request<pb::read_state_bytes::Request>,
    ) -> Result<Response<Self::ReadStateBytesStream>, Status> {
        Err(no_state_stores())
    }

    async fn write_state_bytes(
        &self,
        _: Request<tonic::Streaming<pb::write_state_bytes::RequestChunk>>,
    ) -> Result<Response<pb::write_state_bytes::Response>, Status> {
        Err(no_state_stores())
    }
}
