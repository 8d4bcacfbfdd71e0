//! Types as JSON.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| terraform_plugin::decoders::type_json(bytes));
