//! Searches for what exists.

use terraform_plugin_testing::case::query::{display_name, finds, finds_identity};

use super::*;

fn found(notes: &Notes, arguments: &str) -> Vec<Value> {
    notes.write("");
    notes.write_file(
        "all.tfquery.hcl",
        &format!("list \"notes_note\" \"all\" {{\n  provider = notes\n{arguments}\n}}\n"),
    );
    let run = notes.run(&["query", "-json"]).ok();
    let lines = run.text.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
    lines.filter(|line| line["type"] == "list_resource_found").map(|line| line["list_resource_found"].clone()).collect()
}

fn filled(name: &str) -> Notes {
    let notes = Notes::new(name);
    for index in 0..5 {
        let folder = if index % 2 == 0 { "even" } else { "odd" };
        notes.put(&format!("n{index}"), &json!({"title": format!("Note {index}"), "folder": folder}));
    }
    notes
}

#[test]
fn what_exists_is_found_with_its_identity() {
    if !requires(Feature::Queries) {
        return;
    }
    let notes = filled("query");
    let list = "list \"notes_note\" \"even\" {\n  provider = notes\n  config {\n    folder = \"even\"\n  }\n}\n";
    let found = ["n0", "n2", "n4"].map(|id| finds_identity(json!({"id": id})));
    let step = Step::query(list).expect(finds(3)).expect(display_name(json!({"id": "n0"}), "Note 0"));
    let step = found.into_iter().fold(step, Step::expect);
    notes.case().step(Step::config("")).step(step).run();
}

#[test]
fn a_limit_and_whole_objects_are_honoured() {
    if !requires(Feature::Queries) {
        return;
    }
    let notes = filled("query-limit");
    let found = found(&notes, "  include_resource = true\n  limit = 2");
    assert_eq!(found.len(), 2);
    assert_eq!(found[1]["resource_object"]["title"], "Note 1");
}

#[test]
fn a_configuration_is_generated_for_what_was_found() {
    if !requires(Feature::Queries) {
        return;
    }
    let notes = filled("query-generate");
    notes.write("");
    notes.write_file("all.tfquery.hcl", "list \"notes_note\" \"all\" {\n  provider = notes\n}\n");
    notes.run(&["query", "-generate-config-out=generated.tf"]).ok();
    let generated = std::fs::read_to_string(notes.path("generated.tf")).expect("it was written");
    assert!(generated.contains("import {") && generated.contains("Note 4"), "{generated}");
    std::fs::remove_file(notes.path("all.tfquery.hcl")).expect("it is there");
    notes.apply().ok();
    assert_eq!(notes.resources().len(), 5);
    notes.expect_empty_plan();
}
