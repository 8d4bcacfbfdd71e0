//! The user's preferences, and the data sources on the user and the organization, with a real Terraform.

mod support;

use serde_json::json;
use support::Scenario;
use tensorpool_simulator::{Action, Fault, Preferences, Simulator};
use terraform_plugin_testing::{Feature, requires};

fn write(scenario: &Scenario, arguments: &str) {
    scenario.write(&format!("resource \"tensorpool_user_preferences\" \"it\" {{\n{arguments}\n}}"));
}

/// An account whose owner has set some preferences in the web dashboard.
fn account(name: &str) -> Scenario {
    let scenario = Scenario::new(name);
    scenario.cloud.set_preferences(Preferences {
        notify_email_cluster_destroy: true,
        balance_warning_threshold: Some(100.0),
        autopay_reload_threshold: Some(25.5),
        ..Preferences::default()
    });
    scenario
}

fn patches(scenario: &Scenario) -> Vec<serde_json::Value> {
    let requests = scenario.cloud.requests();
    requests.into_iter().filter(|one| one.method == "PATCH").filter_map(|one| one.body).collect()
}

#[test]
fn a_create_takes_over_what_the_account_has_and_changes_what_is_configured() {
    let scenario = account("preferences-create");
    write(&scenario, "  notify_email_cluster_create = true\n  balance_warning_threshold = 500");
    scenario.apply().ok();
    assert_eq!(patches(&scenario), [json!({"notify_email_cluster_create": true, "balance_warning_threshold": 500.0})]);
    let state = &scenario.resources()[0]["values"];
    assert_eq!(state["id"], "preferences");
    assert_eq!((&state["notify_email_cluster_destroy"], &state["autopay_enabled"]), (&json!(true), &json!(false)));
    assert_eq!(state["autopay_reload_threshold"], json!(25.5));
    scenario.expect_empty_plan();
}

#[test]
fn what_is_not_configured_is_the_accounts() {
    let scenario = account("preferences-adopt");
    write(&scenario, "");
    scenario.apply().ok();
    assert!(patches(&scenario).is_empty(), "there was nothing to change");
    assert_eq!(scenario.cloud.preferences().balance_warning_threshold, Some(100.0));
    // A change in the dashboard is read, and is no reason for a plan.
    scenario.cloud.set_preferences(Preferences { notify_email_cluster_create: true, ..Preferences::default() });
    scenario.expect_empty_plan();
}

#[test]
fn a_change_is_made_in_place_and_alone() {
    let scenario = account("preferences-update");
    write(&scenario, "  notify_email_cluster_create = true");
    scenario.apply().ok();
    scenario.cloud.clear_requests();
    write(
        &scenario,
        "  notify_email_cluster_create = true\n  autopay_enabled = true\n  autopay_reload_threshold = 40.1",
    );
    assert_eq!(scenario.planned_actions(), ["update"]);
    scenario.apply().ok();
    assert_eq!(patches(&scenario), [json!({"autopay_enabled": true, "autopay_reload_threshold": 40.1})]);
    scenario.expect_empty_plan();
    // Without its argument, a preference stays as it is.
    write(&scenario, "");
    scenario.expect_empty_plan();
    assert!(scenario.cloud.preferences().autopay_enabled);
}

#[test]
fn a_change_outside_of_what_is_configured_is_undone() {
    let scenario = account("preferences-drift");
    write(&scenario, "  balance_warning_threshold = 500");
    scenario.apply().ok();
    scenario.cloud.set_preferences(Preferences::default());
    assert_eq!(scenario.planned_actions(), ["update"]);
    scenario.apply().ok();
    assert_eq!(scenario.cloud.preferences().balance_warning_threshold, Some(500.0));
    scenario.expect_empty_plan();
}

#[test]
fn a_destroy_only_forgets_and_says_so() {
    let scenario = account("preferences-destroy");
    write(&scenario, "  autopay_enabled = true\n  autopay_reload_threshold = 30");
    scenario.apply().ok();
    let before = scenario.cloud.preferences();
    scenario.cloud.clear_requests();
    let run = scenario.destroy().ok();
    run.warning("User preferences are only forgotten").says(&["stay as they are", "Autopay stays on"]);
    assert_eq!(run.diagnostics.iter().filter(|one| one.summary.ends_with("only forgotten")).count(), 1, "{}", run.text);
    assert!(scenario.resources().is_empty());
    assert_eq!(scenario.cloud.preferences(), before);
    assert!(patches(&scenario).is_empty());
}

