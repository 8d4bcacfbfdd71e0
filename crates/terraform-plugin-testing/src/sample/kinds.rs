//! The newer kinds of object, each as small as it can be and with what is delicate about it: a search that never ends, an
//! action that takes its time.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, SystemTime};

use async_trait::async_trait;
use terraform_plugin::schema::{Attribute, LengthAtMost, Schema};
use terraform_plugin::{
    Action, Attr, Diagnostic, Diagnostics, EphemeralResource, Invocation, ListResource, Listing, Model, Opened,
    Operation,
};

use crate::NoteModel;

/// An ephemeral value that counts how often it was renewed.
pub struct Token;

#[derive(Clone, Model)]
pub struct TokenModel {
    value: Attr<String>,
}

#[async_trait]
impl EphemeralResource for Token {
    type Session = ();
    type Model = TokenModel;

    fn type_name(&self) -> &'static str {
        "sample_token"
    }

    fn schema(&self) -> Schema {
        Schema::new("A token.").attribute("value", Attribute::string("The token.").computed().sensitive())
    }

    async fn open(
        &self,
        operation: &mut Operation<(), TokenModel>,
        _: TokenModel,
    ) -> Result<Opened<TokenModel>, Diagnostics> {
        operation.private_mut().set("renewals", 0);
        let renew_at = SystemTime::UNIX_EPOCH + Duration::from_secs(1_000);
        Ok(Opened::new(TokenModel { value: "t-1".into() }).renew_at(renew_at))
    }

    async fn renew(&self, operation: &mut Operation<()>) -> Result<Option<SystemTime>, Diagnostics> {
        let renewals = operation.private().get("renewals").and_then(serde_json::Value::as_u64).unwrap_or_default() + 1;
        operation.private_mut().set("renewals", renewals);
        Ok(Some(SystemTime::UNIX_EPOCH + Duration::from_secs(1_000 * (renewals + 1))))
    }

    async fn close(&self, operation: &mut Operation<()>) -> Result<(), Diagnostics> {
        match operation.private().get("renewals").and_then(serde_json::Value::as_u64) {
            Some(renewals) => operation.warn(Diagnostic::warning("Closed", format!("after {renewals} renewals"))),
            None => return Err(Diagnostic::error("Not open", "There is no private data.").into()),
        }
        Ok(())
    }
}

/// How many searches and creates run now.
static RUNNING: AtomicU64 = AtomicU64::new(0);

/// An operation that runs, until it is dropped.
pub struct Running;

impl Running {
    /// Counts one more.
    pub fn begin() -> Self {
        RUNNING.fetch_add(1, Ordering::SeqCst);
        Self
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        RUNNING.fetch_sub(1, Ordering::SeqCst);
    }
}

/// A search that finds notes for ever.
pub struct Endless;

#[derive(Clone, Model)]
pub struct EndlessModel {
    prefix: Attr<String>,
}

#[async_trait]
impl ListResource for Endless {
    type Session = ();
    type Config = EndlessModel;
    type Model = NoteModel;

    fn type_name(&self) -> &'static str {
        "sample_note"
    }

    fn schema(&self) -> Schema {
        let prefix = Attribute::string("How ids begin.").optional().validate(LengthAtMost(20));
        Schema::new("Endless notes.").attribute("prefix", prefix)
    }

    async fn list(&self, listing: &Listing<(), NoteModel>, config: EndlessModel) -> Result<(), Diagnostics> {
        let _running = Running::begin();
        let prefix = config.prefix.into_known().unwrap_or_default();
        if prefix == "fail" {
            return Err(Diagnostic::error("Cannot search", "It was asked to fail.").into());
        }
        for index in 0_u64.. {
            let id = format!("{prefix}{index}");
            listing
                .found(
                    id.clone(),
                    NoteModel { id: id.into(), text: "found".into(), delay_ms: Attr::Null, tags: Attr::Null },
                )
                .await;
        }
        Ok(())
    }
}

/// An action that counts, and reports how many searches and creates run.
pub struct Count;

#[derive(Clone, Model)]
pub struct CountModel {
    to: Attr<i64>,
    delay_ms: Attr<i64>,
}

#[async_trait]
impl Action for Count {
    type Session = ();
    type Model = CountModel;

    fn type_name(&self) -> &'static str {
        "sample_count"
    }

    fn schema(&self) -> Schema {
        Schema::new("Counts.")
            .attribute("to", Attribute::integer("How far.").required())
            .attribute("delay_ms", Attribute::integer("How long each number takes.").optional())
    }

    async fn plan(&self, operation: &mut Operation<(), CountModel>, config: CountModel) -> Result<(), Diagnostics> {
        if config.to.known().is_some_and(|to| *to > 1_000) {
            operation.warn(Diagnostic::warning("That is far", "It will take long."));
        }
        Ok(())
    }

    async fn invoke(&self, invocation: &mut Invocation<()>, config: CountModel) -> Result<(), Diagnostics> {
        let delay = config.delay_ms.known().and_then(|delay| u64::try_from(*delay).ok()).unwrap_or_default();
        for number in 1..=config.to.into_known().unwrap_or_default() {
            let pause = tokio::time::sleep(Duration::from_millis(delay));
            if invocation.stop().clone().run_until_cancelled(pause).await.is_none() {
                return Err(Diagnostic::error("Stopped", format!("It had counted to {}.", number - 1)).into());
            }
            invocation.progress(number.to_string());
        }
        let running = RUNNING.load(Ordering::SeqCst);
        invocation.warn(Diagnostic::warning("Running", running.to_string()));
        Ok(())
    }
}
