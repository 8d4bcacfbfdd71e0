//! What the user is told when something does not work.

use serde_json::json;

use super::*;

/// With a `provider` block: without one, Terraform adds an error of its own when the provider cannot be configured.
fn configured(hcl: &str) -> String {
    format!("provider \"zones\" {{}}\n\n{hcl}")
}

#[test]
fn a_wrong_token_is_said_to_be_one() {
    let mut zones = Zones::new("token");
    zones.workspace.set("ZONES_TOKEN", "another-token");
    zones.write(WWW);
    let run = zones.apply();
    run.error("Cannot create record").says(&[
        "the A record \"www\" of the zone \"example.com\"",
        "401 Unauthorized: the token is missing, unknown or has ended",
        "ZONES_TOKEN",
        "by its id: req-1",
    ]);
    assert!(!run.text.contains("another-token"), "{}", run.text);
    zones.workspace.unset("ZONES_TOKEN");
    zones.write(&configured(WWW));
    zones.plan().error("Token missing").says(&["ZONES_TOKEN"]);
}

#[test]
fn a_record_that_exists_is_to_be_imported() {
    let zones = Zones::new("conflict");
    let id = zones.add("www", "A", "192.0.2.7");
    zones.write(WWW);
    zones.apply().error("Cannot create record").says(&["409 Conflict", &id, "Import what exists"]);
    assert_eq!(zones.resources(), [json!(null); 0]);
    assert_eq!(zones.records()[0]["value"], "192.0.2.7");
}

#[test]
fn what_the_service_refuses_is_said_in_its_words_and_changes_nothing() {
    let zones = Zones::new("refused");
    zones.write(WWW);
    zones.apply().ok();
    zones.write(&WWW.replace("192.0.2.1", "no address"));
    zones.apply().error("Cannot update record").says(&["422", "\"no address\" is no value of a record of the type A"]);
    zones.write(WWW);
    zones.expect_empty_plan();
    zones.destroy().ok();
}

#[test]
fn what_cannot_be_right_is_refused_before_the_service_is_asked() {
    let zones = Zones::new("validation");
    zones.write(&WWW.replace("\"A\"", "\"B\""));
    assert_eq!(zones.plan().error("Invalid attribute value").code, "type  = \"B\"");
    zones.write(&WWW.replace("example.com", "Example.com."));
    assert_eq!(zones.plan().error("Invalid attribute value").code, "zone  = \"Example.com.\"");
    zones.write(&WWW.replace("\"A\"", "\"CNAME\"").replace("\"www\"\n", "\"@\"\n"));
    zones.plan().error("CNAME at the zone itself");
    assert_eq!(zones.service.requests(), [""; 0]);
}

#[test]
fn an_import_says_how_to_write_the_id_and_that_there_is_no_such_record() {
    let zones = Zones::new("import-wrong");
    zones.write(WWW);
    let import = |id: &str| {
        zones.write(&format!("{WWW}\nimport {{\n  to = zones_record.www\n  id = \"{id}\"\n}}"));
        zones.plan()
    };
    import("rec-1").error("Invalid import id").says(&["example.com/rec-1"]);
    import("example.com/rec-1").error("Cannot import non-existent remote object");
}

#[test]
fn a_service_that_is_not_there_is_said_not_to_answer() {
    let mut zones = Zones::new("unreachable");
    zones.workspace.set("ZONES_ENDPOINT", "http://127.0.0.1:1");
    zones.write(WWW);
    zones.apply().error("Cannot create record").says(&["The API did not answer", "attribute endpoint"]);
    zones.workspace.set("ZONES_ENDPOINT", "http://example.com");
    zones.write(&configured(WWW));
    zones.plan().error("Invalid endpoint").says(&["without encryption"]);
}
