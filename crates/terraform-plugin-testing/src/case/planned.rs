//! What stands in the JSON of a plan.

use serde_json::Value;

use super::check::Mismatch;
use super::path::is_unknown;

/// What is planned for an object.
pub(super) fn change<'p>(plan: &'p Value, address: &str) -> Result<&'p Value, Mismatch> {
    let all = list(&plan["resource_changes"]);
    all.iter().find(|one| one["address"] == address).ok_or_else(|| {
        let addresses: Vec<_> = all.iter().filter_map(|one| one["address"].as_str()).collect();
        let found = if addresses.is_empty() { "nothing".to_owned() } else { format!("only {}", addresses.join(", ")) };
        Mismatch::new(format!("a plan for {address}"), found)
    })
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map(Vec::as_slice).unwrap_or_default()
}

/// What is done with an object, for example `delete` and `create`.
pub(super) fn action_list(change: &Value) -> Vec<&str> {
    list(&change["change"]["actions"]).iter().filter_map(Value::as_str).collect()
}

/// The same for a message, with the reason.
pub(super) fn actions(change: &Value) -> String {
    let reason = change["action_reason"].as_str().map(|reason| format!(" ({reason})")).unwrap_or_default();
    format!("{}{reason}", action_list(change).join(", "))
}

/// Everything that a plan does, in a line.
pub(super) fn changes(plan: &Value) -> String {
    let objects = list(&plan["resource_changes"]).iter();
    let objects = objects.filter(|one| action_list(one) != ["no-op"]).map(|one| {
        let attributes = changed(&one["change"]);
        let attributes = if attributes.is_empty() { String::new() } else { format!(" of {}", attributes.join(", ")) };
        format!("{}{attributes} at {}", actions(one), one["address"].as_str().unwrap_or_default())
    });
    let outputs = plan["output_changes"].as_object().into_iter().flatten();
    let outputs = outputs.filter_map(|(name, change)| {
        let actions: Vec<_> = list(&change["actions"]).iter().filter_map(Value::as_str).collect();
        (actions != ["no-op"]).then(|| format!("{} at output {name}", actions.join(", ")))
    });
    objects.chain(outputs).collect::<Vec<_>>().join("; ")
}

/// The attributes that a change of an object changes.
fn changed(change: &Value) -> Vec<&str> {
    let (before, after, unknown) = (&change["before"], &change["after"], &change["after_unknown"]);
    let (Some(before), Some(after)) = (before.as_object(), after.as_object()) else { return Vec::new() };
    let differs = |name: &String| before.get(name) != after.get(name) || is_unknown(unknown, name);
    before.keys().filter(|name| differs(name)).map(String::as_str).collect()
}

/// The objects that were changed outside of Terraform.
pub(super) fn drift(plan: &Value) -> Vec<&str> {
    list(&plan["resource_drift"]).iter().filter_map(|one| one["address"].as_str()).collect()
}
