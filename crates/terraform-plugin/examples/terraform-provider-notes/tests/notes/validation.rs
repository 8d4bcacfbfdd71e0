//! Validators and config validators.

use super::*;

/// Something that is known only after apply.
const UNKNOWN: &str = "resource \"terraform_data\" \"k\" {\n  input = \"1\"\n}\n";

/// A note with these arguments, and a value that is not known while it is planned.
fn note(arguments: &str) -> String {
    format!("resource \"notes_note\" \"n\" {{\n  title = \"N\"\n  {arguments}\n}}\n\n{UNKNOWN}")
}

fn draft(arguments: &str) -> String {
    format!("resource \"notes_draft\" \"d\" {{\n  title = \"D\"\n  {arguments}\n}}\n")
}

#[test]
fn what_several_arguments_must_be_together_points_at_one_of_them() {
    let notes = Notes::new("together");
    notes.write(&SHOPPING.replace("  tags", "  text    = \"a\"\n  summary = \"b\"\n  tags"));
    let run = notes.plan();
    assert_eq!(run.error("Invalid combination of arguments").code, "summary = \"b\"");
    notes.write("data \"notes_note\" \"none\" {}");
    let none = "Exactly one of `id` and `title` must be set, but none is.";
    notes.plan().error("Invalid combination of arguments").says(&[none]);
}

#[test]
fn a_wrong_value_is_an_error_at_its_place() {
    let notes = Notes::new("wrong");
    let days = |days: &str| draft(&format!("reminder {{\n    days = {days}\n  }}"));
    for (hcl, code, detail) in [
        (
            note("tags = [\"a\", \"none\"]"),
            "tags = [\"a\", \"none\"]",
            "must not be one of \"all\", \"none\", got: \"none\".",
        ),
        (
            note("reference {\n    isbn = \"1\"\n  }"),
            "isbn = \"1\"",
            "Attribute reference[0].isbn must be an ISBN without hyphens, got: \"1\".",
        ),
        (
            note("reference {\n    url = \"u\"\n    pages = [1, 2, 1]\n  }"),
            "pages = [1, 2, 1]",
            "Attribute reference[0].pages must not have the same element twice, got: 1 twice.",
        ),
        (days("0"), "days = 0", "Attribute reminder[0].days must be between 1 and 3650, got: 0."),
        (draft("pages = 1.25\n  reminder {}"), "pages = 1.25", "Attribute pages must be a multiple of 0.5, got: 1.25."),
        (
            draft(&"reminder {}\n  ".repeat(6)),
            "resource \"notes_draft\" \"d\" {",
            "Block reminder must have at most 5 elements, got: 6.",
        ),
        (note("").replace("\"N\"", "\" N\""), "title = \" N\"", "must not begin or end with blanks"),
        (note("").replace("\"N\"", "\"\""), "title = \"\"", "Attribute title must not be empty."),
    ] {
        notes.write(&hcl);
        let run = notes.plan();
        let summary = if detail.starts_with("Block") { "Invalid block" } else { "Invalid attribute value" };
        let error = run.error(summary);
        assert_eq!(error.code, code);
        error.says(&[detail]);
    }
}

#[test]
fn what_is_unusual_is_a_warning_and_shows_no_secret() {
    let notes = Notes::new("warning");
    notes.write(&draft("reminder {\n    days = 400\n  }"));
    let run = notes.plan().ok();
    let warning = run.warning("Unusual attribute value");
    assert_eq!(warning.code, "days = 400");
    warning.says(&["Attribute reminder[0].days should be between 1 and 365, got: 400."]);
    if !requires(Feature::WriteOnlyAttributes) {
        return;
    }
    notes.write(&note("secret = \"pw\"\n  secret_version = 1"));
    let run = notes.plan().ok();
    let warning = run.warning("Unusual attribute value");
    assert_eq!(warning.detail, "Attribute secret should have at least 6 characters.");
}

/// A block in which something depends on what is known later.
fn reference(arguments: &str) -> String {
    note(&format!("reference {{\n    {arguments}\n  }}"))
}

#[test]
fn in_a_nested_block_paths_lead_in_and_out() {
    let notes = Notes::new("nested");
    for (arguments, code, detail) in [
        (
            "isbn = \"123456789X\"\n    url  = \"u\"",
            "isbn = \"123456789X\"",
            "Exactly one of `reference[0].url` and `reference[0].isbn` may be set, but `reference[0].url` and \
             `reference[0].isbn` are.",
        ),
        (
            "pages = [1]",
            "reference {",
            "Exactly one of `reference[0].url` and `reference[0].isbn` must be set, but none is.",
        ),
        (
            "url = \"u\"\n    label {\n      text = \"t\"\n      page = 3\n    }",
            "page = 3",
            "Attribute reference[0].label[0].page also requires `../pages`.",
        ),
    ] {
        notes.write(&reference(arguments));
        let run = notes.plan();
        let error = run.error("Invalid combination of arguments");
        assert_eq!(error.code, code);
        error.says(&[detail]);
    }
}

#[test]
fn what_is_unknown_in_a_nested_block_is_judged_when_it_is_known() {
    let isbn = "terraform_data.k.output == \"1\" ? null : \"123456789X\"";
    let notes = Notes::new("nested-unknown");
    // It turns out to be null, and then the other one is missing.
    notes.write(&reference(&format!("isbn = {isbn}")));
    notes.plan().ok();
    let run = notes.apply();
    run.error("Invalid combination of arguments").says(&["must be set, but none is."]);
    assert!(!notes.file("n").exists());
    notes.write(&reference(&format!("url = \"u\"\n    isbn = {isbn}")));
    notes.apply().ok();
    notes.expect_empty_plan();
    let pages = "url = \"u\"\n    pages = terraform_data.k.output == \"1\" ? [1] : null\n    label {\n      text = \"t\"\n      page = 1\n    }";
    notes.write(&reference(pages));
    notes.apply().ok();
    notes.expect_empty_plan();
}
