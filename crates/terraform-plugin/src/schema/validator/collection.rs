//! Validators of lists, sets and maps, and of what is in them.

use super::request::requirement;
use super::{Amount, CalledFor, Requirement, ValidateRequest, Validator, Violation, ask, sentence, validators};
use crate::diagnostic::Diagnostics;
use crate::value::{Type, Value};

/// A list, a set or a map of at least this many elements. Written for a block, it counts the blocks of its name, if there are
/// any.
pub struct SizeAtLeast(pub usize);

/// A list, a set or a map of at most this many elements.
pub struct SizeAtMost(pub usize);

/// A list, a set or a map of from this many to that many elements.
pub struct SizeBetween(pub usize, pub usize);

/// A list whose elements differ, or a map whose values do.
pub struct Unique;

validators!(SizeAtLeast, SizeAtMost, SizeBetween, Unique);

fn concerns(ty: &Type) -> bool {
    matches!(ty, Type::List(_) | Type::Set(_) | Type::Map(_) | Type::Tuple(_))
}

/// How many elements there are, if that is known: unknown elements of a set may turn out to be one.
fn size(value: &Value) -> Option<usize> {
    match value {
        Value::List(elements) => Some(elements.len()),
        Value::Set(elements) if value.is_wholly_known() => Some(elements.len()),
        Value::Map(entries) => Some(entries.len()),
        Value::Dynamic(_, value) => size(value),
        _ => None,
    }
}

/// The validators of a size have all in common but the [`Amount`].
macro_rules! sizes {
    ($($name:ident, $self:ident => $amount:expr;)*) => {$(
        impl Requirement for $name {
            fn requirement(&$self) -> String {
                $amount.requirement("element")
            }

            fn concerns(ty: &Type) -> bool {
                concerns(ty)
            }

            fn violation(&$self, value: &Value) -> Option<Violation> {
                $amount.violation(size(value)?)
            }

            fn misuse(&$self) -> Vec<String> {
                $amount.misuse()
            }

            fn called_for(&self) -> CalledFor {
                CalledFor::Set
            }
        }
    )*};
}

sizes! {
    SizeAtLeast, self => Amount::AtLeast(self.0);
    SizeAtMost, self => Amount::AtMost(self.0);
    SizeBetween, self => Amount::Between(self.0, self.1);
}

impl Requirement for Unique {
    fn requirement(&self) -> String {
        "must not have the same element twice".to_owned()
    }

    fn concerns(ty: &Type) -> bool {
        matches!(ty, Type::List(_) | Type::Map(_) | Type::Tuple(_))
    }

    fn violation(&self, value: &Value) -> Option<Violation> {
        let mut elements: Vec<&Value> = value.elements().into_iter().map(|(_, element)| element).collect();
        elements.retain(|element| element.is_wholly_known());
        elements.sort();
        let twice = elements.windows(2).find(|two| two[0] == two[1])?;
        Some(match twice[0] {
            Value::String(text) => Violation::Instead(format!("\"{text}\" twice")),
            Value::Number(number) => Violation::Instead(format!("{} twice", number.compact())),
            _ => Violation::Nothing,
        })
    }

    fn called_for(&self) -> CalledFor {
        CalledFor::Set
    }
}

/// The description of an element or a key as one of what holds it.
fn of_each(what: &str, description: &str) -> String {
    if description.starts_with("Each ") {
        let outer = format!(" of each {what}");
        return description.replacen(" must ", &format!("{outer} must "), 1).replacen(
            " should ",
            &format!("{outer} should "),
            1,
        );
    }
    sentence(&format!("each {what} {}", requirement(description)))
}

/// A list, a set or a map each of whose elements another validator accepts. An element is asked about by itself, so one that is
/// unknown keeps none of the others from being asked about.
///
/// ```
/// use terraform_plugin::schema::{Attribute, EachElement, LengthAtLeast};
/// use terraform_plugin::value::Type;
///
/// let tags = Attribute::set(Type::String, "The tags.").optional().validate(EachElement(LengthAtLeast(1)));
/// ```
pub struct EachElement<V>(pub V);

impl<V: Validator> Validator for EachElement<V> {
    fn validate(&self, request: &ValidateRequest<'_>, diagnostics: &mut Diagnostics) {
        for (step, element) in request.value.elements() {
            let path = request.path.clone().then(step);
            ask(&self.0, &request.of_element(&path, element), diagnostics);
        }
    }

