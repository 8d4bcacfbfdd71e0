//! The signature over the checksums, by which Terraform knows who released a provider: binary, detached, by GnuPG.

use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

use crate::error::{Error, Result, at};
use crate::program::{run, run_with_input};

/// A private key. It cannot be printed.
pub struct SigningKey {
    /// The key, armored, as `gpg --armor --export-secret-keys` writes it.
    pub armored: String,
    /// What protects it; empty if nothing does.
    pub passphrase: String,
}

impl SigningKey {
    /// The key in the environment: `GPG_PRIVATE_KEY`, with `GPG_PASSPHRASE` if it is protected. `None` if there is none.
    #[must_use]
    pub fn from_environment() -> Option<Self> {
        Self::in_variables(|name| std::env::var(name).ok())
    }

    fn in_variables(variable: impl Fn(&str) -> Option<String>) -> Option<Self> {
        let armored = variable("GPG_PRIVATE_KEY").filter(|key| !key.trim().is_empty())?;
        Some(Self { armored, passphrase: variable("GPG_PASSPHRASE").unwrap_or_default() })
    }
}

/// The kinds of keys whose signatures Terraform verifies, as GnuPG numbers them:
/// <https://developer.hashicorp.com/terraform/registry/providers/publishing#preparing-and-adding-a-signing-key>
const VERIFIED: [(&str, &str); 2] = [("1", "RSA"), ("17", "DSA")];

/// Signs a file, and returns the file with the signature, whose name ends in `.sig`.
///
/// # Errors
/// If GnuPG is not there, or the key is none, is of a kind that Terraform does not verify, or has another passphrase.
pub fn sign(file: &Path, key: &SigningKey) -> Result<PathBuf> {
    let keyring = Keyring::with(key)?;
    keyring.require_verified_kind()?;
    let signature = PathBuf::from(format!("{}.sig", file.display()));
    let mut command = keyring.gpg();
    command.args(["--pinentry-mode", "loopback", "--passphrase-fd", "0", "--yes", "--output"]);
    command.arg(&signature).arg("--detach-sign").arg(file);
    run_with_input(&mut command, format!("{}\n", key.passphrase).as_bytes())?;
    Ok(signature)
}

/// A home of GnuPG with one key, which is gone when this is dropped: the user's own is neither read nor written.
struct Keyring(TempDir);

impl Keyring {
    fn with(key: &SigningKey) -> Result<Self> {
        let keyring = Self(private_folder().map_err(at(&std::env::temp_dir()))?);
        run_with_input(keyring.gpg().arg("--import"), key.armored.as_bytes())?;
        Ok(keyring)
    }

    fn gpg(&self) -> Command {
        let mut command = Command::new("gpg");
        command.env("GNUPGHOME", self.0.path()).args(["--batch", "--no-tty", "--quiet"]);
        command
    }

    fn require_verified_kind(&self) -> Result<()> {
        let printed = run(self.gpg().args(["--list-secret-keys", "--with-colons"]))?;
        let kind = kind(&String::from_utf8_lossy(&printed)).unwrap_or_default();
        if VERIFIED.iter().any(|(number, _)| *number == kind) { Ok(()) } else { Err(Error::KeyAlgorithm(kind)) }
    }
}

impl Drop for Keyring {
    fn drop(&mut self) {
        // The agent that gpg has started holds the key.
        _ = Command::new("gpgconf").env("GNUPGHOME", self.0.path()).args(["--kill", "all"]).output();
    }
}

/// The number of the algorithm of the first secret key in a list that GnuPG wrote for programs.
fn kind(list: &str) -> Option<String> {
    let key = list.lines().find(|line| line.starts_with("sec:"))?;
    key.split(':').nth(3).map(str::to_owned)
}

