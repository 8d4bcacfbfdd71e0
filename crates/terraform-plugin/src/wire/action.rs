//! The RPCs of actions.

use std::sync::Arc;

use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use super::convert;
use super::generated::tfplugin6 as pb;
use super::served::{Served, find};
use crate::diagnostic::Diagnostics;
use crate::framework::AnyAction;
use crate::provider::Provider;

impl<P: Provider> Served<P> {
    fn action(&self, name: &str) -> Result<&dyn AnyAction<P::Session>, Diagnostics> {
        find(&self.actions, "action", name)
    }

    pub(super) async fn validate_action_config(
        self: Arc<Self>,
        request: pb::validate_action_config::Request,
        _: CancellationToken,
    ) -> pb::validate_action_config::Response {
        let validated = async {
            let action = self.action(&request.type_name)?;
            let config = convert::read("configuration", request.config.as_ref(), &action.declared().object_type)?;
            Ok(action.validate(config).await)
        };
        pb::validate_action_config::Response { diagnostics: convert::validated(validated.await) }
    }

    pub(super) async fn plan_action(
        self: Arc<Self>,
        request: pb::plan_action::Request,
        stop: CancellationToken,
    ) -> pb::plan_action::Response {
        let planned = async {
            let action = self.action(&request.action_type)?;
            let config = convert::read("configuration", request.config.as_ref(), &action.declared().object_type)?;
            Ok(action.plan(self.call(stop, request.client_capabilities), config).await)
        };
        let (diagnostics, deferred) = planned.await.unwrap_or_else(|diagnostics| (diagnostics, None));
        let (diagnostics, deferred) = (convert::diagnostics(diagnostics), deferred.map(convert::deferred));
        pb::plan_action::Response { diagnostics, deferred }
    }

    /// Does an action and sends how it goes. It is not dropped when the receiver is: its token is cancelled then, and
    /// it ends in order.
    pub(super) async fn invoke_action(
        self: Arc<Self>,
        request: pb::invoke_action::Request,
        stop: CancellationToken,
        answers: mpsc::Sender<pb::invoke_action::Event>,
    ) {
        use pb::invoke_action::event::{Completed, Progress, Type};
        let event = |kind| pb::invoke_action::Event { r#type: Some(kind) };
        let (sender, mut progress) = mpsc::unbounded_channel();
        let invoked = async {
            let action = self.action(&request.action_type)?;
            let config = convert::read("configuration", request.config.as_ref(), &action.declared().object_type)?;
            Ok(action.invoke(self.call(stop.clone(), request.client_capabilities), config, sender).await)
        };
        let forward = async {
            while let Some(message) = progress.recv().await {
                _ = answers.send(event(Type::Progress(Progress { message }))).await;
            }
        };
        let (invoked, ()) = tokio::join!(invoked, forward);
        let diagnostics = convert::diagnostics(invoked.unwrap_or_else(|diagnostics: Diagnostics| diagnostics));
        _ = answers.send(event(Type::Completed(Completed { diagnostics }))).await;
    }
}
