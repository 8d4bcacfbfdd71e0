//! The data source `zones_zone`.

use terraform_plugin::schema::{Attribute, Schema};
use terraform_plugin::value::Type;
use terraform_plugin::{Attr, DataSource, Diagnostics, Given, Model, Operation, async_trait};

use crate::session::Session;
use crate::zone_name;

/// The data source.
pub struct ZoneSource;

/// What it finds.
#[derive(Clone, Model)]
pub struct ZoneModel {
    name: Attr<String>,
    name_servers: Attr<Vec<Given<String>>>,
    record_count: Attr<i64>,
}

#[async_trait]
impl DataSource for ZoneSource {
    type Session = Session;
    type Model = ZoneModel;

    fn type_name(&self) -> &'static str {
        "zones_zone"
    }

    fn schema(&self) -> Schema {
        Schema::new("Looks a zone up.")
            .attribute("name", zone_name::attribute("The name of the zone."))
            .attribute("name_servers", Attribute::list(Type::String, "Who answers for the zone.").computed())
            .attribute("record_count", Attribute::integer("How many records it has.").computed())
    }

    async fn read(&self, operation: &mut Operation<Session, ZoneModel>, config: ZoneModel) -> Result<(), Diagnostics> {
        let client = operation.session().client(operation.stop())?;
        let name = config.name.as_str().unwrap_or_default();
        let zone = client.zone(name).await;
        let zone = zone.map_err(|error| error.diagnostic("read zone", &format!("the zone {name:?}")))?;
        operation.save(ZoneModel {
            name: zone.name.into(),
            name_servers: zone.name_servers.into_iter().collect(),
            record_count: zone.record_count.into(),
        });
        Ok(())
    }
}
