//! The list resource `zones_record`: the records that exist, for `terraform query`.

use terraform_plugin::schema::{Attribute, Schema};
use terraform_plugin::{Attr, Diagnostics, ListResource, Listing, Model, async_trait};

use crate::record_model::RecordModel;
use crate::session::Session;
use crate::zone_name;

/// The list.
pub struct RecordList;

/// What to list.
#[derive(Clone, Model)]
pub struct RecordListModel {
    zone: Attr<String>,
    #[model(rename = "type")]
    kind: Attr<String>,
}

#[async_trait]
impl ListResource for RecordList {
    type Session = Session;
    type Config = RecordListModel;
    type Model = RecordModel;

    fn type_name(&self) -> &'static str {
        "zones_record"
    }

    fn schema(&self) -> Schema {
        Schema::new("Lists the records of a zone.")
            .attribute("zone", zone_name::attribute("The name of the zone."))
            .attribute("type", Attribute::string("Only those of this type.").optional())
    }

    async fn list(&self, listing: &Listing<Session, RecordModel>, config: RecordListModel) -> Result<(), Diagnostics> {
        let client = listing.session().client(listing.stop())?;
        let zone = config.zone.as_str().unwrap_or_default();
        let mut cursor = None;
        // One page after the other. The framework ends this at `found` when the user wants no more.
        loop {
            let page = client.records(zone, cursor.as_deref()).await;
            let page = page.map_err(|error| error.diagnostic("list records", &format!("the zone {zone:?}")))?;
            for record in page.records {
                if config.kind.as_str().is_none_or(|kind| kind == record.kind) {
                    let name = format!("{} {}", record.name, record.kind);
                    listing.found(name, RecordModel::of(zone, record)).await;
                }
            }
            cursor = page.next_cursor;
            if cursor.is_none() {
                return Ok(());
            }
        }
    }
}
