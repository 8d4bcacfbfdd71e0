//! Things to do that leave no state.

use super::*;

fn exporting() -> String {
    format!(
        "{}\n\naction \"notes_export\" \"all\" {{\n  config {{\n    path = \"export.txt\"\n  }}\n}}",
        SHOPPING.replace(
            "\n}",
            "\n  lifecycle {\n    action_trigger {\n      events  = [after_create]\n      actions = \
             [action.notes_export.all]\n    }\n  }\n}"
        )
    )
}

#[test]
fn an_action_runs_after_the_create_that_triggers_it_and_reports_its_progress() {
    if !requires(Feature::Actions) {
        return;
    }
    let notes = Notes::new("action");
    notes.write(&exporting());
    let run = notes.apply().ok();
    assert!(run.text.contains("exporting Shopping list"), "{}", run.text);
    assert_eq!(std::fs::read_to_string(notes.path("export.txt")).expect("it was written"), "Shopping list\n");
    notes.expect_empty_plan();
}

#[test]
fn an_action_is_invoked_by_hand() {
    if !requires(Feature::Actions) {
        return;
    }
    let notes = Notes::new("action-invoke");
    notes.put("n", &json!({"title": "By hand", "folder": "inbox"}));
    notes.write("action \"notes_export\" \"all\" {\n  config {\n    path = \"export.txt\"\n  }\n}");
    notes.run(&["apply", "-auto-approve", "-input=false", "-json", "-invoke=action.notes_export.all"]).ok();
    assert_eq!(std::fs::read_to_string(notes.path("export.txt")).expect("it was written"), "By hand\n");
}

#[test]
fn an_action_that_fails_says_why() {
    if !requires(Feature::Actions) {
        return;
    }
    let notes = Notes::new("action-fails");
    notes.write("action \"notes_export\" \"all\" {\n  config {\n    path = \"no/such/directory\"\n  }\n}");
    let run = notes.run(&["apply", "-auto-approve", "-input=false", "-json", "-invoke=action.notes_export.all"]);
    assert_eq!(run.code, Some(1), "{}", run.text);
    assert!(run.text.contains("Cannot export the notes"), "{}", run.text);
}
