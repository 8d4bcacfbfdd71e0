//! The provider's functions.

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
