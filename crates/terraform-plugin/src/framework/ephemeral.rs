//! Serves an ephemeral resource.

use async_trait::async_trait;

use super::bug_report::mistake_at;
use super::contract::unknown;
use super::declared::Declared;
use super::guard::guard;
use super::objects::AnyEphemeral;
use super::outcome::{Lease, OpenOutcome};
use crate::diagnostic::Diagnostics;
use crate::ephemeral::EphemeralResource;
use crate::operation::{Call, Operation, Private};
use crate::schema::mistake::{Kind, Mistake};
use crate::value::Value;

/// An ephemeral resource and what it declares.
pub(crate) struct EphemeralServer<E> {
    ephemeral: E,
    declared: Declared,
}

impl<E: EphemeralResource> EphemeralServer<E> {
    pub(crate) fn new(ephemeral: E) -> Self {
        let declared = Declared::new(ephemeral.type_name(), ephemeral.schema());
        Self { ephemeral, declared }
    }

    fn not_opened(diagnostics: Diagnostics) -> OpenOutcome {
        let lease = Lease { renew_at: None, private: Private::default(), diagnostics };
        OpenOutcome { result: Value::Null, lease, deferred: None }
    }
}

#[async_trait]
impl<E: EphemeralResource> AnyEphemeral<E::Session> for EphemeralServer<E> {
    fn declared(&self) -> &Declared {
        &self.declared
    }

    fn check(&self, mistakes: &mut Vec<Mistake>) {
        self.declared.check::<E::Model>(Kind::Ephemeral, mistakes);
    }

    async fn validate(&self, config: Value) -> Diagnostics {
        self.declared.validate(config, false, async |config| self.ephemeral.validate(config).await).await
    }

    async fn open(&self, call: Call<E::Session>, config: Value) -> OpenOutcome {
        if let Some(reason) = call.deferral() {
            let OpenOutcome { lease, .. } = Self::not_opened(Diagnostics::new());
            return OpenOutcome { result: config, lease, deferred: Some(reason) };
        }
        let (mut operation, opening) = match self.declared.begin("open", call, config.clone()) {
            Ok(both) => both,
            Err(diagnostics) => return Self::not_opened(diagnostics),
        };
        let name = self.declared.name;
        let opened = guard("open", name, self.ephemeral.open(&mut operation, opening)).await;
        let deferred = self.declared.deferral(&mut operation);
        let Operation { private, mut diagnostics, .. } = operation;
        let (result, renew_at) = match opened {
            Ok(opened) => {
                let what = "in its result";
                let result = self.declared.value_of(opened.result, &mut diagnostics).unwrap_or(Value::Null);
                let result = self.declared.changed::<E::Model>(&config, result, what, &mut diagnostics);
                if deferred.is_none() {
                    let unknown = unknown(&result);
                    diagnostics.extend(unknown.iter().map(|path| mistake_at(name, path, what, "is unknown")));
                }
                (result, opened.renew_at)
            }
            Err(error) => {
                diagnostics.extend(error);
                (Value::Null, None)
            }
        };
        OpenOutcome { result, lease: Lease { renew_at, private, diagnostics }, deferred }
    }

    async fn renew(&self, call: Call<E::Session>, private: Private) -> Lease {
        let mut operation = match Operation::new(self.declared.about("renew"), call, private.clone(), None) {
            Ok(operation) => operation,
            Err(diagnostics) => return Lease { renew_at: None, private, diagnostics },
        };
        let renewed = guard("renew", self.declared.name, self.ephemeral.renew(&mut operation)).await;
        let Operation { private, mut diagnostics, .. } = operation;
        let renew_at = renewed.unwrap_or_else(|error| {
            diagnostics.extend(error);
            None
        });
        Lease { renew_at, private, diagnostics }
    }

    async fn close(&self, call: Call<E::Session>, private: Private) -> Diagnostics {
        let mut operation = match Operation::new(self.declared.about("close"), call, private, None) {
            Ok(operation) => operation,
            Err(diagnostics) => return diagnostics,
        };
        let closed = guard("close", self.declared.name, self.ephemeral.close(&mut operation)).await;
        operation.diagnostics.absorb(closed);
        operation.diagnostics
    }
}