#[test]
fn thresholds_keep_their_rules_in_a_plan() {
    let scenario = account("preferences-rules");
    for (arguments, summary, at) in [
        ("  balance_warning_threshold = 0", "Invalid attribute value", "balance_warning_threshold = 0"),
        ("  balance_warning_threshold = 1e400", "Invalid attribute value", "balance_warning_threshold = 1e400"),
        ("  autopay_reload_threshold = 19.9", "Invalid attribute value", "autopay_reload_threshold = 19.9"),
        (
            "  balance_warning_threshold = 50\n  autopay_reload_threshold = 50",
            "Invalid thresholds",
            "autopay_reload_threshold = 50",
        ),
        ("  autopay_enabled = true", "Missing autopay threshold", "autopay_enabled = true"),
    ] {
        write(&scenario, arguments);
        assert_eq!(scenario.plan().error(summary).code, at);
    }
    // What is configured must also go with what the account keeps.
    write(&scenario, "");
    scenario.apply().ok();
    write(&scenario, "  autopay_reload_threshold = 100");
    let run = scenario.plan();
    let error = run.error("Invalid thresholds");
    assert_eq!(error.code, "autopay_reload_threshold = 100");
    error.says(&["balance_warning_threshold, which is 100"]);
    write(&scenario, "  balance_warning_threshold = 25");
    assert_eq!(scenario.plan().error("Invalid thresholds").code, "balance_warning_threshold = 25");
    assert!(patches(&scenario).is_empty());
}

#[test]
fn a_value_that_is_known_late_keeps_the_rules_too() {
    let scenario = account("preferences-late");
    scenario.write(
        "resource \"terraform_data\" \"late\" {\n  input = true\n}\n\n\
         resource \"tensorpool_user_preferences\" \"it\" {\n  autopay_enabled = terraform_data.late.output\n}",
    );
    assert_eq!(scenario.plan().code, Some(0), "it is not known yet");
    let run = scenario.apply();
    assert_eq!(run.error("Missing autopay threshold").code, "autopay_enabled = terraform_data.late.output");
    assert!(patches(&scenario).is_empty());
}

#[test]
fn what_the_api_refuses_points_at_its_argument() {
    let scenario = account("preferences-refused");
    scenario.cloud.set_payment_method(false);
    write(&scenario, "  autopay_enabled = true\n  autopay_reload_threshold = 30");
    let run = scenario.apply();
    let error = run.error("Cannot create user preferences: invalid request");
    assert_eq!(error.code, "autopay_enabled = true");
    error.says(&["A default payment method is required", "PATCH /user/preferences", "422"]);
    assert!(scenario.resources().is_empty());
}

#[test]
fn a_read_that_fails_forgets_nothing() {
    let scenario = account("preferences-read");
    write(&scenario, "");
    scenario.apply().ok();
    for status in [401, 403, 404] {
        let respond = Action::Respond { status, body: String::new(), headers: std::collections::BTreeMap::default() };
        scenario.cloud.add_fault(Fault::once("GET", "/user/preferences", respond));
        assert_eq!(scenario.plan().code, Some(1), "{status}");
        assert_eq!(scenario.resources().len(), 1);
    }
}

#[test]
fn with_the_key_of_another_account_no_preferences_are_read_or_changed() {
    const ELSEWHERE: &str = "tp-of-another-account";
    let mut scenario = account("preferences-elsewhere");
    scenario.cloud.add_account(ELSEWHERE);
    let elsewhere =
        |scenario: &Scenario| scenario.cloud.for_account(ELSEWHERE, Simulator::preferences).expect("there is one");
    let before = elsewhere(&scenario);
    write(&scenario, "  notify_email_cluster_create = true");
    scenario.apply().ok();
    let asked = scenario.asked("GET /user/info");
    scenario.expect_empty_plan();
    assert_eq!(scenario.asked("GET /user/info"), asked, "the same key needs no question");

    scenario.set("TENSORPOOL_KEY", ELSEWHERE);
    write(&scenario, "  notify_email_cluster_create = true\n  balance_warning_threshold = 500");
    let steps = ["use an API key of their account", "terraform state rm", "terraform import", "Nothing was changed"];
    scenario.plan().error("API key of another account").says(&steps);
    let run = scenario.run(&["apply", "-auto-approve", "-refresh=false", "-json"]);
    run.error("API key of another account").says(&steps);
    assert_eq!(elsewhere(&scenario), before);
    // The way out to the present account.
    scenario.run(&["state", "rm", "tensorpool_user_preferences.it"]).ok();
    scenario.run(&["import", "-no-color", "-input=false", "tensorpool_user_preferences.it", "preferences"]).ok();
    scenario.apply().ok();
    scenario.expect_empty_plan();
    assert_eq!(elsewhere(&scenario).balance_warning_threshold, Some(500.0));
    assert_eq!(scenario.cloud.preferences().balance_warning_threshold, Some(100.0));

    // A replacement is an ordinary create to the API.
    scenario.set("TENSORPOOL_KEY", support::KEY);
    let replace = "-replace=tensorpool_user_preferences.it";
    let run = scenario.run(&["apply", "-auto-approve", "-refresh=false", replace, "-json"]);
    run.error("API key of another account").says(&steps);
    assert_eq!(scenario.cloud.preferences().balance_warning_threshold, Some(100.0));
}

