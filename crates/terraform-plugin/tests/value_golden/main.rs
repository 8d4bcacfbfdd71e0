//! The bytes of values, one by one: what Terraform's `object-wire-format.md` and the encoder of `go-cty` lay down.

use terraform_plugin::value::{Type, Value};

mod numbers;
mod unknown;

fn bytes(hex: &str) -> Vec<u8> {
    let digits: String = hex.split_whitespace().collect();
    assert!(digits.len().is_multiple_of(2), "{hex}");
    (0..digits.len()).step_by(2).map(|at| u8::from_str_radix(&digits[at..at + 2], 16).expect("it is hex")).collect()
}

fn list(ty: Type) -> Type {
    Type::List(Box::new(ty))
}

fn text_bytes(text: &str) -> Vec<u8> {
    let length = u8::try_from(text.len()).expect("it is short");
    let mut bytes = if length < 32 { vec![0xa0 | length] } else { vec![0xd9, length] };
    bytes.extend_from_slice(text.as_bytes());
    bytes
}

/// The value is written as these bytes, and these bytes are read as the value.
fn both_ways(ty: &Type, value: &Value, expected: &[u8]) {
    assert_eq!(value.to_msgpack(ty).as_deref(), Ok(expected), "writing {value:?}");
    assert_eq!(Value::from_msgpack(expected, ty).as_ref(), Ok(value), "reading {expected:02x?}");
}

/// These bytes, which Terraform may send, are read as the value.
fn is_read(ty: &Type, sent: &str, value: &Value) {
    assert_eq!(Value::from_msgpack(&bytes(sent), ty).as_ref(), Ok(value), "reading {sent}");
}

fn is_refused(ty: &Type, sent: &[u8], message: &str) {
    let error = Value::from_msgpack(sent, ty).expect_err("the bytes are wrong");
    assert_eq!(error.to_string(), message, "reading {sent:02x?}");
}

fn is_not_written(ty: &Type, value: &Value, message: &str) {
    assert_eq!(value.to_msgpack(ty).expect_err("the value is wrong").to_string(), message, "writing {value:?}");
}

#[test]
fn texts_are_utf_8_in_normal_form_c() {
    both_ways(&Type::String, &"".into(), &bytes("a0"));
    both_ways(&Type::String, &"hi".into(), &bytes("a2 6869"));
    both_ways(&Type::String, &"x".repeat(31).into(), &text_bytes(&"x".repeat(31)));
    both_ways(&Type::String, &"x".repeat(32).into(), &text_bytes(&"x".repeat(32)));
    both_ways(&Type::String, &"\u{e9}".into(), &bytes("a2 c3a9"));
    let long = "x".repeat(65536);
    let head = |text: &str| Value::from(text).to_msgpack(&Type::String).map(|bytes| bytes[..5].to_vec());
    assert_eq!(head(&long[..256]), Ok(bytes("da 0100 7878")));
    assert_eq!(head(&long), Ok(bytes("db 00010000")));
    // e and a combining accent.
    let apart = Value::String("e\u{301}".to_owned());
    assert_eq!(apart.to_msgpack(&Type::String), Ok(bytes("a2 c3a9")));
    is_read(&Type::String, "a3 65cc81", &"\u{e9}".into());
    is_read(&Type::String, "d9 02 6869", &"hi".into());
    is_read(&Type::String, "c4 02 6869", &"hi".into());
    is_refused(&Type::String, &bytes("a1 ff"), "at (root): expected a string, found bytes that are not UTF-8");
}

#[test]
fn collections_hold_their_elements() {
    let [yes, no] = [Value::Bool(true), Value::Bool(false)];
    both_ways(&list(Type::Bool), &Value::List(vec![]), &bytes("90"));
    both_ways(&list(Type::Bool), &Value::List(vec![yes.clone(), Value::Null, no.clone()]), &bytes("93 c3 c0 c2"));
    both_ways(&Type::Set(Box::new(Type::Bool)), &Value::Set(vec![no.clone(), yes.clone()]), &bytes("92 c2 c3"));
    both_ways(
        &Type::Map(Box::new(Type::Bool)),
        &Value::object([("b", no), ("a", yes.clone())]),
        &bytes("82 a161c3 a162c2"),
    );
    both_ways(&Type::Tuple(vec![Type::Bool, Type::Number]), &Value::List(vec![yes, 1.into()]), &bytes("92 c3 01"));
    let many = Value::List(vec![Value::Null; 16]);
    both_ways(&list(Type::Bool), &many, &[bytes("dc 0010"), vec![0xc0; 16]].concat());
    let many = Value::List(vec![Value::Null; 65536]);
    both_ways(&list(Type::Bool), &many, &[bytes("dd 00010000"), vec![0xc0; 65536]].concat());
    let entries = (0..16).map(|index| (format!("{index:02}"), Value::Null));
    let keys: Vec<u8> = (0..16).flat_map(|index| [text_bytes(&format!("{index:02}")), vec![0xc0]].concat()).collect();
    both_ways(&Type::Map(Box::new(Type::Bool)), &Value::object(entries), &[bytes("de 0010"), keys].concat());
}

