//! The examples that stand on the pages of the provider.

use super::*;

fn directory() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("examples")
}

fn example(path: &str) -> String {
    let path = directory().join(path);
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

#[test]
fn the_examples_are_formatted() {
    let notes = Notes::new("examples-format");
    let run = notes.run(&["fmt", "-check", "-recursive", "-no-color", &directory().display().to_string()]);
    assert_eq!(run.code, Some(0), "not formatted:\n{}", run.text);
}

#[test]
fn the_examples_of_resources_data_sources_and_functions_apply() {
    let notes = Notes::new("examples");
    notes.write_file("main.tf", &example("provider/provider.tf"));
    let files = [
        "resources/notes_note/resource.tf",
        "resources/notes_draft/resource.tf",
        "resources/notes_memo/resource.tf",
        "data-sources/notes_note/data-source.tf",
        "functions/slug/function.tf",
        "functions/join_words/function.tf",
        "functions/fallback/function.tf",
    ];
    notes.write_file("all.tf", &files.map(example).join("\n"));
    notes.apply().ok();
    assert_eq!(notes.output("text"), "Bread, and what goes on it.");
    assert_eq!(notes.output("joined"), "a-b-c");
    notes.expect_empty_plan();
}

#[test]
fn the_examples_of_imports_apply() {
    for (file, by_identity) in [("import-by-string-id.tf", false), ("import-by-identity.tf", true)] {
        if by_identity && !requires(Feature::Identities) {
            return;
        }
        let notes = Notes::new("examples-import");
        notes.write_file("main.tf", &example("provider/provider.tf"));
        notes.write_file("note.tf", &example("resources/notes_note/resource.tf"));
        notes.write_file("import.tf", &example(&format!("resources/notes_note/{file}")));
        notes.put("shopping-list", &json!({"title": "Shopping list", "folder": "home"}));
        notes.apply().ok();
        assert_eq!(notes.note("shopping-list")["text"], "Bread, and what goes on it.");
        notes.expect_empty_plan();
    }
}

#[test]
fn the_example_of_an_ephemeral_resource_applies() {
    if !requires(Feature::WriteOnlyAttributes) {
        return;
    }
    let notes = Notes::new("examples-ephemeral");
    notes.write_file("main.tf", &example("provider/provider.tf"));
    notes.write_file("sealed.tf", &example("ephemeral-resources/notes_passphrase/ephemeral-resource.tf"));
    notes.apply().ok();
    assert_eq!(notes.note("sealed")["seal"], "word0 word1 word2".len());
}

#[test]
fn the_examples_of_a_list_and_an_action_run() {
    if !requires(Feature::Queries) || !requires(Feature::Actions) {
        return;
    }
    let notes = Notes::new("examples-list");
    notes.put("shopping-list", &json!({"title": "Shopping list", "folder": "home"}));
    notes.write_file("main.tf", &example("provider/provider.tf"));
    notes.write_file("action.tf", &example("actions/notes_export/action.tf"));
    notes.write_file("all.tfquery.hcl", &example("list-resources/notes_note/list-resource.tfquery.hcl"));
    assert!(notes.run(&["query", "-json"]).ok().text.contains("shopping-list"));
    notes.run(&["apply", "-auto-approve", "-input=false", "-json", "-invoke=action.notes_export.all"]).ok();
    assert_eq!(std::fs::read_to_string(notes.path("export.txt")).expect("it was written"), "Shopping list\n");
}
