//! Serves an action.

use async_trait::async_trait;
use tokio::sync::mpsc;

use super::declared::Declared;
use super::guard::guard;
use super::objects::AnyAction;
use crate::action::{Action, Invocation};
use crate::diagnostic::Diagnostics;
use crate::operation::{Call, DeferReason};
use crate::schema::mistake::{Kind, Mistake};
use crate::value::Value;

/// An action and what it declares.
pub(crate) struct ActionServer<A> {
    action: A,
    declared: Declared,
}

impl<A: Action> ActionServer<A> {
    pub(crate) fn new(action: A) -> Self {
        let declared = Declared::new(action.type_name(), action.schema());
        Self { action, declared }
    }
}

#[async_trait]
impl<A: Action> AnyAction<A::Session> for ActionServer<A> {
    fn declared(&self) -> &Declared {
        &self.declared
    }

    fn check(&self, mistakes: &mut Vec<Mistake>) {
        self.declared.check::<A::Model>(Kind::Action, mistakes);
    }

    async fn validate(&self, config: Value) -> Diagnostics {
        // A Terraform that has actions has write-only attributes, and says so only where it asks about resources.
        self.declared.validate(config, true, async |config| self.action.validate(config).await).await
    }

    async fn plan(&self, call: Call<A::Session>, config: Value) -> (Diagnostics, Option<DeferReason>) {
        if let Some(reason) = call.deferral() {
            return (Diagnostics::new(), Some(reason));
        }
        let (mut operation, config) = match self.declared.begin("plan", call, config) {
            Ok(both) => both,
            Err(diagnostics) => return (diagnostics, None),
        };
        let planned = guard("plan", self.declared.name, self.action.plan(&mut operation, config)).await;
        let deferred = self.declared.deferral(&mut operation);
        operation.diagnostics.absorb(planned);
        (operation.diagnostics, deferred)
    }

    async fn invoke(
        &self,
        call: Call<A::Session>,
        config: Value,
        progress: mpsc::UnboundedSender<String>,
    ) -> Diagnostics {
        let name = self.declared.name;
        let (session, config) =
            match call.configured().and_then(|session| Ok((session, self.declared.configuration(config)?))) {
                Ok(both) => both,
                Err(diagnostics) => return diagnostics,
            };
        let mut invocation = Invocation { session, stop: call.stop, progress, diagnostics: Diagnostics::new() };
        let done = guard("invoke", name, self.action.invoke(&mut invocation, config)).await;
        invocation.diagnostics.absorb(done);
        invocation.diagnostics
    }
}
