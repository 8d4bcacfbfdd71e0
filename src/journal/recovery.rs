//! What a plan tells of objects that an earlier run created and that no state holds.

use std::path::Path;

use async_trait::async_trait;
use tensorpool::Error;
use terraform_plugin::{Diagnostic, Diagnostics};

use super::{Entry, Journal};

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

/// Looks through what runs left behind, once in a process, and words a warning for each object that may be outside the
/// state. Entries whose create returned are passed over: Terraform almost certainly saved their objects, and forgets the
/// entry as soon as the object is read. `creating` is the name of an object that is planned to be created: that of an
/// entry which returned all the same was not saved.
pub async fn review<L: Lookup>(journal: &Journal, lookup: &L, creating: Option<&str>) -> Diagnostics {
    let mut warnings = Diagnostics::new();
    let first = journal.first_review(L::TYPE_NAME);
    if !first && creating.is_none() {
        return warnings;
    }
    let (left, unreadable) = journal.left_behind(L::TYPE_NAME);
    for path in unreadable.into_iter().filter(|_| first) {
        warnings.push(damaged(L::NOUN, &path));
    }
    let unsaved = |entry: &Entry| if entry.returned { creating == Some(entry.name.as_str()) } else { first };
    for entry in left.into_iter().filter(unsaved) {
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
    let detail = format!(
        "An earlier run was killed while it created {noun} {:?} ({id}). The {noun} exists, costs money, and is in no \
         state.\n\nIf its block is still in the configuration as it was, terraform apply takes it over. Otherwise import \
         it, terraform import {type_name}.<name of the block> {id}, or destroy it in TensorPool's web dashboard. If a \
         resource of this plan has that id, it was saved after all.",
        entry.name
    );
    Diagnostic::warning(format!("A {noun} exists outside the state"), detail)
}

fn damaged(noun: &str, path: &Path) -> Diagnostic {
    let detail = format!(
        "The journal entry {} cannot be read. It was written by a run that ended in the middle of a create, so a {noun} \
         may exist outside the state: check TensorPool's web dashboard, then delete the file.",
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
        let messages = [
            outside("tensorpool_cluster", "cluster", &entry, "c-1"),
            perhaps_outside("cluster", &entry),
            damaged("cluster", Path::new("journal/a.jsonl")),
        ];
        let mut text = String::new();
        for Diagnostic { summary, detail, .. } in &messages {
            text.extend(["## ", summary, "\n\n", detail, "\n\n"]);
        }
        insta::assert_snapshot!("every_message", text);
    }
}
