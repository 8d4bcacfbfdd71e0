//! Values as in a state file, of any type.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| terraform_plugin::fuzzing::state_json(bytes));