    fn description(&self) -> Option<String> {
        self.0.description().map(|inner| of_each("element", &inner))
    }

    fn called_for(&self) -> CalledFor {
        CalledFor::Set
    }

    fn applies_to(&self, ty: &Type) -> bool {
        match ty {
            Type::List(element) | Type::Set(element) | Type::Map(element) => {
                **element == Type::Dynamic || self.0.applies_to(element)
            }
            Type::Tuple(elements) => elements.iter().all(|element| self.0.applies_to(element)),
            _ => false,
        }
    }

    fn parts(&self) -> Vec<&dyn Validator> {
        vec![&self.0]
    }
}

/// A map each of whose keys another validator accepts.
///
/// ```
/// use terraform_plugin::schema::{Attribute, EachKey, Matches};
/// use terraform_plugin::value::Type;
///
/// let labels = Attribute::map(Type::String, "The labels.").optional().validate(EachKey(Matches::new("^[a-z]+$")));
/// ```
pub struct EachKey<V>(pub V);

impl<V: Validator> Validator for EachKey<V> {
    fn validate(&self, request: &ValidateRequest<'_>, diagnostics: &mut Diagnostics) {
        for key in request.value.as_map().into_iter().flat_map(|entries| entries.keys()) {
            ask(&self.0, &request.of_key(&Value::from(key.as_str())), diagnostics);
        }
    }

    fn description(&self) -> Option<String> {
        self.0.description().map(|inner| of_each("key", &inner))
    }

    fn called_for(&self) -> CalledFor {
        CalledFor::Set
    }

    fn applies_to(&self, ty: &Type) -> bool {
        matches!(ty, Type::Map(_)) && self.0.applies_to(&Type::String)
    }

