//! Notes that exist already.

use super::*;

#[test]
fn a_note_is_imported_by_its_id() {
    let notes = Notes::new("import");
    notes
        .case()
        .step(Step::config(SHOPPING))
        .step(Step::import(NOTE).verify())
        .step(Step::import(NOTE).by_block().verify())
        .step(Step::import(NOTE).by_stored_identity().verify())
        .step(Step::import(NOTE).by_id("none").error("Note not found"))
        .run();
}

#[test]
fn a_configuration_is_generated() {
    let notes = Notes::new("generate");
    notes.put("found", &json!({"title": "Found", "folder": "home", "text": "milk", "tags": ["a"]}));
    notes.write("import {\n  to = notes_note.found\n  id = \"found\"\n}");
    notes.run(&["plan", "-input=false", "-generate-config-out=generated.tf"]).ok();
    let generated = std::fs::read_to_string(notes.path("generated.tf")).expect("it was written");
    assert!(generated.contains("\"Found\"") && generated.contains("\"milk\""), "{generated}");
    assert!(!generated.contains("seal "), "{generated}");
    notes.apply().ok();
    notes.expect_empty_plan();
}
