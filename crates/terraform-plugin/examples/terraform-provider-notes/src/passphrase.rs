//! The ephemeral resource `notes_passphrase`: a value that is there while Terraform runs. A file next to the notes shows that it
//! is open, and is removed when it was closed.

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
    value: Attr<String>,
}

const RENEWED_EVERY: Duration = Duration::from_mins(5);
/// In private data: the name of the lease.
const LEASE: &str = "lease";

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
        let path = operation.session().path(&lease, "lease");
        std::fs::write(path, "open\n").map_err(|error| failed("lease a passphrase for a", &lease, &error))?;
        operation.private_mut().set(LEASE, lease);
        let opened = Opened::new(PassphraseModel { value: value.into(), ..config });
        Ok(opened.renew_at(SystemTime::now() + RENEWED_EVERY))
    }

    async fn renew(&self, _: &mut Operation<Library>) -> Result<Option<SystemTime>, Diagnostics> {
        Ok(Some(SystemTime::now() + RENEWED_EVERY))
    }

    async fn close(&self, operation: &mut Operation<Library>) -> Result<(), Diagnostics> {
        let lease = operation.private().text(LEASE).unwrap_or_default().to_owned();
        let removed = std::fs::remove_file(operation.session().path(&lease, "lease"));
        Ok(removed.map_err(|error| failed("end the lease of a", &lease, &error))?)
    }
}