#[test]
fn preferences_are_imported_by_their_id() {
    let scenario = account("preferences-import");
    write(&scenario, "  balance_warning_threshold = 100");
    let run = scenario.run(&["import", "-no-color", "-input=false", "tensorpool_user_preferences.it", "u-1"]);
    assert_eq!(run.code, Some(1));
    assert!(run.text.contains("Cannot import user preferences: wrong id"), "{}", run.text);
    scenario.run(&["import", "-no-color", "-input=false", "tensorpool_user_preferences.it", "preferences"]).ok();
    assert_eq!(scenario.resources()[0]["values"]["autopay_reload_threshold"], json!(25.5));
    scenario.expect_empty_plan();
}

#[test]
fn preferences_are_imported_by_their_identity() {
    if !requires(Feature::Identities) {
        return;
    }
    let scenario = account("preferences-identity");
    scenario.write(
        "import {\n  to = tensorpool_user_preferences.it\n  identity = {\n    id = \"preferences\"\n  }\n}\n\n\
         resource \"tensorpool_user_preferences\" \"it\" {}",
    );
    scenario.apply().ok();
    assert_eq!(
        scenario.json(&["show", "-json"])["values"]["root_module"]["resources"][0]["identity"]["id"],
        "preferences"
    );
    scenario.expect_empty_plan();
}

#[test]
fn a_user_is_read_without_showing_personal_data() {
    let scenario = Scenario::new("user");
    scenario.write("data \"tensorpool_user\" \"me\" {}\n\noutput \"uid\" {\n  value = data.tensorpool_user.me.uid\n}");
    let run = scenario.apply().ok();
    assert_eq!(scenario.json(&["output", "-json", "uid"]), json!("u-simulated"));
    assert!(!run.text.contains("user@simulated.invalid"), "{}", run.text);
    let data = &scenario.resources()[0];
    assert_eq!(data["sensitive_values"], json!({"email": true}));
    assert_eq!(data["values"]["email"], "user@simulated.invalid");
}

#[test]
fn an_organization_hides_the_addresses_of_its_members() {
    let scenario = Scenario::new("organization");
    let organization = "data \"tensorpool_organization\" \"mine\" {}\n\n";
    scenario.write(&format!(
        "{organization}output \"it\" {{\n  value = [data.tensorpool_organization.mine.name, \
         data.tensorpool_organization.mine.members[0].uid]\n}}"
    ));
    scenario.apply().ok();
    assert_eq!(scenario.json(&["output", "-json", "it"]), json!(["Simulated Organization", "u-simulated"]));
    scenario.write(&format!(
        "{organization}output \"it\" {{\n  value = data.tensorpool_organization.mine.members[0].email\n}}"
    ));
    scenario.plan().error("Output refers to sensitive values");
}

#[test]
fn a_user_without_an_organization_gets_an_error() {
    let scenario = Scenario::new("no-organization");
    scenario.cloud.set_organization(None);
    scenario.write("data \"tensorpool_organization\" \"mine\" {}");
    let run = scenario.plan();
    run.error("Cannot look up organization: not found").says(&["does not have to be a member", "404"]);
}

#[test]
fn the_preferences_are_looked_up_and_stay_as_they_are() {
    let scenario = account("preferences-lookup");
    scenario.write(
        "data \"tensorpool_user_preferences\" \"mine\" {}\n\noutput \"mine\" {\n  value = \
         data.tensorpool_user_preferences.mine\n}",
    );
    scenario.apply().ok();
    let expected = json!({"notify_email_cluster_create": false, "notify_email_cluster_destroy": true,
        "autopay_enabled": false, "balance_warning_threshold": 100, "autopay_reload_threshold": 25.5});
    assert_eq!(scenario.json(&["output", "-json", "mine"]), expected);
    assert!(patches(&scenario).is_empty());
    // What the API does not return is null.
    let body = "{\"autopay_enabled\": true}".to_owned();
    let bare = Action::Respond { status: 200, body, headers: std::collections::BTreeMap::default() };
    scenario.cloud.add_fault(Fault::once("GET", "/user/preferences", bare).always());
    scenario.apply().ok();
    let bare = scenario.json(&["output", "-json", "mine"]);
    assert_eq!((&bare["autopay_enabled"], &bare["balance_warning_threshold"]), (&json!(true), &json!(null)));
    assert_eq!(bare["notify_email_cluster_create"], json!(null));
}
