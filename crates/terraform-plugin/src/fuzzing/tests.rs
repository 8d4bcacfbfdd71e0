//! A bounded run of what the fuzz targets call: good inputs, and thousands of damaged ones, the same on every run.

use prost::Message as _;

use super::{RPCS, handshake, msgpack, private_state, request, rpc, state_json, type_json};
use crate::value::Value;
use crate::wire::generated::tfplugin6 as pb;

/// How often each good input is damaged. The fuzz targets go on for as long as one likes.
const DAMAGED: usize = 1_000;

/// Numbers that look random and are the same on every run (xorshift64).
struct Random(u64);

impl Random {
    fn next(&mut self, below: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 16).expect("it has 48 bits") % below.max(1)
    }

    /// Damages bytes as wires, files and attackers do.
    fn damage(&mut self, bytes: &mut Vec<u8>) {
        const TELLING: [u8; 12] = [0x00, 0x7f, 0x80, 0xc0, 0xc1, 0xc7, 0xd4, 0xdd, 0xdf, 0xff, b'"', b'{'];
        for _ in 0..=self.next(3) {
            let at = self.next(bytes.len());
            match self.next(6) {
                0 => bytes.truncate(at),
                1 => bytes.insert(at, TELLING[self.next(TELLING.len())]),
                2 if !bytes.is_empty() => _ = bytes.remove(at),
                3 => {
                    let copy = bytes[at..].to_vec();
                    bytes.extend(copy);
                }
                4 if !bytes.is_empty() => bytes[at] ^= 1 << self.next(8),
                _ if !bytes.is_empty() => bytes[at] = TELLING[self.next(TELLING.len())],
                _ => {}
            }
        }
    }
}

/// Calls a decoder with these inputs, and with damaged ones.
fn hold(decoder: fn(&[u8]), inputs: &[Vec<u8>]) {
    let mut random = Random(0x9e37_79b9_7f4a_7c15);
    for input in inputs {
        decoder(input);
        for _ in 0..DAMAGED {
            let mut damaged = input.clone();
            random.damage(&mut damaged);
            decoder(&damaged);
        }
    }
}

fn everything() -> Value {
    Value::object([
        ("id", Value::unknown()),
        ("number", 300.into()),
        ("list", Value::List(vec![1.into(), Value::Null])),
        ("set", Value::set(["a".into(), "b".into()])),
        ("map", Value::object([("k", Value::Bool(true))])),
        ("any", Value::dynamic(crate::value::Type::String, "x".into())),
        ("nested", Value::List(vec![Value::object([("flag", Value::Bool(false)), ("text", "t".into())])])),
        ("block", Value::set([Value::object([("text", Value::from("b"))])])),
    ])
}

fn ty() -> crate::value::Type {
    super::sample::schema().object_type()
}

fn with_type(rest: &[u8]) -> Vec<u8> {
    [ty().to_json().to_string().as_bytes(), &[0], rest].concat()
}

fn in_msgpack(value: &Value) -> pb::DynamicValue {
    pb::DynamicValue { msgpack: value.to_msgpack(&ty()).expect("it is of the type"), json: Vec::new() }
}

const STATE: &str = r#"{"id": "i", "number": 1e2, "list": [1, "0.1"], "set": ["a"], "map": {"k": true}, "gone": {},
    "any": {"type": ["list", "bool"], "value": [true]}, "nested": [{"flag": null}], "block": [{"text": "é"}]}"#;

#[test]
fn values_in_msgpack() {
    let refined = br#"["list","number"]"#.iter().chain(b"\0\x91\xc7\x11\x0c\x82\x03\x92\x01\xc3\x04\x92\xcb").copied();
    let bytes = everything().to_msgpack(&ty()).expect("it is of the type");
    hold(msgpack, &[with_type(&bytes), refined.collect(), b"\"dynamic\"\0\x92\xc4\x06\"bool\"\xc3".to_vec()]);
}

#[test]
fn values_in_a_state_file() {
    hold(state_json, &[with_type(STATE.as_bytes()), b"\"number\"\x00123456789012345678901234567890e-5".to_vec()]);
}

#[test]
fn types() {
    hold(type_json, &[ty().to_json().to_string().into_bytes(), br#"["object",{"a":["tuple",[]]},["a"]]"#.to_vec()]);
}

#[test]
fn private_data() {
    // A float that a quick reader misses by its last bit.
    private_state(b"{\"a\":3000000000000000000000000000001}");
    hold(private_state, &[br#"{"request_id":"req_1","n":[1,{"a":null}]}"#.to_vec()]);
}

#[test]
fn the_environment() {
    let certificate = rcgen::generate_simple_self_signed(["localhost".to_owned()]).expect("it can be made").cert.pem();
    let environment = format!(
        "TF_PLUGIN_MAGIC_COOKIE=x\nPLUGIN_PROTOCOL_VERSIONS=5,6\nPLUGIN_MIN_PORT=10000\nTF_LOG=json\n\
         PLUGIN_CLIENT_CERT={}",
        certificate.replace('\n', "\\n")
    );
    hold(handshake, &[environment.into_bytes(), b"PLUGIN_PROTOCOL_VERSIONS=4,,6 ,99999999999".to_vec()]);
}

#[test]
fn requests() {
    let type_name = || "thing".to_owned();
    let value = || Some(in_msgpack(&everything()));
    let of = |name: &str, message: Vec<u8>| [vec![rpc(name)], message].concat();
    let mut inputs: Vec<_> = (0..RPCS).map(|number| vec![u8::try_from(number).expect("there are few")]).collect();
    inputs.extend([
        of("validate_provider_config", pb::validate_provider_config::Request { config: value() }.encode_to_vec()),
        of(
            "upgrade_resource_state",
            pb::upgrade_resource_state::Request {
                type_name: type_name(),
                version: 0,
                raw_state: Some(pb::RawState { json: STATE.as_bytes().to_vec(), ..Default::default() }),
            }
            .encode_to_vec(),
        ),
        of(
            "read_resource",
            pb::read_resource::Request {
                type_name: type_name(),
                current_state: value(),
                private: b"{\"a\":1}".to_vec(),
                ..Default::default()
            }
            .encode_to_vec(),
        ),
        of(
            "plan_resource_change",
            pb::plan_resource_change::Request {
                type_name: type_name(),
                prior_state: value(),
                proposed_new_state: value(),
                config: value(),
                ..Default::default()
            }
            .encode_to_vec(),
        ),
        of(
            "apply_resource_change",
            pb::apply_resource_change::Request {
                type_name: type_name(),
                planned_state: value(),
                config: value(),
                ..Default::default()
            }
            .encode_to_vec(),
        ),
        of(
            "read_data_source",
            pb::read_data_source::Request { type_name: type_name(), config: value(), ..Default::default() }
                .encode_to_vec(),
        ),
        of("call_function", pb::call_function::Request { name: "f".to_owned(), arguments: vec![] }.encode_to_vec()),
    ]);
    hold(request, &inputs);
}
