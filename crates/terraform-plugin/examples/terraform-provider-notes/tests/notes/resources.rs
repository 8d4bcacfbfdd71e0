//! Notes from create to destroy.

use super::*;

#[test]
fn a_note_lives_from_create_to_destroy() {
    let notes = Notes::new("life");
    let with = |argument: &str| SHOPPING.replace("  tags", &format!("  {argument}\n  tags"));
    notes
        .case()
        .step(
            Step::config(SHOPPING)
                .expect(plan::creates(NOTE))
                .check(state::value(NOTE, "folder", "inbox"))
                .after(|| assert_eq!(notes.note("shopping-list")["folder"], "inbox")),
        )
        .step(
            Step::config(with("text = \"milk\""))
                .expect(plan::updates(NOTE))
                .after(|| assert_eq!(notes.note("shopping-list")["text"], "milk")),
        )
        .step(
            Step::config(with("folder = \"home\""))
                .expect(plan::replaces(NOTE))
                .expect(plan::replaced_for(NOTE, "folder")),
        )
        .destroyed(|| !notes.file("shopping-list").exists())
        .run();
}

#[test]
fn the_elements_of_a_set_have_defaults_and_keep_what_they_got() {
    let linked = |links: &str| SHOPPING.replace("  tags", &format!("  links  = [{links}]\n  tags"));
    let notes = Notes::new("links");
    let link = |url: &str| {
        let note = notes.note("shopping-list");
        let links = note["links"].as_array().expect("there are links");
        links.iter().find(|link| link["url"] == url).expect("there is such a link").clone()
    };
    notes.write(&linked("{ url = \"a\", label = \"A\" }, { url = \"b\" }"));
    notes.apply().ok();
    let [a, b] = ["a", "b"].map(|url| link(url)["number"].clone());
    assert_eq!(link("a")["label"], "A");
    assert_eq!(link("b")["label"], "see also");
    notes.expect_empty_plan();
    // Taken back, it is the default again, and an element more changes none of the others.
    notes.write(&linked("{ url = \"a\" }, { url = \"b\" }, { url = \"c\", label = \"C\" }"));
    assert_eq!(notes.planned_actions(), ["update"]);
    notes.apply().ok();
    assert_eq!(link("a"), json!({"url": "a", "label": "see also", "origin": null, "number": a}));
    assert_eq!((link("b")["number"].clone(), link("c")["number"].clone()), (b, json!(3)));
    notes.expect_empty_plan();
    notes.write(&linked("{ url = \"a\", origin = \"web\" }, { url = \"b\" }"));
    assert_eq!(notes.planned_actions(), ["delete", "create"]);
}

#[test]
fn a_float_of_the_language_is_planned_once() {
    let notes = Notes::new("float");
    notes.write(&SHOPPING.replace("  tags", "  weight = log(10, 3)\n  tags"));
    notes.apply().ok();
    assert_eq!(notes.note("shopping-list")["weight"], 2.095_903_274_289_385);
    notes.expect_empty_plan();
}

#[test]
fn a_note_that_was_deleted_is_created_again() {
    let notes = Notes::new("deleted");
    let delete = || std::fs::remove_file(notes.file("shopping-list")).expect("it is there");
    notes
        .case()
        .step(Step::config(SHOPPING))
        .step(Step::config(SHOPPING).before(delete).expect(plan::creates(NOTE)).expect(plan::drifted(NOTE)))
        .run();
}

#[test]
fn a_destroy_can_be_refused_while_it_is_planned() {
    let notes = Notes::new("refused");
    notes.write(&SHOPPING.replace("\"b\"", "\"keep\""));
    notes.apply().ok();
    let run = notes.destroy();
    assert_eq!(run.error("Note is to be kept").code, "tags  = [\"keep\", \"a\"]");
    assert!(notes.file("shopping-list").exists());
}

#[test]
fn a_state_of_an_old_version_is_upgraded() {
    let notes = Notes::new("upgrade");
    notes.put("old", &json!({"title": "Old", "folder": "inbox", "text": "milk"}));
    let state = json!({
        "version": 4, "terraform_version": "1.0.0", "serial": 1, "lineage": "l", "outputs": {},
        "resources": [{
            "mode": "managed", "type": "notes_note", "name": "old",
            "provider": "provider[\"registry.terraform.io/example/notes\"]",
            "instances": [{"schema_version": 0, "attributes": {"id": "old", "name": "Old", "folder": "inbox"}}],
        }],
    });
    notes.write_file("terraform.tfstate", &state.to_string());
    notes.write("resource \"notes_note\" \"old\" {\n  title = \"Old\"\n  text  = \"milk\"\n}");
    // The text stands in the file alone: the upgrade itself has asked the library.
    let run = notes.run(&["plan", "-input=false", "-refresh=false", "-detailed-exitcode"]);
    assert_eq!(run.code, Some(0), "{}", run.text);
    notes.expect_empty_plan();
}
