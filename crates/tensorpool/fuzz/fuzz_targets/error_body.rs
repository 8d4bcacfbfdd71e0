//! The body of an answer that is a failure.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| tensorpool::decoders::error_body(bytes));
