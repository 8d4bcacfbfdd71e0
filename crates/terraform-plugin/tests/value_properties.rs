//! What holds for every type and every value: nothing is lost on the way to Terraform and back, and no bytes do harm.

use proptest::collection::vec;
use proptest::prelude::*;
use serde_json::Value as Json;
use terraform_plugin::value::{Name, Number, Type, Value};

mod value_strategies;

use value_strategies::{numbers, texts, typed_known_values, typed_values, types};

/// A known value as the JSON of a state file, which holds all digits of a number.
fn state_json(value: &Value) -> String {
    let list = |elements: &[Value]| elements.iter().map(state_json).collect::<Vec<_>>().join(", ");
    match value {
        Value::Null => "null".to_owned(),
        Value::Bool(value) => value.to_string(),
        Value::Number(number) => number.to_string(),
        Value::String(text) => Json::from(text.as_str()).to_string(),
        Value::List(elements) | Value::Set(elements) => format!("[{}]", list(elements)),
        Value::Map(entries) => {
            let entry = |(key, value): (&Name, &Value)| format!("{}: {}", Json::from(key.as_str()), state_json(value));
            format!("{{ {} }}", entries.iter().map(entry).collect::<Vec<_>>().join(","))
        }
        Value::Dynamic(ty, value) => format!(r#"{{"value": {}, "type": {}}}"#, state_json(value), ty.to_json()),
        Value::Unknown(_) => unreachable!("the strategy makes known values"),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn values_survive_the_wire((ty, value) in typed_values()) {
        let bytes = value.to_msgpack(&ty).expect("the value is of the type");
        prop_assert_eq!(Value::from_msgpack(&bytes, &ty), Ok(value));
    }

    #[test]
    fn sizes_survive_the_wire(size in sizes(), element in texts().prop_map(Value::from)) {
        let [list, map] = [Type::List(Box::new(Type::String)), Type::Map(Box::new(Type::Bool))];
        let name = |index: usize| (format!("{index:x}"), Value::Bool(true));
        for (ty, value) in [
            (&Type::String, Value::from("x".repeat(size))),
            (&list, Value::List(vec![element; size])),
            (&map, Value::object((0..size).map(name))),
        ] {
            let bytes = value.to_msgpack(ty).expect("the value is of the type");
            prop_assert!(Value::from_msgpack(&bytes, ty).as_ref() == Ok(&value), "{} of {}", ty, size);
        }
    }

    #[test]
    fn values_survive_a_state_file((ty, value) in typed_known_values()) {
        prop_assert_eq!(Value::from_json(&state_json(&value), &ty), Ok(value));
    }

    #[test]
    fn types_survive_json(ty in types()) {
        prop_assert_eq!(Type::from_json(&ty.to_json()), Ok(ty));
    }

    #[test]
    fn numbers_survive_text(number in numbers()) {
        prop_assert_eq!(number.to_string().parse::<Number>(), Ok(number.clone()));
        if let Some(integer) = number.as_i64() {
            prop_assert_eq!(number.to_string(), integer.to_string());
        }
    }

    #[test]
    fn floats_survive(float in proptest::num::f64::NORMAL | proptest::num::f64::SUBNORMAL | proptest::num::f64::ZERO) {
        let number = Number::try_from(float).expect("it is finite");
        // The value of zero has no sign.
        prop_assert_eq!(number.as_f64().to_bits(), (float + 0.0).to_bits());
    }

    #[test]
    fn a_cut_is_noticed((ty, value) in typed_values(), at in any::<prop::sample::Index>()) {
        let bytes = value.to_msgpack(&ty).expect("the value is of the type");
        let cut = &bytes[..at.index(bytes.len())];
        prop_assert!(Value::from_msgpack(cut, &ty).is_err());
    }

    #[test]
    fn any_bytes_are_a_value_or_an_error(ty in types(), bytes in vec(any::<u8>(), 0..200)) {
        reread(&bytes, &ty)?;
    }

    #[test]
    fn damaged_bytes_are_a_value_or_an_error(
        (ty, value) in typed_values(),
        damage in vec((any::<prop::sample::Index>(), any::<u8>()), 1..4),
    ) {
        let mut bytes = value.to_msgpack(&ty).expect("the value is of the type");
        for (at, byte) in damage {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        reread(&bytes, &ty)?;
    }

    #[test]
    fn any_text_is_a_value_of_the_state_or_an_error(ty in types(), text in "[\\[\\]{}:,\"a-c0-9e. -]{0,40}|\\PC{0,20}") {
        if let Ok(value) = Value::from_json(&text, &ty) {
            prop_assert!(value.to_msgpack(&ty).is_ok());
        }
    }

    #[test]
    fn the_order_of_a_set_means_nothing(
        (former, shuffled) in vec(texts().prop_map(Value::from), 0..6)
            .prop_flat_map(|elements| (Just(elements.clone()), Just(elements).prop_shuffle())),
    ) {
        let ty = Type::Set(Box::new(Type::String));
        let [former, shuffled] = [Value::set(former), Value::set(shuffled)];
        let bytes = shuffled.to_msgpack(&ty).expect("a set has no duplicates");
        prop_assert_eq!(&Value::from_msgpack(&bytes, &ty), &Ok(former.clone()));
        if let Value::Set(mut elements) = shuffled {
            elements.reverse();
            prop_assert_eq!(Value::Set(elements), former);
        }
    }
}

/// Lengths at both sides of every border at which the format takes another width.
fn sizes() -> impl Strategy<Value = usize> {
    const BORDERS: [usize; 4] = [15, 31, 255, 65_535];
    prop_oneof![4 => prop::sample::select(&BORDERS[..]).prop_flat_map(|border| border - 1..border + 3), 1 => 0..300_usize]
}

/// Whatever can be read can be written, and is then read as the same.
fn reread(bytes: &[u8], ty: &Type) -> Result<(), TestCaseError> {
    if let Ok(value) = Value::from_msgpack(bytes, ty) {
        let written = value.to_msgpack(ty).map_err(|error| TestCaseError::fail(error.to_string()))?;
        let again = Value::from_msgpack(&written, ty).map_err(|error| TestCaseError::fail(error.to_string()))?;
        prop_assert_eq!(again.to_msgpack(ty), Ok(written));
    }
    Ok(())
}