    fn parts(&self) -> Vec<&dyn Validator> {
        vec![&self.0]
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{detail, detail_of_secret, details};
    use super::super::{AtLeast, ConflictsWith, LengthAtLeast, OneOf};
    use super::*;

    fn list(elements: &[Value]) -> Value {
        Value::List(elements.to_vec())
    }

    #[test]
    fn sizes_count_what_is_known_to_be_there() {
        let a = || Value::from("a");
        let two = |element: Value| {
            [
                list(&[element.clone(), a()]),
                Value::set([element.clone(), a()]),
                Value::object([("k", element), ("l", a())]),
            ]
        };
        for size in two("b".into()) {
            assert_eq!(detail(&SizeAtLeast(2), size.clone()), None);
            assert_eq!(detail(&SizeBetween(1, 2), size.clone()), None);
            let expected = "Attribute it must have at least 3 elements, got: 2.";
            assert_eq!(detail(&SizeAtLeast(3), size.clone()).as_deref(), Some(expected));
            let expected = "Attribute it must have at most 1 element, got: 2.";
            assert_eq!(detail(&SizeAtMost(1), size.clone()).as_deref(), Some(expected));
            let expected = "Attribute it must have 3 to 4 elements, got: 2.";
            assert_eq!(detail(&SizeBetween(3, 4), size.clone()).as_deref(), Some(expected));
            let expected = "Attribute it must have at most 1 element.";
            assert_eq!(detail_of_secret(&SizeAtMost(1), size).as_deref(), Some(expected));
        }
        let [of_list, of_set, of_map] = two(Value::unknown()).map(|size| detail(&SizeAtMost(1), size).is_some());
        assert!(of_list && !of_set && of_map);
        for empty in [list(&[]), Value::Set(Vec::new()), Value::Map(crate::value::Entries::new())] {
            assert_eq!(detail(&SizeAtLeast(1), empty).as_deref(), Some("Attribute it must not be empty."));
        }
        let dynamic = Value::dynamic(Type::List(Box::new(Type::String)), list(&[a(), a()]));
        assert!(detail(&SizeAtMost(1), dynamic.clone()).is_some() && detail(&SizeAtMost(2), dynamic).is_none());
        for other in [Value::Null, Value::unknown(), "abc".into(), 3.into()] {
            assert_eq!(detail(&SizeAtMost(0), other), None);
        }
        assert_eq!(SizeAtMost(1).description().as_deref(), Some("Must have at most 1 element."));
        let list_of = Type::List(Box::new(Type::String));
        assert!(SizeAtLeast(1).applies_to(&list_of) && !SizeAtLeast(1).applies_to(&Type::String));
    }

    #[test]
    fn elements_that_are_the_same_are_found() {
        let it = "Attribute it must not have the same element twice";
        for (value, expected) in [
            (list(&["a".into(), "b".into(), "a".into()]), Some(", got: \"a\" twice")),
            (list(&["a".into(), Value::unknown(), "a".into()]), Some(", got: \"a\" twice")),
            (list(&[Value::unknown(), Value::unknown()]), None),
            (list(&[1.into(), 1.into()]), Some(", got: 1 twice")),
            (list(&[Value::Null, Value::Null]), Some("")),
            (Value::object([("k", "a".into()), ("l", "a".into())]), Some(", got: \"a\" twice")),
            (list(&["a".into(), "A".into()]), None),
        ] {
            assert_eq!(detail(&Unique, value.clone()), expected.map(|got| format!("{it}{got}.")));
            assert_eq!(detail_of_secret(&Unique, value), expected.map(|_| format!("{it}.")));
        }
        assert!(!Unique.applies_to(&Type::Set(Box::new(Type::String))));
        assert!(Unique.applies_to(&Type::List(Box::new(Type::String))) && Unique.applies_to(&Type::Tuple(Vec::new())));
    }

    #[test]
    fn each_element_is_validated_at_its_place() {
        let value = list(&["a".into(), "c".into(), Value::unknown(), Value::Null, "d".into()]);
        let validator = EachElement(OneOf(&["a"]));
        let expected = ["Attribute it[1] must be \"a\", got: \"c\".", "Attribute it[4] must be \"a\", got: \"d\"."];
        assert_eq!(details(&validator, value), expected);
        let map = Value::object([("k", "c".into())]);
        let expected = "Attribute it[\"k\"] must be \"a\", got: \"c\".";
        assert_eq!(detail(&validator, map.clone()).as_deref(), Some(expected));
        assert_eq!(detail_of_secret(&validator, map).as_deref(), Some("Attribute it[key] must be \"a\"."));
        let set = Value::set(["c".into()]);
        assert_eq!(detail(&validator, set).as_deref(), Some("Attribute it[element] must be \"a\", got: \"c\"."));
        assert_eq!(validator.description().as_deref(), Some("Each element must be \"a\"."));
        assert!(validator.applies_to(&Type::Map(Box::new(Type::String))));
        assert!(!validator.applies_to(&Type::List(Box::new(Type::Number))) && !validator.applies_to(&Type::String));
        let pair = |second| Type::Tuple(vec![Type::String, second]);
        assert!(validator.applies_to(&pair(Type::String)) && !validator.applies_to(&pair(Type::Number)));
        assert_eq!(EachElement(OneOf(&[])).mistakes(), ["It leaves no choice."]);
        assert_eq!(EachElement(ConflictsWith(&["other"])).paths(), ["other"]);
        let nested = EachElement(EachElement(AtLeast(1)));
        let deep = list(&[list(&[1.into(), 0.into()])]);
        assert_eq!(detail(&nested, deep).as_deref(), Some("Attribute it[0][1] must be at least 1, got: 0."));
        assert_eq!(nested.description().as_deref(), Some("Each element of each element must be at least 1."));
    }

    #[test]
    fn each_key_is_validated() {
        let validator = EachKey(OneOf(&["a"]));
        let map = Value::object([("a", Value::unknown()), ("b", Value::Null)]);
        let expected = "Key \"b\" of attribute it must be \"a\".";
        assert_eq!(detail(&validator, map.clone()).as_deref(), Some(expected));
        assert_eq!(detail_of_secret(&validator, map).as_deref(), Some("A key of attribute it must be \"a\"."));
        assert_eq!(validator.description().as_deref(), Some("Each key must be \"a\"."));
        let map_of = Type::Map(Box::new(Type::Number));
        assert!(validator.applies_to(&map_of) && !EachKey(AtLeast(1)).applies_to(&map_of));
        assert!(!EachKey(LengthAtLeast(1)).applies_to(&Type::List(Box::new(Type::String))));
        assert_eq!(EachKey(OneOf(&[])).mistakes(), ["It leaves no choice."]);
    }
}
