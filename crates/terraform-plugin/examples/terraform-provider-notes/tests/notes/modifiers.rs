//! Plan modifiers.

use super::*;

/// A draft with these arguments, and a reminder, so that every Terraform takes it.
fn draft(arguments: &str) -> String {
    let reminder = "reminder {\n    days = 3\n  }";
    format!("resource \"notes_draft\" \"d\" {{\n  title = \"D\"\n  {arguments}\n  {reminder}\n}}\n")
}

/// What is planned for a draft of these arguments, which is then applied.
#[track_caller]
fn changed(notes: &Notes, arguments: &str) -> Vec<String> {
    notes.write(&draft(arguments));
    let actions = notes.planned_actions();
    notes.apply().ok();
    notes.expect_empty_plan();
    actions.iter().map(ToString::to_string).collect()
}

#[test]
fn a_replacement_can_depend_on_a_condition() {
    let notes = Notes::new("replace-if");
    assert_eq!(changed(&notes, "pages = 2"), ["create"]);
    assert_eq!(changed(&notes, "pages = 4.5"), ["update"]);
    assert_eq!(changed(&notes, "pages = 3"), ["delete", "create"]);
}

#[test]
fn a_replacement_can_depend_on_the_configuration() {
    let notes = Notes::new("replace-if-configured");
    assert_eq!(changed(&notes, "language = \"en\""), ["create"]);
    assert_eq!(changed(&notes, "language = \"de\""), ["delete", "create"]);
    assert_eq!(changed(&notes, ""), ["update"]);
    assert_eq!(changed(&notes, "language = \"en\""), ["delete", "create"]);
}
