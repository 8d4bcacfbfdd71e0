//! Notes that are found by their title.

use super::*;

#[test]
fn a_note_is_found_by_its_title_or_not_at_all() {
    let notes = Notes::new("data");
    notes.put("shopping-list", &json!({"title": "Shopping list", "folder": "inbox", "text": "milk"}));
    notes.write(
        "data \"notes_note\" \"found\" {\n  title = \"Shopping list\"\n}\n\noutput \"text\" {\n  value = \
         data.notes_note.found.text\n}",
    );
    notes.apply().ok();
    assert_eq!(notes.output("text"), "milk");
    notes.write("data \"notes_note\" \"none\" {\n  id = \"none\"\n}");
    assert_eq!(notes.plan().error("Note not found").code, "id = \"none\"");
}
