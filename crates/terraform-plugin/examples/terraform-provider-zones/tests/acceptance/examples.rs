//! The examples that stand on the pages of the provider.

use super::*;

fn directory() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/examples"))
}

/// Puts examples into a workspace, each in a file of its own.
fn with(zones: &Zones, examples: &[&str]) {
    for example in ["provider/provider.tf"].iter().chain(examples) {
        let text = std::fs::read_to_string(directory().join(example));
        let text = text.unwrap_or_else(|error| panic!("{example}: {error}"));
        let is_query = Path::new(example).extension().is_some_and(|extension| extension == "hcl");
        let end = if is_query { "tfquery.hcl" } else { "tf" };
        zones.write_file(&format!("{}.{end}", example.split('/').collect::<Vec<_>>().join("-")), &text);
    }
}

#[test]
fn the_examples_are_formatted() {
    let zones = Zones::new("examples-format");
    let run = zones.run(&["fmt", "-check", "-recursive", "-no-color", &directory().display().to_string()]);
    assert_eq!(run.code, Some(0), "not formatted:\n{}", run.text);
}

#[test]
fn the_examples_of_the_resource_the_data_source_and_the_function_apply() {
    let zones = Zones::new("examples");
    let files =
        ["resources/zones_record/resource.tf", "data-sources/zones_zone/data-source.tf", "functions/fqdn/function.tf"];
    with(&zones, &files);
    zones.apply().ok();
    zones.expect_empty_plan();
    assert_eq!(zones.output("name"), "www.example.com.");
    assert_eq!(zones.output("name_servers")[0], "ns1.zones.example");
    zones.destroy().ok();
}

#[test]
fn the_examples_of_imports_apply() {
    for (import, by_identity) in [("import-by-string-id.tf", false), ("import-by-identity.tf", true)] {
        if by_identity && !requires(Feature::Identities) {
            return;
        }
        let zones = Zones::new("examples-import");
        assert_eq!(zones.add("www", "A", "192.0.2.1"), "rec-000001");
        with(&zones, &["resources/zones_record/resource.tf", &format!("resources/zones_record/{import}")]);
        zones.apply().ok();
        zones.expect_empty_plan();
        assert_eq!((zones.records().len(), &zones.records()[0]["ttl"]), (1, &300.into()));
    }
}

#[test]
fn the_example_of_the_ephemeral_resource_applies() {
    if !requires(Feature::EphemeralValues) {
        return;
    }
    let zones = Zones::new("examples-ephemeral");
    with(&zones, &["ephemeral-resources/zones_token/ephemeral-resource.tf"]);
    let deployed = WWW.replace("{\n", "{\n  provider = zones.deploy\n");
    zones.write_file("record.tf", &deployed);
    zones.apply().ok();
    zones.expect_empty_plan();
    zones.destroy().ok();
}

#[test]
fn the_examples_of_the_list_and_the_action_run() {
    if !requires(Feature::Queries) || !requires(Feature::Actions) {
        return;
    }
    let zones = Zones::new("examples-list");
    zones.add("hello", "TXT", "world");
    with(&zones, &["actions/zones_purge/action.tf", "list-resources/zones_record/list-resource.tfquery.hcl"]);
    assert!(zones.run(&["query", "-json"]).ok().text.contains("hello TXT"));
    zones.run(&["apply", "-auto-approve", "-input=false", "-json", "-invoke=action.zones_purge.example"]).ok();
    assert!(zones.has_answered("POST /v1/zones/example.com/purges 202"));
}
