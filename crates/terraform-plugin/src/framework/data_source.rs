//! Serves a data source.

use async_trait::async_trait;

use super::bug_report::mistake_at;
use super::contract::{unknown, without_unknown};
use super::declared::Declared;
use super::guard::guard;
use super::objects::AnyDataSource;
use super::outcome::{Outcome, Stored};
use crate::data_source::DataSource;
use crate::diagnostic::Diagnostics;
use crate::operation::{Call, Operation, Private, Saved};
use crate::schema::mistake::{Kind, Mistake};
use crate::value::Value;

/// A data source and what it declares.
pub(crate) struct DataSourceServer<D> {
    data_source: D,
    declared: Declared,
}

impl<D: DataSource> DataSourceServer<D> {
    pub(crate) fn new(data_source: D) -> Self {
        let declared = Declared::new(data_source.type_name(), data_source.schema());
        Self { data_source, declared }
    }

    fn settle(
        &self,
        mut operation: Operation<D::Session, D::Model>,
        result: Result<(), Diagnostics>,
        config: Value,
    ) -> Outcome {
        let deferred = self.declared.deferral(&mut operation);
        let Operation { saved, mut diagnostics, .. } = operation;
        let succeeded = result.is_ok();
        diagnostics.absorb(result);
        let state = match saved {
            Saved::Object(found) => {
                let found = self.declared.value_of(found, &mut diagnostics).unwrap_or(Value::Null);
                let state = self.declared.changed::<D::Model>(&config, found, "in its result", &mut diagnostics);
                diagnostics.extend(
                    unknown(&state)
                        .iter()
                        .map(|path| mistake_at(self.declared.name, path, "in its result", "is unknown")),
                );
                without_unknown(state)
            }
            // What is put off has no result yet; Terraform wants the configuration back.
            Saved::Nothing | Saved::Removed if deferred.is_some() => config,
            Saved::Nothing | Saved::Removed => {
                if succeeded {
                    diagnostics.push(self.declared.mistake("its read ended without an error and without a result."));
                }
                Value::Null
            }
        };
        Outcome { state, private: Private::default(), identity: None, diagnostics, deferred }
    }
}

#[async_trait]
impl<D: DataSource> AnyDataSource<D::Session> for DataSourceServer<D> {
    fn declared(&self) -> &Declared {
        &self.declared
    }

    fn check(&self, mistakes: &mut Vec<Mistake>) {
        self.declared.check::<D::Model>(Kind::DataSource, mistakes);
    }

    async fn validate(&self, config: Value) -> Diagnostics {
        self.declared.validate(config, false, async |config| self.data_source.validate(config).await).await
    }

    async fn read(&self, call: Call<D::Session>, config: Value) -> Outcome {
        if let Some(reason) = call.deferral() {
            return Outcome::deferred(Stored { state: config, ..Stored::nothing() }, reason);
        }
        let (mut operation, read) = match self.declared.begin("read", call, config.clone()) {
            Ok(both) => both,
            Err(diagnostics) => return Outcome::nothing(diagnostics),
        };
        let result = guard("read", self.declared.name, self.data_source.read(&mut operation, read)).await;
        self.settle(operation, result, config)
    }
}
