//! The help text: the admin requests with examples, and the options.

use std::fmt::Write as _;

/// An admin request: what it does, its method, its path under `/_simulator/`, and an example of its body.
type AdminRequest = (&'static str, &'static str, &'static str, &'static str);

/// Sorted so that they can be tried one after another: each object is created before it is used.
const ADMIN_REQUESTS: [AdminRequest; 34] = [
    ("Show the log of requests", "GET", "requests", ""),
    ("Clear the log", "DELETE", "requests", ""),
    ("Show all options", "GET", "options", ""),
    ("Change options", "PATCH", "options", r#"{"error_shape": "html", "provision_ms": 0}"#),
    (
        "Inject a fault: respond, respond_after, delay, drop_before, drop_after or cut_body",
        "POST",
        "faults",
        r#"{"method": "GET", "path": "/cluster/", "times": 1, "action": "respond", "status": 503}"#,
    ),
    ("Show the faults", "GET", "faults", ""),
    ("Remove a fault", "DELETE", "faults/1", ""),
    ("Remove all faults", "DELETE", "faults", ""),
    (
        "Make the next request of a type end as FAILED",
        "POST",
        "fail-next",
        r#"{"request_type": "CLUSTER_CLAIM", "message": "no capacity"}"#,
    ),
    ("Add an account", "POST", "accounts", r#"{"key": "second-key"}"#),
    ("Replace the key of an account", "PATCH", "accounts", r#"{"key": "second-key", "new_key": "third-key"}"#),
    ("Show the user, the organization and the balance", "GET", "user", ""),
    ("Change them", "PATCH", "user", r#"{"balance": 100.0, "org_id": null}"#),
    ("Show the clusters that really exist", "GET", "clusters", ""),
    ("Create a cluster", "POST", "clusters", r#"{"name": "outside", "instance_type": "8xH100", "num_nodes": 2}"#),
    (
        "Change a cluster",
        "PATCH",
        "clusters/CLUSTER",
        r#"{"name": "other", "deletion_protection": false, "instance_status": "FAILED"}"#,
    ),
    ("Show the volumes that really exist", "GET", "volumes", ""),
    ("Create a volume", "POST", "volumes", r#"{"name": "outside", "size_gb": 100}"#),
    ("Change a volume", "PATCH", "volumes/VOLUME", r#"{"name": "other", "size_gb": 200}"#),
    ("Attach a volume", "POST", "attachments", r#"{"storage_id": "VOLUME", "cluster_id": "CLUSTER"}"#),
    ("Detach a volume", "DELETE", "attachments", r#"{"storage_id": "VOLUME", "cluster_id": "CLUSTER"}"#),
    ("Delete a cluster", "DELETE", "clusters/CLUSTER", ""),
    ("Delete a volume", "DELETE", "volumes/VOLUME", ""),
    ("Show the SSH keys", "GET", "ssh-keys", ""),
    ("Add an SSH key", "POST", "ssh-keys", r#"{"public_key": "ssh-ed25519 AAAA", "name": "outside"}"#),
    ("Delete an SSH key", "DELETE", "ssh-keys/KEY", ""),
    ("Show the jobs", "GET", "jobs", ""),
    ("Create a job", "POST", "jobs", r#"{"name": "fit", "status": "running"}"#),
    ("Change the status of a job", "PATCH", "jobs/JOB", r#"{"status": "completed"}"#),
    ("Show the buckets and their objects", "GET", "buckets", ""),
    ("Put an object into a bucket", "PUT", "buckets/BUCKET/OBJECT", ""),
    ("Delete a bucket and its objects", "DELETE", "buckets/BUCKET", ""),
    ("Disable object storage and delete all buckets", "DELETE", "object-storage", ""),
    ("Show this help", "GET", "", ""),
];

/// The fields of a fault, by name.
const FAULT_FIELDS: [(&str, &str); 11] = [
    ("method", "the method of the requests; missing for all"),
    ("path", "the beginning of their path, for example /cluster/; missing for all"),
    ("skip", "how many of them are skipped before the first fault; 0 if it is missing"),
    ("times", "how many of them get the fault; 1 if it is missing, 0 for all from then on"),
    ("chance", "the probability for each of them, from 0 to 1; 1 if it is missing"),
    ("late_ms", "a delay before the action, in milliseconds"),
    ("action", "what happens to the request:"),
    (
        "",
        "  respond: it has no effect, and this is the response; respond_after: it has its effect, and this is the response",
    ),
    ("", "  drop_before, drop_after: the connection is closed before or after its effect"),
    ("", "  cut_body: the connection is closed in the middle of the body; delay: the response is delayed by ms"),
    ("status, body, headers, ms", "of the actions that use them; status is from 200 to 999"),
];

/// The options, by name.
pub(crate) const OPTIONS: [(&str, &str); 42] = [
    ("provision_ms", "how long a create takes"),
    ("release_ms", "how long a destroy takes"),
    ("restart_ms", "how long nodes restart after a volume is attached or detached"),
    ("edit_ms", "how long an edit takes"),
    ("lag_ms", "how far reads lag behind"),
    ("retry_after", r#"{"seconds": 1}, {"date": 1}, "malformed" or "absent""#),
    ("without_request_ids", "responses contain no request ids"),
    ("requests_per_second", "requests above this get a 429; null for no limit"),
    ("limit_retry_after", "the Retry-After header of these 429s, in seconds"),
    ("bare", "objects and lists are returned without a wrapper"),
    ("id_name", "id or of_kind (cluster_id)"),
    ("name_field", "name, of_kind (cluster_name) or tp_of_kind (tp_cluster_name)"),
    ("request_id_prefix", "the prefix of request ids"),
    ("lower_case_statuses", "statuses are in lower case"),
    ("unknown_status", "the status of a request that has not started, instead of PENDING"),
    ("retrying", "requests are RETRYING before they end"),
    ("edit_status", "the HTTP status of the response to an edit"),
    ("edit_request_ids", "the response to an edit contains a request id"),
    ("error_shape", "message, error, detail, external_message, text, html or empty"),
    ("low_balance_status", "the HTTP status of the error for a balance that is too low"),
    ("gone", r#"what a read of a destroyed object returns: not_found, forbidden or {"shown_for_ms": 1000}"#),
    ("bucket_objects", "buckets are listed as objects instead of names"),
    ("empty_lists_are_404", "an empty list is a 404"),
    ("without_quotes", "the endpoints for prices do not exist"),
    ("enable_twice_conflicts", "enabling object storage twice is a 409"),
    ("names", "how names are stored: as_sent, trimmed or lower_case"),
    ("containers", "how images are returned: as_sent or full"),
    ("size_step_gb", "sizes of volumes are rounded up to a multiple of this"),
    ("shuffle_instances", "nodes are in a different order in each read"),
    ("answer_id", "the id in reads: right, other, empty, numeric or missing"),
    ("create_id", "the id in responses to creates: the same values"),
    ("truncated_lists", "lists are truncated to this many items; null for all"),
    ("unreadable_item", "every list contains an additional item without an id"),
    ("brief_lists", "lists of clusters and volumes contain only the ids, names and statuses"),
    ("foreign_operations", "the operations of an object contain those of another one"),
    ("hidden_created_at", "clusters do not show when they were created"),
    ("flickering_status", "the status of a node differs in each read until it runs or is deleted"),
    ("fail_creates", "creates end as FAILED with this message; null for none"),
    ("any_instance_type", "unknown instance types are accepted"),
    ("echo_secrets", "error messages contain the key of the request"),
    ("escape_sequences", "error messages contain escape sequences for terminals"),
    ("allow_duplicate_names", "names are not unique"),
];

/// Returns the help text, with examples for a simulator at a URL.
#[must_use]
pub fn help(url: &str) -> String {
    let mut text =
        String::from("Admin requests. They need no key; one with a key is about the objects of its account.\n");
    for (what, method, path, body) in ADMIN_REQUESTS {
        let method = if method == "GET" { String::new() } else { format!("-X {method} ") };
        let address = match path {
            "" => format!("{url}/_simulator"),
            path => format!("{url}/_simulator/{path}"),
        };
        let body = if body.is_empty() { String::new() } else { format!(" -d '{body}'") };
        // Writing to a string cannot fail.
        _ = write!(text, "  {what}:\n    curl {method}{address}{body}\n");
    }
    text.push_str("\nFields of a fault. The first rule that applies to a request decides:\n");
    for (name, what) in FAULT_FIELDS {
        _ = writeln!(text, "  {name:<25}  {what}");
    }
    text.push_str("\nOptions, for --set NAME=VALUE and for PATCH options:\n");
    for (name, what) in OPTIONS {
        _ = writeln!(text, "  {name:<25}  {what}");
    }
    text
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::fault::{Action, Fault};
    use crate::options::Options;

    #[test]
    fn the_help_describes_every_field_and_action_of_a_fault() {
        let respond = Action::Respond { status: 500, body: String::new(), headers: [].into() };
        let actions = [
            respond,
            Action::RespondAfter { status: 500, body: String::new() },
            Action::Delay { ms: 1 },
            Action::DropBefore,
            Action::DropAfter,
            Action::CutBody,
        ];
        let described = FAULT_FIELDS.map(|(name, what)| format!(" {name}, {what}:")).join(" ");
        for action in actions {
            let fault = serde_json::to_value(Fault::once("GET", "/", action)).expect("it can be serialized");
            let fields = fault.as_object().expect("it has fields");
            let action = fields["action"].as_str().expect("it has a name");
            for word in fields.keys().map(String::as_str).chain([action]) {
                let is_described =
                    [format!(" {word},"), format!(" {word}:")].iter().any(|word| described.contains(word));
                assert!(is_described, "{word} is not in {described}");
            }
        }
    }

    #[test]
    fn the_help_describes_every_option_and_no_other() {
        let options = serde_json::to_value(Options::default()).expect("they can be serialized");
        let real: BTreeSet<&str> = options.as_object().expect("they have names").keys().map(String::as_str).collect();
        assert_eq!(OPTIONS.map(|(name, _)| name).into_iter().collect::<BTreeSet<_>>(), real);
    }
}
