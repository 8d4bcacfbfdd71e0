//! The example provider, driven by a real Terraform: every feature of the framework that a configuration can use.
//!
//! A test stands in the module of its feature, the longer ones in files of their own, and says which Terraform the feature needs.

mod modifiers;
mod validation;

use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use serde_json::{Value, json};
use terraform_plugin_testing::{Workspace, requires};

/// The example provider, in a directory of its own: Terraform takes any program whose name begins with the provider's, and
/// cargo puts several such next to the example.
fn program() -> &'static Path {
    static PROGRAM: OnceLock<PathBuf> = OnceLock::new();
    PROGRAM.get_or_init(|| {
        let name = format!("terraform-provider-notes{}", std::env::consts::EXE_SUFFIX);
        // The tests stand in target/<profile>/deps, the examples next to that.
        let tests = std::env::current_exe().expect("a test is a program");
        let profile = tests.parent().and_then(Path::parent).expect("it is in target");
        let directory = profile.join("notes-provider");
        std::fs::create_dir_all(&directory).expect("the directory can be made");
        let program = directory.join(&name);
        let new = directory.join(format!("new-{}", std::process::id()));
        std::fs::copy(profile.join("examples").join(&name), &new)
            .expect("the example is built by cargo test, or by cargo build --examples");
        std::fs::rename(&new, &program).expect("it can take its place");
        program
    })
}

/// A workspace with the example provider and a directory of notes.
struct Notes {
    workspace: Workspace,
}

impl std::ops::Deref for Notes {
    type Target = Workspace;

    fn deref(&self) -> &Workspace {
        &self.workspace
    }
}

impl Notes {
    fn new(name: &str) -> Self {
        let notes = Self { workspace: Workspace::new(&format!("notes-{name}"), "example/notes", program()) };
        std::fs::create_dir(notes.path("notes")).expect("the directory can be made");
        notes
    }

    /// Writes a configuration: the provider and this.
    fn write(&self, hcl: &str) {
        self.write_with_meta("", hcl);
    }

    fn write_with_meta(&self, meta: &str, hcl: &str) {
        let head = "  required_providers {\n    notes = {\n      source = \"example/notes\"\n    }\n  }\n";
        let provider = "provider \"notes\" {\n  directory = \"notes\"\n}\n";
        self.write_file("main.tf", &format!("terraform {{\n{head}{meta}}}\n\n{provider}\n{hcl}\n"));
    }

    /// The file of a note.
    fn file(&self, id: &str) -> PathBuf {
        self.path("notes").join(format!("{id}.json"))
    }

    fn put(&self, id: &str, note: &Value) {
        std::fs::write(self.file(id), note.to_string()).expect("the file can be written");
    }

    fn note(&self, id: &str) -> Value {
        let bytes = std::fs::read(self.file(id)).expect("there is such a note");
        serde_json::from_slice(&bytes).expect("it is JSON")
    }

    fn state(&self) -> Value {
        let text = std::fs::read(self.path("terraform.tfstate")).expect("there is a state");
        serde_json::from_slice(&text).expect("it is JSON")
    }

    #[track_caller]
    fn output(&self, name: &str) -> Value {
        self.json(&["output", "-json", name])
    }
}

const SHOPPING: &str =
    "resource \"notes_note\" \"shopping\" {\n  title = \"Shopping list\"\n  tags  = [\"b\", \"a\"]\n}";

mod resources {
    use super::*;

