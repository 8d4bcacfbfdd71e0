//! The data sources `tensorpool_cluster_quote` and `tensorpool_storage_quote`.

use async_trait::async_trait;
use tensorpool::{Error, Quote};
use terraform_plugin::schema::{AtLeast, Attribute, LengthAtLeast, Schema};
use terraform_plugin::value::Number;
use terraform_plugin::{Attr, DataSource, Diagnostic, Diagnostics, Model, Operation};

use crate::errors::{Subject, Verb};
use crate::session::Session;
use crate::timeouts;

const UNDOCUMENTED: &str = "The quotes are not part of what TensorPool documents in full, so they may be removed; the data source then \
                           fails with an error that says so.";

fn hourly_rate() -> Attribute {
    Attribute::number("The current price in USD per hour.").computed()
}

fn rate(quote: Quote) -> Attr<Number> {
    Number::try_from(quote.hourly_rate).ok().into()
}

fn failed(noun: &'static str, error: &Error) -> Diagnostic {
    let mut diagnostic = Subject::new(Verb::LookUp, noun).failed(error);
    if error.is_missing_endpoint() {
        "Quotes are not available".clone_into(&mut diagnostic.summary);
        diagnostic.detail += "\nIf it is right, TensorPool returns no quotes any more: remove this data source. Nothing else in the \
                              provider needs quotes.";
    }
    diagnostic
}

/// The state of `tensorpool_cluster_quote`.
#[derive(Clone, Debug, Model)]
pub struct ClusterQuoteModel {
    instance_type: Attr<String>,
    num_nodes: Attr<i64>,
    hourly_rate: Attr<Number>,
}

/// The data source `tensorpool_cluster_quote`.
pub struct ClusterQuoteDataSource;

#[async_trait]
impl DataSource for ClusterQuoteDataSource {
    type Session = Session;
    type Model = ClusterQuoteModel;

    fn type_name(&self) -> &'static str {
        "tensorpool_cluster_quote"
    }

    fn schema(&self) -> Schema {
        Schema::new(format!("What a cluster would cost: a quote, which is no promise of a price. {UNDOCUMENTED}"))
            .attribute(
                "instance_type",
                Attribute::string("Instance type of every node, for example `8xH100`.")
                    .required()
                    .validate(LengthAtLeast(1)),
            )
            .attribute(
                "num_nodes",
                Attribute::integer("Number of nodes.").default_is("`1`").optional().computed().validate(AtLeast(1)),
            )
            .attribute("hourly_rate", hourly_rate())
    }

    async fn read(
        &self,
        operation: &mut Operation<Session, ClusterQuoteModel>,
        config: ClusterQuoteModel,
    ) -> Result<(), Diagnostics> {
        let api = operation.session().api(timeouts::READ, operation.stop())?;
        let instance_type = config.instance_type.as_str().unwrap_or_default();
        let num_nodes = config.num_nodes.known().copied().unwrap_or(1);
        let quote = api.quotes().cluster(instance_type, num_nodes.unsigned_abs()).await;
        let quote = quote.map_err(|error| failed("cluster quote", &error))?;
        operation.save(ClusterQuoteModel { num_nodes: num_nodes.into(), hourly_rate: rate(quote), ..config });
        Ok(())
    }
}

/// The state of `tensorpool_storage_quote`.
#[derive(Clone, Debug, Model)]
pub struct StorageQuoteModel {
    size_gb: Attr<i64>,
    hourly_rate: Attr<Number>,
}

/// The data source `tensorpool_storage_quote`.
pub struct StorageQuoteDataSource;

#[async_trait]
impl DataSource for StorageQuoteDataSource {
    type Session = Session;
    type Model = StorageQuoteModel;

    fn type_name(&self) -> &'static str {
        "tensorpool_storage_quote"
    }

    fn schema(&self) -> Schema {
        Schema::new(format!(
            "What a storage volume would cost: a quote, which is no promise of a price. {UNDOCUMENTED}"
        ))
        .attribute("size_gb", Attribute::integer("Size in GB.").required().validate(AtLeast(1)))
        .attribute("hourly_rate", hourly_rate())
    }

    async fn read(
        &self,
        operation: &mut Operation<Session, StorageQuoteModel>,
        config: StorageQuoteModel,
    ) -> Result<(), Diagnostics> {
        let api = operation.session().api(timeouts::READ, operation.stop())?;
        let size_gb = config.size_gb.known().copied().unwrap_or_default();
        let quote = api.quotes().storage(size_gb.unsigned_abs()).await;
        let quote = quote.map_err(|error| failed("storage quote", &error))?;
        operation.save(StorageQuoteModel { hourly_rate: rate(quote), ..config });
        Ok(())
    }
}
