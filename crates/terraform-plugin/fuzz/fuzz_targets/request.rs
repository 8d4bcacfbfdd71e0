//! Requests of every RPC.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| terraform_plugin::fuzzing::request(bytes));