    #[test]
    fn a_note_lives_from_create_to_destroy() {
        let notes = Notes::new("life");
        notes.write(SHOPPING);
        notes.apply().ok();
        assert_eq!(notes.note("shopping-list")["folder"], "inbox");
        notes.expect_empty_plan();
        notes.write(&SHOPPING.replace("  tags", "  text  = \"milk\"\n  tags"));
        assert_eq!(notes.planned_actions(), ["update"]);
        notes.apply().ok();
        assert_eq!(notes.note("shopping-list")["text"], "milk");
        notes.write(&SHOPPING.replace("  tags", "  folder = \"home\"\n  tags"));
        assert_eq!(notes.planned_actions(), ["delete", "create"]);
        notes.apply().ok();
        notes.expect_empty_plan();
        notes.destroy().ok();
        assert!(!notes.file("shopping-list").exists());
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
    fn a_note_that_is_gone_is_made_anew() {
        let notes = Notes::new("gone");
        notes.write(SHOPPING);
        notes.apply().ok();
        std::fs::remove_file(notes.file("shopping-list")).expect("it is there");
        assert_eq!(notes.planned_actions(), ["create"]);
        notes.apply().ok();
        notes.expect_empty_plan();
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
}

mod wrong_values {
    use terraform_plugin_testing::Run;

    use super::*;

    /// Something that is known only after apply, and variables of any type.
    const UNKNOWN: &str = "resource \"terraform_data\" \"k\" {\n  input = \"1\"\n}\n\nvariable \"v\" {}\n";

    fn note(argument: &str) -> String {
        format!("resource \"notes_note\" \"n\" {{\n  title = \"N\"\n  {argument}\n}}\n\n{UNKNOWN}")
    }

    #[track_caller]
    fn no_bug(run: &Run) {
        let text = run.text.to_lowercase();
        assert!(!text.contains("bug in the provider") && !text.contains("mistake in"), "{}", run.text);
    }

    /// Blocks that are made by a condition or of a list that is not known yet.
    const BLOCKS: &str = "reference {\n    url   = terraform_data.k.output\n    pages = [2, terraform_data.k.output]\n    dynamic                           \"label\" {\n      for_each = terraform_data.k.output == \"1\" ? [\"a\"] : []\n      content {\n                                  text = label.value\n      }\n    }\n  }\n  dynamic \"reference\" {\n    for_each =                           toset([terraform_data.k.output])\n    content {\n      url = reference.value\n    }\n  }";

    #[test]
    fn what_is_unknown_in_a_collection_or_a_block_plans_and_applies() {
        if !requires("1.4") {
            return;
        }
        for (name, argument) in [
            ("element", "tags = [terraform_data.k.output, \"b\"]"),
            ("twice", "tags = [terraform_data.k.output, terraform_data.k.output]"),
            ("for", "tags = [for k in [terraform_data.k.output] : \"x-${k}\"]"),
            ("variable", "tags = [var.v]"),
            ("whole", "tags = terraform_data.k.output == \"1\" ? [\"a\"] : null"),
            ("blocks", BLOCKS),
            ("dynamic", "extra = { a = [1, null, var.v], b = terraform_data.k.output, c = null }"),
            ("enum", "priority = terraform_data.k.output == \"1\" ? \"now\" : \"later\""),
            // More digits than an f64 has.
            ("float", "weight = terraform_data.k.output * 0.12345678901234567891"),
            ("digits", "weight = 12345678901234567890.5"),
        ] {
            let notes = Notes::new(&format!("unknown-{name}"));
            notes.write(&note(argument));
            no_bug(&notes.run(&["validate"]).ok());
            notes.write_file("terraform.tfvars", "v = \"a\"\n");
            no_bug(&notes.plan().ok());
            no_bug(&notes.apply().ok());
            notes.expect_empty_plan();
        }
    }

    #[test]
    fn what_is_wrong_in_a_collection_or_a_block_is_one_error_at_its_place() {
        let notes = Notes::new("wrong-values");
        for (argument, variable, code, detail) in [
            ("tags = [null]", "0", "tags = [null]", "must not be null."),
            ("tags = [\"a\", var.v]", "null", "tags = [\"a\", var.v]", "must not be null."),
            ("tags = [for t in [\"a\", null] : t]", "0", "tags = [for t in", "must not be null."),
            ("priority = \"soon\"", "0", "priority = \"soon\"", "must be one of \"now\", \"later\"."),
            ("weight = 1e400", "0", "weight = 1e400", "must be at most"),
            ("reference {\n    url = \"u\"\n    pages = [1.5]\n  }", "0", "pages = [1.5]", "must be a whole number."),
            (
                "reference {\n    url = \"u\"\n    pages = [1, var.v]\n  }",
                "70000",
                "pages = [1,",
                "must be at most 65535.",
            ),
            ("reference {\n    url = \"u\"\n    pages = [var.v]\n  }", "-1", "pages = [var.v]", "must be at least 0."),
            ("reference {\n    url = \"u\"\n    pages = [var.v]\n  }", "null", "pages = [var.v]", "must not be null."),
        ] {
            notes.write(&note(argument));
            notes.write_file("terraform.tfvars", &format!("v = {variable}\n"));
            let run = notes.plan();
            no_bug(&run);
            let error = run.error("Invalid attribute value");
            assert!(error.code.starts_with(code), "{}", error.code);
            error.says(&[detail]);
            assert_eq!(run.diagnostics.iter().filter(|one| one.severity == "error").count(), 1, "{}", run.text);
        }
    }

    #[test]
    fn what_turns_out_wrong_in_an_apply_is_one_error_at_its_place() {
        if !requires("1.4") {
            return;
        }
        let notes = Notes::new("wrong-later");
        notes.write_file("terraform.tfvars", "v = 0\n");
        notes.write(&note("tags = [terraform_data.k.output == \"1\" ? null : \"a\"]"));
        no_bug(&notes.plan().ok());
        let run = notes.apply();
        no_bug(&run);
        run.error("Invalid attribute value").says(&["must not be null."]);
        assert!(!notes.file("n").exists());
    }
}

mod deprecation {
    use super::*;

    #[test]
    fn what_is_deprecated_is_told_with_what_to_use_instead() {
        let notes = Notes::new("deprecated");
        notes.write(&format!(
            "{}\n\nresource \"notes_memo\" \"old\" {{\n  title = \"Old\"\n}}",
            SHOPPING.replace("  tags", "  summary = \"s\"\n  tags")
        ));
        let run = notes.plan().ok();
        run.warning("Deprecated argument").says(&["Use text instead."]);
        run.warning("Deprecated object").says(&["Use notes_note instead"]);
    }
}

mod data_sources {
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
}

mod provider_meta {
    use super::*;

    #[test]
    fn a_module_tells_the_provider_who_it_is() {
        let notes = Notes::new("meta");
        notes.write_with_meta("  provider_meta \"notes\" {\n    module = \"shop\"\n  }\n", SHOPPING);
        notes.apply().ok();
        assert_eq!(notes.note("shopping-list")["module"], "shop");
        notes.expect_empty_plan();
    }
}

mod functions {
    use super::*;

    #[test]
    fn functions_take_single_variadic_and_null_arguments() {
        let notes = Notes::new("functions");
        notes.write(
            "output \"all\" {\n  value = [\n    provider::notes::slug(\"A Title!\"),\n    \
             provider::notes::join_words(\"-\", \"a\", \"b\", \"c\"),\n    provider::notes::join_words(\"-\"),\n    \
             provider::notes::fallback(null, \"other\"),\n    provider::notes::fallback(\"text\", \"other\"),\n  ]\n}",
        );
        notes.apply().ok();
        assert_eq!(notes.output("all"), json!(["a-title", "a-b-c", "", "other", "text"]));
    }

    #[test]
    fn an_unknown_argument_makes_an_unknown_result() {
        let notes = Notes::new("functions-unknown");
        notes.write(&format!(
            "{SHOPPING}\n\noutput \"id\" {{\n  value = provider::notes::fallback(notes_note.shopping.id, \"other\")\n}}"
        ));
        notes.apply().ok();
        assert_eq!(notes.output("id"), "shopping-list");
    }

    #[test]
    fn an_error_names_the_argument() {
        let notes = Notes::new("functions-error");
        notes.write("output \"bad\" {\n  value = provider::notes::join_words(\"-\", \"a\", \"\")\n}");
        let run = notes.plan();
        assert_eq!(run.code, Some(1), "{}", run.text);
        run.error("Invalid function argument").says(&["A word cannot be empty.", "words"]);
        assert!(!run.text.contains("empty.."), "{}", run.text);
    }
}

mod moved {
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
    fn what_cannot_be_moved_is_told() {
        let notes = Notes::new("moved-not");
        notes.write(SHOPPING);
        notes.apply().ok();
        let moved = "moved {\n  from = notes_note.shopping\n  to   = notes_memo.new\n}";
        notes.write(&format!("resource \"notes_memo\" \"new\" {{\n  title = \"Shopping list\"\n}}\n\n{moved}"));
        notes.plan().error("Move not supported").says(&["notes_memo", "notes_note"]);
    }
}

mod ephemeral {
    use super::*;

    #[test]
    fn a_passphrase_is_opened_used_and_closed_and_stored_nowhere() {
        if !requires("1.11") {
            return;
        }
        let notes = Notes::new("ephemeral");
        notes.write(
            "ephemeral \"notes_passphrase\" \"key\" {\n  words = 3\n}\n\nresource \"notes_note\" \"sealed\" {\n  title          = \
             \"Sealed\"\n  secret         = ephemeral.notes_passphrase.key.value\n  secret_version = 1\n}",
        );
        notes.run(&["plan", "-input=false", "-out=saved.plan"]).ok();
        notes.apply().ok();
        assert_eq!(notes.note("sealed")["seal"], "word0 word1 word2".len());
        assert!(!notes.path("notes/word0-word1-word2.lease").exists());
        let texts = [notes.state().to_string(), notes.run(&["show", "-json", "saved.plan"]).ok().text];
        assert!(texts.iter().all(|text| !text.contains("word1")), "{texts:?}");
        notes.expect_empty_plan();
    }

    #[test]
    fn a_passphrase_works_on_the_first_terraform_that_has_them() {
        let notes = Notes::new("ephemeral-local");
        notes.write(
            "ephemeral \"notes_passphrase\" \"key\" {\n  words = 2\n}\n\nprovider \"notes\" {\n  alias     = \"other\"\n  \
             directory = \"notes/${ephemeral.notes_passphrase.key.value}\"\n}\n\ndata \"notes_note\" \"found\" {\n  provider = \
             notes.other\n  id       = \"inner\"\n}\n\noutput \"title\" {\n  value = data.notes_note.found.title\n}",
        );
        let inner = notes.path("notes/word0 word1");
        std::fs::create_dir(&inner).expect("the directory can be made");
        std::fs::write(inner.join("inner.json"), r#"{"title": "Inner", "folder": "inbox"}"#)
            .expect("it can be written");
        notes.apply().ok();
        assert_eq!(notes.output("title"), "Inner");
    }

    #[test]
    fn a_wrong_configuration_is_refused() {
        let notes = Notes::new("ephemeral-wrong");
        notes.write("ephemeral \"notes_passphrase\" \"key\" {\n  words = 0\n}");
        assert_eq!(notes.plan().error("Invalid attribute value").code, "words = 0");
    }
}

mod write_only {
    use super::*;

    const SEALED: &str = "resource \"notes_note\" \"sealed\" {\n  title          = \"Sealed\"\n  secret         = \
                          \"planted\"\n  secret_version = 1\n}";

    #[test]
    fn a_secret_is_used_and_stored_nowhere() {
        if !requires("1.11") {
            return;
        }
        let notes = Notes::new("write-only");
        notes.write(SEALED);
        notes.apply().ok();
        assert_eq!(notes.note("sealed")["seal"], "planted".len());
        assert!(!notes.state().to_string().contains("planted"));
        notes.expect_empty_plan();
        // Another secret is no change by itself; its version is.
        let longer = SEALED.replace("planted", "planted-too");
        notes.write(&longer);
        notes.expect_empty_plan();
        notes.write(&longer.replace("version = 1", "version = 2"));
        notes.apply().ok();
        assert_eq!(notes.note("sealed")["seal"], "planted-too".len());
    }

    #[test]
    fn a_terraform_that_would_store_it_is_told() {
        if requires("1.11") {
            return;
        }
        let notes = Notes::new("write-only-old");
        notes.write(SEALED);
        notes.plan().error("Write-only attribute not supported").says(&["1.11"]);
    }
}

mod drafts {
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
    fn what_is_random_is_made_once_and_stays() {
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
        if !requires("1.16") {
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
        if requires("1.16") {
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
        if !requires("1.16") {
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
        if !requires("1.16") {
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
    fn a_terraform_that_cannot_leave_them_out_is_told() {
        if requires("1.16") {
            return;
        }
        let notes = Notes::new("draft-reminder-old");
        notes.write(SHORT);
        notes.plan().error("Block cannot be left out").says(&["reminder", "1.16"]);
    }
}

mod import {
    use super::*;

    #[test]
    fn a_note_is_imported_by_its_id() {
        let notes = Notes::new("import");
        notes.put("shopping-list", &json!({"title": "Shopping list", "folder": "inbox", "tags": ["a", "b"]}));
        notes.write(&format!("{SHOPPING}\n\nimport {{\n  to = notes_note.shopping\n  id = \"shopping-list\"\n}}"));
        notes.apply().ok();
        notes.expect_empty_plan();
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
}

mod identity {
    use super::*;

    fn stored(notes: &Notes) -> Value {
        notes.state()["resources"][0]["instances"][0]["identity"].clone()
    }

    #[test]
    fn every_operation_gives_the_same_identity() {
        if !requires("1.12") {
            return;
        }
        let notes = Notes::new("identity");
        notes.write(SHOPPING);
        notes.apply().ok();
        let expected = json!({"id": "shopping-list"});
        assert_eq!(stored(&notes), expected);
        notes.write(&SHOPPING.replace("Shopping list", "Another title"));
        notes.apply().ok();
        assert_eq!(stored(&notes), expected);
    }

    #[test]
    fn a_note_is_imported_by_its_identity() {
        if !requires("1.12") {
            return;
        }
        let notes = Notes::new("identity-import");
        notes.put("shopping-list", &json!({"title": "Shopping list", "folder": "inbox", "tags": ["a", "b"]}));
        let import = "import {\n  to = notes_note.shopping\n  identity = {\n    id = \"shopping-list\"\n  }\n}";
        notes.write(&format!("{SHOPPING}\n\n{import}"));
        notes.apply().ok();
        notes.expect_empty_plan();
    }

    #[test]
    fn a_state_from_before_identities_gets_one_when_it_is_read() {
        if !requires("1.12") {
            return;
        }
        let notes = Notes::new("identity-new");
        notes.write(SHOPPING);
        notes.apply().ok();
        let mut state = notes.state();
        let instance = state["resources"][0]["instances"][0].as_object_mut().expect("there is one");
        instance.remove("identity");
        instance.remove("identity_schema_version");
        notes.write_file("terraform.tfstate", &state.to_string());
        notes.run(&["apply", "-refresh-only", "-auto-approve", "-input=false"]).ok();
        assert_eq!(stored(&notes), json!({"id": "shopping-list"}));
    }
}

mod query {
    use super::*;

    fn found(notes: &Notes, arguments: &str) -> Vec<Value> {
        notes.write("");
        notes.write_file(
            "all.tfquery.hcl",
            &format!("list \"notes_note\" \"all\" {{\n  provider = notes\n{arguments}\n}}\n"),
        );
        let run = notes.run(&["query", "-json"]).ok();
        let lines = run.text.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
        lines
            .filter(|line| line["type"] == "list_resource_found")
            .map(|line| line["list_resource_found"].clone())
            .collect()
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
        if !requires("1.14") {
            return;
        }
        let notes = filled("query");
        let found = found(&notes, "  config {\n    folder = \"even\"\n  }");
        let ids: Vec<_> = found.iter().map(|one| &one["identity"]["id"]).collect();
        assert_eq!(ids, ["n0", "n2", "n4"]);
        assert_eq!(found[0]["display_name"], "Note 0");
        assert_eq!(found[0]["resource_object"], Value::Null);
    }

    #[test]
    fn a_limit_and_whole_objects_are_honoured() {
        if !requires("1.14") {
            return;
        }
        let notes = filled("query-limit");
        let found = found(&notes, "  include_resource = true\n  limit = 2");
        assert_eq!(found.len(), 2);
        assert_eq!(found[1]["resource_object"]["title"], "Note 1");
    }

    #[test]
    fn a_configuration_is_generated_for_what_was_found() {
        if !requires("1.14") {
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
}

mod actions {
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
    fn an_action_runs_after_the_create_that_triggers_it_and_tells_its_progress() {
        if !requires("1.14") {
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
        if !requires("1.14") {
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
        if !requires("1.14") {
            return;
        }
        let notes = Notes::new("action-fails");
        notes.write("action \"notes_export\" \"all\" {\n  config {\n    path = \"no/such/directory\"\n  }\n}");
        let run = notes.run(&["apply", "-auto-approve", "-input=false", "-json", "-invoke=action.notes_export.all"]);
        assert_eq!(run.code, Some(1), "{}", run.text);
        assert!(run.text.contains("Cannot export the notes"), "{}", run.text);
    }
}
