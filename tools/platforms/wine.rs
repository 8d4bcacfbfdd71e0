//! A Wine of one's own, with what Wine 8 lacks.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::build::{directory, script};
use crate::problem::Problem;
use crate::program::succeed;

pub const WINE: &str = "/usr/lib/wine/wine64";
pub const C_COMPILER: &str = "/usr/bin/x86_64-w64-mingw32-gcc";

/// The source of randomness of Rust and Go. Wine 8 has only the older function behind it.
const BCRYPTPRIMITIVES: &str = "\
#include <windows.h>
BOOLEAN NTAPI SystemFunction036(PVOID buffer, ULONG length);
__declspec(dllexport) BOOL WINAPI ProcessPrng(PBYTE data, SIZE_T length) {
    return SystemFunction036(data, (ULONG)length);
}
";

/// A Wine of one's own.
pub struct Wine {
    /// The environment variables that say so, as a shell sets them.
    variables: String,
}

impl Wine {
    /// Creates its files, which takes some ten seconds the first time.
    pub fn create() -> Result<Self, Problem> {
        let prefix = directory()?.join("wine");
        let names = [("WINEPREFIX", prefix.as_path()), ("WINEDEBUG", Path::new("-all"))];
        // Without this it offers to fetch a browser and a runtime of .NET.
        let names = names.into_iter().chain([("WINEDLLOVERRIDES", Path::new("mscoree=;mshtml="))]);
        let library = prefix.join("drive_c/windows/system32/bcryptprimitives.dll");
        if !library.exists() {
            succeed(Command::new(WINE).args(["wineboot", "--init"]).envs(names.clone()))?;
            compile(BCRYPTPRIMITIVES, &library, &["-shared", "-ladvapi32"])?;
        }
        let variables = names.map(|(name, value)| format!("{name}='{}'", value.display())).collect::<Vec<_>>();
        Ok(Self { variables: variables.join(" ") })
    }

    /// A program of this machine that runs a program of Windows.
    pub fn script(&self, name: &str, program: &Path) -> Result<PathBuf, Problem> {
        script(name, &format!("export {}\nexec {WINE}", self.variables), program)
    }
}

/// Compiles a few lines of C for Windows.
pub fn compile(text: &str, to: &Path, options: &[&str]) -> Result<(), Problem> {
    let source = directory()?.join("source.c");
    fs::write(&source, text)?;
    succeed(Command::new(C_COMPILER).arg(&source).args(["-Wall", "-Werror", "-o"]).arg(to).args(options)).map(drop)
}
