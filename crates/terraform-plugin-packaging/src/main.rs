//! The command that builds and packs a provider. It is run in the provider's folder.

use std::path::Path;
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use terraform_plugin_packaging::provider::Purpose;
use terraform_plugin_packaging::signature::SigningKey;
use terraform_plugin_packaging::{Error, Platform, Provider, Release, binary};

/// Builds and packs the provider in this folder.
#[derive(Parser)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Builds the program for a platform, with its SBOM.
    Build {
        /// The target of Rust's compiler. Default: every target of a release whose standard library is installed.
        #[arg(long)]
        target: Option<String>,
        /// The version that is going to be packed: another one is refused before anything is built.
        #[arg(long)]
        version: Option<String>,
    },
    /// Packs the programs that were built. Signs if there is a key in `GPG_PRIVATE_KEY` (and `GPG_PASSPHRASE`).
    Pack {
        /// The version: the one in Cargo.toml and CHANGELOG.md.
        version: String,
        /// Users will get it: nothing may be missing.
        #[arg(long)]
        release: bool,
    },
}

fn main() -> ExitCode {
    match run(&Arguments::parse().command) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("The provider is not packed: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(command: &Command) -> Result<(), Error> {
    let provider = Provider::read(Path::new("."))?;
    match command {
        Command::Build { target, version } => {
            if let Some(version) = version {
                provider.require_version(version, Purpose::Trial)?;
            }
            for platform in platforms(target.as_deref())? {
                let program = binary::build(&provider, platform)?;
                println!("{platform}: {}", program.display());
            }
        }
        Command::Pack { version, release } => {
            let purpose = if *release { Purpose::Release } else { Purpose::Trial };
            provider.require_version(version, purpose)?;
            let folder = provider.target_folder.join("package").join(version);
            let programs = binary::folder_of_programs(&provider);
            let key = SigningKey::from_environment();
            let packed = Release::pack(&provider, &programs, &folder, key.as_ref(), purpose)?;
            println!("{}:\n  {}", packed.folder.display(), packed.files.join("\n  "));
        }
    }
    Ok(())
}

fn platforms(target: Option<&str>) -> Result<Vec<Platform>, Error> {
    let Some(target) = target else { return binary::installed_platforms() };
    Platform::of_target(target).map(|platform| vec![platform]).ok_or_else(|| Error::Unexpected {
        what: target.to_owned(),
        why: format!("there are releases for {} only", Platform::ALL.map(|platform| platform.target).join(", ")),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_built_or_packed_of_another_version_than_that_of_the_sources() {
        let version = "0.0.9".to_owned();
        for command in
            [Command::Build { target: None, version: Some(version.clone()) }, Command::Pack { version, release: false }]
        {
            let error = run(&command).expect_err("the sources have another version");
            assert!(matches!(error, Error::Version { .. }), "{error}");
        }
    }

    #[test]
    fn a_target_is_built_alone_if_there_are_releases_for_it() {
        let linux = platforms(Some("aarch64-unknown-linux-gnu")).expect("there are releases for it");
        assert_eq!(linux.iter().map(ToString::to_string).collect::<Vec<_>>(), ["linux_arm64"]);
        let error = platforms(Some("wasm32-wasip1")).expect_err("there are none").to_string();
        assert!(error.starts_with("wasm32-wasip1: there are releases for x86_64-apple-darwin, "), "{error}");
        assert!(!platforms(None).expect("there is a compiler").is_empty());
    }
}
