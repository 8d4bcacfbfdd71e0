//! The provider that is released, as its own files describe it.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use crate::changelog;
use crate::error::{Error, Result, at};
use crate::program::run;

/// A provider's package in its folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Provider {
    /// The folder with its `Cargo.toml`, `CHANGELOG.md`, `README.md`, `LICENSE` and `terraform-registry-manifest.json`.
    pub folder: PathBuf,
    /// The name of the package and of its program: `terraform-provider-NAME`.
    pub name: String,
    /// The version in `Cargo.toml`.
    pub version: String,
    /// Where cargo puts what it builds.
    pub target_folder: PathBuf,
    /// The folders of all packages of the workspace.
    pub packages: Vec<PathBuf>,
}

/// Whether users will get what is packed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// It is tried out: what is not there yet is left out.
    Trial,
    /// It is published: the change log has the date, every platform is there, and the checksums are signed.
    Release,
}

impl Provider {
    /// Reads the package in a folder.
    ///
    /// # Errors
    /// If cargo does not find one there.
    pub fn read(folder: &Path) -> Result<Self> {
        let folder = folder.canonicalize().map_err(at(folder))?;
        let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        let mut command = Command::new(cargo);
        command.args(["metadata", "--no-deps", "--format-version", "1"]).current_dir(&folder);
        let printed = run(&mut command)?;
        let metadata = serde_json::from_slice(&printed).unwrap_or_default();
        Self::in_metadata(&metadata, &folder).ok_or_else(|| Error::Unexpected {
            what: "cargo metadata".into(),
            why: format!("no package in {}", folder.display()),
        })
    }

    fn in_metadata(metadata: &Value, folder: &Path) -> Option<Self> {
        let manifest = folder.join("Cargo.toml");
        let packages = metadata["packages"].as_array()?;
        let manifest_of = |package: &Value| package["manifest_path"].as_str().map(PathBuf::from);
        let package = packages.iter().find(|package| manifest_of(package).as_ref() == Some(&manifest))?;
        Some(Self {
            folder: folder.to_owned(),
            name: package["name"].as_str()?.to_owned(),
            version: package["version"].as_str()?.to_owned(),
            target_folder: metadata["target_directory"].as_str()?.into(),
            packages: packages.iter().filter_map(|package| Some(manifest_of(package)?.parent()?.to_owned())).collect(),
        })
    }

    /// Checks that a version is the one of the sources, and for a release that the change log says when it came.
    ///
    /// # Errors
    /// If `Cargo.toml` or `CHANGELOG.md` say otherwise, or the change log cannot be read.
    pub fn require_version(&self, wanted: &str, purpose: Purpose) -> Result<()> {
        let path = self.folder.join("CHANGELOG.md");
        let changelog = fs::read_to_string(&path).map_err(at(&path))?;
        require_version(wanted, purpose, &self.version, &changelog)
    }
}

fn require_version(wanted: &str, purpose: Purpose, in_manifest: &str, changelog: &str) -> Result<()> {
    let differs = |file, found: &str| Error::Version { wanted: wanted.into(), file, found: found.into() };
    if wanted != in_manifest {
        return Err(differs("Cargo.toml", in_manifest));
    }
    match changelog::newest(changelog) {
        None => Err(differs("CHANGELOG.md", "nothing, as its first heading names no version")),
        Some(heading) if heading.version != wanted => Err(differs("CHANGELOG.md", heading.version)),
        Some(heading) if purpose == Purpose::Release && !heading.is_released => Err(Error::Unreleased(wanted.into())),
        Some(_) => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::fake::Fake;

    #[test]
    fn a_package_is_read_by_cargo_and_compared_with_its_change_log() {
        let provider = Provider::read(Path::new(env!("CARGO_MANIFEST_DIR"))).expect("this is a package");
        let (name, version) = (env!("CARGO_PKG_NAME"), env!("CARGO_PKG_VERSION"));
        assert_eq!((provider.name.as_str(), provider.version.as_str()), (name, version));
        assert!(provider.packages.contains(&provider.folder), "{:?}", provider.packages);
        let nowhere = Provider::read(&provider.folder.join("src")).expect_err("no package is in this folder");
        assert!(nowhere.to_string().starts_with("cargo metadata: no package in "), "{nowhere}");

        let fake = Fake::new();
        let fake = &fake.provider;
        fake.require_version("1.2.3", Purpose::Trial).expect("its change log has this version");
        let undated = fake.require_version("1.2.3", Purpose::Release).expect_err("the change log has no date");
        assert!(matches!(undated, Error::Unreleased(_)), "{undated}");
    }

    #[test]
    fn a_version_has_to_be_the_one_of_the_sources() {
        let (dated, undated) = ("## 0.2.0 (March 3, 2027)\n", "## 0.2.0 (Unreleased)\n");
        for (wanted, purpose, changelog, problem) in [
            ("0.2.0", Purpose::Release, dated, ""),
            ("0.2.0", Purpose::Trial, undated, ""),
            ("0.2.0", Purpose::Release, undated, "CHANGELOG.md says that 0.2.0 is unreleased"),
            ("0.2.1", Purpose::Trial, dated, "version 0.2.1 was asked for, but Cargo.toml says 0.2.0"),
            ("v0.2.0", Purpose::Trial, dated, "version v0.2.0 was asked for, but Cargo.toml says 0.2.0"),
            ("0.2.0", Purpose::Trial, "## 0.1.9 (May 1, 2026)\n", "but CHANGELOG.md says 0.1.9"),
            ("0.2.0", Purpose::Trial, "## Unreleased\n", "but CHANGELOG.md says nothing"),
        ] {
            let said = require_version(wanted, purpose, "0.2.0", changelog)
                .map_or_else(|error| error.to_string(), |()| String::new());
            assert!(said.contains(problem) && said.is_empty() == problem.is_empty(), "{wanted}, {changelog}: {said}");
        }
    }

    #[test]
    fn the_package_of_the_folder_is_found_among_the_others() {
        let metadata = json!({ "target_directory": "/t", "packages": [
            { "name": "helper", "version": "9.0.0", "manifest_path": "/w/crates/helper/Cargo.toml" },
            { "name": "terraform-provider-notes", "version": "1.2.3", "manifest_path": "/w/Cargo.toml" },
        ]});
        let provider = Provider::in_metadata(&metadata, Path::new("/w")).expect("it is there");
        assert_eq!((provider.name.as_str(), provider.version.as_str()), ("terraform-provider-notes", "1.2.3"));
        assert_eq!(provider.packages, [Path::new("/w/crates/helper"), Path::new("/w")]);
        assert_eq!(Provider::in_metadata(&metadata, Path::new("/elsewhere")), None);
    }
}
