//! The resource `notes_memo`, which notes have replaced: it is deprecated, and can be moved to a `notes_note`.

use async_trait::async_trait;
use terraform_plugin::schema::{Attribute, Schema};
use terraform_plugin::{Attr, Diagnostics, Model, Operation, Resource};

use crate::library::{Library, StoredNote, failed, slug};

/// The resource.
pub struct Memo;

/// The state of a memo.
#[derive(Clone, Model)]
pub struct MemoModel {
    id: Attr<String>,
    title: Attr<String>,
}

#[async_trait]
impl Resource for Memo {
    type Session = Library;
    type Model = MemoModel;

    fn type_name(&self) -> &'static str {
        "notes_memo"
    }

    fn schema(&self) -> Schema {
        Schema::new("A note that has nothing but a title.")
            .noun("memo")
            .deprecated("Use notes_note instead, and a moved block.")
            .attribute("id", Attribute::string("The id.").computed().use_state_for_unknown())
            .attribute("title", Attribute::string("The title.").required().requires_replace())
    }

    async fn create(
        &self,
        operation: &mut Operation<Library, MemoModel>,
        planned: MemoModel,
    ) -> Result<(), Diagnostics> {
        let title = planned.title.known().cloned().unwrap_or_default();
        let id = slug(&title);
        let note = StoredNote { title, folder: "inbox".to_owned(), ..StoredNote::default() };
        operation.session().put(&id, &note).map_err(|error| failed("write", &id, &error))?;
        operation.save(MemoModel { id: id.into(), ..planned });
        Ok(())
    }

    async fn read(&self, operation: &mut Operation<Library, MemoModel>, state: MemoModel) -> Result<(), Diagnostics> {
        let id = state.id.known().cloned().unwrap_or_default();
        match operation.session().get(&id).map_err(|error| failed("read", &id, &error))? {
            Some(note) => operation.save(MemoModel { title: note.title.into(), ..state }),
            None => operation.remove(),
        }
        Ok(())
    }

    async fn update(
        &self,
        operation: &mut Operation<Library, MemoModel>,
        _prior: MemoModel,
        planned: MemoModel,
    ) -> Result<(), Diagnostics> {
        // Everything that can change replaces a memo.
        operation.save(planned);
        Ok(())
    }

    async fn delete(&self, operation: &mut Operation<Library, MemoModel>, prior: MemoModel) -> Result<(), Diagnostics> {
        let id = prior.id.known().cloned().unwrap_or_default();
        Ok(operation.session().delete(&id).map_err(|error| failed("delete", &id, &error))?)
    }
}
