//! The provider: its configuration and its objects.

use async_trait::async_trait;
use terraform_plugin::schema::{Attribute, LengthAtLeast, Schema};
use terraform_plugin::{Attr, AttributePath, Configure, Diagnostic, Diagnostics, Model, Objects, Provider};

use crate::draft::Draft;
use crate::export::Export;
use crate::functions::{Fallback, JoinWords, Slug};
use crate::library::Library;
use crate::memo::Memo;
use crate::note::Note;
use crate::note_list::NoteList;
use crate::note_source::NoteSource;
use crate::passphrase::Passphrase;

/// Where a registry would have it.
pub const ADDRESS: &str = "example/notes";

/// The provider.
pub struct Notes;

/// The `provider` block.
#[derive(Clone, Model)]
pub struct ProviderModel {
    directory: Attr<String>,
}

#[async_trait]
impl Provider for Notes {
    type Config = ProviderModel;
    type Session = Library;

    fn schema(&self) -> Schema {
        Schema::new("Keeps notes in a directory.").attribute(
            "directory",
            Attribute::string("The directory. It is created if it does not exist.")
                .required()
                .validate(LengthAtLeast(1)),
        )
    }

    fn meta_schema(&self) -> Option<Schema> {
        Some(Schema::new("").attribute("module", Attribute::string("Who writes the notes of a module.").optional()))
    }

    async fn configure(&self, request: Configure<ProviderModel>) -> Result<Library, Diagnostics> {
        let directory = request.config.directory.into_known().unwrap_or_default();
        Library::open(&directory).map_err(|error| {
            let detail = format!("The directory {directory:?} cannot be used: {error}.");
            Diagnostic::error("Cannot open the notes", detail).at(AttributePath::of("directory")).into()
        })
    }

    fn objects(&self) -> Objects<Library> {
        Objects::new()
            .resource(Note)
            .resource(Memo)
            .resource(Draft)
            .data_source(NoteSource)
            .list_resource(NoteList)
            .ephemeral_resource(Passphrase)
            .action(Export)
            .function(Slug)
            .function(JoinWords)
            .function(Fallback)
    }
}
