//! The resource `notes_note`.

use async_trait::async_trait;
use terraform_plugin::schema::{
    AlsoRequires, Attribute, Block, BlockNesting, Conflicting, EachElement, ExactlyOneOf, IdentitySchema, IsTrimmed,
    LengthAtLeast, LengthAtMost, Matches, Nesting, Not, OneOf, RequiredTogether, Schema, SizeAtMost, Unique, Upgrading,
    Warn,
};
use terraform_plugin::value::{Type, Value};
use terraform_plugin::{
    Attr, AttributePath, Diagnostic, Diagnostics, Given, ImportTarget, Model, MoveSource, Moved, Operation, Resource,
    ResourcePlan,
};

use crate::library::{Library, StoredLink, StoredNote, failed, slug};
use crate::note_model::{LinkModel, NoteModel};

/// The resource.
pub struct Note;

/// A note as version 0 of the schema had it.
#[derive(Clone, Model)]
struct NamedNote {
    id: Option<String>,
    name: Attr<String>,
    folder: Attr<String>,
}

/// Version 0 called the title a name, and did not know the text.
async fn named(old: Upgrading<Library, NamedNote>) -> Result<NoteModel, Diagnostics> {
    let library = old.session();
    let NamedNote { id, name, folder } = old.state;
    let id = id.unwrap_or_default();
    let note = match library {
        Some(library) => library.get(&id).map_err(|error| failed("read", &id, &error))?,
        None => None,
    };
    Ok(NoteModel { title: name, folder, text: note.and_then(|note| note.text).into(), ..NoteModel::of(id) })
}

/// The identity of a note, of which version 0 called the id a name.
fn identity() -> IdentitySchema {
    let old = Type::object([("name", Type::String)]);
    IdentitySchema::of("id", "The id of the note.").version(1).upgrade(0, old, |old| {
        let name = old.get("name").cloned().ok_or("it has no name")?;
        Ok(Value::object([("id", name)]))
    })
}

/// The `provider_meta` block.
#[derive(Clone, Model)]
struct Meta {
    module: Attr<String>,
}

fn reference() -> Block {
    let isbn = Matches::new("^(97[89])?[0-9]{9}[0-9X]$").saying("must be an ISBN without hyphens");
    let page = Attribute::integer("The page that it is on.").optional();
    let label = Block::new(BlockNesting::List, "A label.")
        .attribute("text", Attribute::string("Its text.").required().validate(LengthAtLeast(1)))
        .attribute("page", page.validate(AlsoRequires(&["../pages"])));
    Block::new(BlockNesting::List, "Where to read on: at an address or in a book.")
        .attribute("url", Attribute::string("The address.").optional())
        .attribute("isbn", Attribute::string("The number of the book.").optional().validate(isbn))
        .attribute("pages", Attribute::list(Type::Number, "The pages.").optional().validate(Unique))
        .block("label", label)
        .validate(SizeAtMost(10))
        .config_validator(ExactlyOneOf(&["url", "isbn"]))
}

/// The links as they are stored: a new one gets the next number.
fn numbered(links: &Attr<Vec<Given<LinkModel>>>) -> Vec<StoredLink> {
    let mut last = links.known_elements().filter_map(|link| link.number.known().copied()).max().unwrap_or_default();
    let stored = links.known_elements().map(|link| {
        let text = |text: &Attr<String>| text.known().cloned().unwrap_or_default();
        let number = link.number.known().copied().unwrap_or_else(|| {
            last += 1;
            last
        });
        let origin = link.origin.known().cloned();
        StoredLink { url: text(&link.url), label: text(&link.label), origin, number }
    });
    stored.collect()
}

/// Writes a planned note to its file, and gives the state that it has then.
fn write(operation: &Operation<Library, NoteModel>, planned: NoteModel) -> Result<NoteModel, Diagnostics> {
    let library = operation.session();
    // The secret stands in the configuration only.
    let secret = operation.config().and_then(|config| config.secret.known()).map(String::len);
    let kept = library.get(planned.id()).ok().flatten().and_then(|note| note.seal);
    let meta = operation
        .provider_meta::<Meta>()
        .map_err(|error| Diagnostics::from(Diagnostic::error("Mistake in the provider", error.to_string())))?;
    let note = StoredNote {
        title: planned.title.known().cloned().unwrap_or_default(),
        folder: planned.folder.known().cloned().unwrap_or_default(),
        text: planned.text.known().cloned(),
        // When a note is written, all of its tags are known.
        tags: planned.tags.known_elements().cloned().collect(),
        links: numbered(&planned.links),
        weight: planned.weight.known().copied(),
        seal: secret.or(kept),
        module: meta.and_then(|meta| meta.module.into_known()),
        reminders: Vec::new(),
    };
    library.put(planned.id(), &note).map_err(|error| failed("write", planned.id(), &error))?;
    Ok(planned.refreshed(&note))
}

