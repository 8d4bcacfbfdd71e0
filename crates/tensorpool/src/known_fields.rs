//! The names of all fields that the client reads. The decoder skips every other field of a response.

/// Sorted for the binary search.
const NAMES: [&str; 134] = [
    "Buckets",
    "CreationDate",
    "Name",
    "access_key_id",
    "address",
    "attached_clusters",
    "autopay_enabled",
    "autopay_reload_threshold",
    "balance",
    "balance_warning_threshold",
    "bucket_name",
    "buckets",
    "cluster",
    "cluster_id",
    "cluster_ids",
    "cluster_info",
    "cluster_name",
    "clusters",
    "command",
    "container",
    "count",
    "created_at",
    "creation_date",
    "credentials",
    "current_page",
    "cursor",
    "deletion_protection",
    "detail",
    "email",
    "endpoint",
    "endpoint_url",
    "error",
    "experimental_container",
    "external_message",
    "fingerprint",
    "full_name",
    "has_more",
    "has_next",
    "has_next_page",
    "hourly_rate",
    "iam_username",
    "id",
    "instance_id",
    "instance_type",
    "instances",
    "ip",
    "ip_address",
    "is_truncated",
    "job",
    "job_id",
    "job_info",
    "job_name",
    "jobs",
    "key",
    "key_id",
    "key_name",
    "keys",
    "last_page",
    "links",
    "loc",
    "members",
    "message",
    "meta",
    "more",
    "msg",
    "name",
    "next",
    "next_cursor",
    "next_page",
    "next_page_token",
    "next_token",
    "next_url",
    "notify_email_cluster_create",
    "notify_email_cluster_destroy",
    "num_nodes",
    "object_id",
    "object_storage",
    "operations",
    "org_id",
    "org_name",
    "organization",
    "organization_id",
    "organization_info",
    "page",
    "page_info",
    "pages",
    "pagination",
    "paging",
    "preferences",
    "price_per_hour",
    "profile_id",
    "public_ip",
    "public_key",
    "quote",
    "region",
    "request",
    "request_id",
    "request_ids",
    "request_info",
    "request_type",
    "requests",
    "secret_access_key",
    "size",
    "size_gb",
    "ssh_command",
    "ssh_key_id",
    "ssh_key_name",
    "ssh_keys",
    "state",
    "status",
    "storage",
    "storage_id",
    "storage_ids",
    "storage_info",
    "storage_name",
    "storage_volumes",
    "storages",
    "total",
    "total_count",
    "total_items",
    "total_pages",
    "tp_cluster_id",
    "tp_cluster_name",
    "tp_storage_id",
    "tp_storage_name",
    "truncated",
    "type",
    "uid",
    "updated_at",
    "user",
    "user_id",
    "user_info",
    "volume",
    "volumes",
];

/// Whether the client reads a field of this name.
pub(crate) fn is_known(name: &str) -> bool {
    NAMES.binary_search(&name).is_ok()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    const SOURCES: [&str; 15] = [
        include_str!("accepted.rs"),
        include_str!("cluster.rs"),
        include_str!("error_body.rs"),
        include_str!("field.rs"),
        include_str!("instance.rs"),
        include_str!("job.rs"),
        include_str!("lenient.rs"),
        include_str!("listing.rs"),
        include_str!("object_storage.rs"),
        include_str!("quote.rs"),
        include_str!("request.rs"),
        include_str!("ssh_key.rs"),
        include_str!("storage.rs"),
        include_str!("user.rs"),
        include_str!("wait.rs"),
    ];

    /// The source text in front of the names of a field.
    const BEFORE: [&str; 16] = [
        "lenient::text(",
        "lenient::id(",
        "lenient::ids(",
        "lenient::flag(",
        "lenient::whole(",
        "lenient::number(",
        "lenient::field(",
        "lenient::unwrap(",
        "lenient::items(",
        "Field::read(",
        "fetch(self.0, request, ",
        "WRAPPERS: ",
        "ATTACHED: ",
        "FLAGS: ",
        "NEXT: ",
        "PAGES: ",
    ];

    /// The string literals in a piece of source.
    fn literals(source: &str) -> impl Iterator<Item = &str> {
        source.split('"').skip(1).step_by(2)
    }

    /// The source up to the end of the call or the constant that begins here.
    fn statement(source: &str) -> &str {
        let mut depth = 0_i32;
        let end = source.find(|letter| {
            depth += match letter {
                '(' | '[' => 1,
                ')' | ']' => -1,
                _ => 0,
            };
            depth < 0 || (depth == 0 && letter == ';')
        });
        &source[..end.unwrap_or(source.len())]
    }

    fn names_in_the_sources() -> BTreeSet<&'static str> {
        let mut names = BTreeSet::new();
        for source in SOURCES {
            let source = source.split("#[cfg(test)]").next().unwrap_or_default();
            for before in BEFORE {
                names.extend(source.split(before).skip(1).flat_map(|rest| literals(statement(rest))));
            }
            for rest in source.split(".get(\"").skip(1) {
                names.extend(rest.split('"').next());
            }
            // Lists of names that are iterated over.
            for through in [".into_iter().find_map(text)", ".iter().find_map(|name|", ".iter().any(|name|"] {
                let pieces = source.split(through).collect::<Vec<_>>();
                let lists = pieces.iter().rev().skip(1).filter_map(|piece| piece.strip_suffix(']')?.rsplit_once('['));
                names.extend(lists.flat_map(|(_, list)| literals(list)));
            }
        }
        names
    }

    #[test]
    fn the_known_names_are_those_in_the_sources() {
        assert!(NAMES.is_sorted(), "the search needs them sorted");
        let names = names_in_the_sources();
        assert_eq!(NAMES.into_iter().collect::<BTreeSet<_>>(), names);
    }
}
