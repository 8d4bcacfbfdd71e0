//! Parses a `Retry-After` header.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| tensorpool::fuzzing::retry_after(bytes));
