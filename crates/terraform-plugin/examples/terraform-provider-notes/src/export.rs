//! The action `notes_export`: writes all notes into one file.

use async_trait::async_trait;
use terraform_plugin::schema::{Attribute, IsTrimmed, LengthAtLeast, Schema};
use terraform_plugin::{Action, Attr, AttributePath, Diagnostic, Diagnostics, Invocation, Model};

use crate::library::{Library, failed};

/// The action.
pub struct Export;

/// Where to write.
#[derive(Clone, Model)]
pub struct ExportModel {
    path: Attr<String>,
}

#[async_trait]
impl Action for Export {
    type Session = Library;
    type Model = ExportModel;

    fn type_name(&self) -> &'static str {
        "notes_export"
    }

    fn schema(&self) -> Schema {
        Schema::new("Writes the titles of all notes into a file.")
            .attribute("path", Attribute::string("The file.").required().validate(LengthAtLeast(1)).validate(IsTrimmed))
    }

    async fn invoke(&self, invocation: &mut Invocation<Library>, config: ExportModel) -> Result<(), Diagnostics> {
        let library = invocation.session();
        let mut text = String::new();
        for id in library.ids().map_err(|error| failed("list", "*", &error))? {
            if let Some(note) = library.get(&id).map_err(|error| failed("read", &id, &error))? {
                invocation.progress(format!("exporting {}", note.title));
                text.extend([note.title.as_str(), "\n"]);
            }
        }
        let path = config.path.into_known().unwrap_or_default();
        std::fs::write(&path, text).map_err(|error| {
            let detail = format!("The file {path:?} cannot be written: {error}.");
            Diagnostic::error("Cannot export the notes", detail).at(AttributePath::of("path")).into()
        })
    }
}
