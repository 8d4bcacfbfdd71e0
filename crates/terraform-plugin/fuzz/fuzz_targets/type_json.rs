//! Types as JSON.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| terraform_plugin::fuzzing::type_json(bytes));
