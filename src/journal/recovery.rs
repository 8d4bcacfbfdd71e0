//! What the user is told of objects that an earlier run created and that no state may hold.

use std::path::Path;

use async_trait::async_trait;
use tensorpool::Error;
use terraform_plugin::{Diagnostic, Diagnostics};

use super::{Entry, Journal, Wanted};

/// How a kind of object is looked for.
#[async_trait]
pub trait Lookup: Sync {
    /// The resource's type, as `tensorpool_cluster`.
    const TYPE_NAME: &'static str;
    /// The object in a word, as `cluster`.
    const NOUN: &'static str;

    /// Whether there is an object of this id.
    async fn exists(&self, id: &str) -> Result<bool, Error>;

    /// The id of the object of this name.
    async fn id_of(&self, name: &str) -> Result<Option<String>, Error>;
}

/// Words a warning for each object of a create that never returned to Terraform. It is given when the provider is
/// configured, so that it does not take a block of the same kind; but then nobody knows yet what is in the state.
pub async fn review<L: Lookup>(journal: &Journal, lookup: &L) -> Diagnostics {
    let left = journal.left_behind(L::TYPE_NAME).into_iter().filter(|entry| !entry.returned).collect();
    told(lookup, left).await
}

/// Words a warning for each object whose create returned, and that Terraform did not save all the same: a remote state is
/// saved up to 20 s later, and Terraform may die before. `wanted` is about to be created. Every plan forgets what it sees in
/// the state, so an entry of the same name is in no state; nor is one of the same configuration with a made-up name, but
/// for a plan that was made for some resources only.
pub async fn unsaved<L: Lookup>(journal: &Journal, lookup: &L, wanted: &Wanted<'_>) -> Diagnostics {
    let same = |entry: &Entry| {
        if wanted.generated {
            entry.generated && entry.configuration == wanted.configuration
        } else {
            entry.name == wanted.name
        }
    };
    let left = journal.left_behind(L::TYPE_NAME).into_iter().filter(|entry| entry.returned && same(entry)).collect();
    told(lookup, left).await
}

/// Words a warning for each entry that cannot be read.
pub fn damaged(journal: &Journal) -> Diagnostics {
    let mut warnings = Diagnostics::new();
    warnings.extend(journal.damaged().iter().map(|path| unreadable(path)));
    warnings
}

async fn told<L: Lookup>(lookup: &L, entries: Vec<Entry>) -> Diagnostics {
    let mut warnings = Diagnostics::new();
    for entry in entries {
        let found = match &entry.id {
            Some(id) => lookup.exists(id).await.map(|exists| exists.then(|| id.clone())),
            None => lookup.id_of(&entry.name).await,
        };
        match found {
            Ok(Some(id)) => warnings.push(outside(L::TYPE_NAME, L::NOUN, &entry, &id)),
            Ok(None) if entry.id.is_some() => _ = std::fs::remove_file(&entry.path),
            // The API may still be about to act, or the create never reached it: the next create decides.
            Ok(None) => {}
            Err(_) => warnings.push(perhaps_outside(L::NOUN, &entry)),
        }
    }
    warnings
}

fn outside(type_name: &str, noun: &str, entry: &Entry, id: &str) -> Diagnostic {
    let name = &entry.name;
    let (what, adopts) = if entry.returned {
        (
            format!(
                "An earlier run created {noun} {name:?} ({id}), and no plan has seen it in the state since; one with -target \
                 sees only a part of the state."
            ),
            "",
        )
    } else {
        (
            format!("An earlier run was killed while it created {noun} {name:?} ({id})."),
            "If its block is still in the configuration as it was, terraform apply takes it over. ",
        )
    };
    let detail = format!(
        "{what} The {noun} exists and costs money. It is in no state, unless a resource of this configuration has that \
         id.\n\n{adopts}To bring it under Terraform, import it: terraform import {type_name}.<name of the block> {id}. To \
         be rid of it, destroy it in TensorPool's web dashboard."
    );
    Diagnostic::warning(format!("A {noun} may be outside the state"), detail)
}

fn unreadable(path: &Path) -> Diagnostic {
    let detail = format!(
        "The journal entry {} cannot be read. It was written by a run that ended in the middle of a create, so something \
         that costs money may exist outside the state: check TensorPool's web dashboard, then delete the file.",
        path.display()
    );
    Diagnostic::warning("Damaged journal entry", detail)
}

fn perhaps_outside(noun: &str, entry: &Entry) -> Diagnostic {
    let id = entry.id.as_ref().map(|id| format!(" ({id})")).unwrap_or_default();
    let detail = format!(
        "An earlier run was killed while it created {noun} {:?}{id}, and TensorPool could not be asked whether it exists. \
         Run terraform plan again, or check TensorPool's web dashboard.",
        entry.name
    );
    Diagnostic::warning(format!("A {noun} may exist outside the state"), detail)
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::*;

    #[test]
    fn every_message_is_worded() {
        let line = r#"{"type": "t", "name": "train", "configuration": "c", "endpoint": "e", "workspace": "w"}"#;
        let entry = Entry::read(line, PathBuf::new()).expect("it is an entry");
        let returned = Entry { returned: true, ..entry.clone() };
        let messages = [
            outside("tensorpool_cluster", "cluster", &entry, "c-1"),
            outside("tensorpool_cluster", "cluster", &returned, "c-1"),
            perhaps_outside("cluster", &entry),
            unreadable(Path::new("journal/a.jsonl")),
        ];
        let mut text = String::new();
        for Diagnostic { summary, detail, .. } in &messages {
            text.extend(["## ", summary, "\n\n", detail, "\n\n"]);
        }
        insta::assert_snapshot!("every_message", text);
    }
}