#[test]
fn the_keys_of_maps_are_texts_too() {
    let ty = Type::Map(Box::new(Type::Bool));
    is_read(&ty, "81 a3 65cc81 c3", &Value::object([("\u{e9}", Value::Bool(true))]));
    for (hex, found) in
        [("01", "a number"), ("c0", "null"), ("c3", "a bool"), ("d40000", "an unknown value"), ("90", "an array")]
    {
        let message = format!("at (root): expected a key, found {found}");
        is_refused(&ty, &bytes(&format!("81 {hex} c3")), &message);
    }
    // What stands there twice counts once, and the last counts, as in a map of Go's.
    is_read(&ty, "82 a161 c3 a161 c2", &Value::object([("a", Value::Bool(false))]));
}

#[test]
fn objects_have_exactly_their_attributes() {
    let ty = Type::object([("a", Type::Bool), ("b", Type::Number)]);
    both_ways(&ty, &Value::object([("b", 1.into()), ("a", Value::Null)]), &bytes("82 a161 c0 a162 01"));
    is_read(&ty, "82 a162 01 a161 c0", &Value::object([("b", 1.into()), ("a", Value::Null)]));
    is_refused(&ty, &bytes("81 a161 c0"), "at b: expected a value, found no attribute");
    is_refused(&ty, &bytes("83 a161c0 a162c0 a163c0"), "at c: expected no such attribute, found a value");
    is_not_written(&ty, &Value::object([("a", Value::Null)]), "at b: expected number, found no attribute");
    let more = Value::object([("a", Value::Null), ("b", Value::Null), ("c", Value::Null)]);
    is_not_written(&ty, &more, "at c: expected no such attribute, found a value");
}

