//! Compiles the protocol buffers. protox does it in Rust, so that no protoc has to be installed.

use std::path::PathBuf;

use prost::Message as _;

const PROTOS: [&str; 4] = ["tfplugin6.proto", "grpc_controller.proto", "grpc_broker.proto", "grpc_stdio.proto"];

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let directory = PathBuf::from(std::env::var("CARGO_MANIFEST_DIR")?).join("../../proto");
    println!("cargo::rerun-if-changed={}", directory.display());
    let descriptors = protox::compile(PROTOS, [&directory])?;
    // A test compares them with what Terraform has.
    let out = PathBuf::from(std::env::var("OUT_DIR")?);
    std::fs::write(out.join("descriptors.bin"), descriptors.encode_to_vec())?;
    // The tests' raw client comes from the same code.
    tonic_prost_build::configure().build_client(true).build_transport(false).compile_fds(descriptors)?;
    Ok(())
}
