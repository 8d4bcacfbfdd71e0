//! What only a newer Terraform has: ephemeral resources, lists and actions.

use super::*;

/// A token of six seconds, which makes a record after four.
const SHORT: &str = "
ephemeral \"zones_token\" \"short\" {
  zone     = \"example.com\"
  lifetime = 6
}

provider \"zones\" {
  alias = \"short\"
  token = ephemeral.zones_token.short.token
}

resource \"terraform_data\" \"pause\" {
  provisioner \"local-exec\" {
    command = \"sleep 4\"
  }
}

resource \"zones_record\" \"www\" {
  provider   = zones.short
  zone       = \"example.com\"
  name       = \"www\"
  type       = \"A\"
  value      = \"192.0.2.1\"
  depends_on = [terraform_data.pause]
}
";

#[test]
fn a_short_token_works_is_renewed_and_deleted_and_stored_nowhere() {
    if !requires(Feature::EphemeralValues) {
        return;
    }
    let zones = Zones::new("ephemeral");
    zones.write(SHORT);
    zones.apply().ok();
    zones.expect_empty_plan();
    assert_eq!(zones.records().len(), 1);
    let requests = zones.service.requests();
    for request in ["POST /v1/tokens 201", "PUT /v1/tokens/", "DELETE /v1/tokens/"] {
        assert!(zones.has_answered(request), "{request} is not in {requests:#?}");
    }
    let state = std::fs::read_to_string(zones.path("terraform.tfstate")).expect("there is a state");
    assert!(state.contains("192.0.2.1") && !state.contains("short-tok"), "{state}");
    zones.destroy().ok();
}

fn query(zones: &Zones, config: &str) -> Vec<Value> {
    zones.write("");
    let list = format!("list \"zones_record\" \"all\" {{\n  provider = zones\n\n  config {{\n{config}\n  }}\n}}\n");
    zones.write_file("all.tfquery.hcl", &list);
    let run = zones.run(&["query", "-json"]).ok();
    let lines = run.text.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
    lines.filter(|line| line["type"] == "list_resource_found").map(|line| line["list_resource_found"].clone()).collect()
}

#[test]
fn records_are_listed_over_several_pages() {
    if !requires(Feature::Queries) {
        return;
    }
    let zones = Zones::new("query");
    let mut ids: Vec<_> = (0..7).map(|number| zones.add(&format!("a{number}"), "A", "192.0.2.1")).collect();
    ids.push(zones.add("text", "TXT", "hello"));
    let found = query(&zones, "    zone = \"example.com\"");
    let identities: Vec<_> = found.iter().map(|one| one["identity"]["id"].as_str().unwrap_or_default()).collect();
    assert_eq!(identities, ids);
    assert_eq!((&found[0]["identity"]["zone"], &found[0]["display_name"]), (&"example.com".into(), &"a0 A".into()));
    let texts = query(&zones, "    zone = \"example.com\"\n    type = \"TXT\"");
    assert_eq!((texts.len(), &texts[0]["display_name"]), (1, &"text TXT".into()));
}

#[test]
fn what_is_listed_is_imported_with_the_configuration_that_is_generated() {
    if !requires(Feature::Queries) {
        return;
    }
    let zones = Zones::new("query-generate");
    for number in 0..4 {
        zones.add(&format!("a{number}"), "A", "192.0.2.1");
    }
    zones.write("");
    let list =
        "list \"zones_record\" \"all\" {\n  provider = zones\n\n  config {\n    zone = \"example.com\"\n  }\n}\n";
    zones.write_file("all.tfquery.hcl", list);
    zones.run(&["query", "-generate-config-out=generated.tf"]).ok();
    std::fs::remove_file(zones.path("all.tfquery.hcl")).expect("it is there");
    zones.apply().ok();
    zones.expect_empty_plan();
    assert_eq!(zones.resources().len(), 4);
    zones.destroy().ok();
    assert_eq!(zones.records().len(), 0);
}

const PURGE: [&str; 5] = ["apply", "-auto-approve", "-input=false", "-json", "-invoke=action.zones_purge.all"];

#[test]
fn the_caches_are_purged_with_progress_after_a_change_and_by_hand() {
    if !requires(Feature::Actions) {
        return;
    }
    let zones = Zones::new("action");
    let trigger = "\n  lifecycle {\n    action_trigger {\n      events  = [after_create]\n      actions = \
                   [action.zones_purge.all]\n    }\n  }\n}";
    let action = "action \"zones_purge\" \"all\" {\n  config {\n    zone = \"example.com\"\n  }\n}";
    zones.write(&format!("{}\n\n{action}", WWW.trim_end().replace("\n}", trigger)));
    for run in [zones.apply().ok(), zones.run(&PURGE).ok()] {
        for location in 1..=4 {
            let progress = format!("purged example.com in {location} of 4 locations");
            assert!(run.text.contains(&progress), "{progress:?} is not in {}", run.text);
        }
    }
    zones.expect_empty_plan();
    zones.destroy().ok();
}

#[test]
fn a_purge_of_a_zone_that_is_not_there_says_so() {
    if !requires(Feature::Actions) {
        return;
    }
    let zones = Zones::new("action-fails");
    zones.write("action \"zones_purge\" \"all\" {\n  config {\n    zone = \"none.example\"\n  }\n}");
    let run = zones.run(&PURGE);
    assert_eq!(run.code, Some(1), "{}", run.text);
    assert!(run.text.contains("there is no zone none.example"), "{}", run.text);
}
