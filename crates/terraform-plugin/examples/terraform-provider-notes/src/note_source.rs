//! The data source `notes_note`.

use async_trait::async_trait;
use terraform_plugin::schema::{Attribute, ExactlyOneOf, Schema};
use terraform_plugin::{Attr, AttributePath, DataSource, Diagnostic, Diagnostics, Model, Operation};

use crate::library::{Library, failed, slug};

/// The data source.
pub struct NoteSource;

/// What it finds.
#[derive(Clone, Model)]
pub struct FoundNote {
    id: Attr<String>,
    title: Attr<String>,
    text: Attr<String>,
}

#[async_trait]
impl DataSource for NoteSource {
    type Session = Library;
    type Model = FoundNote;

    fn type_name(&self) -> &'static str {
        "notes_note"
    }

    fn schema(&self) -> Schema {
        Schema::new("Looks a note up.")
            .attribute("id", Attribute::string("The id.").optional().computed())
            .attribute("title", Attribute::string("The title that the note was made with.").optional().computed())
            .attribute("text", Attribute::string("The text.").computed())
            .config_validator(ExactlyOneOf(&["id", "title"]))
    }

    async fn read(&self, operation: &mut Operation<Library, FoundNote>, config: FoundNote) -> Result<(), Diagnostics> {
        let id = config.id.into_known().or_else(|| config.title.known().map(|title| slug(title))).unwrap_or_default();
        let found = operation.session().get(&id).map_err(|error| failed("read", &id, &error))?;
        let note = found.ok_or_else(|| {
            Diagnostic::error("Note not found", format!("There is no note {id:?}.")).at(AttributePath::of("id"))
        })?;
        operation.save(FoundNote { id: id.into(), title: note.title.into(), text: note.text.into() });
        Ok(())
    }
}
