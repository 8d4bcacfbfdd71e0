//! Serves a data source.

use async_trait::async_trait;

use super::{AnyDataSource, Call, Outcome, guard, model, validate};
use crate::data_source::DataSource;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::model::Model;
use crate::operation::{Operation, Private, Saved};
use crate::schema::Schema;
use crate::value::{Type, Value};

/// A data source with its schema, made once.
pub(crate) struct DataSourceServer<D> {
    data_source: D,
    schema: Schema,
    object_type: Type,
}

impl<D: DataSource> DataSourceServer<D> {
    pub(crate) fn new(data_source: D) -> Self {
        let schema = data_source.schema();
        let object_type = schema.object_type();
        Self { data_source, schema, object_type }
    }

    fn nothing_saved(&self) -> Diagnostic {
        let name = self.data_source.type_name();
        Diagnostic::error(
            "Mistake in the provider",
            format!("The read of {name} ended without an error and without a result. Please report this bug."),
        )
    }
}

#[async_trait]
impl<D: DataSource> AnyDataSource<D::Client> for DataSourceServer<D> {
    fn type_name(&self) -> &'static str {
        self.data_source.type_name()
    }

    fn schema(&self) -> &Schema {
        &self.schema
    }

    fn object_type(&self) -> &Type {
        &self.object_type
    }

    async fn validate(&self, config: Value) -> Diagnostics {
        let mut diagnostics = validate(&self.schema, &config);
        let name = self.type_name();
        let own = async { self.data_source.validate(model(name, config)?).await };
        diagnostics.absorb(guard("validate", name, own).await);
        diagnostics
    }

    async fn read(&self, call: Call<D::Client>, config: Value) -> Outcome {
        let name = self.type_name();
        let (client, config) = match call.configured().and_then(|client| Ok((client, model(name, config)?))) {
            Ok(both) => both,
            Err(diagnostics) => return Outcome { state: Value::Null, private: Private::default(), diagnostics },
        };
        let mut operation = Operation::new(client, call.stop, Private::default());
        let result = guard("read", name, self.data_source.read(&mut operation, config)).await;
        let Operation { saved, private, mut diagnostics, .. } = operation;
        let succeeded = result.is_ok();
        diagnostics.absorb(result);
        let state = match saved {
            Saved::Object(found) => found.into_value(),
            Saved::Nothing | Saved::Removed => {
                if succeeded {
                    diagnostics.push(self.nothing_saved());
                }
                Value::Null
            }
        };
        Outcome { state, private, diagnostics }
    }
}
