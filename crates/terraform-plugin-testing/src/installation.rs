//! Where Terraform finds the provider that was just built.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::cli::Cli;

/// The way in which the Terraform of a workspace gets a provider. It is written into a configuration of the command line
/// of the workspace's own.
#[derive(Clone, Copy, Debug)]
pub enum Installation<'a> {
    /// By `dev_overrides`, from the directory in which the program was built: no `terraform init` is needed.
    DevOverride {
        /// The provider's address, for example `tensorpool/tensorpool`.
        address: &'a str,
        /// The program of the provider.
        program: &'a Path,
    },
    /// By `terraform init`, from a mirror in the workspace, as users install a release.
    Mirror {
        /// The provider's address, for example `tensorpool/tensorpool`.
        address: &'a str,
        /// The program of the provider.
        program: &'a Path,
        /// Its version.
        version: &'a str,
    },
    /// By `terraform init`, from the registry that the address names.
    Registry {
        /// The provider's address with its registry, for example `localhost:8443/tensorpool/tensorpool`.
        address: &'a str,
    },
}

impl<'a> Installation<'a> {
    pub(crate) fn address(&self) -> &'a str {
        match *self {
            Self::DevOverride { address, .. } | Self::Mirror { address, .. } | Self::Registry { address } => address,
        }
    }

    /// Prepares a directory, and writes the configuration of the command line to a file.
    pub(crate) fn write(&self, directory: &Path, file: &Path) -> io::Result<()> {
        let method = match *self {
            Self::DevOverride { address, program } => {
                let built = program.parent().ok_or_else(|| io::Error::other("a program is in a directory"))?;
                format!(
                    "  dev_overrides {{\n    {address:?} = {:?}\n  }}\n  direct {{}}\n",
                    built.display().to_string()
                )
            }
            Self::Mirror { address, program, version } => {
                let mirror = directory.join("mirror");
                let registry = Cli::at_hand().registry();
                let package = mirror.join(format!("{registry}/{address}/{version}/{}", platform()));
                fs::create_dir_all(&package)?;
                install(program, &package.join(format!("terraform-provider-{}_v{version}", local_name(address))))?;
                format!("  filesystem_mirror {{\n    path = {:?}\n  }}\n", mirror.display().to_string())
            }
            Self::Registry { .. } => "  direct {}\n".to_owned(),
        };
        fs::write(file, format!("provider_installation {{\n{method}}}\n"))
    }
}

/// The name that a configuration has for a provider: the last part of its address.
pub(crate) fn local_name(address: &str) -> &str {
    address.rsplit('/').next().unwrap_or(address)
}

/// What the variables begin with by which users configure a provider, for example `GOOGLE_BETA_`.
pub(crate) fn variables_of(address: &str) -> String {
    format!("{}_", local_name(address).to_uppercase().replace('-', "_"))
}

/// The program of an example or a tool that stands in `target/<profile>/examples`: that of the provider stands one directory
/// above.
///
/// # Errors
/// If this process does not know its own program.
pub fn program_next_to_examples(name: &str) -> io::Result<PathBuf> {
    let example = std::env::current_exe()?;
    let built = example.parent().and_then(Path::parent).ok_or_else(|| io::Error::other("no directory of a build"))?;
    Ok(built.join(name))
}

/// Links a program, or copies it where the target directory is on another file system.
fn install(program: &Path, to: &Path) -> io::Result<()> {
    _ = fs::remove_file(to);
    let installed = fs::hard_link(program, to).or_else(|_| fs::copy(program, to).map(drop));
    installed.map_err(|error| io::Error::new(error.kind(), format!("{}: {error}", program.display())))
}

/// This machine, as Terraform and the archives of providers name it, for example `linux_amd64`.
#[must_use]
pub fn platform() -> String {
    let system = match std::env::consts::OS {
        "macos" => "darwin",
        other => other,
    };
    let processor = match std::env::consts::ARCH {
        "aarch64" => "arm64",
        "x86_64" => "amd64",
        other => other,
    };
    format!("{system}_{processor}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_variables_of_a_provider_have_its_name() {
        for (address, expected) in [
            ("example/notes", "NOTES_"),
            ("localhost:8443/tensorpool/tensorpool", "TENSORPOOL_"),
            ("registry.terraform.io/hashicorp/google-beta", "GOOGLE_BETA_"),
        ] {
            assert_eq!(variables_of(address), expected, "{address}");
        }
    }
}
