//! What is published: an archive for each platform, the manifest, the checksums and their signature.

use std::fs;
use std::path::{Path, PathBuf};

use crate::archive::{self, Entry};
use crate::error::{Error, Result, at};
use crate::platform::Platform;
use crate::provider::{Provider, Purpose};
use crate::signature::{self, SigningKey};
use crate::{checksums, sbom};

/// What is in every archive in addition to the program.
const DOCUMENTS: [&str; 3] = ["CHANGELOG.md", "LICENSE", "README.md"];
/// The file that tells a registry which protocol the provider speaks.
const MANIFEST: &str = "terraform-registry-manifest.json";

/// A release that was packed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Release {
    /// Where its files lie. Nothing else does.
    pub folder: PathBuf,
    /// The names of its files, sorted.
    pub files: Vec<String>,
}

impl Release {
    /// Packs the programs that were built: `programs` has a folder for each platform, such as `linux_amd64`, as [`crate::binary::build`]
    /// fills them. The folder of the release is emptied before.
    ///
    /// # Errors
    /// If nothing was built, for [`Purpose::Release`] also if a platform or the key is missing; if a file cannot be read or written; if
    /// it cannot be signed.
    pub fn pack(
        provider: &Provider,
        programs: &Path,
        folder: &Path,
        key: Option<&SigningKey>,
        purpose: Purpose,
    ) -> Result<Self> {
        let platforms = built(provider, programs);
        require_complete(&platforms, key.is_some(), programs, purpose)?;
        if folder.exists() {
            fs::remove_dir_all(folder).map_err(at(folder))?;
        }
        fs::create_dir_all(folder).map_err(at(folder))?;
        let stem = format!("{}_{}", provider.name, provider.version);

        let mut summed = Vec::new();
        let mut files = Vec::new();
        for platform in platforms {
            let built = programs.join(platform.to_string());
            let archive = format!("{stem}_{platform}.zip");
            write_archive(provider, platform, &built, &folder.join(&archive))?;
            summed.push(archive);
            let dependencies = built.join(sbom::FILE);
            if dependencies.exists() {
                let copy = format!("{stem}_{platform}.{}", sbom::FILE);
                copy_file(&dependencies, &folder.join(&copy))?;
                files.push(copy);
            }
        }
        let manifest = format!("{stem}_manifest.json");
        copy_file(&provider.folder.join(MANIFEST), &folder.join(&manifest))?;
        summed.push(manifest);

        let sums = format!("{stem}_SHA256SUMS");
        let path = folder.join(&sums);
        fs::write(&path, checksums::lines(folder, &summed)?).map_err(at(&path))?;
        if let Some(key) = key {
            signature::sign(&path, key)?;
            files.push(format!("{sums}.sig"));
        }
        files.push(sums);
        files.extend(summed);
        files.sort();
        Ok(Self { folder: folder.to_owned(), files })
    }
}

/// The platforms for which there is a program.
fn built(provider: &Provider, programs: &Path) -> Vec<Platform> {
    let is_built =
        |platform: &Platform| programs.join(platform.to_string()).join(platform.program(&provider.name)).exists();
    Platform::ALL.into_iter().filter(is_built).collect()
}

/// Checks that nothing is missing which a purpose needs.
fn require_complete(platforms: &[Platform], has_key: bool, programs: &Path, purpose: Purpose) -> Result<()> {
    if platforms.is_empty() {
        return Err(Error::NothingBuilt(programs.to_owned()));
    }
    if purpose == Purpose::Trial {
        return Ok(());
    }
    let missing = Platform::ALL.into_iter().filter(|platform| !platforms.contains(platform));
    let mut missing: Vec<_> = missing.map(|platform| format!("the program for {platform}")).collect();
    if !has_key {
        missing.push("a key in GPG_PRIVATE_KEY".into());
    }
    if missing.is_empty() { Ok(()) } else { Err(Error::Incomplete(missing.join(", "))) }
}