/// A folder into which nobody else may look.
fn private_folder() -> std::io::Result<TempDir> {
    #[cfg(unix)]
    return {
        use std::os::unix::fs::PermissionsExt as _;
        tempfile::Builder::new().permissions(std::fs::Permissions::from_mode(0o700)).tempdir()
    };
    // On Windows, temporary files are in a folder of the user's own.
    #[cfg(not(unix))]
    tempfile::tempdir()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_read_from_two_variables_of_which_the_first_has_to_be_there() {
        for (key, passphrase, expected) in [
            (Some("armor"), Some("secret"), Some(("armor", "secret"))),
            (Some("armor"), None, Some(("armor", ""))),
            (Some(" \n"), Some("secret"), None),
            (None, Some("secret"), None),
        ] {
            let variable = |name: &str| match name {
                "GPG_PRIVATE_KEY" => key.map(str::to_owned),
                "GPG_PASSPHRASE" => passphrase.map(str::to_owned),
                other => panic!("{other} was read"),
            };
            let read = SigningKey::in_variables(variable);
            let read = read.as_ref().map(|key| (key.armored.as_str(), key.passphrase.as_str()));
            assert_eq!(read, expected, "{key:?}, {passphrase:?}");
        }
    }

    /// A key of a kind that is protected by a passphrase, or `None` where there is no GnuPG.
    fn throwaway_key(kind: &str, passphrase: &str) -> Option<(Keyring, SigningKey)> {
        let keyring = Keyring(private_folder().expect("a folder"));
        let gpg = |arguments: &[&str]| {
            let mut command = keyring.gpg();
            command.args(["--pinentry-mode", "loopback", "--passphrase", passphrase]).args(arguments);
            run(&mut command)
        };
        match gpg(&["--quick-generate-key", "nobody <nobody@example.com>", kind, "sign", "never"]) {
            Err(Error::NotStarted { .. }) => return None,
            made => _ = made.expect("a key is made"),
        }
        let armored = gpg(&["--armor", "--export-secret-keys"]).expect("it is exported");
        let armored = String::from_utf8(armored).expect("it is armored");
        Some((keyring, SigningKey { armored, passphrase: passphrase.to_owned() }))
    }

    #[test]
    fn a_signature_is_verified_and_only_the_right_passphrase_makes_one() {
        let Some((keyring, mut key)) = throwaway_key("rsa1024", "secret") else {
            return eprintln!("there is no GnuPG");
        };
        let file = keyring.0.path().join("SHA256SUMS");
        std::fs::write(&file, "what is signed").expect("it is written");
        let signature = sign(&file, &key).expect("it is signed");
        assert_eq!(signature, keyring.0.path().join("SHA256SUMS.sig"));
        run(keyring.gpg().arg("--verify").args([&signature, &file])).expect("the signature is right");
        key.passphrase = "wrong".to_owned();
        assert!(matches!(sign(&file, &key), Err(Error::Failed { .. })));
    }

    #[test]
    fn a_key_whose_signatures_terraform_does_not_verify_is_refused() {
        let Some((keyring, key)) = throwaway_key("ed25519", "") else { return eprintln!("there is no GnuPG") };
        let file = keyring.0.path().join("SHA256SUMS");
        std::fs::write(&file, "what is signed").expect("it is written");
        let refused = sign(&file, &key).expect_err("the key is no RSA key");
        assert!(matches!(&refused, Error::KeyAlgorithm(kind) if kind == "22"), "{refused}");
    }

    #[cfg(unix)]
    #[test]
    fn nobody_else_may_look_into_the_folder_of_a_key() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = private_folder().expect("a folder");
        let mode = folder.path().metadata().expect("it is there").permissions().mode();
        assert_eq!(mode & 0o777, 0o700);
    }

    #[test]
    fn the_algorithm_of_a_key_is_read_from_the_list() {
        let list = "sec:u:3072:1:95D2A1F0C0FFEE00:1764400000:::u:::scESC:::+:::23::0:\nfpr:::::::::ABCD:\n";
        assert_eq!(kind(list).as_deref(), Some("1"));
        assert_eq!(kind("tru::1:1764400000:0:3:1:5\n"), None);
    }

    #[test]
    fn a_key_in_the_environment_of_the_process_is_the_one_that_signs() {
        const TEST: &str = "signature::tests::a_key_in_the_environment_of_the_process_is_the_one_that_signs";
        const PLANTED: &str = "armor of this test";
        if std::env::var("GPG_PRIVATE_KEY").is_ok_and(|key| key == PLANTED) {
            let key = SigningKey::from_environment().expect("there is one");
            return assert_eq!((key.armored.as_str(), key.passphrase.as_str()), (PLANTED, "secret"));
        }
        // A test may not change its own environment, so this one starts itself in another process.
        let mut again = Command::new(std::env::current_exe().expect("this process is known"));
        again.args(["--exact", TEST]).env("GPG_PRIVATE_KEY", PLANTED).env("GPG_PASSPHRASE", "secret");
        let printed = run(&mut again).expect("the test passes there too");
        assert!(String::from_utf8_lossy(&printed).contains("1 passed"));
    }
}
