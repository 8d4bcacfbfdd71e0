//! Installs clients into `target/clients`, once for each lock file.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::problem::Problem;
use crate::program::{run, source, succeed, target};

/// The Node.js that is installed where there is an older one.
const NODE: &str = "22.23.2";
/// The oldest that cdktn runs on.
const OLDEST_NODE: (u64, u64) = (22, 19);

/// Where everything is installed.
pub fn directory() -> Result<PathBuf, Problem> {
    Ok(target()?.join("clients"))
}

/// The programs of a Python environment with what a file requires.
pub fn python(name: &str, requirements: &str) -> Result<PathBuf, Problem> {
    let has_venv = run(Command::new("python3").args(["-c", "import ensurepip, venv"]));
    if !has_venv.is_ok_and(|ended| ended.code == Some(0)) {
        return Err(Problem::NotAvailable("python3 with venv"));
    }
    let (requirements, environment) = (source(requirements), directory()?.join(name));
    let programs = environment.join("bin");
    once(&environment, &requirements, || {
        succeed(Command::new("python3").args(["-m", "venv", "--clear"]).arg(&environment))?;
        let options = ["-m", "pip", "install", "--quiet", "--no-cache-dir", "--disable-pip-version-check", "-r"];
        succeed(Command::new(programs.join("python")).args(options).arg(&requirements)).map(drop)
    })?;
    Ok(programs)
}

/// A `node_modules` with what the `package-lock.json` of a directory pins.
pub fn npm(name: &str, package: &str) -> Result<PathBuf, Problem> {
    let (package, project) = (source(package), directory()?.join(name));
    once(&project, &package.join("package-lock.json"), || {
        fs::create_dir_all(&project)?;
        for file in ["package.json", "package-lock.json"] {
            fs::copy(package.join(file), project.join(file))?;
        }
        succeed(npm_command(&project)?.args(["ci", "--ignore-scripts"])).map(drop)
    })?;
    Ok(project.join("node_modules"))
}

/// The directory of a Node.js that is new enough, where the one on the path is not.
pub fn node() -> Result<Option<PathBuf>, Problem> {
    let on_path = run(Command::new("node").arg("--version"));
    let on_path = on_path.map_err(|_| Problem::NotAvailable("node"))?;
    if node_version(&on_path.stdout) >= Some(OLDEST_NODE) {
        return Ok(None);
    }
    let project = directory()?.join("node");
    let programs = project.join("node_modules/node/bin");
    if !programs.join("node").exists() {
        fs::create_dir_all(&project)?;
        fs::write(project.join("package.json"), "{ \"private\": true }\n")?;
        succeed(npm_command(&project)?.args(["install", "--save-exact", &format!("node@{NODE}")]))?;
    }
    Ok(Some(programs))
}

/// npm in a directory, with its cache in the target directory.
fn npm_command(project: &Path) -> Result<Command, Problem> {
    if run(Command::new("npm").arg("--version")).is_err() {
        return Err(Problem::NotAvailable("npm"));
    }
    let mut command = Command::new("npm");
    command.current_dir(project).env("npm_config_cache", directory()?.join("npm-cache"));
    for option in ["audit", "fund", "update_notifier"] {
        command.env(format!("npm_config_{option}"), "false");
    }
    Ok(command)
}

/// The major and minor version that Node.js prints, for example of `v22.23.2`.
fn node_version(printed: &str) -> Option<(u64, u64)> {
    let mut parts = printed.trim().trim_start_matches('v').split('.').map(str::parse);
    Some((parts.next()?.ok()?, parts.next()?.ok()?))
}

/// Installs unless the directory has been installed from this very lock file.
fn once(directory: &Path, lock: &Path, install: impl FnOnce() -> Result<(), Problem>) -> Result<(), Problem> {
    let (marker, pinned) = (directory.join("installed"), fs::read(lock)?);
    if fs::read(&marker).is_ok_and(|installed| installed == pinned) {
        return Ok(());
    }
    _ = fs::remove_dir_all(directory);
    install()?;
    fs::write(marker, pinned)?;
    Ok(())
}
