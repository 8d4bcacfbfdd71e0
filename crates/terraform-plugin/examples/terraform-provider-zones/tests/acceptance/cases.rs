//! The same life in steps. The guide of `terraform-plugin` quotes from here, in its chapter on tests.

use reqwest::Method;
use serde_json::json;
use terraform_plugin_testing::case::{Case, Check, Mismatch, Step, containing, matching, plan, query, state};

use super::*;

const RECORD: &str = "zones_record.www";

fn www(value: &str) -> String {
    WWW.replace("192.0.2.1", value)
}

impl Zones {
    /// The path of the only record there is, in the API.
    fn path_of_record(&self) -> String {
        format!("zones/example.com/records/{}", self.records()[0]["id"].as_str().expect("it has an id"))
    }
}

#[test]
fn a_record_goes_through_the_steps_of_its_life() {
    let zones = Zones::new("case-life");
    let id = state::Remembered::new();
    Case::new(&zones)
        .step(
            Step::config(www("192.0.2.1"))
                .expect(plan::creates(RECORD))
                .expect(plan::unknown(RECORD, "id"))
                .check(state::value(RECORD, "ttl", 3600))
                .check(id.set_at(RECORD, "id")),
        )
        .step(
            Step::config(www("192.0.2.2"))
                .expect(plan::updates(RECORD))
                .expect(plan::value(RECORD, "value", "192.0.2.2"))
                .check(id.same_at(RECORD, "id")),
        )
        .step(
            Step::config(www("192.0.2.2").replace("= \"www\"", "= \"web\""))
                .expect(plan::replaces(RECORD))
                .expect(plan::replaced_for(RECORD, "name"))
                .check(id.other_at(RECORD, "id")),
        )
        .destroyed(|| zones.records().is_empty())
        .run();
}

#[test]
fn an_import_gives_what_the_state_has() {
    let zones = Zones::new("case-import");
    let id = || zones.path_of_record().replace("zones/example.com/records/", "example.com/");
    Case::new(&zones)
        .step(Step::config(www("192.0.2.1")))
        .step(Step::import(RECORD).by_id_of(id).verify())
        .step(Step::import(RECORD).by_id_of(id).by_block().verify_except(["ttl"]))
        .step(Step::import(RECORD).by_stored_identity().verify())
        .run();
}

#[test]
fn what_was_changed_outside_is_planned_back() {
    let zones = Zones::new("case-drift");
    let change = || {
        let other = json!({"name": "www", "type": "A", "value": "192.0.2.9", "ttl": 3600});
        zones.outside(Method::PUT, &zones.path_of_record(), &other);
    };
    Case::new(&zones)
        .step(Step::config(www("192.0.2.1")))
        .step(Step::plan(www("192.0.2.1")).expect(plan::is_empty()))
        .step(Step::config(www("192.0.2.1")).before(change).expect(plan::drifted(RECORD)).expect(plan::updates(RECORD)))
        .step(Step::refresh().check(state::value(RECORD, "value", "192.0.2.1")))
        .destroyed(|| zones.records().is_empty())
        .run();
}

#[test]
fn a_check_can_be_written_by_hand() {
    let zones = Zones::new("case-own");
    let no_secrets = Check::new("the state has no token in it", |state| match state.to_string() {
        text if text.contains(TOKEN) => Err(Mismatch::new("no token", text)),
        _ => Ok(()),
    });
    Case::new(&zones).step(Step::config(www("192.0.2.1")).check(no_secrets)).run();
}

#[test]
fn what_is_wrong_is_refused() {
    let zones = Zones::new("case-errors");
    Case::new(&zones)
        .step(Step::plan(www("192.0.2.1").replace("example.com", "Example.com.")).error("Invalid attribute value"))
        .step(Step::config(www("no address")).error_matching("Cannot create record .*no address"))
        .step(Step::config(www("192.0.2.1")))
        .run();
}

#[test]
fn a_step_or_a_case_says_what_it_needs() {
    let zones = Zones::new("case-query");
    zones.add("mail", "A", "192.0.2.7");
    let list = "list \"zones_record\" \"all\" {
  provider = zones
  config {
    zone = \"example.com\"
  }
}";
    Case::new(&zones)
        .requires(Feature::EphemeralValues)
        .step(Step::config(www("192.0.2.1")))
        .step(Step::query(list).expect(query::finds(2)))
        .step(
            Step::refresh()
                .versions((1, 12)..)
                .check(state::identity(RECORD, "zone", containing(["example"])))
                .check(state::identity(RECORD, "id", matching("^rec-[0-9]+$"))),
        )
        .run();
}
