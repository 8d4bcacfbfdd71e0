//! The value codec, on a state of many objects.

use std::time::{Duration, Instant};

use terraform_plugin::value::{Type, Value};

use crate::figures::{mebibytes, median};
use crate::process;

const OBJECTS: i64 = 10_000;
const RUNS: usize = 11;

fn ty() -> Type {
    let text = || Box::new(Type::String);
    Type::List(Box::new(Type::object([
        ("id", Type::String),
        ("name", Type::String),
        ("num_nodes", Type::Number),
        ("price", Type::Number),
        ("deletion_protection", Type::Bool),
        ("public_keys", Type::Set(text())),
        ("labels", Type::Map(text())),
    ])))
}

fn state() -> Value {
    let price: Value = "12.345".parse().map(Value::Number).expect("it is a number");
    let object = |number: i64| {
        let keys = ["ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIB me", "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIC you"];
        Value::object([
            ("id", Value::from(format!("c-{number:012x}"))),
            ("name", Value::from(format!("training-{number}"))),
            ("num_nodes", number.into()),
            ("price", price.clone()),
            ("deletion_protection", true.into()),
            ("public_keys", Value::set(keys.map(Value::from))),
            ("labels", Value::object([("team", Value::from("ml")), ("run", Value::from(format!("{number}")))])),
        ])
    };
    Value::List((0..OBJECTS).map(object).collect())
}

fn timed<T>(mut work: impl FnMut() -> T) -> Duration {
    median((0..RUNS).map(|_| {
        let begin = Instant::now();
        let result = work();
        let elapsed = begin.elapsed();
        drop(result);
        elapsed
    }))
}

/// Encodes and decodes, and prints how quickly.
#[expect(clippy::cast_precision_loss, reason = "it is for reading")]
pub fn run() {
    let (ty, state) = (ty(), state());
    let encode = || state.to_msgpack(&ty).expect("the state is of the type");
    let bytes = encode();
    let decode = || Value::from_msgpack(&bytes, &ty).expect("the bytes are of the type");
    let rate = |time: Duration| format!("{:.0} MiB/s", bytes.len() as f64 / f64::from(1 << 20) / time.as_secs_f64());
    let (encoding, decoding) = (timed(encode), timed(decode));
    println!(
        "\nCodec: a state of {OBJECTS} objects, {} of msgpack (medians of {RUNS} runs)",
        mebibytes(bytes.len() as u64)
    );
    println!("  encode                 {}", rate(encoding));
    println!("  decode                 {}", rate(decoding));
    // Every allocator keeps some of what it had, so what is new is the difference to a copy that is still held.
    let before = process::reset();
    let held = [decode(), decode(), decode(), decode()];
    let after = process::own();
    let each = after.peak.saturating_sub(before.resident) as f64 / held.len() as f64;
    println!("  memory of the values   {:.1} times the message", each / bytes.len() as f64);
}
