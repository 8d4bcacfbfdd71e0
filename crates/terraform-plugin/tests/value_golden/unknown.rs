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
    let unknown = Value::refined;
    both_ways(&Type::Bool, &unknown(not_null()), &bytes("c7 03 0c 81 01 c2"));
    let prefix = Refinements { prefix: Some("i-".to_owned()), ..not_null() };
    both_ways(&Type::String, &unknown(prefix), &bytes("c7 07 0c 82 01c2 02 a2692d"));
    let bounds = Refinements {
        lower_bound: Some((Number::from(1), true)),
        upper_bound: Some(("2.5".parse().expect("it is a number"), false)),
        ..Refinements::default()
    };
    both_ways(&Type::Number, &unknown(bounds), &bytes("c7 11 0c 82 03 92 01 c3 04 92 cb 4004000000000000 c2"));
    let lengths = Refinements { min_length: Some(1), max_length: Some(200), ..Refinements::default() };
    both_ways(&list(Type::Bool), &unknown(lengths), &bytes("c7 06 0c 82 05 01 06 cc c8"));
}

/// The float has an exact value of 301 digits, which no text of a number may have.
#[test]
fn a_bound_that_could_not_be_written_again_says_nothing() {
    let known = Value::refined(Refinements { not_null: true, ..Refinements::default() });
    is_read(&Type::Number, "c7 0f 0c 82 01 c2 03 92 cb 7e37e43c8800759c c2", &known);
}

#[test]
fn refinements_of_later_versions_are_passed_over() {
    let known = Value::refined(Refinements { not_null: true, ..Refinements::default() });
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
    let wrong = Value::refined(Refinements {
        prefix: Some("x".to_owned()),
        min_length: Some(1),
        lower_bound: Some((Number::from(1), true)),
        ..Refinements::default()
    });
    assert_eq!(wrong.to_msgpack(&Type::Bool), Ok(bytes("d4 00 00")));
    assert_eq!(wrong.to_msgpack(&Type::String), Ok(bytes("d6 0c 81 02 a178")));
    let long = Value::refined(Refinements { not_null: true, prefix: Some("x".repeat(400)), ..Refinements::default() });
    assert_eq!(long.to_msgpack(&Type::String), Ok(bytes("c7 03 0c 81 01 c2")));
    assert_eq!(long.to_msgpack(&Type::Dynamic), Ok(bytes("d4 00 00")));
}

/// `assertConsistentBounds` and `assertConsistentLengthBounds` of go-cty (`cty/unknown_refinement.go`) panic, and with
/// them Terraform, when no value is within the bounds.
#[test]
fn bounds_that_contradict_each_other_are_not_written() {
    let plain = Ok(bytes("d4 00 00"));
    let between = |lower: (i64, bool), upper: (i64, bool)| {
        let bound = |(number, inclusive): (i64, bool)| Some((Number::from(number), inclusive));
        let known = Refinements { lower_bound: bound(lower), upper_bound: bound(upper), ..Refinements::default() };
        Value::refined(known).to_msgpack(&Type::Number)
    };
    assert_eq!(between((2, true), (1, true)), plain);
    assert_eq!(between((1, true), (1, false)), plain);
    assert_eq!(between((1, false), (1, false)), plain);
    assert_eq!(between((1, true), (1, true)), Ok(bytes("c7 09 0c 82 03 92 01 c3 04 92 01 c3")));
    assert_eq!(between((1, false), (2, false)), Ok(bytes("c7 09 0c 82 03 92 01 c2 04 92 02 c2")));
    let lengths = |min_length, max_length| {
        let known = Refinements { min_length, max_length, ..Refinements::default() };
        Value::refined(known).to_msgpack(&Type::Map(Box::new(Type::Bool)))
    };
    assert_eq!(lengths(Some(2), Some(1)), plain);
    assert_eq!(lengths(None, Some(-1)), plain);
    assert_eq!(lengths(Some(-1), None), plain);
    assert_eq!(lengths(Some(-1), Some(0)), Ok(bytes("c7 03 0c 81 06 00")));
}

/// `marshalUnknownValue` of go-cty (`cty/msgpack/unknown.go`): one map, the keys in the order of their numbers, the
/// extension's length in as few bytes as will do.
#[test]
fn every_refinement_has_its_key() {
    let known = |known: Refinements| Value::refined(Refinements { not_null: true, ..known });
    let none = Refinements::default;
    let lower = Refinements { lower_bound: Some((Number::from(-1), false)), ..none() };
    both_ways(&Type::Number, &known(lower), &bytes("c7 07 0c 82 01c2 03 92 ff c2"));
    let upper = Refinements { upper_bound: Some(("1e30".parse().expect("it is a number"), true)), ..none() };
    let digits = [vec![0xbf], format!("1{}", "0".repeat(30)).into_bytes()].concat();
    let expected = [bytes("c7 26 0c 82 01c2 04 92"), digits, bytes("c3")].concat();
    both_ways(&Type::Number, &known(upper), &expected);
    let set = Type::Set(Box::new(Type::String));
    both_ways(&set, &known(Refinements { min_length: Some(1), ..none() }), &bytes("c7 05 0c 82 01c2 05 01"));
    both_ways(&set, &known(Refinements { max_length: Some(0), ..none() }), &bytes("c7 05 0c 82 01c2 06 00"));
    for ty in [Type::object([("a", Type::Bool)]), Type::Tuple(vec![]), Type::Map(Box::new(Type::Bool))] {
        both_ways(&ty, &known(none()), &bytes("c7 03 0c 81 01 c2"));
    }
    let prefix = "p".repeat(256);
    let expected = [bytes("c8 0107 0c 82 01c2 02 da 0100"), prefix.clone().into_bytes()].concat();
    both_ways(&Type::String, &known(Refinements { prefix: Some(prefix), ..none() }), &expected);
}

#[test]
fn unknown_values_stand_inside_collections() {
    both_ways(&list(Type::String), &Value::List(vec![Value::unknown(), "a".into()]), &bytes("92 d40000 a161"));
    let map = Value::object([("k", Value::refined(Refinements { not_null: true, ..Refinements::default() }))]);
    both_ways(&Type::Map(Box::new(Type::Bool)), &map, &bytes("81 a16b c703 0c 81 01 c2"));
    let tuple = Value::List(vec![Value::unknown(), Value::Null]);
    both_ways(&Type::Tuple(vec![Type::Dynamic, Type::Dynamic]), &tuple, &bytes("92 d40000 c0"));
}
