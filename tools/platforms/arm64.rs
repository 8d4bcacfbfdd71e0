//! Linux on arm64: a static program, which QEMU runs.

use terraform_plugin_testing::terraform;

use crate::build::{Target, script};
use crate::life::{self, Way};
use crate::problem::Problem;
use crate::raw;

const EMULATOR: &str = "/usr/bin/qemu-aarch64-static";

const TARGET: Target = Target {
    triple: "aarch64-unknown-linux-gnu",
    needs: &["/usr/lib/rustlib/aarch64-unknown-linux-gnu", "/usr/bin/aarch64-linux-gnu-gcc", EMULATOR],
    missing: "compiler or emulator for it (Debian: dpkg --add-architecture arm64 && apt-get update && apt-get install rustc-web \
              cargo-web libstd-rust-web-dev:arm64 gcc-aarch64-linux-gnu libc6-dev-arm64-cross qemu-user-static)",
    arguments: &[],
    environment: &[
        ("CARGO_TARGET_AARCH64_UNKNOWN_LINUX_GNU_LINKER", "aarch64-linux-gnu-gcc"),
        ("CARGO_TARGET_AARCH64_UNKNOWN_LINUX_GNU_RUSTFLAGS", "-C target-feature=+crt-static"),
    ],
    program: "terraform-provider-tensorpool",
};

pub fn run(report: &dyn Fn(&str)) -> Result<(), Problem> {
    let built = TARGET.build()?;
    let program = script("linux-arm64", &format!("exec {EMULATOR}"), &built)?;
    raw::run(&program, &built, report)?;
    let way = Way { name: "Terraform of this machine", terraform: terraform(), provider: program, by_init: true };
    life::run(&way, report)?;
    life::killed(&way, report)
}
