//! Models of collections.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::hash::{BuildHasher, Hash};

use super::{Model, ModelError, Shape};
use crate::path::Step;
use crate::value::Value;

impl<T: Model> Model for Vec<T> {
    fn from_value(value: Value) -> Result<Self, ModelError> {
        match value {
            Value::List(elements) | Value::Set(elements) => elements
                .into_iter()
                .enumerate()
                .map(|(index, element)| T::from_value(element).map_err(|error| error.inside(Step::Index(index))))
                .collect(),
            other => Err(ModelError::new("a list", &other)),
        }
    }

    fn into_value(self) -> Value {
        Value::List(self.into_iter().map(T::into_value).collect())
    }

    fn shape() -> Shape {
        Shape::list(T::shape())
    }
}

/// The elements of a set, in no order. Equal ones are taken once.
macro_rules! set {
    ($set:ident<$element:ident $(, $hasher:ident)?>: $($bounds:tt)*) => {
        impl<$element: Model + $($bounds)* $(, $hasher: BuildHasher + Default + Clone + Send + Sync + 'static)?> Model
            for $set<$element $(, $hasher)?>
        {
            fn from_value(value: Value) -> Result<Self, ModelError> {
                match value {
                    Value::List(elements) | Value::Set(elements) => elements
                        .into_iter()
                        .map(|value| {
                            let step = Step::Element(Box::new(value.clone()));
                            $element::from_value(value).map_err(|error| error.inside(step))
                        })
                        .collect(),
                    other => Err(ModelError::new("a set", &other)),
                }
            }

            fn into_value(self) -> Value {
                Value::set(self.into_iter().map($element::into_value))
            }

            fn shape() -> Shape {
                Shape::set($element::shape())
            }
        }
    };
}

set!(BTreeSet<T>: Ord);
set!(HashSet<T, S>: Eq + Hash);

/// The elements of a map, by their keys.
macro_rules! map {
    ($map:ident<$element:ident $(, $hasher:ident)?>) => {
        impl<$element: Model $(, $hasher: BuildHasher + Default + Clone + Send + Sync + 'static)?> Model
            for $map<String, $element $(, $hasher)?>
        {
            fn from_value(value: Value) -> Result<Self, ModelError> {
                match value {
                    Value::Map(entries) => entries
                        .into_iter()
                        .map(|(key, element)| match $element::from_value(element) {
                            Ok(element) => Ok((key.into(), element)),
                            Err(error) => Err(error.inside(Step::Key(key.into()))),
                        })
                        .collect(),
                    other => Err(ModelError::new("a map", &other)),
                }
            }

            fn into_value(self) -> Value {
                Value::Map(self.into_iter().map(|(key, element)| (key, element.into_value())).collect())
            }

            fn shape() -> Shape {
                Shape::map($element::shape())
            }
        }
    };
}

map!(BTreeMap<T>);
map!(HashMap<T, S>);

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Attr;

    fn round<M: Model>(value: Value) -> Value {
        M::from_value(value).expect("it is such a collection").into_value()
    }

    #[test]
    fn collections_survive_the_way_into_a_model_and_back() {
        let list = || Value::List(vec!["b".into(), Value::unknown(), Value::Null, "a".into()]);
        let set = Value::set(["b".into(), Value::unknown(), Value::Null, "a".into()]);
        assert_eq!(round::<Vec<Attr<String>>>(list()), list());
        assert_eq!(round::<BTreeSet<Attr<String>>>(set.clone()), set);
        assert_eq!(round::<HashSet<Attr<String>>>(set.clone()), set);
        let map = Value::object([("a", 1.into()), ("b", Value::unknown())]);
        assert_eq!(round::<BTreeMap<String, Attr<u8>>>(map.clone()), map);
        assert_eq!(round::<HashMap<String, Attr<u8>>>(map.clone()), map);
    }

    #[test]
    fn what_does_not_fit_is_reported_with_its_place() {
        let error = |error: ModelError| error.to_string().replace("the model does not fit the schema at ", "");
        let set = Value::Set(vec![true.into()]);
        let reported = BTreeSet::<String>::from_value(set).map_err(error);
        assert_eq!(reported, Err("[element]: expected a string, found a bool".to_owned()));
        let reported = HashMap::<String, bool>::from_value(Value::object([("a", Value::Null)])).map_err(error);
        assert_eq!(reported.err().as_deref(), Some("[\"a\"]: expected a bool, found null"));
        let reported = HashSet::<String>::from_value(true.into()).map_err(error);
        assert_eq!(reported, Err("(root): expected a set, found a bool".to_owned()));
    }
}
