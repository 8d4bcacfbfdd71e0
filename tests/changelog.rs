//! CHANGELOG.md is about the version that is built, in the form of HashiCorp's providers, and names every object of the provider.

use std::collections::BTreeSet;
use std::path::Path;

use terraform_plugin_testing::files_below;
use terraform_plugin_testing::pages::Declared;

/// The headings of a version, in their order.
const HEADINGS: [&str; 5] = ["BREAKING CHANGES:", "NOTES:", "FEATURES:", "ENHANCEMENTS:", "BUG FIXES:"];

/// How an entry begins, other than that of a new object, under every heading but the notes.
const SUBJECTS: [&str; 10] = [
    "provider",
    "resource/",
    "data-source/",
    "ephemeral/",
    "list-resource/",
    "action/",
    "function/",
    "guide/",
    "program/",
    "crate/",
];

fn changelog() -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("CHANGELOG.md");
    std::fs::read_to_string(path).expect("there is a change log")
}

/// The lines of a change log about its newest version, the heading first.
fn newest(changelog: &str) -> Vec<&str> {
    let mut lines = changelog.lines().skip_while(|line| !line.starts_with("## "));
    let heading = lines.next().into_iter();
    heading.chain(lines.take_while(|line| !line.starts_with("## "))).collect()
}

/// What is wrong with the newest version.
fn mistakes(changelog: &str, version: &str) -> Vec<String> {
    let lines = newest(changelog);
    let mut found = Vec::new();
    let expected = format!("## {version} (");
    if !lines.first().is_some_and(|heading| heading.starts_with(&expected) && heading.ends_with(')')) {
        found.push(format!("the first heading is {:?}, and not `{expected}...)`", lines.first()));
    }
    let mut last = None;
    for line in lines.iter().skip(1).filter(|line| !line.is_empty() && !line.starts_with("  ")) {
        let Some(entry) = line.strip_prefix("* ") else {
            let place = HEADINGS.iter().position(|heading| heading == line);
            if place <= last {
                found.push(format!("`{line}` is no heading, or not in its place"));
            }
            last = place.or(last);
            continue;
        };
        let subject = entry.split_once(": ").map_or("", |(subject, _)| subject);
        let is_known =
            SUBJECTS.iter().any(|known| subject == *known || known.ends_with('/') && subject.starts_with(known));
        if last.map(|place| HEADINGS[place]) != Some("NOTES:") && !is_known && !entry.starts_with("**New ") {
            found.push(format!("`{entry}` does not say what it is about"));
        }
    }
    found
}

/// What a change log has as new: `Resource tensorpool_cluster`.
fn announced(changelog: &str) -> BTreeSet<String> {
    let entries = changelog.lines().filter_map(|line| line.strip_prefix("* **New ")?.split_once(":** "));
    entries.map(|(kind, name)| format!("{kind} {}", name.trim_matches('`'))).collect()
}

#[test]
fn the_newest_version_is_the_one_that_is_built_and_in_the_usual_form() {
    assert_eq!(mistakes(&changelog(), env!("CARGO_PKG_VERSION")), [""; 0]);
}

#[test]
fn a_change_log_in_another_form_is_found() {
    let good = "# Changelog\n\n## 0.2.0 (Unreleased)\n\nNOTES:\n\n* A note\n  of two lines\n\nFEATURES:\n\n* **New Guide:** A\n* resource/a: b\n";
    assert_eq!(mistakes(good, "0.2.0"), [""; 0]);
    for (from, to, expected) in [
        ("0.2.0", "0.1.0", "the first heading is"),
        (" (Unreleased)", "", "the first heading is"),
        ("NOTES:", "BUG FIXES:", "`FEATURES:` is no heading"),
        ("FEATURES:", "Features", "`Features` is no heading"),
        ("resource/a: b", "Resources are better", "does not say what it is about"),
        ("resource/a: b", "resources: better", "does not say what it is about"),
    ] {
        let found = mistakes(&good.replace(from, to), "0.2.0");
        assert!(found.iter().any(|mistake| mistake.contains(expected)), "{to}: {found:?}");
    }
}

#[tokio::test]
async fn every_object_and_guide_is_announced_and_nothing_else() {
    let provider = Path::new(env!("CARGO_BIN_EXE_terraform-provider-tensorpool"));
    let schemas = Declared::of("tensorpool", provider).await.schemas;
    let mut expected = BTreeSet::new();
    let mut add = |kind: &str, names: Vec<&String>| expected.extend(names.iter().map(|name| format!("{kind} {name}")));
    add("Resource", schemas.resource_schemas.keys().collect());
    add("Data Source", schemas.data_source_schemas.keys().collect());
    add("Ephemeral Resource", schemas.ephemeral_resource_schemas.keys().collect());
    add("List Resource", schemas.list_resource_schemas.keys().collect());
    add("Action", schemas.action_schemas.keys().collect());
    add("Function", schemas.functions.keys().collect());
    let guides = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/guides");
    for guide in files_below(&guides).expect("there are guides") {
        let page = std::fs::read_to_string(guides.join(&guide)).expect("it can be read");
        let title = page.lines().find_map(|line| line.strip_prefix("page_title: \"")?.strip_suffix('"'));
        expected.insert(format!("Guide {}", title.unwrap_or_else(|| panic!("{} has no title", guide.display()))));
    }
    let announced = announced(&changelog());
    let difference: Vec<_> = announced.symmetric_difference(&expected).collect();
    assert!(difference.is_empty(), "only in the change log, or only in the provider: {difference:?}");
}
