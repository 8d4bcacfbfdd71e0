//! Writes the code of this crate from the `.proto` files. protox compiles them in Rust, so that no protoc has to be installed.

use std::error::Error;
use std::path::Path;

const PROTOS: [&str; 4] = ["tfplugin6.proto", "grpc_controller.proto", "grpc_broker.proto", "grpc_stdio.proto"];
const PACKAGES: [&str; 2] = ["tfplugin6", "plugin"];

fn generate(directory: &Path) -> Result<(), Box<dyn Error>> {
    let descriptors = protox::compile(PROTOS, [env!("CARGO_MANIFEST_DIR")])?;
    let mut generator = tonic_prost_build::configure().build_transport(false).out_dir(directory);
    for package in PACKAGES {
        generator = generator
            .server_mod_attribute(package, "#[cfg(feature = \"server\")]")
            .client_mod_attribute(package, "#[cfg(feature = \"client\")]");
    }
    Ok(generator.compile_fds(descriptors)?)
}

fn main() -> Result<(), Box<dyn Error>> {
    generate(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"))
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn the_code_is_what_the_definitions_are_compiled_to() {
        let directory = tempfile::tempdir().expect("a directory can be made");
        generate(directory.path()).expect("the definitions are correct");
        for package in PACKAGES {
            let read = |directory: &Path| {
                fs::read_to_string(directory.join(format!("{package}.rs")))
                    .expect("it can be read")
                    .replace("\r\n", "\n")
            };
            let (new, committed) = (read(directory.path()), read(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src")));
            assert!(new == committed, "{package}.rs is out of date: cargo run --example generate-proto");
        }
    }
}
