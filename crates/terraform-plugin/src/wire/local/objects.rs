//! Calls of everything that is no resource.

use futures_util::StreamExt as _;
use tonic::Request;

use super::{Capabilities, Client, Local, answered, messages, received};
use crate::diagnostic::Diagnostics;
use crate::framework::{CallError, Declared, Lease, ListInput, ListedObject, OpenOutcome, Outcome};
use crate::operation::{DeferReason, Private};
use crate::provider::Provider;
use crate::value::{Type, Value};
use crate::wire::convert;
use crate::wire::function::failed;
use crate::wire::generated::tfplugin6 as pb;
use crate::wire::generated::tfplugin6::provider_server::Provider as _;
use crate::wire::served::find;

impl<P: Provider> Local<P> {
    pub async fn validate_data_source(&self, declared: &Declared, config: &Value) -> Diagnostics {
        let sent = async {
            let config = messages::sent("configuration", config, &declared.object_type)?;
            let request = pb::validate_data_resource_config::Request { type_name: declared.name.to_owned(), config };
            Ok(answered(self.0.validate_data_resource_config(Request::new(request)).await)?.diagnostics)
        };
        messages::reported(sent.await)
    }

    pub async fn read_data_source(&self, declared: &Declared, config: &Value, client: Client<'_>) -> Outcome {
        let sent = async {
            let ty = &declared.object_type;
            let request = pb::read_data_source::Request {
                type_name: declared.name.to_owned(),
                config: messages::sent("configuration", config, ty)?,
                provider_meta: self.meta(client)?,
                client_capabilities: Some(client.capabilities.into()),
            };
            let answer = answered(self.0.read_data_source(Request::new(request)).await)?;
            let mut diagnostics = messages::diagnostics(answer.diagnostics);
            let state = received("result", answer.state.as_ref(), ty, &mut diagnostics);
            let deferred = messages::deferred(answer.deferred);
            Ok(Outcome { state, private: Private::default(), identity: None, diagnostics, deferred })
        };
        sent.await.unwrap_or_else(Outcome::nothing)
    }

    pub async fn validate_ephemeral(&self, declared: &Declared, config: &Value) -> Diagnostics {
        let sent = async {
            let config = messages::sent("configuration", config, &declared.object_type)?;
            let type_name = declared.name.to_owned();
            let request = pb::validate_ephemeral_resource_config::Request { type_name, config };
            Ok(answered(self.0.validate_ephemeral_resource_config(Request::new(request)).await)?.diagnostics)
        };
        messages::reported(sent.await)
    }

    pub async fn open_ephemeral(&self, declared: &Declared, config: &Value, capabilities: Capabilities) -> OpenOutcome {
        let sent = async {
            let ty = &declared.object_type;
            let request = pb::open_ephemeral_resource::Request {
                type_name: declared.name.to_owned(),
                config: messages::sent("configuration", config, ty)?,
                client_capabilities: Some(capabilities.into()),
            };
            let answer = answered(self.0.open_ephemeral_resource(Request::new(request)).await)?;
            let mut diagnostics = messages::diagnostics(answer.diagnostics);
            let result = received("result", answer.result.as_ref(), ty, &mut diagnostics);
            let lease = lease(answer.renew_at, answer.private, diagnostics);
            Ok(OpenOutcome { result, lease, deferred: messages::deferred(answer.deferred) })
        };
        let nothing =
            |diagnostics| OpenOutcome { result: Value::Null, lease: lease(None, None, diagnostics), deferred: None };
        sent.await.unwrap_or_else(nothing)
    }

    pub async fn renew_ephemeral(&self, name: &str, private: &Private) -> Lease {
        let private = Some(private.to_bytes());
        let request = pb::renew_ephemeral_resource::Request { type_name: name.to_owned(), private: private.clone() };
        match answered(self.0.renew_ephemeral_resource(Request::new(request)).await) {
            Ok(answer) => lease(answer.renew_at, answer.private, messages::diagnostics(answer.diagnostics)),
            Err(diagnostics) => lease(None, private, diagnostics),
        }
    }

    pub async fn close_ephemeral(&self, name: &str, private: &Private) -> Diagnostics {
        let private = Some(private.to_bytes());
        let request = pb::close_ephemeral_resource::Request { type_name: name.to_owned(), private };
        let answer = answered(self.0.close_ephemeral_resource(Request::new(request)).await);
        messages::reported(answer.map(|answer| answer.diagnostics))
    }

    pub async fn validate_list(&self, declared: &Declared, config: &Value) -> Diagnostics {
        let sent = async {
            let config = messages::sent("configuration", config, &declared.object_type)?;
            let type_name = declared.name.to_owned();
            let request = pb::validate_list_resource_config::Request { type_name, config, ..Default::default() };
            Ok(answered(self.0.validate_list_resource_config(Request::new(request)).await)?.diagnostics)
        };
        messages::reported(sent.await)
    }

