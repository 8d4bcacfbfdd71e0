//! The ephemeral resource `zones_token`: a token for one zone that no plan and no state ever holds. It ends by itself if Terraform
//! dies, is renewed as long as Terraform needs it, and deleted when it does not any more.

use std::time::{Duration, SystemTime};

use terraform_plugin::schema::{Attribute, Between, Schema};
use terraform_plugin::{Attr, Diagnostics, EphemeralResource, Model, Opened, Operation, async_trait};

use crate::session::Session;
use crate::zone_name;

/// The ephemeral resource.
pub struct TokenResource;

/// Its values.
#[derive(Clone, Model)]
pub struct TokenModel {
    zone: Attr<String>,
    lifetime: Attr<i64>,
    token: Attr<String>,
}

/// For how long a token lives unless the configuration says it, in seconds.
const LIFETIME: i64 = 300;
/// In private data, by which renewing and closing know the token: its id.
const ID: &str = "id";
/// In private data: its lifetime.
const SECONDS: &str = "seconds";

/// When to renew a token that is new now: early enough for a second attempt.
fn renewal(seconds: i64) -> SystemTime {
    SystemTime::now() + Duration::from_secs(seconds.unsigned_abs()) / 2
}

#[async_trait]
impl EphemeralResource for TokenResource {
    type Session = Session;
    type Model = TokenModel;

    fn type_name(&self) -> &'static str {
        "zones_token"
    }

    fn schema(&self) -> Schema {
        let lifetime = "For how many seconds it lives without Terraform, which renews it.";
        Schema::new("A token that can do nothing but change the records of one zone, and that is stored nowhere.")
            .attribute("zone", zone_name::attribute("The zone that it is for."))
            .attribute(
                "lifetime",
                Attribute::integer(lifetime).optional().computed().default_is("`300`").validate(Between(2, 3600)),
            )
            .attribute("token", Attribute::string("The token.").computed().sensitive())
    }

    async fn open(
        &self,
        operation: &mut Operation<Session, TokenModel>,
        config: TokenModel,
    ) -> Result<Opened<TokenModel>, Diagnostics> {
        let client = operation.session().client(operation.stop())?;
        let (zone, seconds) =
            (config.zone.as_str().unwrap_or_default(), config.lifetime.known().copied().unwrap_or(LIFETIME));
        let made = client.create_token(zone, seconds).await;
        let made = made.map_err(|error| error.diagnostic("create token", &format!("for the zone {zone:?}")))?;
        operation.private_mut().set(ID, made.id);
        operation.private_mut().set(SECONDS, seconds);
        let opened = Opened::new(TokenModel { lifetime: seconds.into(), token: made.token.into(), ..config });
        Ok(opened.renew_at(renewal(seconds)))
    }

    async fn renew(&self, operation: &mut Operation<Session>) -> Result<Option<SystemTime>, Diagnostics> {
        let client = operation.session().client(operation.stop())?;
        let id = operation.private().text(ID).unwrap_or_default();
        client
            .renew_token(id)
            .await
            .map_err(|error| error.diagnostic("renew token", &format!("with the id {id:?}")))?;
        let seconds = operation.private().get(SECONDS).and_then(serde_json::Value::as_i64);
        Ok(Some(renewal(seconds.unwrap_or(LIFETIME))))
    }

    async fn close(&self, operation: &mut Operation<Session>) -> Result<(), Diagnostics> {
        let client = operation.session().client(operation.stop())?;
        let id = operation.private().text(ID).unwrap_or_default();
        let deleted = client.delete_token(id).await;
        Ok(deleted.map_err(|error| error.diagnostic("delete token", &format!("with the id {id:?}")))?)
    }
}
