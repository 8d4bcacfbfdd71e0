//! The library's config validators: how many of several attributes and blocks must or may be set.

use super::presence::{COMBINATION, Presence, listed, presence};
use super::{ConfigValidator, PathExpression, ValidateRequest};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::path::AttributePath;

/// At most one of these may be set.
pub struct Conflicting(pub &'static [&'static str]);

/// Exactly one of these must be set.
pub struct ExactlyOneOf(pub &'static [&'static str]);

/// At least one of these must be set.
pub struct AtLeastOneOf(pub &'static [&'static str]);

/// Either all of these are set, or none.
pub struct RequiredTogether(pub &'static [&'static str]);

/// All of these must be set, although their schemas call them optional: for example what stands in a nested object that other
/// resources use too.
pub struct AllRequired(pub &'static [&'static str]);

/// One path expression of a validator, and what it leads to.
struct Named {
    shown: String,
    presence: Presence,
    /// Where to point: at what is set, or at where it would be.
    path: AttributePath,
}

/// All of a validator's; empty if one of them is no path expression.
fn named(request: &ValidateRequest<'_>, paths: &[&str]) -> Vec<Named> {
    let object = if request.path.is_root() { String::new() } else { request.place() };
    let named = paths.iter().map(|text| {
        let expression: PathExpression = text.parse().ok()?;
        let matches = request.find(text);
        let set = matches.iter().find(|one| !one.value.is_null() && !one.value.is_unknown());
        let path = set.or(matches.first()).map_or_else(|| request.path.clone(), |one| one.path.clone());
        Some(Named { shown: expression.shown(&object), presence: presence(&matches), path })
    });
    named.collect::<Option<_>>().unwrap_or_default()
}

/// Those with that presence.
fn with(named: &[Named], presence: Presence) -> Vec<&Named> {
    named.iter().filter(|one| one.presence == presence).collect()
}

fn names<'n>(named: impl IntoIterator<Item = &'n Named>, conjunction: &str) -> String {
    let shown: Vec<_> = named.into_iter().map(|one| &one.shown).collect();
    listed(&shown, conjunction)
}

fn combination(at: &Named, sentence: String) -> Diagnostic {
    Diagnostic::error(COMBINATION, sentence).at(at.path.clone())
}

/// `is` or `are`.
fn are(named: &[&Named]) -> &'static str {
    if named.len() == 1 { "is" } else { "are" }
}

/// If more than one of these is set, that only this many may be.
fn conflict(named: &[Named], quantity: &str, diagnostics: &mut Diagnostics) {
    let set = with(named, Presence::Set);
    if let [_, .., last] = *set {
        let (all, set) = (names(named, "and"), names(set, "and"));
        diagnostics.push(combination(last, format!("{quantity} of {all} may be set, but {set} are.")));
    }
}

/// If none of these is set, that this many must be.
fn lack(named: &[Named], quantity: &str, diagnostics: &mut Diagnostics) {
    if let [first, ..] = named
        && named.iter().all(|one| one.presence == Presence::Unset)
    {
        let all = names(named, "and");
        diagnostics.push(combination(first, format!("{quantity} of {all} must be set, but none is.")));
    }
}

impl ConfigValidator for Conflicting {
    fn validate(&self, request: &ValidateRequest<'_>, diagnostics: &mut Diagnostics) {
        conflict(&named(request, self.0), "At most one", diagnostics);
    }

    fn paths(&self) -> Vec<&str> {
        self.0.to_vec()
    }

    fn description(&self) -> Option<String> {
        Some(format!("At most one of {} may be set.", listed(self.0, "and")))
    }
}

impl ConfigValidator for ExactlyOneOf {
    fn validate(&self, request: &ValidateRequest<'_>, diagnostics: &mut Diagnostics) {
        let named = named(request, self.0);
        conflict(&named, "Exactly one", diagnostics);
        lack(&named, "Exactly one", diagnostics);
    }