    /// What a search finds, until it ends.
    pub async fn list(&self, declared: &Declared, input: ListInput) -> (Vec<ListedObject>, Diagnostics) {
        let (mut found, mut diagnostics) = (Vec::new(), Diagnostics::new());
        let sent = async {
            let resource = find(&self.served().resources, "resource", declared.name)?.declared();
            let request = pb::list_resource::Request {
                type_name: declared.name.to_owned(),
                config: messages::sent("configuration", &input.config, &declared.object_type)?,
                include_resource_object: input.include_resource,
                limit: i64::try_from(input.limit).unwrap_or(i64::MAX),
            };
            let mut events = answered(self.0.list_resource(Request::new(request)).await)?;
            while let Some(event) = events.next().await {
                let event = event.map_err(|status| messages::failed(&status))?;
                diagnostics.extend(messages::diagnostics(event.diagnostic));
                let Some(identity) = convert::read_identity(event.identity.as_ref(), resource.identity_type.as_ref())?
                else {
                    continue;
                };
                let ty = &resource.object_type;
                let read = |state: &pb::DynamicValue| received("state", Some(state), ty, &mut diagnostics);
                let state = event.resource_object.as_ref().map(read);
                found.push(ListedObject { display_name: event.display_name, identity, state });
            }
            Ok(())
        };
        let ended: Result<(), Diagnostics> = sent.await;
        diagnostics.absorb(ended);
        (found, diagnostics)
    }

    pub async fn validate_action(&self, declared: &Declared, config: &Value) -> Diagnostics {
        let sent = async {
            let config = messages::sent("configuration", config, &declared.object_type)?;
            let request = pb::validate_action_config::Request { type_name: declared.name.to_owned(), config };
            Ok(answered(self.0.validate_action_config(Request::new(request)).await)?.diagnostics)
        };
        messages::reported(sent.await)
    }

    pub async fn plan_action(
        &self,
        declared: &Declared,
        config: &Value,
        capabilities: Capabilities,
    ) -> (Diagnostics, Option<DeferReason>) {
        let sent = async {
            let request = pb::plan_action::Request {
                action_type: declared.name.to_owned(),
                config: messages::sent("configuration", config, &declared.object_type)?,
                client_capabilities: Some(capabilities.into()),
            };
            let answer = answered(self.0.plan_action(Request::new(request)).await)?;
            Ok((messages::diagnostics(answer.diagnostics), messages::deferred(answer.deferred)))
        };
        sent.await.unwrap_or_else(|diagnostics| (diagnostics, None))
    }

    /// What an action reports of its progress, and how it ends.
    pub async fn invoke_action(
        &self,
        declared: &Declared,
        config: &Value,
        capabilities: Capabilities,
    ) -> (Vec<String>, Diagnostics) {
        use pb::invoke_action::event::Type;
        let (mut progress, mut diagnostics) = (Vec::new(), Diagnostics::new());
        let sent = async {
            let request = pb::invoke_action::Request {
                action_type: declared.name.to_owned(),
                config: messages::sent("configuration", config, &declared.object_type)?,
                client_capabilities: Some(capabilities.into()),
            };
            let mut events = answered(self.0.invoke_action(Request::new(request)).await)?;
            while let Some(event) = events.next().await {
                match event.map_err(|status| messages::failed(&status))?.r#type {
                    Some(Type::Progress(one)) => progress.push(one.message),
                    Some(Type::Completed(end)) => diagnostics.extend(messages::diagnostics(end.diagnostics)),
                    None => {}
                }
            }
            Ok(())
        };
        let ended: Result<(), Diagnostics> = sent.await;
        diagnostics.absorb(ended);
        (progress, diagnostics)
    }

    /// The result of a function. Each argument comes with its type.
    pub async fn call_function(
        &self,
        name: &str,
        arguments: &[(Value, &Type)],
        returns: &Type,
    ) -> Result<Value, CallError> {
        let text = |diagnostics| failed(diagnostics, None);
        let sent = |(value, ty): &(Value, &Type)| messages::sent("argument", value, ty).map(Option::unwrap_or_default);
        let arguments = arguments.iter().map(sent).collect::<Result<_, _>>().map_err(text)?;
        let request = pb::call_function::Request { name: name.to_owned(), arguments };
        let answer = answered(self.0.call_function(Request::new(request)).await).map_err(text)?;
        if let Some(error) = answer.error {
            let argument = error.function_argument.and_then(|position| position.try_into().ok());
            return Err(CallError { text: error.text, argument });
        }
        convert::read("result", answer.result.as_ref(), returns).map_err(text)
    }
}

fn lease(renew_at: Option<prost_types::Timestamp>, private: Option<Vec<u8>>, diagnostics: Diagnostics) -> Lease {
    let private = Private::from_bytes(&private.unwrap_or_default());
    Lease { renew_at: messages::time(renew_at), private, diagnostics }
}