fn write_archive(provider: &Provider, platform: Platform, built: &Path, archive: &Path) -> Result<()> {
    let program = platform.program(&format!("{}_v{}", provider.name, provider.version));
    let source = built.join(platform.program(&provider.name));
    let documents = DOCUMENTS.map(|name| (name, provider.folder.join(name)));
    let mut entries: Vec<_> =
        documents.iter().map(|(name, source)| Entry { name, source, is_program: false }).collect();
    entries.push(Entry { name: &program, source: &source, is_program: true });
    archive::write(archive, &entries)
}

/// Copies the content of a file, and not its times and permissions.
fn copy_file(from: &Path, to: &Path) -> Result<()> {
    let content = fs::read(from).map_err(at(from))?;
    fs::write(to, content).map_err(at(to))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fake::{self, Fake};

    fn names_in(archive: &Path) -> Vec<String> {
        let archive = fs::File::open(archive).expect("it is there");
        let archive = zip::ZipArchive::new(archive).expect("it is an archive");
        archive.file_names().map(|name| name.expect("it is text").into_owned()).collect()
    }

    #[test]
    fn what_was_built_is_packed_and_summed_and_nothing_else_is_in_the_folder() {
        let fake = Fake::new();
        let programs = fake.provider.target_folder.join("programs");
        for (file, content) in [
            ("linux_amd64/terraform-provider-fake", "for Linux"),
            ("linux_amd64/cdx.json", "the SBOM"),
            ("windows_arm64/terraform-provider-fake.exe", "for Windows"),
            ("darwin_arm64/something-else", "no program"),
        ] {
            fake::write(&programs.join(file), content);
        }
        let folder = fake.provider.target_folder.join("1.2.3");
        fake::write(&folder.join("of-an-earlier-run"), "");

        let packed = Release::pack(&fake.provider, &programs, &folder, None, Purpose::Trial).expect("it is packed");
        let mut there: Vec<_> = fs::read_dir(&folder)
            .expect("it is there")
            .map(|file| file.expect("it can be read").file_name().into_string().expect("it is text"))
            .collect();
        there.sort();
        assert_eq!(packed, Release { folder: folder.clone(), files: there });
        let [linux, windows, manifest] = ["linux_amd64.zip", "windows_arm64.zip", "manifest.json"]
            .map(|end| format!("terraform-provider-fake_1.2.3_{end}"));
        let (dependencies, sums) = (linux.replace("zip", sbom::FILE), manifest.replace("manifest.json", "SHA256SUMS"));
        assert_eq!(
            packed.files,
            [sums.clone(), dependencies.clone(), linux.clone(), manifest.clone(), windows.clone()]
        );

        let documents = ["CHANGELOG.md", "LICENSE", "README.md"];
        assert_eq!(names_in(&folder.join(&linux)), [&documents[..], &["terraform-provider-fake_v1.2.3"]].concat());
        assert_eq!(
            names_in(&folder.join(&windows)),
            [&documents[..], &["terraform-provider-fake_v1.2.3.exe"]].concat()
        );
        let text = |file: &str| fs::read_to_string(folder.join(file)).expect("it is text");
        assert_eq!((text(&manifest).as_str(), text(&dependencies).as_str()), ("the manifest", "the SBOM"));
        let summed = checksums::lines(&folder, &[linux, windows, manifest]).expect("they can be read");
        assert_eq!(text(&sums), summed);
    }

    #[test]
    fn a_release_needs_every_platform_and_a_key_and_a_trial_needs_one_program() {
        let one = &Platform::ALL[..1];
        let folder = Path::new("programs");
        let said = |platforms, has_key, purpose| {
            require_complete(platforms, has_key, folder, purpose)
                .map_or_else(|error| error.to_string(), |()| String::new())
        };
        assert_eq!(said(&Platform::ALL, true, Purpose::Release), "");
        assert_eq!(said(one, false, Purpose::Trial), "");
        assert!(said(&[], true, Purpose::Trial).starts_with("there is no program below programs"));
        let incomplete = said(&Platform::ALL[..5], false, Purpose::Release);
        assert_eq!(incomplete, "a release needs the program for windows_arm64, a key in GPG_PRIVATE_KEY");
    }
}
