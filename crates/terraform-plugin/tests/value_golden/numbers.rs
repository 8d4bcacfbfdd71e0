//! Numbers of every size.

use terraform_plugin::value::{Type, Value};

use crate::{both_ways, bytes, is_read, is_refused, text_bytes};

fn number(text: &str) -> Value {
    Value::Number(text.parse().expect("it is a number"))
}

#[test]
fn integers_take_the_shortest_form() {
    for (text, hex) in [
        ("0", "00"),
        ("127", "7f"),
        ("128", "cc 80"),
        ("255", "cc ff"),
        ("256", "cd 0100"),
        ("65535", "cd ffff"),
        ("65536", "ce 00010000"),
        ("4294967295", "ce ffffffff"),
        ("4294967296", "cf 0000000100000000"),
        ("9223372036854775807", "cf 7fffffffffffffff"),
        ("9223372036854775808", "cf 8000000000000000"),
        ("18446744073709551615", "cf ffffffffffffffff"),
        ("-1", "ff"),
        ("-32", "e0"),
        ("-33", "d0 df"),
        ("-128", "d0 80"),
        ("-129", "d1 ff7f"),
        ("-32768", "d1 8000"),
        ("-32769", "d2 ffff7fff"),
        ("-2147483648", "d2 80000000"),
        ("-2147483649", "d3 ffffffff7fffffff"),
        ("-9223372036854775808", "d3 8000000000000000"),
    ] {
        both_ways(&Type::Number, &number(text), &bytes(hex));
    }
    both_ways(&Type::Number, &number("1.0"), &bytes("01"));
    // Zero has no sign: `big.Float.Int64` of Go makes 0 of it, exactly.
    both_ways(&Type::Number, &number("-0.0"), &bytes("00"));
}

#[test]
fn fractions_are_floats_where_these_are_exact() {
    for (text, hex) in [
        ("0.5", "cb 3fe0000000000000"),
        ("-1.25", "cb bff4000000000000"),
        ("9007199254740991.5", "b2 393030373139393235343734303939312e35"),
        ("4503599627370495.5", "cb 432fffffffffffff"),
        ("-4503599627370495.5", "cb c32fffffffffffff"),
        // A quarter at the border of the mantissa: an exact float, but one that Terraform would write as ...47.8.
        ("2251799813685247.75", "b3 323235313739393831333638353234372e3735"),
        ("4503599627370495.25", "b3 343530333539393632373337303439352e3235"),
    ] {
        both_ways(&Type::Number, &number(text), &bytes(hex));
    }
}

#[test]
fn all_other_numbers_are_decimal_digits() {
    let ten_to_100 = format!("1{}", "0".repeat(100));
    for (text, digits) in [
        ("0.1", "0.1"),
        ("-1e-7", "-0.0000001"),
        ("1e100", ten_to_100.as_str()),
        // A power of two is an exact float, but Terraform would round it in its state.
        ("18446744073709551616", "18446744073709551616"),
        ("-9223372036854775809", "-9223372036854775809"),
        ("3.14159265358979323846264338327950288419716939937510", "3.1415926535897932384626433832795028841971693993751"),
    ] {
        both_ways(&Type::Number, &number(text), &text_bytes(digits));
    }
}

#[test]
fn numbers_are_read_in_every_form() {
    for hex in ["05", "cc 05", "cd 0005", "ce 00000005", "cf 0000000000000005", "d0 05", "d1 0005", "d2 00000005"] {
        is_read(&Type::Number, hex, &Value::from(5));
    }
    for hex in ["d3 0000000000000005", "ca 40a00000", "cb 4014000000000000", "a1 35", "a3 352e30", "a3 356530"] {
        is_read(&Type::Number, hex, &Value::from(5));
    }
    // go-cty writes whole numbers from 2^63 on as digits, and reads them in either form: `marshal` in
    // `cty/msgpack/marshal.go` only asks whether they fit `int64`.
    is_read(&Type::Number, "b3 39323233333732303336383534373735383038", &number("9223372036854775808"));
    is_read(&Type::Number, "cb 8000000000000000", &Value::from(0));
}

/// `rawNumberEqual` of go-cty compares the shortest decimals, and `log(10, 3)` is a float.
#[test]
fn a_float_is_its_shortest_decimal() {
    for (hex, text) in [
        ("cb 3fb999999999999a", "0.1"),
        ("ca 3dcccccd", "0.10000000149011612"),
        ("cb 4000c468ef9537c2", "2.095903274289385"),
        ("cb 43e0000000000000", "9223372036854776000"),
        ("cb 0000000000000001", "5e-324"),
        ("cb ffefffffffffffff", "-17976931348623157e292"),
    ] {
        is_read(&Type::Number, hex, &number(text));
        let written = number(text).to_msgpack(&Type::Number).expect("it is a number");
        assert_eq!(Value::from_msgpack(&written, &Type::Number), Ok(number(text)));
        let state = Value::from_json(text, &Type::Number).expect("it is a number");
        assert_eq!(Value::from_msgpack(&bytes(hex), &Type::Number), Ok(state));
    }
    // What is more exact than that is another number, and stays it.
    let exact = "0.1000000000000000055511151231257827021181583404541015625";
    both_ways(&Type::Number, &number(exact), &text_bytes(exact));
}

#[test]
fn infinite_numbers_are_refused() {
    let message = "at (root): expected a number, found infinity, or what is not a number";
    for hex in ["cb 7ff0000000000000", "cb fff0000000000000", "cb 7ff8000000000000", "ca 7f800000"] {
        is_refused(&Type::Number, &bytes(hex), message);
    }
}
