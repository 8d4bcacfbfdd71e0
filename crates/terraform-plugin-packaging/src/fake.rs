//! A provider for tests, whose sources are there, but are not compiled.

use std::fs;
use std::path::Path;
#[cfg(unix)]
use std::process::Command;

use tempfile::TempDir;

#[cfg(unix)]
use crate::program::run_with_input;
use crate::provider::Provider;

/// A provider in a folder of its own.
pub(crate) struct Fake {
    pub provider: Provider,
    _folder: TempDir,
}

impl Fake {
    /// `terraform-provider-fake`, of version 1.2.3, with all files of a provider, and a second package in its workspace.
    pub fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let root = folder.path().canonicalize().expect("it is there");
        let provider = Provider {
            name: "terraform-provider-fake".to_owned(),
            version: "1.2.3".to_owned(),
            target_folder: root.join("target"),
            packages: vec![root.clone(), root.join("helper")],
            folder: root,
        };
        let fake = Self { provider, _folder: folder };
        for (file, content) in [
            ("CHANGELOG.md", "## 1.2.3 (Unreleased)\n"),
            ("LICENSE", "the license"),
            ("README.md", "the readme"),
            ("terraform-registry-manifest.json", "the manifest"),
            ("helper/Cargo.toml", ""),
        ] {
            write(&fake.provider.folder.join(file), content);
        }
        fake
    }
}

/// Writes a file, and the folders that it needs.
pub(crate) fn write(path: &Path, content: impl AsRef<[u8]>) {
    fs::create_dir_all(path.parent().expect("it is in a folder")).expect("a folder");
    fs::write(path, content).expect("it is written");
}

/// Writes a program, for the shell. Another process writes it: what this one has open for writing, a child that another test starts
/// at the same time would have open as well, and so nobody could run it.
#[cfg(unix)]
pub(crate) fn write_program(path: &Path, commands: &str) {
    fs::create_dir_all(path.parent().expect("it is in a folder")).expect("a folder");
    let mut write = Command::new("/bin/sh");
    write.args(["-c", "cat >\"$0\" && chmod 755 \"$0\""]).arg(path);
    run_with_input(&mut write, format!("#!/bin/sh\nset -eu\n{commands}").as_bytes()).expect("it is written");
}