    fn paths(&self) -> Vec<&str> {
        self.0.to_vec()
    }

    fn description(&self) -> Option<String> {
        Some(format!("Exactly one of {} must be set.", listed(self.0, "and")))
    }
}

impl ConfigValidator for AtLeastOneOf {
    fn validate(&self, request: &ValidateRequest<'_>, diagnostics: &mut Diagnostics) {
        lack(&named(request, self.0), "At least one", diagnostics);
    }

    fn paths(&self) -> Vec<&str> {
        self.0.to_vec()
    }

    fn description(&self) -> Option<String> {
        Some(format!("At least one of {} must be set.", listed(self.0, "and")))
    }
}

impl ConfigValidator for RequiredTogether {
    fn validate(&self, request: &ValidateRequest<'_>, diagnostics: &mut Diagnostics) {
        let named = named(request, self.0);
        let (set, unset) = (with(&named, Presence::Set), with(&named, Presence::Unset));
        if let ([set, ..], [_, ..]) = (&*set, &*unset) {
            let (all, are) = (names(&named, "and"), are(&unset));
            let missing = names(unset, "and");
            diagnostics.push(combination(set, format!("{all} must be set together, but {missing} {are} missing.")));
        }
    }

    fn paths(&self) -> Vec<&str> {
        self.0.to_vec()
    }

    fn description(&self) -> Option<String> {
        Some(format!("{} must be set together.", listed(self.0, "and")))
    }
}

impl ConfigValidator for AllRequired {
    fn validate(&self, request: &ValidateRequest<'_>, diagnostics: &mut Diagnostics) {
        for (text, named) in self.0.iter().zip(named(request, self.0)) {
            // Every element has to have it, so each is an error of its own.
            for missing in request.find(text).into_iter().filter(|one| one.value.is_null()) {
                let detail = format!("`{}` must be set.", named.shown);
                diagnostics.push(Diagnostic::error("Missing required argument", detail).at(missing.path));
            }
        }
    }

    fn paths(&self) -> Vec<&str> {
        self.0.to_vec()
    }

