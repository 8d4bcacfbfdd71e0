//! A data source that ends without a result, or puts its read off.

use async_trait::async_trait;

use super::{call, reported};
use crate::data_source::DataSource;
use crate::diagnostic::Diagnostics;
use crate::framework::{AnyDataSource, DataSourceServer, Outcome};
use crate::model::{Attr, Model};
use crate::operation::{DeferReason, Operation};
use crate::schema::{Attribute, Schema};
use crate::value::Value;

/// Whether it puts its read off. Otherwise it forgets what it was asked for.
struct Source {
    defers: bool,
}

#[derive(Clone, Model)]
struct Wanted {
    id: Attr<String>,
}

#[async_trait]
impl DataSource for Source {
    type Session = ();
    type Model = Wanted;

    fn type_name(&self) -> &'static str {
        "t_thing"
    }

    fn schema(&self) -> Schema {
        Schema::new("A thing.").attribute("id", Attribute::string("Id.").required())
    }

    async fn read(&self, operation: &mut Operation<(), Wanted>, _: Wanted) -> Result<(), Diagnostics> {
        if self.defers {
            operation.defer(DeferReason::AbsentPrerequisite);
        }
        Ok(())
    }
}

fn config() -> Value {
    Value::object([("id", Value::from("t-1"))])
}

async fn read(defers: bool) -> Outcome {
    DataSourceServer::new(Source { defers }).read(call(true), config()).await
}

#[tokio::test]
async fn a_read_that_puts_itself_off_gives_the_configuration_back() {
    let outcome = read(true).await;
    assert_eq!((outcome.state, outcome.deferred), (config(), Some(DeferReason::AbsentPrerequisite)));
    assert!(outcome.diagnostics.is_empty());
}

#[tokio::test]
async fn a_read_without_a_result_is_a_mistake() {
    let outcome = read(false).await;
    assert_eq!((outcome.state, outcome.deferred), (Value::Null, None));
    let sentence = "t_thing: its read ended without an error and without a result.";
    assert_eq!(reported(&outcome.diagnostics).0, sentence);
}
