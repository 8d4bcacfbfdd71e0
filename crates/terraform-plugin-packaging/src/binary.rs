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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fake::Fake;

    fn platform(target: &str) -> Platform {
        Platform::of_target(target).expect("there are releases for it")
    }

    #[test]
    fn a_program_needs_nothing_of_the_machine_of_a_user_where_the_platform_allows_it() {
        let is_static = |target| linking(platform(target)).contains(&"-Ctarget-feature=+crt-static");
        assert!(is_static("x86_64-unknown-linux-gnu") && is_static("aarch64-pc-windows-msvc"));
        let numbers = "--cfg=getrandom_backend=\"linux_getrandom\"";
        assert!(linking(platform("aarch64-unknown-linux-gnu")).contains(&numbers));
        assert_eq!(linking(platform("aarch64-apple-darwin")), [""; 0]);
    }

    #[test]
    fn the_folders_that_get_into_programs_are_known_and_the_outer_ones_come_first() {
        let fake = Fake::new();
        let folders = folders(&fake.provider).expect("there is a compiler");
        let names: Vec<_> = folders.iter().map(|folder| folder.name).collect();
        assert_eq!(names[..4], ["cargo", "rust", ".", "target"]);
        assert!(folders[1].path.join("lib/rustlib").is_dir(), "{folders:?}");
        assert_eq!(folders[2].path, fake.provider.folder);
        assert_eq!(folders[3].path, fake.provider.target_folder);
        for crates in &folders[4..] {
            assert_eq!((crates.name, crates.path.parent()), ("crates", Some(&*folders[0].path.join("registry/src"))));
        }
    }

    #[test]
    fn the_platforms_are_those_whose_standard_library_is_installed() {
        let host = if cfg!(target_os = "linux") {
            "linux"
        } else if cfg!(windows) {
            "windows"
        } else {
            "darwin"
        };
        let platforms = installed_platforms().expect("there is a compiler");
        assert!(platforms.iter().any(|platform| platform.os == host), "{platforms:?}");
    }

    /// Stands for `cargo auditable`, which writes down what it was called with, and for `cargo cyclonedx`. The program that is built
    /// says something alone.
    #[cfg(unix)]
    fn with_tools(program: &str) -> Fake {
        use crate::fake::write_program;
        let fake = Fake::new();
        let tools = fake.provider.target_folder.join("tools/bin");
        let auditable = format!(
            "mkdir -p target/$8/release\n[ $8 = x86_64-pc-windows-msvc ] && end=.exe || end=\n\
             echo \"{program}\" >target/$8/release/$6$end\n\
             c=${{CFLAGS_aarch64_unknown_linux_gnu-}}${{CFLAGS_x86_64_pc_windows_msvc-}}\n\
             echo \"$*|$CARGO_ENCODED_RUSTFLAGS|$c\" >target/called-with\n"
        );
        write_program(&tools.join("cargo-auditable"), &auditable);
        let sbom = r#"{ \"serialNumber\": 1, \"arguments\": \"$*\" }"#;
        let written = "$folder/terraform-plugin-packaging-sbom.json";
        let cyclonedx = format!("for folder in . helper; do echo \"{sbom}\" >{written}; done\n");
        write_program(&tools.join("cargo-cyclonedx"), &cyclonedx);
        fake
    }

    #[cfg(unix)]
    #[test]
    fn a_program_is_built_without_paths_of_the_machine_and_lies_there_with_its_sbom() {
        let fake = with_tools("a program");
        let called_with = || {
            let written = fs::read_to_string(fake.provider.target_folder.join("called-with")).expect("it was called");
            let parts: Vec<_> = written.trim_end_matches('\n').split('|').map(str::to_owned).collect();
            <[String; 3]>::try_from(parts).expect("it writes three parts")
        };
        let released = build(&fake.provider, platform("aarch64-unknown-linux-gnu")).expect("it is built");
        let folder = fake.provider.target_folder.join("package/programs/linux_arm64");
        assert_eq!(released, folder.join("terraform-provider-fake"));
        assert_eq!(fs::read_to_string(&released).expect("it is there"), "a program\n");
        let [arguments, options, c_options] = called_with();
        let expected =
            "auditable build --release --locked --bin terraform-provider-fake --target aarch64-unknown-linux-gnu";
        assert_eq!(arguments, expected);
        let options: Vec<_> = options.split(BETWEEN_OPTIONS).collect();
        let sources = format!("{}=.", fake.provider.folder.display());
        assert!(options.contains(&&*format!("--remap-path-prefix={sources}")), "{options:?}");
        assert!(options.contains(&"-Ctarget-feature=+crt-static"), "{options:?}");
        assert!(c_options.contains(&format!("-ffile-prefix-map={sources}")), "{c_options}");

        let sbom = fs::read_to_string(folder.join(sbom::FILE)).expect("it is there");
        assert!(sbom.contains("--target aarch64-unknown-linux-gnu") && !sbom.contains("serialNumber"), "{sbom}");
        for package in &fake.provider.packages {
            let left = package.join("terraform-plugin-packaging-sbom.json");
            assert!(!left.exists(), "{} is still there", left.display());
        }

        let released = build(&fake.provider, platform("x86_64-pc-windows-msvc")).expect("it is built");
        assert_eq!(released, folder.with_file_name("windows_amd64").join("terraform-provider-fake.exe"));
        let [_, _, c_options] = called_with();
        assert_eq!(c_options, "", "the compiler of C for Windows does not know the option");
    }

    #[cfg(unix)]
    #[test]
    fn a_program_that_names_a_folder_of_the_machine_is_not_released() {
        let fake = with_tools("built in $PWD/src");
        let error = build(&fake.provider, platform("aarch64-apple-darwin")).expect_err("it says where it was built");
        let folder = fake.provider.folder.display();
        assert!(error.to_string().ends_with(&format!(":\nbuilt in {folder}/src")), "{error}");
        assert!(!folder_of_programs(&fake.provider).exists());
    }
}
