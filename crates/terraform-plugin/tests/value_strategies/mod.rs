//! Strategies for types, and for the values that a type has.

use proptest::collection::{btree_map, vec};
use proptest::option;
use proptest::prelude::*;
use terraform_plugin::value::{Number, Refinements, Type, Value};

/// Types of every kind, nested a few levels.
pub fn types() -> impl Strategy<Value = Type> {
    let leaf = prop_oneof![Just(Type::Bool), Just(Type::Number), Just(Type::String), Just(Type::Dynamic)];
    leaf.prop_recursive(3, 12, 3, |inner| {
        let boxed = inner.clone().prop_map(Box::new);
        prop_oneof![
            boxed.clone().prop_map(Type::List),
            boxed.clone().prop_map(Type::Set),
            boxed.prop_map(Type::Map),
            vec(inner.clone(), 0..3).prop_map(Type::Tuple),
            btree_map("[a-c_]{1,3}", inner, 0..3).prop_map(|types| Type::Object(types.into())),
        ]
    })
}

/// A type, and a value of it.
pub fn typed_values() -> impl Strategy<Value = (Type, Value)> {
    types().prop_flat_map(|ty| (Just(ty.clone()), values(&ty, true)))
}

/// A type, and a value of it in which nothing is unknown.
pub fn typed_known_values() -> impl Strategy<Value = (Type, Value)> {
    types().prop_flat_map(|ty| (Just(ty.clone()), values(&ty, false)))
}

pub fn numbers() -> impl Strategy<Value = Number> {
    let parsed = |text: String| text.parse::<Number>().expect("the pattern describes numbers");
    prop_oneof![
        any::<i64>().prop_map(Number::from),
        any::<u64>().prop_map(Number::from),
        (-300_i64..300).prop_map(Number::from),
        (any::<i32>(), 0..10_i32)
            .prop_map(|(whole, shift)| Number::try_from(f64::from(whole) / 2_f64.powi(shift)).expect("it is finite")),
        proptest::num::f64::NORMAL.prop_map(|float| Number::try_from(float).expect("it is finite")),
        "-?[0-9]{1,50}(\\.[0-9]{1,50})?(e-?[0-9]{1,3})?".prop_map(parsed),
    ]
}

/// Texts, some of them with accents that combine.
pub fn texts() -> impl Strategy<Value = String> {
    prop_oneof!["[a-z]{0,40}", "\\PC{0,8}", "([aeo]\u{301}|\u{e9}|\u{212b}|\u{1100}\u{1161}){0,4}"]
}

fn normal_texts() -> impl Strategy<Value = String> {
    texts().prop_map(|text| match Value::from(text) {
        Value::String(normal) => normal,
        other => unreachable!("a text became {other:?}"),
    })
}

fn values(ty: &Type, unknown: bool) -> BoxedStrategy<Value> {
    let known = known(ty, unknown);
    if unknown {
        prop_oneof![1 => Just(Value::Null), 1 => unknowns(ty), 6 => known].boxed()
    } else {
        prop_oneof![1 => Just(Value::Null), 7 => known].boxed()
    }
}

fn known(ty: &Type, unknown: bool) -> BoxedStrategy<Value> {
    match ty {
        Type::Bool => any::<bool>().prop_map(Value::from).boxed(),
        Type::Number => numbers().prop_map(Value::from).boxed(),
        Type::String => texts().prop_map(Value::from).boxed(),
        Type::List(element) => vec(values(element, unknown), 0..4).prop_map(Value::List).boxed(),
        Type::Set(element) => vec(values(element, unknown), 0..4).prop_map(Value::set).boxed(),
        Type::Map(element) => btree_map(normal_texts(), values(element, unknown), 0..4)
            .prop_map(|entries| Value::Map(entries.into()))
            .boxed(),
        Type::Tuple(types) => {
            types.iter().map(|ty| values(ty, unknown)).collect::<Vec<_>>().prop_map(Value::List).boxed()
        }
        Type::Object(types) => {
            let attributes: Vec<_> = types.iter().map(|(name, ty)| (Just(name.clone()), values(ty, unknown))).collect();
            attributes.prop_map(Value::object).boxed()
        }
        Type::Dynamic => {
            let concrete = prop_oneof![
                Just(Type::Bool),
                Just(Type::Number),
                Just(Type::List(Box::new(Type::String))),
                Just(Type::Tuple(vec![Type::Number, Type::String])),
                Just(Type::object([("a", Type::Map(Box::new(Type::Bool))), ("b", Type::Number)])),
            ];
            concrete
                .prop_flat_map(move |ty| values(&ty, unknown).prop_map(move |value| Value::dynamic(ty.clone(), value)))
                .boxed()
        }
    }
}

/// Unknown values with refinements that mean something for the type.
fn unknowns(ty: &Type) -> BoxedStrategy<Value> {
    let refined = any::<bool>().prop_map(|not_null| Refinements { not_null, ..Refinements::default() });
    let bound = || option::of((numbers(), any::<bool>()));
    let refined = match ty {
        Type::Dynamic => Just(Refinements::default()).boxed(),
        Type::String => (refined, option::of(normal_texts()))
            .prop_map(|(refined, prefix)| Refinements { prefix, ..refined })
            .boxed(),
        Type::Number => (refined, bound(), bound())
            .prop_map(|(refined, lower_bound, upper_bound)| Refinements { lower_bound, upper_bound, ..refined })
            // Bounds that nothing is within are not sent, nor are those of longer numbers.
            .prop_filter("bounds around something", |refined| match (&refined.lower_bound, &refined.upper_bound) {
                (Some((lower, _)), Some((upper, _))) => lower < upper,
                _ => true,
            })
            .prop_filter("short bounds", |refined| {
                [&refined.lower_bound, &refined.upper_bound]
                    .into_iter()
                    .flatten()
                    .all(|(bound, _)| bound.to_string().len() < 250)
            })
            .boxed(),
        Type::List(_) | Type::Set(_) | Type::Map(_) => (refined, option::of(0..1000_i64), option::of(1000..2000_i64))
            .prop_map(|(refined, min_length, max_length)| Refinements { min_length, max_length, ..refined })
            .boxed(),
        Type::Bool | Type::Tuple(_) | Type::Object(_) => refined.boxed(),
    };
    refined.prop_map(Value::refined).boxed()
}
