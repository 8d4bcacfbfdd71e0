//! A secret, which is used and never stored.

use super::*;

const SEALED: &str = "resource \"notes_note\" \"sealed\" {\n  title          = \"Sealed\"\n  secret         = \
                      \"planted\"\n  secret_version = 1\n}";

#[test]
fn a_secret_is_used_and_stored_nowhere() {
    if !requires(Feature::WriteOnlyAttributes) {
        return;
    }
    let notes = Notes::new("write-only");
    notes.write(SEALED);
    notes.apply().ok();
    assert_eq!(notes.note("sealed")["seal"], "planted".len());
    assert!(!notes.state().to_string().contains("planted"));
    notes.expect_empty_plan();
    // Another secret is no change by itself; its version is.
    let longer = SEALED.replace("planted", "planted-too");
    notes.write(&longer);
    notes.expect_empty_plan();
    notes.write(&longer.replace("version = 1", "version = 2"));
    notes.apply().ok();
    assert_eq!(notes.note("sealed")["seal"], "planted-too".len());
}

#[test]
fn a_terraform_that_would_store_it_is_reported() {
    if has(Feature::WriteOnlyAttributes) {
        return;
    }
    let notes = Notes::new("write-only-old");
    notes.write(SEALED);
    notes.plan().error("Write-only attribute not supported").says(&["1.11"]);
}
