//! What the model of a note cannot hold is an error at its place.

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
        ("reference {\n    url = \"u\"\n    pages = [1, var.v]\n  }", "70000", "pages = [1,", "must be at most 65535."),
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
    let notes = Notes::new("wrong-later");
    notes.write_file("terraform.tfvars", "v = 0\n");
    notes.write(&note("tags = [terraform_data.k.output == \"1\" ? null : \"a\"]"));
    no_bug(&notes.plan().ok());
    let run = notes.apply();
    no_bug(&run);
    run.error("Invalid attribute value").says(&["must not be null."]);
    assert!(!notes.file("n").exists());
}
