//! Whether an imported object is the one that the state had.

use std::collections::BTreeMap;

use serde_json::Value;

use super::expected::same;

/// Compares the attributes of an object in the state with those of its import, but for what is ignored: attributes by their
/// paths, with all that is in them. Null is as good as nothing.
///
/// # Errors
/// With each difference in a line.
pub(super) fn verify(state: &Value, imported: &Value, ignored: &[String]) -> Result<(), String> {
    let (state, imported) = (leaves(state), leaves(imported));
    let is_ignored = |path: &str| {
        let inside = |rest: &str| rest.is_empty() || rest.starts_with(['.', '[']);
        ignored.iter().any(|one| path.strip_prefix(one.as_str()).is_some_and(inside))
    };
    let mut paths: Vec<_> = state.keys().chain(imported.keys()).collect();
    paths.sort();
    paths.dedup();
    let differences: Vec<_> = paths
        .into_iter()
        .filter(|path| !is_ignored(path))
        .filter_map(|path| {
            let (state, imported) = (state.get(path), imported.get(path));
            let equal = state.zip(imported).is_some_and(|(state, imported)| same(state, imported));
            let shown = |value: Option<&&Value>| value.map_or_else(|| "nothing".to_owned(), ToString::to_string);
            (!equal).then(|| format!("  {path}: the state has {}, the import {}", shown(state), shown(imported)))
        })
        .collect();
    if differences.is_empty() { Ok(()) } else { Err(differences.join("\n")) }
}

/// Every value that holds no others, by its path. Null is left out.
fn leaves(value: &Value) -> BTreeMap<String, &Value> {
    let mut found = BTreeMap::new();
    collect(value, String::new(), &mut found);
    found
}

fn collect<'v>(value: &'v Value, path: String, found: &mut BTreeMap<String, &'v Value>) {
    match value {
        Value::Null => {}
        Value::Object(entries) if !entries.is_empty() => {
            for (name, inner) in entries {
                let path = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
                collect(inner, path, found);
            }
        }
        Value::Array(elements) if !elements.is_empty() => {
            for (index, inner) in elements.iter().enumerate() {
                collect(inner, format!("{path}[{index}]"), found);
            }
        }
        other => _ = found.insert(path, other),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn an_import_is_compared_attribute_by_attribute() {
        let state = json!({
            "id": "n-1", "title": "C", "password": "p", "timeouts": null, "links": [{"url": "u", "rank": 1}], "tags": [],
        });
        for (imported, ignored, expected) in [
            (state.clone(), vec![], Ok(())),
            (
                json!({"id": "n-1", "title": "C", "password": "p", "links": [{"url": "u", "rank": 1.0}], "tags": []}),
                vec![],
                Ok(()),
            ),
            (
                json!({"id": "n-1", "title": "D", "links": [{"url": "u"}], "tags": [], "pass": 1}),
                vec!["pass"],
                Err(
                    "  links[0].rank: the state has 1, the import nothing\n  password: the state has \"p\", the import \
                     nothing\n  title: the state has \"C\", the import \"D\"",
                ),
            ),
            (
                json!({"id": "n-1", "title": "C", "links": [{"url": "v"}], "tags": []}),
                vec!["password", "links"],
                Ok(()),
            ),
            (
                json!({"id": "n-1", "title": "C", "password": "p", "links": [{"url": "u"}]}),
                vec!["links[0].rank", "tags"],
                Ok(()),
            ),
            (
                json!({"id": "n-1", "title": "C", "password": "p", "links": [{"url": "u", "rank": 1}], "tags": ["x"]}),
                vec![],
                Err("  tags: the state has [], the import nothing\n  tags[0]: the state has nothing, the import \"x\""),
            ),
        ] {
            let ignored: Vec<_> = ignored.into_iter().map(str::to_owned).collect();
            assert_eq!(verify(&state, &imported, &ignored), expected.map_err(str::to_owned), "{imported}");
        }
    }

    #[test]
    fn what_is_empty_is_not_null() {
        for empty in [json!({}), json!([])] {
            let (state, imported) = (json!({"id": "n-1", "labels": empty}), json!({"id": "n-1", "labels": null}));
            assert_eq!(verify(&state, &state, &[]), Ok(()));
            let difference = format!("  labels: the state has {empty}, the import nothing");
            assert_eq!(verify(&state, &imported, &[]), Err(difference));
        }
    }
}
