//! The list resource `notes_note`.

use async_trait::async_trait;
use terraform_plugin::schema::{Attribute, Schema};
use terraform_plugin::{Attr, Diagnostic, Diagnostics, ListResource, Listing, Model};

use crate::library::{Library, failed};
use crate::note_model::NoteModel;

/// The list.
pub struct NoteList;

/// What to list.
#[derive(Clone, Model)]
pub struct NoteListModel {
    folder: Attr<String>,
}

#[async_trait]
impl ListResource for NoteList {
    type Session = Library;
    type Config = NoteListModel;
    type Model = NoteModel;

    fn type_name(&self) -> &'static str {
        "notes_note"
    }

    fn schema(&self) -> Schema {
        Schema::new("Lists notes.").attribute("folder", Attribute::string("Only those of this folder.").optional())
    }

    async fn list(&self, listing: &Listing<Library, NoteModel>, config: NoteListModel) -> Result<(), Diagnostics> {
        let library = listing.session();
        for id in library.ids().map_err(|error| failed("list", "*", &error))? {
            match library.get(&id) {
                Ok(Some(note)) if config.folder.known().is_none_or(|folder| *folder == note.folder) => {
                    listing.found(note.title.clone(), NoteModel::of(id).refreshed(&note)).await;
                }
                Ok(_) => {}
                Err(error) => {
                    let detail = format!("The file of the note {id:?} cannot be read: {error}.");
                    listing.warn(Diagnostic::warning("Note left out", detail)).await;
                }
            }
        }
        Ok(())
    }
}
