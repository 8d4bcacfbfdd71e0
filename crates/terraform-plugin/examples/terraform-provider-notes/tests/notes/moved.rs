//! Objects of another type that become notes.

use super::*;

#[test]
fn a_memo_becomes_a_note() {
    let notes = Notes::new("moved");
    notes.write("resource \"notes_memo\" \"old\" {\n  title = \"Old\"\n}");
    notes.apply().ok();
    let moved = "moved {\n  from = notes_memo.old\n  to   = notes_note.new\n}";
    notes.write(&format!("resource \"notes_note\" \"new\" {{\n  title = \"Old\"\n}}\n\n{moved}"));
    notes.apply().ok();
    assert_eq!(notes.resources()[0]["values"]["id"], "old");
    notes.expect_empty_plan();
}

#[test]
fn what_cannot_be_moved_is_reported() {
    let notes = Notes::new("moved-not");
    notes.write(SHOPPING);
    notes.apply().ok();
    let moved = "moved {\n  from = notes_note.shopping\n  to   = notes_memo.new\n}";
    notes.write(&format!("resource \"notes_memo\" \"new\" {{\n  title = \"Shopping list\"\n}}\n\n{moved}"));
    notes.plan().error("Move not supported").says(&["notes_memo", "notes_note"]);
}
