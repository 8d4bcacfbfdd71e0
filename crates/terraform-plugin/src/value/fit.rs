//! Makes a value fit a type, and reports where it did not.

use super::{Entries, Type, Value};
use crate::value::path::{AttributePath, Step};

/// One place at which a value did not fit its type.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Misfit {
    pub path: AttributePath,
    pub kind: MisfitKind,
}

/// How a value did not fit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum MisfitKind {
    /// The type has an attribute that the value lacks. It became null.
    #[error("is missing")]
    Missing,
    /// The value has an attribute that the type lacks. It was dropped.
    #[error("is not in the schema")]
    Extra,
    /// The value is of another kind. It became null.
    #[error("is {0}, which the schema does not allow there")]
    Kind(&'static str),
    /// A set holds an element twice. It was kept once.
    #[error("is a set that holds the same element twice")]
    Duplicate,
}

impl Value {
    /// The nearest value that fits a type: it can always be written. Lists become sets where the type says so, as models
    /// do not distinguish them.
    pub(crate) fn fit(self, ty: &Type) -> (Self, Vec<Misfit>) {
        let mut misfits = Vec::new();
        let value = fit(self, ty, &AttributePath::root(), &mut misfits);
        (value, misfits)
    }
}

fn fit(value: Value, ty: &Type, path: &AttributePath, misfits: &mut Vec<Misfit>) -> Value {
    let mut misfit = |kind| misfits.push(Misfit { path: path.clone(), kind });
    match (ty, value) {
        (_, value @ (Value::Null | Value::Unknown(_)))
        | (Type::Bool, value @ Value::Bool(_))
        | (Type::Number, value @ Value::Number(_))
        | (Type::String, value @ Value::String(_)) => value,
        (Type::List(element), Value::List(elements)) => {
            let fitted = elements.into_iter().enumerate();
            Value::List(fitted.map(|(index, one)| fit(one, element, &path.clone().index(index), misfits)).collect())
        }
        (Type::Set(element), Value::Set(elements) | Value::List(elements)) => {
            let count = elements.len();
            let at = |one: &Value| path.clone().element(one.clone());
            let fitted: Vec<_> =
                elements.into_iter().map(|one| fit(one.clone(), element, &at(&one), misfits)).collect();
            let set = Value::set(fitted);
            if matches!(&set, Value::Set(kept) if kept.len() < count) {
                misfits.push(Misfit { path: path.clone(), kind: MisfitKind::Duplicate });
            }
            set
        }
        (Type::Tuple(types), Value::List(elements)) if types.len() == elements.len() => {
            let fitted = elements.into_iter().zip(types).enumerate();
            let fit = |(index, (one, ty))| fit(one, ty, &path.clone().index(index), misfits);
            Value::List(fitted.map(fit).collect())
        }
        (Type::Map(element), Value::Map(entries)) => {
            Value::Map(entries.map(|key, one| fit(one, element, &path.clone().key(key), misfits)))
        }
        (Type::Object(types), Value::Map(attributes)) => object(attributes, types, path, misfits),
        (Type::Dynamic, Value::Dynamic(actual, inner)) => {
            let inner = fit(*inner, &actual, path, misfits);
            Value::Dynamic(actual, Box::new(inner))
        }
        (_, other) => {
            misfit(MisfitKind::Kind(other.kind()));
            Value::Null
        }
    }
}

fn object(attributes: Entries<Value>, types: &Entries<Type>, path: &AttributePath, misfits: &mut Vec<Misfit>) -> Value {
    // Both are in the order of the names.
    let mut attributes = attributes.into_iter().peekable();
    let (mut fitted, mut extra) = (Vec::with_capacity(types.len()), Vec::new());
    for (name, ty) in types {
        extra.extend(std::iter::from_fn(|| attributes.next_if(|(other, _)| other < name)));
        let path = path.clone().then(Step::Attribute(name.into()));
        fitted.push(if let Some((_, value)) = attributes.next_if(|(other, _)| other == name) {
            fit(value, ty, &path, misfits)
        } else {
            misfits.push(Misfit { path, kind: MisfitKind::Missing });
            Value::Null
        });
    }
    extra.extend(attributes);
    let extra = extra.into_iter().map(|(name, _)| path.clone().attribute(name));
    misfits.extend(extra.map(|path| Misfit { path, kind: MisfitKind::Extra }));
    Value::Map(Entries::of(types.names(), fitted))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_does_not_fit_is_changed_to_fit_and_reported() {
        let ty = Type::object([
            ("tags", Type::Set(Box::new(Type::String))),
            ("name", Type::String),
            ("new", Type::Bool),
            ("ports", Type::List(Box::new(Type::Number))),
        ]);
        let value = Value::object([
            ("tags", Value::List(vec!["b".into(), "a".into(), "b".into()])),
            ("name", Value::Bool(true)),
            ("old", 1.into()),
            ("ports", Value::List(vec![1.into(), "x".into()])),
        ]);
        let (fitted, misfits) = value.fit(&ty);
        assert!(fitted.to_msgpack(&ty).is_ok());
        assert_eq!(fitted.get("tags"), Some(&Value::set(["a".into(), "b".into()])));
        let reported: Vec<_> = misfits.iter().map(|one| format!("{} {}", one.path, one.kind)).collect();
        assert_eq!(
            reported,
            [
                "name is a bool, which the schema does not allow there",
                "new is missing",
                "ports[1] is a string, which the schema does not allow there",
                "tags is a set that holds the same element twice",
                "old is not in the schema",
            ]
        );
    }

    #[test]
    fn a_tuple_of_another_length_does_not_fit() {
        let ty = Type::Tuple(vec![Type::Bool, Type::String]);
        for length in [1, 3] {
            let (fitted, misfits) = Value::List(vec![true.into(); length]).fit(&ty);
            assert_eq!(fitted, Value::Null, "{length}");
            assert_eq!(misfits, [Misfit { path: AttributePath::root(), kind: MisfitKind::Kind("a list") }]);
        }
    }

    #[test]
    fn what_fits_stays_as_it_is() {
        let ty = Type::object([("any", Type::Dynamic), ("pair", Type::Tuple(vec![Type::Bool, Type::String]))]);
        let value = Value::object([
            ("any", Value::dynamic(Type::Number, 1.into())),
            ("pair", Value::List(vec![true.into(), Value::unknown()])),
        ]);
        assert_eq!(value.clone().fit(&ty), (value, Vec::new()));
    }
}
