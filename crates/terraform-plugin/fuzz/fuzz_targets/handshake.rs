//! The environment that a provider is started with.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| terraform_plugin::fuzzing::handshake(bytes));
