//! What names a note for ever.

use super::*;

fn stored(notes: &Notes) -> Value {
    notes.state()["resources"][0]["instances"][0]["identity"].clone()
}

/// Changes what is stored of the one note.
fn change_stored(notes: &Notes, change: impl FnOnce(&mut Value)) {
    let mut state = notes.state();
    change(&mut state["resources"][0]["instances"][0]);
    notes.write_file("terraform.tfstate", &state.to_string());
}

fn refresh(notes: &Notes) {
    notes.run(&["apply", "-refresh-only", "-auto-approve", "-input=false"]).ok();
}

#[test]
fn every_operation_gives_the_same_identity() {
    if !requires(Feature::Identities) {
        return;
    }
    let notes = Notes::new("identity");
    notes.write(SHOPPING);
    notes.apply().ok();
    let expected = json!({"id": "shopping-list"});
    assert_eq!(stored(&notes), expected);
    notes.write(&SHOPPING.replace("Shopping list", "Another title"));
    notes.apply().ok();
    assert_eq!(stored(&notes), expected);
}

#[test]
fn a_note_is_imported_by_its_identity() {
    if !requires(Feature::Identities) {
        return;
    }
    let notes = Notes::new("identity-import");
    notes.put("shopping-list", &json!({"title": "Shopping list", "folder": "inbox", "tags": ["a", "b"]}));
    let import = "import {\n  to = notes_note.shopping\n  identity = {\n    id = \"shopping-list\"\n  }\n}";
    notes.write(&format!("{SHOPPING}\n\n{import}"));
    notes.apply().ok();
    notes.expect_empty_plan();
}

#[test]
fn a_state_from_before_identities_gets_one_when_it_is_read() {
    if !requires(Feature::Identities) {
        return;
    }
    let notes = Notes::new("identity-new");
    notes.write(SHOPPING);
    notes.apply().ok();
    change_stored(&notes, |note| {
        let note = note.as_object_mut().expect("there is one");
        note.remove("identity");
        note.remove("identity_schema_version");
    });
    refresh(&notes);
    assert_eq!(stored(&notes), json!({"id": "shopping-list"}));
}

#[test]
fn an_identity_of_an_old_version_is_upgraded() {
    if !requires(Feature::Identities) {
        return;
    }
    let notes = Notes::new("identity-upgrade");
    notes.write(SHOPPING);
    notes.apply().ok();
    change_stored(&notes, |note| {
        assert_eq!(note["identity_schema_version"], 1);
        note["identity"] = json!({"name": "shopping-list"});
        note["identity_schema_version"] = json!(0);
    });
    notes.expect_empty_plan();
    refresh(&notes);
    notes.write(&SHOPPING.replace("Shopping list", "Another title"));
    notes.apply().ok();
    assert_eq!(stored(&notes), json!({"id": "shopping-list"}));
    assert_eq!(notes.state()["resources"][0]["instances"][0]["identity_schema_version"], 1);
}