    fn description(&self) -> Option<String> {
        Some(format!("{} must be set.", listed(self.0, "and")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::Value;

    /// What a validator says of an object, each with its place.
    fn said(validator: &dyn ConfigValidator, config: &Value, path: &AttributePath) -> Vec<String> {
        let object = config.at(path).expect("there is such an object");
        let mut diagnostics = Diagnostics::new();
        validator.validate(&ValidateRequest::of_object(path, object, config), &mut diagnostics);
        diagnostics.into_iter().map(|one| format!("{}: {}", one.path.expect("it has one"), one.detail)).collect()
    }

    fn of_two(validator: &dyn ConfigValidator, id: Value, name: Value) -> Vec<String> {
        said(validator, &Value::object([("id", id), ("name", name)]), &AttributePath::root())
    }

    const NAMES: &[&str] = &["id", "name"];

    #[test]
    fn each_says_what_is_wrong_and_where() {
        let (set, null) = (|| Value::from("x"), || Value::Null);
        let both = |words| format!("name: {words} one of `id` and `name` may be set, but `id` and `name` are.");
        assert_eq!(of_two(&Conflicting(NAMES), set(), set()), [both("At most")]);
        assert_eq!(of_two(&ExactlyOneOf(NAMES), set(), set()), [both("Exactly")]);
        let none = |words| format!("id: {words} one of `id` and `name` must be set, but none is.");
        assert_eq!(of_two(&ExactlyOneOf(NAMES), null(), null()), [none("Exactly")]);
        assert_eq!(of_two(&AtLeastOneOf(NAMES), null(), null()), [none("At least")]);
        let half = "name: `id` and `name` must be set together, but `id` is missing.";
        assert_eq!(of_two(&RequiredTogether(NAMES), null(), set()), [half]);
        assert_eq!(of_two(&AllRequired(NAMES), null(), set()), ["id: `id` must be set."]);
        let all: [&dyn ConfigValidator; 5] = [
            &Conflicting(NAMES),
            &ExactlyOneOf(NAMES),
            &AtLeastOneOf(NAMES),
            &RequiredTogether(NAMES),
            &AllRequired(NAMES),
        ];
        let good = [
            [(null(), set()), (null(), null())],
            [(set(), null()), (null(), set())],
            [(set(), set()), (null(), set())],
            [(set(), set()), (null(), null())],
            [(set(), set()), (set(), set())],
        ];
        for (validator, good) in all.into_iter().zip(good) {
            for (id, name) in good {
                assert_eq!(of_two(validator, id, name), [""; 0]);
            }
            assert_eq!(validator.paths(), NAMES);
        }
        assert_eq!(
            all.map(|one| one.description().expect("it describes itself")),
            [
                "At most one of `id` and `name` may be set.",
                "Exactly one of `id` and `name` must be set.",
                "At least one of `id` and `name` must be set.",
                "`id` and `name` must be set together.",
                "`id` and `name` must be set.",
            ]
        );
    }

    #[test]
    fn what_is_unknown_is_neither_set_nor_missing() {
        for other in [Value::Null, Value::unknown(), Value::from("x")] {
            for validator in [
                &Conflicting(NAMES) as &dyn ConfigValidator,
                &ExactlyOneOf(NAMES),
                &AtLeastOneOf(NAMES),
                &RequiredTogether(NAMES),
            ] {
                assert_eq!(of_two(validator, Value::unknown(), other.clone()), [""; 0]);
            }
        }
        assert_eq!(of_two(&AllRequired(NAMES), Value::unknown(), Value::unknown()), [""; 0]);
    }

    #[test]
    fn paths_lead_into_what_is_nested_and_out_again() {
        let disk = |size: Value, image: Value| Value::object([("size", size), ("image", image)]);
        let config = |elements: [Value; 2], disks: fn([Value; 2]) -> Value, image: Value| {
            Value::object([("image", image), ("disk", disks(elements))])
        };
        let (root, first) = (AttributePath::root(), AttributePath::of("disk").index(0));
        let list = |elements: [Value; 2]| Value::List(elements.into());
        let two = || [disk(1.into(), Value::Null), disk(Value::Null, "i".into())];
        let in_list = config(two(), list, "i".into());
        let all = &["image", "disk[*].image"];
        let expected = "disk[1].image: At most one of `image` and `disk[*].image` may be set, but `image` and `disk[*].image` are.";
        assert_eq!(said(&Conflicting(all), &in_list, &root), [expected]);
        let expected = "disk[1].size: `disk[*].size` must be set.";
        assert_eq!(said(&AllRequired(&["disk[*].size"]), &in_list, &root), [expected]);
        // In a set and in a map it is the same.
        let in_set = config(two(), Value::set, "i".into());
        assert_eq!(said(&Conflicting(all), &in_set, &root).len(), 1);
        let in_map = config(two(), |[a, b]| Value::object([("a", a), ("b", b)]), "i".into());
        let expected = "disk[\"b\"].size: `disk[\"b\"].size` must be set.";
        assert_eq!(said(&AllRequired(&["disk[\"b\"].size"]), &in_map, &root), [expected]);
        // Seen from an element.
        let expected = "disk[0].image: Exactly one of `disk[0].image` and `../kernel` must be set, but none is.";
        assert_eq!(said(&ExactlyOneOf(&["image", "../kernel"]), &in_list, &first), [expected]);
        assert_eq!(said(&ExactlyOneOf(&["image", "/image"]), &in_list, &first), [""; 0]);
        // What is unknown further out is unknown here.
        let open = Value::object([("image", "i".into()), ("disk", Value::unknown())]);
        assert_eq!(said(&Conflicting(all), &open, &root), [""; 0]);
        assert_eq!(said(&RequiredTogether(all), &open, &root), [""; 0]);
        assert_eq!(said(&AllRequired(all), &open, &root), [""; 0]);
    }
}
