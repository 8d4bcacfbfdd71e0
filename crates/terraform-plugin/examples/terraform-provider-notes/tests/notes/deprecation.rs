//! Deprecated arguments.

use super::*;

#[test]
fn what_is_deprecated_is_reported_with_what_to_use_instead() {
    let notes = Notes::new("deprecated");
    notes.write(&format!(
        "{}\n\nresource \"notes_memo\" \"old\" {{\n  title = \"Old\"\n}}",
        SHOPPING.replace("  tags", "  summary = \"s\"\n  tags")
    ));
    let run = notes.plan().ok();
    run.warning("Deprecated argument").says(&["Use text instead."]);
    run.warning("Deprecated object").says(&["Use notes_note instead"]);
}
