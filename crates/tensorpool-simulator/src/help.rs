//! The help: which orders there are under `/_simulator/`, and what can be chosen.

use std::fmt::Write as _;

/// An order: what it does, its method and its path, and an example of its body.
type Order = (&'static str, &'static str, &'static str, &'static str);

/// In an order in which each finds what it is about.
const ORDERS: [Order; 32] = [
    ("What the simulator was asked", "GET", "requests", ""),
    ("Forget what it was asked", "DELETE", "requests", ""),
    ("All options", "GET", "options", ""),
    ("Change options", "PATCH", "options", r#"{"error_shape": "html", "provision_ms": 0}"#),
    (
        "Let a request fail: respond, respond_after, delay, drop_before, drop_after or cut_body",
        "POST",
        "faults",
        r#"{"method": "GET", "path": "/cluster/", "times": 1, "action": "respond", "status": 503}"#,
    ),
    ("Lift all faults", "DELETE", "faults", ""),
    (
        "Let the next request of a type end as FAILED",
        "POST",
        "fail-next",
        r#"{"request_type": "CLUSTER_CLAIM", "message": "no capacity"}"#,
    ),
    ("Add an account", "POST", "accounts", r#"{"key": "second-key"}"#),
    ("Give an account another key", "PATCH", "accounts", r#"{"key": "second-key", "new_key": "third-key"}"#),
    ("The user, the organization and the balance", "GET", "user", ""),
    ("Change them", "PATCH", "user", r#"{"balance": 100.0, "org_id": null}"#),
    ("The clusters that really exist", "GET", "clusters", ""),
    ("Make a cluster", "POST", "clusters", r#"{"name": "outside", "instance_type": "8xH100", "num_nodes": 2}"#),
    (
        "Change a cluster",
        "PATCH",
        "clusters/CLUSTER",
        r#"{"name": "other", "deletion_protection": false, "instance_status": "FAILED"}"#,
    ),
    ("The volumes that really exist", "GET", "volumes", ""),
    ("Make a volume", "POST", "volumes", r#"{"name": "outside", "size_gb": 100}"#),
    ("Change a volume", "PATCH", "volumes/VOLUME", r#"{"name": "other", "size_gb": 200}"#),
    ("Attach a volume", "POST", "attachments", r#"{"storage_id": "VOLUME", "cluster_id": "CLUSTER"}"#),
    ("Detach a volume", "DELETE", "attachments", r#"{"storage_id": "VOLUME", "cluster_id": "CLUSTER"}"#),
    ("Make a cluster vanish", "DELETE", "clusters/CLUSTER", ""),
    ("Make a volume vanish", "DELETE", "volumes/VOLUME", ""),
    ("The SSH keys", "GET", "ssh-keys", ""),
    ("Add an SSH key", "POST", "ssh-keys", r#"{"public_key": "ssh-ed25519 AAAA", "name": "outside"}"#),
    ("Remove an SSH key", "DELETE", "ssh-keys/KEY", ""),
    ("The jobs", "GET", "jobs", ""),
    ("Make a job", "POST", "jobs", r#"{"name": "fit", "status": "running"}"#),
    ("Change the status of a job", "PATCH", "jobs/JOB", r#"{"status": "completed"}"#),
    ("The buckets and what is in them", "GET", "buckets", ""),
    ("Put an object into a bucket", "PUT", "buckets/BUCKET/OBJECT", ""),
    ("Make a bucket vanish", "DELETE", "buckets/BUCKET", ""),
    ("Disable object storage with all buckets", "DELETE", "object-storage", ""),
    ("This help", "GET", "", ""),
];

/// The options by their names.
const OPTIONS: [(&str, &str); 40] = [
    ("provision_ms", "how long a create takes"),
    ("release_ms", "how long a destroy takes"),
    ("restart_ms", "how long nodes restart after a volume was attached or detached"),
    ("edit_ms", "how long it takes until an edit shows"),
    ("lag_ms", "how far infos and lists are behind"),
    ("retry_after", r#"{"seconds": 1}, {"date": 1}, "malformed" or "absent""#),
    ("without_request_ids", "answers hold no request ids"),
    ("requests_per_second", "more are answered with 429; null for any number"),
    ("limit_retry_after", "the Retry-After header of such answers, in seconds"),
    ("bare", "objects and lists come without a wrapper"),
    ("id_name", "id or of_kind, as cluster_id"),
    ("name_field", "name, of_kind (cluster_name) or tp_of_kind (tp_cluster_name)"),
    ("request_id_prefix", "how the ids of requests begin"),
    ("lower_case_statuses", "statuses are in lower case"),
    ("unknown_status", "the status of a request that has not begun, instead of PENDING"),
    ("retrying", "a request is RETRYING before its end"),
    ("edit_status", "the status of an answer to an edit"),
    ("edit_request_ids", "answers to edits hold a request id"),
    ("error_shape", "message, error, detail, external_message, text, html or empty"),
    ("low_balance_status", "the status of the refusal for too low a balance"),
    ("gone", r#"what shows of a destroyed object: not_found, forbidden or {"shown_for_ms": 1000}"#),
    ("bucket_objects", "buckets are listed as objects instead of names"),
    ("empty_lists_are_404", "a list without items is a 404"),
    ("without_quotes", "there are no prices"),
    ("enable_twice_conflicts", "enabling object storage twice is a 409"),
    ("names", "how names are kept: as_sent, trimmed or lower_case"),
    ("containers", "how images are shown: as_sent or full"),
    ("size_step_gb", "sizes of volumes are rounded up to a multiple of this"),
    ("shuffle_instances", "nodes come in another order at each read"),
    ("answer_id", "the id in infos: right, other, empty, numeric or missing"),
    ("create_id", "the id in answers to creates: the same choice"),
    ("truncated_lists", "lists are cut to so many items; null for all"),
    ("unreadable_item", "every list has one more item, without an id"),
    ("foreign_operations", "operations of another object are among those of an object"),
    ("flickering_status", "the status of a node changes at each read until it runs or is gone"),
    ("fail_creates", "creates end as FAILED with this message; null for none"),
    ("any_instance_type", "instance types are not checked against the known ones"),
    ("echo_secrets", "error messages hold the key that came"),
    ("escape_sequences", "error messages hold escape sequences for terminals"),
    ("allow_duplicate_names", "two objects may have the same name"),
];

/// The help, with examples for a simulator at a URL.
#[must_use]
pub fn help(url: &str) -> String {
    let mut text =
        String::from("Orders. They need no key; one that comes with a key is about the objects of its account.\n");
    for (what, method, path, body) in ORDERS {
        let method = if method == "GET" { String::new() } else { format!("-X {method} ") };
        let address = match path {
            "" => format!("{url}/_simulator"),
            path => format!("{url}/_simulator/{path}"),
        };
        let body = if body.is_empty() { String::new() } else { format!(" -d '{body}'") };
        // Writing to a text cannot fail.
        _ = write!(text, "  {what}:\n    curl {method}{address}{body}\n");
    }
    text.push_str("\nOptions, for --set NAME=VALUE and for PATCH options:\n");
    for (name, what) in OPTIONS {
        _ = writeln!(text, "  {name:<22}  {what}");
    }
    text
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::options::Options;

    #[test]
    fn the_help_names_every_option_and_no_other() {
        let options = serde_json::to_value(Options::default()).expect("they can be written");
        let real: BTreeSet<&str> = options.as_object().expect("they have names").keys().map(String::as_str).collect();
        assert_eq!(OPTIONS.map(|(name, _)| name).into_iter().collect::<BTreeSet<_>>(), real);
    }
}
