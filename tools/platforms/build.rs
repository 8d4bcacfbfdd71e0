//! Builds the provider for another platform, by the compiler of Debian.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::problem::{Problem, expect};
use crate::program::{run, source, target};

/// The compiler of the packages `rustc-web` and `cargo-web`. One of rustup comes first on the path, and knows other platforms.
const COMPILER: &str = "/usr/bin/rustc";
const CARGO: &str = "/usr/bin/cargo";

/// How the provider is built for a platform.
pub struct Target {
    /// Its name for the compiler.
    pub triple: &'static str,
    /// Files that have to be there, in addition to the compiler.
    pub needs: &'static [&'static str],
    /// What is said where one is missing: what it is, and how it is installed.
    pub missing: &'static str,
    /// For cargo.
    pub arguments: &'static [&'static str],
    pub environment: &'static [(&'static str, &'static str)],
    /// The file of the program.
    pub program: &'static str,
}

impl Target {
    /// Builds the provider. It must do so without a warning: CI on this machine's own platform does not see those.
    pub fn build(&self) -> Result<PathBuf, Problem> {
        let mut needs = [COMPILER, CARGO].iter().chain(self.needs);
        if !needs.all(|path| Path::new(path).exists()) {
            return Err(Problem::NotAvailable(self.missing));
        }
        let directory = directory()?;
        let mut cargo = Command::new(CARGO);
        cargo.current_dir(source("")).env("RUSTC", COMPILER).envs(self.environment.iter().copied());
        cargo.args(["build", "--release", "--locked", "--bin", "terraform-provider-tensorpool"]).args(self.arguments);
        let ended = run(cargo.args(["--target", self.triple, "--target-dir"]).arg(&directory))?;
        expect(ended.code == Some(0), || ended.text.clone())?;
        expect(!ended.text.contains("warning: "), || format!("the compiler warns:\n{}", ended.text))?;
        // Into a directory of its own: where Terraform for Windows gets a provider by `dev_overrides`, it takes the first file of its
        // name for the program, and cargo has put others there.
        let alone = directory.join("programs").join(self.triple);
        fs::create_dir_all(&alone)?;
        let (built, program) =
            (directory.join(self.triple).join("release").join(self.program), alone.join(self.program));
        fs::copy(built, &program)?;
        Ok(program)
    }
}

/// Where everything is built.
pub fn directory() -> Result<PathBuf, Problem> {
    Ok(target()?.join("platforms"))
}

/// A program for this machine that runs a program of another platform, by these lines of a shell, the last of which begins a
/// command. It becomes the other program, so that a parent has the child that it expects.
pub fn script(name: &str, lines: &str, program: &Path) -> Result<PathBuf, Problem> {
    let path = directory()?.join(name);
    fs::write(&path, format!("#!/bin/sh\n{lines} '{}' \"$@\"\n", program.display()))?;
    fs::set_permissions(&path, Permissions::from_mode(0o755))?;
    Ok(path)
}
