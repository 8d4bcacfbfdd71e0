//! Where a value stands in the JSON of a state or a plan.

use serde_json::Value;

/// One step of a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Step<'a> {
    /// An attribute, or the key of a map.
    Name(&'a str),
    /// An element of a list.
    Index(usize),
}

/// Reads a path, for example `links[0].url` or `labels["a.b"]`.
///
/// # Panics
/// If it is none.
pub(super) fn steps(path: &str) -> Vec<Step<'_>> {
    let wrong = || -> ! { panic!("{path:?} is no path; one is for example links[0].url or labels[\"a.b\"]") };
    let (mut steps, mut rest) = (Vec::new(), path);
    while !rest.is_empty() {
        if let Some(inside) = rest.strip_prefix("[\"") {
            let Some((key, after)) = inside.split_once("\"]") else { wrong() };
            steps.push(Step::Name(key));
            rest = after;
        } else if let Some(inside) = rest.strip_prefix('[') {
            let Some((index, after)) = inside.split_once(']') else { wrong() };
            let Ok(index) = index.parse() else { wrong() };
            steps.push(Step::Index(index));
            rest = after;
        } else {
            let name = if steps.is_empty() { Some(rest) } else { rest.strip_prefix('.') };
            let Some(name) = name else { wrong() };
            let end = name.find(['.', '[']).unwrap_or(name.len());
            if end == 0 {
                wrong();
            }
            steps.push(Step::Name(&name[..end]));
            rest = &name[end..];
        }
    }
    if steps.is_empty() {
        wrong();
    }
    steps
}

/// The value at a path.
pub(super) fn at<'a>(value: &'a Value, path: &str) -> Option<&'a Value> {
    steps(path).into_iter().try_fold(value, |value, step| match step {
        Step::Name(name) => value.get(name),
        Step::Index(index) => value.get(index),
    })
}

/// Whether what is at a path is not known, by the `after_unknown` of a plan: there stands `true` at what is unknown as a whole.
pub(super) fn is_unknown(unknown: &Value, path: &str) -> bool {
    let mut at = unknown;
    for step in steps(path) {
        if *at == Value::Bool(true) {
            return true;
        }
        let inner = match step {
            Step::Name(name) => at.get(name),
            Step::Index(index) => at.get(index),
        };
        let Some(inner) = inner else { return false };
        at = inner;
    }
    *at == Value::Bool(true)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_path_leads_step_by_step() {
        use Step::{Index, Name};
        for (path, expected) in [
            ("title", vec![Name("title")]),
            ("links[0].url", vec![Name("links"), Index(0), Name("url")]),
            ("labels[\"a.b\"].c", vec![Name("labels"), Name("a.b"), Name("c")]),
            ("matrix[1][2]", vec![Name("matrix"), Index(1), Index(2)]),
            ("labels.a", vec![Name("labels"), Name("a")]),
        ] {
            assert_eq!(steps(path), expected, "{path}");
        }
        for wrong in ["", ".a", "a.", "a[", "a[x]", "a[\"x]", "a[0]b", "a..b"] {
            assert!(std::panic::catch_unwind(|| steps(wrong)).is_err(), "{wrong:?}");
        }
    }

    #[test]
    fn a_value_is_found_at_its_path() {
        let value = json!({"links": [{"url": "u"}], "labels": {"a.b": 1}});
        assert_eq!(at(&value, "links[0].url"), Some(&json!("u")));
        assert_eq!(at(&value, "labels[\"a.b\"]"), Some(&json!(1)));
        assert_eq!((at(&value, "links[1].url"), at(&value, "none")), (None, None));
    }

    #[test]
    fn what_stands_in_something_unknown_is_unknown() {
        let unknown = json!({"id": true, "links": [{"number": true}, {}], "whole": true});
        for (path, expected) in [
            ("id", true),
            ("links[0].number", true),
            ("links[1].number", false),
            ("links", false),
            ("whole.inner[0]", true),
            ("title", false),
        ] {
            assert_eq!(is_unknown(&unknown, path), expected, "{path}");
        }
    }
}
