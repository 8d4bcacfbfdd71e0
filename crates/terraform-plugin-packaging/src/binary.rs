//! The program of one platform, as it is released.

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::error::{Error, Result, at};
use crate::paths::{self, Folder};
use crate::platform::Platform;
use crate::program::{run, run_visibly};
use crate::provider::Provider;
use crate::sbom;

/// What stands between the options of the compiler in `CARGO_ENCODED_RUSTFLAGS`, so that an option may have spaces.
const BETWEEN_OPTIONS: &str = "\x1f";

/// The folder below cargo's target folder in which the programs lie, one folder for each platform.
#[must_use]
pub fn folder_of_programs(provider: &Provider) -> PathBuf {
    provider.target_folder.join("package/programs")
}

/// The targets of the compiler whose standard library is installed on this machine and for which there are releases.
///
/// # Errors
/// If there is no compiler.
pub fn installed_platforms() -> Result<Vec<Platform>> {
    let libraries = sysroot()?.join("lib/rustlib");
    Ok(Platform::ALL.into_iter().filter(|platform| libraries.join(platform.target).join("lib").exists()).collect())
}

/// Builds the program for a platform, and puts it with its SBOM into its folder below [`folder_of_programs`].
///
/// # Errors
/// If a tool is missing, the build fails, or the program names folders of this machine.
pub fn build(provider: &Provider, platform: Platform) -> Result<PathBuf> {
    let folders = folders(provider)?;
    // A path of the machine in a program would differ from one machine to the next, and is nobody's business.
    let mut options = paths::rust_options(&folders);
    options.extend(linking(platform).iter().map(|&option| option.to_owned()));
    let c_options = paths::c_options(&folders);
    let mut cargo = Command::new(tool(provider, "cargo-auditable"));
    cargo.args(["auditable", "build", "--release", "--locked", "--bin", &provider.name, "--target", platform.target]);
    cargo.current_dir(&provider.folder);
    cargo.env("CARGO_ENCODED_RUSTFLAGS", options.join(BETWEEN_OPTIONS)).env_remove("RUSTFLAGS");
    if platform.os != "windows" {
        let variable = format!("CFLAGS_{}", platform.target.replace('-', "_"));
        cargo.env(variable, c_options);
    }
    run_visibly(&mut cargo)?;

    let program = platform.program(&provider.name);
    let built = provider.target_folder.join(platform.target).join("release").join(&program);
    let content = fs::read(&built).map_err(at(&built))?;
    let searched: Vec<&Path> = folders.iter().map(|folder| folder.path.as_path()).collect();
    let found = paths::found_in(&content, &searched);
    if !found.is_empty() {
        return Err(Error::PathsOfTheMachine { program: built, paths: found });
    }
    let folder = folder_of_programs(provider).join(platform.to_string());
    fs::create_dir_all(&folder).map_err(at(&folder))?;
    let released = folder.join(program);
    fs::copy(&built, &released).map_err(at(&released))?;
    sbom::write(provider, platform, &tool(provider, "cargo-cyclonedx"), &folder.join(sbom::FILE))?;
    Ok(released)
}

/// How a program is linked: with nothing that the machine of a user would have to have, where the platform allows it.
fn linking(platform: Platform) -> &'static [&'static str] {
    match platform.os {
        // No libc of the user's. The program must not ask it for names of hosts or users then: glibc loads libraries of the system for
        // them, and crashes if these are of another version. Random numbers come from the system call, as a static program cannot
        // search its libc for the function, and falls back to /dev/urandom, which an empty container need not have.
        // Relocations are packed, which a linker that cannot do so passes over: they are a thirtieth of the program, and each start
        // reads them.
        "linux" => &[
            "-Ctarget-feature=+crt-static",
            "--cfg=getrandom_backend=\"linux_getrandom\"",
            "-Clink-arg=-Wl,-z,pack-relative-relocs",
        ],
        // No redistributable of Visual C++.
        "windows" => &["-Ctarget-feature=+crt-static"],
        _ => &[],
    }
}

/// The folders that could get into a program, the outer ones before those in them.
fn folders(provider: &Provider) -> Result<Vec<Folder>> {
    let cargo_home = std::env::var_os("CARGO_HOME").map(PathBuf::from);
    let cargo_home = cargo_home.or_else(|| std::env::home_dir().map(|home| home.join(".cargo"))).unwrap_or_default();
    let mut folders = vec![
        Folder { path: cargo_home.clone(), name: "cargo" },
        Folder { path: sysroot()?, name: "rust" },
        Folder { path: provider.folder.clone(), name: "." },
        Folder { path: provider.target_folder.clone(), name: "target" },
    ];
    // What a registry's folder is called depends on where its crates are fetched from. There is none where all are vendored.
    let registries = fs::read_dir(cargo_home.join("registry/src")).into_iter().flatten();
    let registries = registries.filter_map(|entry| Some(entry.ok()?.path()));
    folders.extend(registries.map(|path| Folder { path, name: "crates" }));
    Ok(folders)
}

/// Where the compiler and its libraries lie.
fn sysroot() -> Result<PathBuf> {
    let rustc = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let printed = run(Command::new(rustc).args(["--print", "sysroot"]))?;
    Ok(PathBuf::from(String::from_utf8_lossy(&printed).trim()))
}

/// A tool that `make package-tools` has installed, else the one on the path.
fn tool(provider: &Provider, name: &str) -> OsString {
    let installed = provider.target_folder.join("tools/bin").join(format!("{name}{}", std::env::consts::EXE_SUFFIX));
    if installed.exists() { installed.into() } else { name.into() }
}
