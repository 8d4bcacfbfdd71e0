//! Values that are generated once, and blocks that the provider chooses.

use super::*;

/// With a reminder, so that every Terraform takes it.
const DRAFT: &str = "resource \"notes_draft\" \"idea\" {\n  title = \"Idea\"\n  reminder {\n    days = 3\n  }\n}";
const SHORT: &str = "resource \"notes_draft\" \"idea\" {\n  title = \"Idea\"\n}";

/// The planned state of the draft, and what of it is known after apply only.
fn planned(notes: &Notes) -> (Value, Value) {
    notes.run(&["plan", "-input=false", "-out=saved.plan"]).ok();
    let change = notes.json(&["show", "-json", "saved.plan"])["resource_changes"][0]["change"].clone();
    (change["after"].clone(), change["after_unknown"].clone())
}

fn values(notes: &Notes) -> Value {
    notes.resources()[0]["values"].clone()
}

#[test]
fn what_is_random_is_generated_once_and_stays() {
    let notes = Notes::new("draft");
    notes.write(DRAFT);
    notes.apply().ok();
    let made = values(&notes);
    let id = made["id"].as_str().expect("it is known");
    assert!(id.starts_with("draft-") && made["code"].as_str().is_some_and(|code| code.starts_with('i')), "{made}");
    assert_eq!(notes.note(id)["reminders"], json!([3]));
    notes.expect_empty_plan();
    notes.write(&DRAFT.replace("Idea", "Plan").replace('3', "4"));
    notes.apply().ok();
    let changed = values(&notes);
    assert_eq!([&changed["id"], &changed["code"]], [&made["id"], &made["code"]]);
    notes.write(&DRAFT.replace("  reminder", "  folder = \"home\"\n  reminder"));
    assert_eq!(notes.planned_actions(), ["delete", "create"]);
    notes.apply().ok();
    let replaced = values(&notes);
    assert!(replaced["id"] != made["id"] && replaced["code"] != made["code"], "{replaced}");
    assert!(!notes.state().to_string().contains("remembered"), "{}", notes.state());
    notes.expect_empty_plan();
    notes.destroy().ok();
}

#[test]
fn a_plan_shows_what_is_random() {
    if !requires(Feature::PrivateDataOfPlans) {
        return;
    }
    let notes = Notes::new("draft-plan");
    notes.write(DRAFT);
    let (after, _) = planned(&notes);
    notes.run(&["apply", "-input=false", "saved.plan"]).ok();
    assert_eq!(values(&notes), after);
}

#[test]
fn a_terraform_that_stores_nothing_knows_it_after_apply() {
    if has(Feature::PrivateDataOfPlans) {
        return;
    }
    let notes = Notes::new("draft-plan-old");
    notes.write(DRAFT);
    let (_, unknown) = planned(&notes);
    assert_eq!([&unknown["id"], &unknown["code"]], [&json!(true), &json!(true)]);
    notes.run(&["apply", "-input=false", "saved.plan"]).ok();
    notes.expect_empty_plan();
}

#[test]
fn a_replacement_makes_what_its_plan_shows() {
    if !requires(Feature::PrivateDataOfPlans) {
        return;
    }
    let notes = Notes::new("draft-replace");
    notes.write(DRAFT);
    notes.apply().ok();
    for lifecycle in ["", "  lifecycle {\n    create_before_destroy = true\n  }\n"] {
        let former = values(&notes);
        let folder = if lifecycle.is_empty() { "home" } else { "work" };
        notes.write(&DRAFT.replace("  reminder", &format!("  folder = \"{folder}\"\n{lifecycle}  reminder")));
        let (after, _) = planned(&notes);
        assert!(after["id"] != former["id"] && after["code"] != former["code"], "{after}");
        notes.run(&["apply", "-input=false", "saved.plan"]).ok();
        assert_eq!(values(&notes), after);
    }
    notes.run(&["plan", "-input=false", "-out=saved.plan", "-replace=notes_draft.idea"]).ok();
    let change = notes.json(&["show", "-json", "saved.plan"])["resource_changes"][0]["change"]["after"].clone();
    notes.run(&["apply", "-input=false", "saved.plan"]).ok();
    assert_eq!(values(&notes), change);
    notes.run(&["taint", "notes_draft.idea"]).ok();
    let (after, _) = planned(&notes);
    notes.run(&["apply", "-input=false", "saved.plan"]).ok();
    assert_eq!(values(&notes), after);
    notes.expect_empty_plan();
}

#[test]
fn a_title_that_is_not_known_yet_leaves_only_its_code_open() {
    let notes = Notes::new("draft-unknown");
    notes.write(&format!("{SHOPPING}\n\n{}", DRAFT.replace("\"Idea\"", "notes_note.shopping.id")));
    notes.apply().ok();
    notes.expect_empty_plan();
}

#[test]
fn reminders_that_are_left_out_are_chosen() {
    if !requires(Feature::ComputedBlocks) {
        return;
    }
    let notes = Notes::new("draft-reminder");
    notes.write(SHORT);
    assert_eq!(planned(&notes).1["reminder"], true);
    notes.apply().ok();
    assert_eq!(values(&notes)["reminder"], json!([{"days": 7}]));
    notes.expect_empty_plan();
    notes.write(&SHORT.replace("Idea", "Plan"));
    assert_eq!(planned(&notes).0["reminder"], json!([{"days": 7}]));
    notes.apply().ok();
    notes.write(DRAFT);
    notes.apply().ok();
    // What was written stays when it is no longer.
    notes.write(SHORT);
    notes.expect_empty_plan();
    assert_eq!(values(&notes)["reminder"], json!([{"days": 3}]));
    notes.destroy().ok();
}

#[test]
fn a_terraform_that_cannot_leave_them_out_is_reported() {
    if has(Feature::ComputedBlocks) {
        return;
    }
    let notes = Notes::new("draft-reminder-old");
    notes.write(SHORT);
    notes.plan().error("Block cannot be left out").says(&["reminder", "1.16"]);
}
