//! Null and unknown values, and what is known of these.

use terraform_plugin::value::{Number, Refinements, Type, Value};

use crate::{both_ways, bytes, is_read, list};

#[test]
fn every_type_may_be_null_or_unknown() {
    let types = [
        Type::Bool,
        Type::Number,
        Type::String,
        Type::Dynamic,
        list(Type::Bool),
        Type::Set(Box::new(Type::Bool)),
        Type::Map(Box::new(Type::Bool)),
        Type::Tuple(vec![Type::Bool]),
        Type::object([("a", Type::Bool)]),
    ];
    for ty in &types {
        both_ways(ty, &Value::Null, &bytes("c0"));
        both_ways(ty, &Value::unknown(), &bytes("d4 00 00"));
        // Any other extension means the same.
        for hex in
            ["d4 07 ff", "c7 00 00", "d6 ff 00000000", "c7 03 05 010203", "d8 00 00112233445566778899aabbccddeeff"]
        {
            is_read(ty, hex, &Value::unknown());
        }
    }
}

#[test]
fn what_is_known_of_an_unknown_value_is_kept() {
    let not_null = || Refinements { not_null: true, ..Refinements::default() };
    let unknown = Value::Unknown;
    both_ways(&Type::Bool, &unknown(not_null()), &bytes("c7 03 0c 81 01 c2"));
    let prefix = Refinements { prefix: Some("i-".to_owned()), ..not_null() };
    both_ways(&Type::String, &unknown(prefix), &bytes("c7 07 0c 82 01c2 02 a2692d"));
    let bounds = Refinements {
        lower_bound: Some((Number::from(1), true)),
        upper_bound: Some(("0.5".parse().expect("it is a number"), false)),
        ..Refinements::default()
    };
    both_ways(&Type::Number, &unknown(bounds), &bytes("c7 11 0c 82 03 92 01 c3 04 92 cb 3fe0000000000000 c2"));
    let lengths = Refinements { min_length: Some(1), max_length: Some(200), ..Refinements::default() };
    both_ways(&list(Type::Bool), &unknown(lengths), &bytes("c7 06 0c 82 05 01 06 cc c8"));
}

#[test]
fn refinements_of_later_versions_are_passed_over() {
    let known = Value::Unknown(Refinements { not_null: true, ..Refinements::default() });
    // Key 9 holds an array of a map and a text.
    is_read(&Type::Bool, "c7 0b 0c 82 09 92 81 01 02 a1 78 01 c2 ff", &known);
}

#[test]
fn broken_refinements_say_nothing() {
    for hex in
        ["d4 0c ff", "c7 02 0c 82 01", "c7 03 0c 81 01 a1", "c7 03 0c 81 a1 01", "c7 02 0c 91 01", "c7 03 0c 81 03 01"]
    {
        is_read(&Type::Number, hex, &Value::unknown());
    }
}

#[test]
fn refinements_that_terraform_refuses_are_not_written() {
    let wrong = Value::Unknown(Refinements {
        prefix: Some("x".to_owned()),
        min_length: Some(1),
        lower_bound: Some((Number::from(1), true)),
        ..Refinements::default()
    });
    assert_eq!(wrong.to_msgpack(&Type::Bool), Ok(bytes("d4 00 00")));
    assert_eq!(wrong.to_msgpack(&Type::String), Ok(bytes("d6 0c 81 02 a178")));
    let long = Value::Unknown(Refinements { not_null: true, prefix: Some("x".repeat(400)), ..Refinements::default() });
    assert_eq!(long.to_msgpack(&Type::String), Ok(bytes("c7 03 0c 81 01 c2")));
    assert_eq!(long.to_msgpack(&Type::Dynamic), Ok(bytes("d4 00 00")));
}