/// The attributes of a link.
fn link() -> [(&'static str, Attribute); 4] {
    [
        ("url", Attribute::string("Where it leads.").required()),
        ("label", Attribute::string("What it is called.").default("see also")),
        ("origin", Attribute::string("Where it was found.").optional().requires_replace()),
        ("number", Attribute::integer("Its number in the note.").computed().use_state_for_unknown()),
    ]
}

#[async_trait]
impl Resource for Note {
    type Session = Library;
    type Model = NoteModel;

    fn type_name(&self) -> &'static str {
        "notes_note"
    }

    fn schema(&self) -> Schema {
        Schema::new("A note.")
            .noun("note")
            .version(1)
            .upgrade_model(
                0,
                Type::object([("id", Type::String), ("name", Type::String), ("folder", Type::String)]),
                named,
            )
            .identity(identity())
            .attribute("id", Attribute::string("The id: the first title as a slug.").computed().use_state_for_unknown())
            .attribute(
                "title",
                Attribute::string("The title.").required().validate(LengthAtLeast(1)).validate(IsTrimmed),
            )
            .attribute("folder", Attribute::string("The folder.").default("inbox").requires_replace())
            .attribute("text", Attribute::string("The text.").optional())
            .attribute("summary", Attribute::string("The text in short.").optional().deprecated("Use text instead."))
            .attribute(
                "tags",
                Attribute::set(Type::String, "Words to find the note by.")
                    .optional()
                    .validate(SizeAtMost(20))
                    .validate(EachElement(LengthAtMost(30)))
                    .validate(EachElement(Not(OneOf(&["all", "none"])))),
            )
            .attribute("links", Attribute::nested(Nesting::Set, link(), "Where the note leads to.").optional())
            .attribute(
                "secret",
                Attribute::string("A secret that seals the note. It is stored nowhere.")
                    .optional()
                    .write_only()
                    .validate(Warn(LengthAtLeast(6))),
            )
            .attribute("secret_version", Attribute::integer("Change it to seal with another secret.").optional())
            .attribute("seal", Attribute::integer("What the secret was made into.").computed())
            .attribute("module", Attribute::string("The module that wrote the note.").computed())
            .attribute("priority", Attribute::string("How soon to read it: `now` or `later`.").optional())
            .attribute("weight", Attribute::number("A weight, to sort by.").optional())
            .attribute("extra", Attribute::of(Type::Dynamic, "Anything else.").optional())
            .block("reference", reference())
            .config_validator(Conflicting(&["text", "summary"]))
            .config_validator(RequiredTogether(&["secret", "secret_version"]))
    }

    async fn plan(&self, plan: &mut ResourcePlan<Library, NoteModel>) -> Result<(), Diagnostics> {
        let locked = plan.prior.as_ref().is_some_and(|prior| prior.tags.known_elements().any(|tag| tag == "keep"));
        if locked && plan.planned.is_none() {
            let detail = "The note has the tag \"keep\". Take the tag off and apply first.";
            return Err(Diagnostic::error("Note is to be kept", detail).at(AttributePath::of("tags")).into());
        }
        Ok(())
    }

    async fn create(
        &self,
        operation: &mut Operation<Library, NoteModel>,
        planned: NoteModel,
    ) -> Result<(), Diagnostics> {
        let id = slug(planned.title.known().map(String::as_str).unwrap_or_default());
        let library = operation.session();
        if library.get(&id).map_err(|error| failed("read", &id, &error))?.is_some() {
            let detail = format!("There is a note {id:?} already. Import it, or choose another title.");
            return Err(Diagnostic::error("Note exists", detail).at(AttributePath::of("title")).into());
        }
        let state = write(operation, NoteModel { id: id.into(), ..planned })?;
        operation.save(state);
        Ok(())
    }

    async fn read(&self, operation: &mut Operation<Library, NoteModel>, state: NoteModel) -> Result<(), Diagnostics> {
        match operation.session().get(state.id()).map_err(|error| failed("read", state.id(), &error))? {
            Some(note) => operation.save(state.refreshed(&note)),
            None => operation.remove(),
        }
        Ok(())
    }

    async fn update(
        &self,
        operation: &mut Operation<Library, NoteModel>,
        _prior: NoteModel,
        planned: NoteModel,
    ) -> Result<(), Diagnostics> {
        let state = write(operation, planned)?;
        operation.save(state);
        Ok(())
    }

    async fn delete(&self, operation: &mut Operation<Library, NoteModel>, prior: NoteModel) -> Result<(), Diagnostics> {
        Ok(operation.session().delete(prior.id()).map_err(|error| failed("delete", prior.id(), &error))?)
    }

    async fn import(
        &self,
        operation: &mut Operation<Library, NoteModel>,
        target: ImportTarget,
    ) -> Result<(), Diagnostics> {
        let id = target.text("id").unwrap_or_default().to_owned();
        if operation.session().get(&id).map_err(|error| failed("read", &id, &error))?.is_none() {
            return Err(Diagnostic::error("Note not found", format!("There is no note {id:?}.")).into());
        }
        operation.save(NoteModel::of(id));
        Ok(())
    }

    async fn move_state(&self, source: MoveSource) -> Result<Option<Moved<NoteModel>>, Diagnostics> {
        if source.type_name != "notes_memo" {
            return Ok(None);
        }
        let memo = source.state(&Type::object([("id", Type::String)]));
        let memo = memo.map_err(|error| Diagnostic::error("Memo cannot be read", error.to_string()))?;
        Ok(match memo.get("id") {
            Some(Value::String(id)) => Some(NoteModel::of(id.clone()).into()),
            _ => None,
        })
    }
}
