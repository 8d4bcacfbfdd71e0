//! Makes a client of the protocol from the same files that the server is made of.

use std::path::PathBuf;

const PROTOS: [&str; 4] = ["tfplugin6.proto", "grpc_controller.proto", "grpc_broker.proto", "grpc_stdio.proto"];

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let directory = PathBuf::from(std::env::var("CARGO_MANIFEST_DIR")?).join("../../proto");
    println!("cargo::rerun-if-changed={}", directory.display());
    let descriptors = protox::compile(PROTOS, [&directory])?;
    tonic_prost_build::configure().build_server(false).build_transport(false).compile_fds(descriptors)?;
    Ok(())
}
