//! Windows on amd64: a program that Wine runs.
//!
//! Debian has no standard library for Windows, so it is compiled from its source. A stable compiler does that only with
//! `RUSTC_BOOTSTRAP`, so this program is good for a trial and must never be shipped: what is shipped is built by a stable
//! toolchain with the standard library that belongs to it.

use terraform_plugin_testing::{terraform, tools_are_required};

use crate::build::Target;
use crate::life::{self, Way};
use crate::problem::Problem;
use crate::wine::{C_COMPILER, WINE, Wine};
use crate::{raw, windows_terraform};

const TARGET: Target = Target {
    triple: "x86_64-pc-windows-gnu",
    needs: &["/usr/lib/rustlib/src/rust/library", C_COMPILER, WINE],
    missing: "compiler or emulator for it (Debian: apt-get install rustc-web cargo-web rust-web-src gcc-mingw-w64-x86-64 wine64)",
    arguments: &["-Zbuild-std=std,panic_unwind"],
    environment: &[("RUSTC_BOOTSTRAP", "1"), ("AWS_LC_SYS_PREBUILT_NASM", "1")],
    program: "terraform-provider-tensorpool.exe",
};

pub fn run(report: &dyn Fn(&str)) -> Result<(), Problem> {
    let built = TARGET.build()?;
    let wine = Wine::create()?;
    let program = wine.script("provider-windows", &built)?;
    raw::run(&program, &built, report)?;
    // Terraform of this machine connects by TCP as well. Its processes are unknown to Wine, so of its end the provider knows nothing.
    life::run(
        &Way { name: "Terraform of this machine", terraform: terraform(), provider: program, by_init: true },
        report,
    )?;
    let terraform = match windows_terraform::fetch() {
        Err(Problem::NotAvailable(what)) if !tools_are_required() => {
            report(&format!("LEFT OUT what needs {what}"));
            return Ok(());
        }
        fetched => wine.script("terraform-windows", &fetched?)?,
    };
    let way = Way { name: "Terraform for Windows", terraform, provider: built, by_init: false };
    life::run(&way, report)?;
    life::killed(&way, report)
}
