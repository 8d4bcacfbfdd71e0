//! A passphrase, which is never stored.

use super::*;

#[test]
fn a_passphrase_is_opened_used_and_closed_and_stored_nowhere() {
    if !requires(Feature::WriteOnlyAttributes) {
        return;
    }
    let notes = Notes::new("ephemeral");
    notes.write(
        "ephemeral \"notes_passphrase\" \"key\" {\n  words = 3\n}\n\nresource \"notes_note\" \"sealed\" {\n  title          = \
         \"Sealed\"\n  secret         = ephemeral.notes_passphrase.key.value\n  secret_version = 1\n}",
    );
    notes.run(&["plan", "-input=false", "-out=saved.plan"]).ok();
    notes.apply().ok();
    assert_eq!(notes.note("sealed")["seal"], "word0 word1 word2".len());
    assert!(!notes.path("notes/word0-word1-word2.lease").exists());
    let texts = [notes.state().to_string(), notes.run(&["show", "-json", "saved.plan"]).ok().text];
    assert!(texts.iter().all(|text| !text.contains("word1")), "{texts:?}");
    notes.expect_empty_plan();
}

#[test]
fn a_passphrase_works_on_the_first_terraform_that_has_them() {
    if !requires(Feature::EphemeralValues) {
        return;
    }
    let notes = Notes::new("ephemeral-local");
    notes.write(
        "ephemeral \"notes_passphrase\" \"key\" {\n  words = 2\n}\n\nprovider \"notes\" {\n  alias     = \"other\"\n  \
         directory = \"notes/${ephemeral.notes_passphrase.key.value}\"\n}\n\ndata \"notes_note\" \"found\" {\n  provider = \
         notes.other\n  id       = \"inner\"\n}\n\noutput \"title\" {\n  value = data.notes_note.found.title\n}",
    );
    let inner = notes.path("notes/word0 word1");
    std::fs::create_dir(&inner).expect("the directory can be made");
    std::fs::write(inner.join("inner.json"), r#"{"title": "Inner", "folder": "inbox"}"#).expect("it can be written");
    notes.apply().ok();
    assert_eq!(notes.output("title"), "Inner");
}

#[test]
fn a_wrong_configuration_is_refused() {
    if !requires(Feature::EphemeralValues) {
        return;
    }
    let notes = Notes::new("ephemeral-wrong");
    notes.write("ephemeral \"notes_passphrase\" \"key\" {\n  words = 0\n}");
    assert_eq!(notes.plan().error("Invalid attribute value").code, "words = 0");
}

#[test]
fn a_passphrase_is_renewed_for_as_long_as_it_is_used() {
    if !requires(Feature::EphemeralValues) {
        return;
    }
    let notes = Notes::new("ephemeral-renewed");
    notes.write(
        "ephemeral \"notes_passphrase\" \"key\" {\n  words         = 2\n  lease_seconds = 1\n}\n\nresource \"terraform_data\" \
         \"slow\" {\n  provisioner \"local-exec\" {\n    command     = \"sleep 5; cp notes/word0-word1.lease seen.txt\"\n    \
         environment = {\n      KEY = ephemeral.notes_passphrase.key.value\n    }\n  }\n}",
    );
    notes.apply().ok();
    let seen = std::fs::read_to_string(notes.path("seen.txt")).expect("it was there while it was used");
    let renewals: u64 = seen.trim().trim_start_matches("renewed ").parse().expect("it was renewed");
    assert!(renewals > 1, "{seen}");
    assert!(!notes.path("notes/word0-word1.lease").exists());
}
