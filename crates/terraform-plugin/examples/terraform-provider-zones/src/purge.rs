//! The action `zones_purge`: makes the service's own caches forget a zone, and says how far it is.

use std::time::Duration;

use terraform_plugin::schema::Schema;
use terraform_plugin::{Action, Attr, Diagnostics, Invocation, Model, async_trait};

use crate::session::Session;
use crate::zone_name;

/// The action.
pub struct PurgeAction;

/// What to purge.
#[derive(Clone, Model)]
pub struct PurgeModel {
    zone: Attr<String>,
}

/// How often the service is asked how far it is.
const INTERVAL: Duration = Duration::from_millis(200);

#[async_trait]
impl Action for PurgeAction {
    type Session = Session;
    type Model = PurgeModel;

    fn type_name(&self) -> &'static str {
        "zones_purge"
    }

    fn schema(&self) -> Schema {
        Schema::new("Makes the caches of the service forget the records of a zone.")
            .attribute("zone", zone_name::attribute("The name of the zone."))
    }

    async fn invoke(&self, invocation: &mut Invocation<Session>, config: PurgeModel) -> Result<(), Diagnostics> {
        let client = invocation.session().client(invocation.stop())?;
        let zone = config.zone.as_str().unwrap_or_default();
        let failed = |error: crate::error::Error| error.diagnostic("purge caches", &format!("of the zone {zone:?}"));
        let mut purge = client.begin_purge(zone).await.map_err(failed)?;
        while purge.done < purge.total {
            client.wait(INTERVAL).await.map_err(failed)?;
            purge = client.purge(zone, &purge.id).await.map_err(failed)?;
            invocation.progress(format!("purged {zone} in {} of {} locations", purge.done, purge.total));
        }
        Ok(())
    }
}
