//! The private data of a state.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| terraform_plugin::fuzzing::private_state(bytes));
