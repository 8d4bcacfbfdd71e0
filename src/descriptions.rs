//! Tests of all descriptions, as the registry, editors and other clients of the schema show them.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use terraform_plugin::{Described, descriptions};

use crate::TensorPool;

fn all() -> Vec<Described> {
    descriptions(&TensorPool::from_process())
}

/// The sentences of a text. What ends with a full stop inside of code or of a link ends no sentence.
fn sentences(text: &str) -> Vec<&str> {
    text.split_inclusive(". ").flat_map(|part| part.split("\n\n")).map(|one| one.trim().trim_end_matches('.')).collect()
}

/// How the sentences begin, or what is in them, that the framework writes.
const GENERATED: [&str; 12] = [
    "Default:",
    "Defaults to",
    "forces a new",
    "Must ",
    "must not be set together",
    "must be set",
    "may be set",
    "At least ",
    "At most ",
    "Either this or",
    "Requires Terraform",
    "Needs Terraform",
];

#[test]
fn no_sentence_stands_twice() {
    for described in all() {
        let mut seen = BTreeSet::new();
        for sentence in sentences(&described.text) {
            assert!(seen.insert(sentence.to_lowercase()), "{described}");
        }
        assert!(!described.text.contains(".. ") && !described.text.ends_with(".."), "{described}");
    }
}

#[test]
fn no_author_writes_what_the_framework_knows() {
    for described in all() {
        for generated in GENERATED {
            assert!(!described.written.contains(generated), "{generated:?} is written by hand: {described}");
        }
    }
}

/// The test above finds nothing if it does not look for what the framework writes.
#[test]
fn what_the_framework_writes_is_of_the_known_kinds() {
    let added: Vec<_> = all().into_iter().flat_map(|described| described.sentences).collect();
    for kind in ["Default:", "forces a new", "Must ", "must be set", "may be set", "Requires Terraform"] {
        assert!(added.iter().any(|sentence| sentence.contains(kind)), "{kind}");
    }
}

#[test]
fn links_lead_to_pages_of_objects_that_there_are() {
    let described = all();
    let pages: BTreeSet<_> = described.iter().filter(|one| one.path.is_none()).map(|one| page(&one.object)).collect();
    let mut links = 0;
    for one in &described {
        for target in one.text.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
            if !target.starts_with("https://") {
                assert!(pages.contains(target), "{target}: {one}");
                links += 1;
            }
        }
    }
    assert!(links > 0, "the search finds links");
}

/// The page of an object, as the pages of other objects link to it.
fn page(object: &str) -> String {
    let (kind, name) = object.rsplit_once(' ').unwrap_or(("", object));
    format!("../{}s/{}.md", kind.replace(' ', "-"), name.trim_start_matches("tensorpool_"))
}

#[test]
fn every_description_is_good_english() {
    let mut text = String::new();
    for described in all() {
        let _ = writeln!(text, "{described}");
    }
    insta::assert_snapshot!(text);
}
