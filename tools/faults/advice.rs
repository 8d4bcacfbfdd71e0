//! Does literally what a message advises: what a user would copy from it.

use std::fs;

use crate::operation::words;
use crate::run::Run;
use crate::sandbox::Sandbox;

/// Does what the diagnostics of a run advise about a resource. Their advice for an object that does not exist is followed only
/// if it does not. Returns whether anything was done.
pub fn follow(sandbox: &mut Sandbox, address: &str, exists: bool, run: &Run) -> bool {
    let mut done = false;
    if exists && run.reports("terraform untaint <address of this resource>") {
        done |= sandbox.run(&words(&["untaint", "-no-color", address])).succeeded;
    }
    if !exists && run.reports("terraform state rm <address of this resource>") {
        done |= sandbox.run(&words(&["state", "rm", address])).succeeded;
    }
    if !exists {
        for entry in journal_entries(&run.text) {
            done |= fs::remove_file(sandbox.directory().join(entry)).is_ok();
        }
    }
    done
}

/// The journal entries that a text says to delete.
fn journal_entries(text: &str) -> Vec<String> {
    let after = text.split("delete the journal entry ").skip(1);
    after.filter_map(|rest| rest.split_inclusive(".json").next()).map(str::to_owned).collect()
}
