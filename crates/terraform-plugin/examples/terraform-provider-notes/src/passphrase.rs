//! The ephemeral resource `notes_passphrase`: a value that is there while Terraform runs. A file next to the notes shows that it
//! is open and how often it was renewed, and is removed when it was closed.

use std::time::{Duration, SystemTime};

use async_trait::async_trait;
use terraform_plugin::schema::{AtLeast, Attribute, Schema, Warn};
use terraform_plugin::{Attr, Diagnostics, EphemeralResource, Model, Opened, Operation};

use crate::library::{Library, failed, slug};

/// The ephemeral resource.
pub struct Passphrase;

/// Its values.
#[derive(Clone, Model)]
pub struct PassphraseModel {
    words: Attr<i64>,
    lease_seconds: Attr<u64>,
    value: Attr<String>,
}

/// How long a lease lasts, unless the user says it, in seconds.
const LEASE_SECONDS: u64 = 300;
/// In private data: the name of the lease.
const LEASE: &str = "lease";
/// In private data: how long it lasts.
const SECONDS: &str = "seconds";
/// In private data: how often it was renewed.
const RENEWALS: &str = "renewals";

fn in_seconds(seconds: u64) -> SystemTime {
    SystemTime::now() + Duration::from_secs(seconds)
}

#[async_trait]
impl EphemeralResource for Passphrase {
    type Session = Library;
    type Model = PassphraseModel;

    fn type_name(&self) -> &'static str {
        "notes_passphrase"
    }

    fn schema(&self) -> Schema {
        Schema::new("A passphrase that is stored nowhere.")
            .attribute(
                "words",
                Attribute::integer("Number of words.").required().validate(AtLeast(1)).validate(Warn(AtLeast(2))),
            )
            .attribute(
                "lease_seconds",
                Attribute::integer("How long it is open before it is renewed, in seconds; 300 if it is not set.")
                    .optional()
                    .validate(AtLeast(1)),
            )
            .attribute("value", Attribute::string("The passphrase.").computed().sensitive())
    }

    async fn open(
        &self,
        operation: &mut Operation<Library, PassphraseModel>,
        config: PassphraseModel,
    ) -> Result<Opened<PassphraseModel>, Diagnostics> {
        let words = config.words.known().copied().unwrap_or(1);
        let value = (0..words).map(|index| format!("word{index}")).collect::<Vec<_>>().join(" ");
        let lease = slug(&value);
        let written = operation.session().write(&lease, "lease", "open\n");
        written.map_err(|error| failed("lease a passphrase for a", &lease, &error))?;
        let seconds = config.lease_seconds.known().copied().unwrap_or(LEASE_SECONDS);
        let private = operation.private_mut();
        private.set(LEASE, lease);
        private.set(SECONDS, seconds);
        Ok(Opened::new(PassphraseModel { value: value.into(), ..config }).renew_at(in_seconds(seconds)))
    }

    async fn renew(&self, operation: &mut Operation<Library>) -> Result<Option<SystemTime>, Diagnostics> {
        let number = |key| operation.private().get(key).and_then(serde_json::Value::as_u64);
        let (renewals, seconds) = (number(RENEWALS).unwrap_or_default() + 1, number(SECONDS).unwrap_or(LEASE_SECONDS));
        let lease = operation.private().text(LEASE).unwrap_or_default().to_owned();
        let written = operation.session().write(&lease, "lease", format!("renewed {renewals}\n"));
        written.map_err(|error| failed("renew the lease of a", &lease, &error))?;
        operation.private_mut().set(RENEWALS, renewals);
        Ok(Some(in_seconds(seconds)))
    }

    async fn close(&self, operation: &mut Operation<Library>) -> Result<(), Diagnostics> {
        let lease = operation.private().text(LEASE).unwrap_or_default().to_owned();
        let removed = std::fs::remove_file(operation.session().path(&lease, "lease"));
        Ok(removed.map_err(|error| failed("end the lease of a", &lease, &error))?)
    }
}
