//! A key for signatures that only a test trusts.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

/// A key that was made for one test.
#[derive(Clone, Debug)]
pub struct ThrowawayKey {
    /// Its identifier: sixteen hexadecimal digits.
    pub id: String,
    /// The public part, armored.
    pub public: String,
    /// The private part, armored, which nothing protects.
    pub private: String,
}

impl ThrowawayKey {
    /// Makes a key of an algorithm, for example `rsa2048`, in an empty folder that is used for nothing else. `None` if there is no
    /// GnuPG on this machine.
    ///
    /// # Panics
    /// If GnuPG cannot make it.
    #[must_use]
    pub fn generate(algorithm: &str, folder: &Path) -> Option<Self> {
        _ = Command::new("gpg").arg("--version").output().ok()?;
        fs::create_dir_all(folder).expect("a folder");
        let user = "Throwaway <throwaway@example.com>";
        gpg(folder, &["--passphrase", "", "--quick-generate-key", user, algorithm, "sign", "never"]);
        let listed = gpg(folder, &["--list-keys", "--with-colons"]);
        let id = listed.lines().find(|line| line.starts_with("pub:")).and_then(|line| line.split(':').nth(4));
        let key = Self {
            id: id.expect("it has an identifier").to_owned(),
            public: gpg(folder, &["--armor", "--export"]),
            private: gpg(
                folder,
                &["--passphrase", "", "--pinentry-mode", "loopback", "--armor", "--export-secret-keys"],
            ),
        };
        _ = Command::new("gpgconf").env("GNUPGHOME", folder).args(["--kill", "all"]).output();
        Some(key)
    }
}

/// Runs GnuPG with a folder as its home, and returns what it printed.
fn gpg(home: &Path, arguments: &[&str]) -> String {
    let mut command = Command::new("gpg");
    command.env("GNUPGHOME", home).args(["--batch", "--no-tty", "--quiet", "--no-permission-warning"]);
    let output = command.args(arguments).stdin(Stdio::null()).output().expect("gpg can be started");
    assert!(output.status.success(), "gpg {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("it prints text")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::on_path;

    #[test]
    fn a_key_is_made_where_there_is_gnupg() {
        let folder = tempfile::tempdir().expect("a folder");
        let key = ThrowawayKey::generate("rsa1024", &folder.path().join("gnupg"));
        assert_eq!(key.is_some(), on_path(Path::new("gpg")).is_some());
        let Some(key) = key else { return };
        assert!(key.id.len() == 16 && key.id.chars().all(|digit| digit.is_ascii_hexdigit()), "{}", key.id);
        assert!(key.public.starts_with("-----BEGIN PGP PUBLIC KEY BLOCK-----"), "{}", key.public);
        assert!(key.private.starts_with("-----BEGIN PGP PRIVATE KEY BLOCK-----"));
    }
}
