//! The life of a record, from create to destroy. After every change a second plan is empty.

use reqwest::Method;
use serde_json::json;

use super::*;

#[test]
fn a_record_is_created_updated_replaced_and_destroyed() {
    let zones = Zones::new("life");
    zones.write(WWW);
    zones.apply().ok();
    zones.expect_empty_plan();
    let created = zones.records();
    assert_eq!((created.len(), &created[0]["value"], &created[0]["ttl"]), (1, &json!("192.0.2.1"), &json!(3600)));

    zones.write(&WWW.replace("192.0.2.1", "192.0.2.2"));
    assert_eq!(zones.planned_actions(), ["update"]);
    zones.apply().ok();
    zones.expect_empty_plan();
    let updated = zones.records();
    assert_eq!((&updated[0]["value"], &updated[0]["id"]), (&json!("192.0.2.2"), &created[0]["id"]));

    zones.write(&WWW.replace("= \"www\"", "= \"web\""));
    assert_eq!(zones.planned_actions(), ["delete", "create"]);
    zones.apply().ok();
    zones.expect_empty_plan();
    let replaced = zones.records();
    assert_eq!((replaced.len(), &replaced[0]["name"]), (1, &json!("web")));
    assert_ne!(replaced[0]["id"], created[0]["id"]);

    zones.destroy().ok();
    assert_eq!(zones.records(), [json!(null); 0]);
}

#[test]
fn what_was_changed_or_deleted_outside_is_made_again() {
    let zones = Zones::new("drift");
    zones.write(WWW);
    zones.apply().ok();
    let path = format!("zones/example.com/records/{}", zones.records()[0]["id"].as_str().unwrap_or_default());
    let changed = json!({"name": "www", "type": "A", "value": "192.0.2.9", "ttl": 60});
    zones.outside(Method::PUT, &path, &changed);
    assert_eq!(zones.planned_actions(), ["update"]);
    zones.apply().ok();
    zones.expect_empty_plan();
    assert_eq!((&zones.records()[0]["value"], &zones.records()[0]["ttl"]), (&json!("192.0.2.1"), &json!(3600)));

    zones.outside(Method::DELETE, &path, &json!(null));
    assert_eq!(zones.planned_actions(), ["create"]);
    zones.apply().ok();
    zones.expect_empty_plan();
    assert_eq!(zones.records().len(), 1);
    zones.destroy().ok();
}

#[test]
fn a_record_is_imported_by_zone_and_id() {
    let zones = Zones::new("import");
    let id = zones.add("www", "A", "192.0.2.1");
    zones.write(&format!("{WWW}\nimport {{\n  to = zones_record.www\n  id = \"example.com/{id}\"\n}}"));
    zones.apply().ok();
    zones.expect_empty_plan();
    assert_eq!(zones.resources()[0]["values"]["id"], json!(id));
    // Nothing was created but what stood there before.
    assert_eq!(zones.records().len(), 1);
    zones.destroy().ok();
    assert_eq!(zones.records().len(), 0);
}

#[test]
fn a_record_is_imported_by_its_identity() {
    if !requires(Feature::Identities) {
        return;
    }
    let zones = Zones::new("import-identity");
    let id = zones.add("www", "A", "192.0.2.1");
    let identity = format!("{{\n    zone = \"example.com\"\n    id   = \"{id}\"\n  }}");
    zones.write(&format!("{WWW}\nimport {{\n  to       = zones_record.www\n  identity = {identity}\n}}"));
    zones.apply().ok();
    zones.expect_empty_plan();
    assert_eq!(zones.resources()[0]["values"]["id"], json!(id));
    zones.destroy().ok();
}

#[test]
fn a_service_that_is_busy_is_asked_again() {
    let zones = Zones::busy("busy", 2);
    zones.write(WWW);
    zones.apply().ok();
    zones.expect_empty_plan();
    zones.destroy().ok();
    let requests = zones.service.requests();
    assert!(requests.iter().filter(|request| request.ends_with(" 429")).count() > 1, "{requests:#?}");
}

#[test]
fn a_zone_is_looked_up_and_a_function_computes_without_the_service() {
    let zones = Zones::new("look-up");
    zones.add("www", "A", "192.0.2.1");
    zones.write(
        "data \"zones_zone\" \"example\" {\n  name = \"example.com\"\n}\n\noutput \"zone\" {\n  value = \
         data.zones_zone.example\n}\n\noutput \"name\" {\n  value = provider::zones::fqdn(\"example.com\", \"www\")\n}",
    );
    zones.apply().ok();
    zones.expect_empty_plan();
    assert_eq!(zones.output("name"), "www.example.com.");
    let servers = ["ns1.zones.example", "ns2.zones.example"];
    assert_eq!(zones.output("zone"), json!({"name": "example.com", "name_servers": servers, "record_count": 1}));
}
