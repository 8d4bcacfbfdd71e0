//! What the user is told of objects that an earlier run created and that no state may hold.

use std::path::Path;

use async_trait::async_trait;
use tensorpool::Error;
use terraform_plugin::{Diagnostic, Diagnostics, Severity};

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
/// configured, so that it does not take a block of the same kind; but then nobody knows yet what is in the state. A run that
/// is just dying is waited for.
pub async fn review<L: Lookup>(journal: &Journal, lookup: &L) -> Diagnostics {
    let left = journal.left_in_the_end(|entry| entry.type_name == L::TYPE_NAME && !entry.returned).await;
    told(journal, lookup, left).await
}

/// Words a warning for each object that has the name of the `wanted` one, whose create returned, and that Terraform did not
/// save all the same: a remote state is saved up to 20 s later, and Terraform may die before. Every plan forgets what it sees
/// in the state, so what is left is in no state.
pub async fn unsaved<L: Lookup>(journal: &Journal, lookup: &L, wanted: &Wanted<'_>) -> Diagnostics {
    let same = |entry: &Entry| entry.returned && entry.name == wanted.name;
    told(journal, lookup, journal.left_behind(L::TYPE_NAME).into_iter().filter(same).collect()).await
}

/// Makes sure that no earlier run has made what is `wanted` under a made-up name, without Terraform having saved it: nobody
/// would notice a second one. A run that is just dying is waited for. By now the plan has seen everything that is in the
/// state, but for one that was made for some resources only.
///
/// # Errors
/// When there is such an object, or it cannot be known.
pub async fn none_made_before<L: Lookup>(
    journal: &Journal,
    lookup: &L,
    wanted: &Wanted<'_>,
) -> Result<(), Diagnostics> {
    let mut errors = Diagnostics::new();
    for entry in journal.left_in_the_end(|entry| entry.may_be(wanted) && !journal.is_of_this_run(entry)).await {
        match id(journal, lookup, &entry).await {
            Ok(None) => {}
            Ok(Some(id)) => errors.push(made_before(L::TYPE_NAME, L::NOUN, &entry, &id)),
            Err(_) => errors.push(Diagnostic { severity: Severity::Error, ..perhaps_outside(L::NOUN, &entry) }),
        }
    }
    if errors.has_errors() { Err(errors) } else { Ok(()) }
}

/// Words a warning for each entry that cannot be read.
pub fn damaged(journal: &Journal) -> Diagnostics {
    let mut warnings = Diagnostics::new();
    warnings.extend(journal.damaged().iter().map(|path| unreadable(path)));
    warnings
}

async fn told<L: Lookup>(journal: &Journal, lookup: &L, entries: Vec<Entry>) -> Diagnostics {
    let mut warnings = Diagnostics::new();
    for entry in entries {
        match id(journal, lookup, &entry).await {
            Ok(Some(id)) => warnings.push(outside(L::TYPE_NAME, L::NOUN, &entry, &id)),
            // The API may still be about to act, or the create never reached it: the next create decides.
            Ok(None) => {}
            Err(_) => warnings.push(perhaps_outside(L::NOUN, &entry)),
        }
    }
    warnings
}

/// The id of an entry's object, if it exists. An entry whose object was there and is gone is forgotten.
async fn id<L: Lookup>(journal: &Journal, lookup: &L, entry: &Entry) -> Result<Option<String>, Error> {
    let Some(id) = &entry.id else { return lookup.id_of(&entry.name).await };
    let exists = lookup.exists(id).await?;
    if !exists {
        journal.forget(entry);
    }
    Ok(exists.then(|| id.clone()))
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
         id.\n\n{adopts}{}",
        bring_in(type_name, id)
    );
    Diagnostic::warning(format!("A {noun} may be outside the state"), detail)
}

fn bring_in(type_name: &str, id: &str) -> String {
    format!(
        "To bring it under Terraform, import it: terraform import {type_name}.<name of the block> {id}. To be rid of it, \
         destroy it in TensorPool's web dashboard."
    )
}

fn made_before(type_name: &str, noun: &str, entry: &Entry, id: &str) -> Diagnostic {
    let detail = format!(
        "An earlier run created {noun} {:?} ({id}) of the same configuration, and no plan has seen it in the state since: \
         Terraform may have died before it saved it. No other was made.\n\n{} If another is wanted, as beside one that a \
         plan with -target has not seen: run terraform apply without -target, give the {noun} a name, or delete the journal \
         entry {}.",
        entry.name,
        bring_in(type_name, id),
        entry.path.display()
    );
    Diagnostic::error(format!("A {noun} of an earlier run may be outside the state"), detail)
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
    let what = if entry.returned { "created" } else { "was killed while it created" };
    let detail = format!(
        "An earlier run {what} {noun} {:?}{id}, and TensorPool could not be asked whether it exists. Run terraform plan \
         again, or check TensorPool's web dashboard.",
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
        let entry = Entry::read(line, PathBuf::from("journal/a.jsonl")).expect("it is an entry");
        let returned = Entry { returned: true, ..entry.clone() };
        let messages = [
            outside("tensorpool_cluster", "cluster", &entry, "c-1"),
            outside("tensorpool_cluster", "cluster", &returned, "c-1"),
            made_before("tensorpool_cluster", "cluster", &returned, "c-1"),
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
