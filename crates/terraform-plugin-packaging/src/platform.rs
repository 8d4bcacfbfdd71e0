//! The platforms of a release: what Go, and so Terraform, calls them, and what Rust does.

use std::fmt;

/// A platform on which Terraform runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Platform {
    /// The operating system, as in the name of an archive: `linux`, `darwin`, `windows`.
    pub os: &'static str,
    /// The processor: `amd64`, `arm64`.
    pub arch: &'static str,
    /// The target of Rust's compiler that release builds are made for.
    pub target: &'static str,
}

impl Platform {
    /// All platforms of a release, sorted by name.
    pub const ALL: [Self; 6] = [
        Self { os: "darwin", arch: "amd64", target: "x86_64-apple-darwin" },
        Self { os: "darwin", arch: "arm64", target: "aarch64-apple-darwin" },
        Self { os: "linux", arch: "amd64", target: "x86_64-unknown-linux-gnu" },
        Self { os: "linux", arch: "arm64", target: "aarch64-unknown-linux-gnu" },
        Self { os: "windows", arch: "amd64", target: "x86_64-pc-windows-msvc" },
        Self { os: "windows", arch: "arm64", target: "aarch64-pc-windows-msvc" },
    ];

    /// The platform that a target of Rust's compiler builds for; `None` for one that is not released.
    #[must_use]
    pub fn of_target(target: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|platform| platform.target == target)
    }

    /// The file name of a program on this platform.
    #[must_use]
    pub fn program(self, name: &str) -> String {
        format!("{name}{}", if self.os == "windows" { ".exe" } else { "" })
    }
}

impl fmt::Display for Platform {
    /// As in the name of an archive: `linux_amd64`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}_{}", self.os, self.arch)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_platform_is_found_by_its_target_and_named_as_terraform_names_it() {
        let named = |target| Platform::of_target(target).map(|platform| platform.to_string());
        assert_eq!(named("aarch64-apple-darwin").as_deref(), Some("darwin_arm64"));
        assert_eq!(named("x86_64-pc-windows-msvc").as_deref(), Some("windows_amd64"));
        assert_eq!(named("x86_64-unknown-linux-musl"), None);
        let all = Platform::ALL.map(|platform| platform.to_string());
        assert!(all.is_sorted(), "archives and checksums are in the order of their names: {all:?}");
    }
}
