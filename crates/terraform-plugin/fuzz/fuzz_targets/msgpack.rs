//! Values in msgpack, of any type.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| terraform_plugin::fuzzing::msgpack(bytes));