#[test]
fn dynamic_values_carry_their_type() {
    let dynamic = |ty: Type, value: Value| Value::dynamic(ty, value);
    let json = |text: &str| {
        let length = u8::try_from(text.len()).expect("it is short");
        [vec![0x92, 0xc4, length], text.as_bytes().to_vec()].concat()
    };
    let text = dynamic(Type::String, "x".into());
    let text_bytes = [json("\"string\""), bytes("a178")].concat();
    both_ways(&Type::Dynamic, &text, &text_bytes);
    both_ways(&Type::Dynamic, &dynamic(Type::String, Value::Null), &[json("\"string\""), bytes("c0")].concat());
    both_ways(&Type::Dynamic, &dynamic(Type::Bool, Value::unknown()), &[json("\"bool\""), bytes("d40000")].concat());
    let inside = |head: &str| [bytes(head), text_bytes.clone()].concat();
    both_ways(&list(Type::Dynamic), &Value::List(vec![text.clone()]), &inside("91"));
    both_ways(&Type::Map(Box::new(Type::Dynamic)), &Value::object([("k", text.clone())]), &inside("81 a16b"));
    both_ways(&Type::object([("k", Type::Dynamic)]), &Value::object([("k", text.clone())]), &inside("81 a16b"));
    let ty = Type::object([("k", Type::Tuple(vec![Type::Bool, list(Type::Number)]))]);
    let value = Value::object([("k", Value::List(vec![true.into(), Value::List(vec![1.into()])]))]);
    let type_json = json(r#"["object",{"k":["tuple",["bool",["list","number"]]]}]"#);
    both_ways(&Type::Dynamic, &dynamic(ty, value), &[type_json, bytes("81 a16b 92 c3 91 01")].concat());
    // Elements of one collection may be of different types: each carries its own.
    let mixed = Value::object([("a", text), ("b", dynamic(Type::Bool, true.into())), ("c", Value::Null)]);
    let expected =
        [bytes("83 a161"), text_bytes.clone(), bytes("a162"), json("\"bool\""), bytes("c3 a163 c0")].concat();
    both_ways(&Type::Map(Box::new(Type::Dynamic)), &mixed, &expected);
    // The JSON of a type is bytes of the shortest form, for example `EncodeBytes` writes them.
    let wide = Type::Tuple(vec![Type::String; 30]);
    let name = wide.to_json().to_string();
    let expected = [
        bytes("92 c5"),
        u16::try_from(name.len()).expect("it is short").to_be_bytes().to_vec(),
        name.into_bytes(),
        bytes("c0"),
    ]
    .concat();
    both_ways(&Type::Dynamic, &dynamic(wide, Value::Null), &expected);
    // The type may also come as text.
    is_read(&Type::Dynamic, "92 a6 22626f6f6c22 c3", &dynamic(Type::Bool, true.into()));
    is_refused(&Type::Dynamic, &bytes("92 a1 78 c3"), "at (root): expected a type as JSON, found what is not JSON");
    is_refused(&Type::Dynamic, &bytes("91 c3"), "at (root): expected dynamic, found an array");
    is_not_written(&Type::Dynamic, &true.into(), "at (root): expected dynamic, found a bool");
}

#[test]
fn a_set_holds_nothing_twice() {
    let ty = Type::Set(Box::new(Type::String));
    let twice = Value::object([("s", Value::Set(vec!["a".into(), "b".into(), "a".into()]))]);
    let message = "at s: expected a set without duplicates, found the same element twice";
    is_not_written(&Type::object([("s", ty.clone())]), &twice, message);
    // Two unknown elements may turn out to differ.
    both_ways(&ty, &Value::Set(vec![Value::unknown(), Value::unknown()]), &bytes("92 d40000 d40000"));
    is_read(&ty, "93 a161 a162 a161", &Value::Set(vec!["a".into(), "b".into()]));
    // A list in the place of a set is written as one: models hold both as vectors.
    assert_eq!(Value::List(vec!["b".into(), "a".into()]).to_msgpack(&ty), Ok(bytes("92 a162 a161")));
}

#[test]
fn errors_name_the_place_and_never_the_value() {
    let ty = Type::object([("m", Type::Map(Box::new(list(Type::Object([("p".to_owned(), Type::Bool)].into())))))]);
    let value =
        |inner: Value| Value::object([("m", Value::object([("k", Value::List(vec![Value::object([("p", inner)])]))]))]);
    let message = "at m[\"k\"][0].p: expected bool, found a string";
    is_not_written(&ty, &value("hunter2".into()), message);
    is_refused(&ty, &bytes("81 a16d 81 a16b 91 81 a170 a768756e74657232"), message);
    is_refused(&Type::Number, &bytes("a768756e74657232"), "at (root): expected a number, found a text that is not one");
}

#[test]
fn lengths_that_lie_cost_nothing() {
    let short = "at (root): expected a msgpack value, found the end of the bytes";
    for (ty, hex) in [
        (Type::String, "db ffffffff 78"),
        (Type::Bool, ""),
        (Type::Number, "cf 00"),
        (Type::String, "c6 ffffffff"),
        (Type::Bool, "c9 ffffffff 00"),
        (Type::Map(Box::new(Type::Bool)), "df ffffffff"),
    ] {
        is_refused(&ty, &bytes(hex), short);
    }
    let error = "at [0]: expected a msgpack value, found the end of the bytes";
    is_refused(&list(Type::Bool), &bytes("dd ffffffff"), error);
    is_refused(&Type::Bool, &bytes("c3 c3"), "at (root): expected the end, found more bytes");
    is_refused(&Type::Bool, &bytes("c1"), "at (root): expected a msgpack value, found a reserved byte");
    is_refused(&Type::Tuple(vec![Type::Bool]), &bytes("92 c3 c3"), "at (root): expected tuple, found an array");
}

#[test]
fn nesting_has_a_limit() {
    // Each level is a dynamic value whose type is dynamic again.
    let level = bytes("92 c4 09 2264796e616d696322");
    let deep = |levels: usize| [level.repeat(levels), vec![0xc0]].concat();
    assert!(Value::from_msgpack(&deep(100), &Type::Dynamic).is_ok());
    let error = Value::from_msgpack(&deep(100_000), &Type::Dynamic).expect_err("it is too deep");
    assert_eq!(error.to_string(), "at (root): expected a value, found one that is nested too deeply");
    let refined = |levels: u16| {
        [bytes("c8"), (levels + 2).to_be_bytes().to_vec(), bytes("0c 81 09"), vec![0x91; levels.into()]].concat()
    };
    assert_eq!(Value::from_msgpack(&refined(60_000), &Type::Bool), Ok(Value::unknown()));
}
