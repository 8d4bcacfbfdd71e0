//! Decodes the body of an error response.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| tensorpool::fuzzing::error_body(bytes));
