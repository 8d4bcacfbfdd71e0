//! The `Retry-After` header.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| tensorpool::decoders::retry_after(bytes));
