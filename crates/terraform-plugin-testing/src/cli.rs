//! Which CLI is at hand: Terraform or OpenTofu, and of which version.

use std::env::consts::EXE_SUFFIX;
use std::ffi::OsStr;
use std::fmt;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;

/// The names under which a CLI is on the path, the first that is there being taken.
const NAMES: [&str; 2] = ["terraform", "tofu"];

/// The programs that run configurations.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Product {
    /// Its program is `terraform`.
    Terraform,
    /// Its program is `tofu`.
    OpenTofu,
}

/// A program that runs configurations, as it reports itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cli {
    /// Which of the two it is.
    pub product: Product,
    /// The major and minor version.
    pub version: (u64, u64),
    /// The whole version, for example `1.16.0-rc2`.
    full: String,
}

impl Cli {
    /// Asks a program what it is.
    ///
    /// # Errors
    /// If it cannot be started, or reports no version.
    pub fn of(program: &Path) -> io::Result<Self> {
        let mut command = without_users_settings(program);
        // Where no file is named, the user's own is read.
        command
            .args(["version", "-no-color"])
            .env("TF_CLI_CONFIG_FILE", if cfg!(windows) { "NUL" } else { "/dev/null" });
        let at = |why: &dyn fmt::Display| io::Error::other(format!("{}: {why}", program.display()));
        let output = command.output().map_err(|error| at(&error))?;
        let printed = String::from_utf8_lossy(&output.stdout);
        Self::parse(&printed).ok_or_else(|| at(&format!("it reports no version: {printed}")))
    }

    /// The one that tests run.
    ///
    /// # Panics
    /// If there is none.
    #[must_use]
    pub fn at_hand() -> &'static Self {
        static AT_HAND: OnceLock<Cli> = OnceLock::new();
        AT_HAND.get_or_init(|| Self::of(&terraform()).expect("TF names a CLI, or one is on the path"))
    }

    /// Reads what the command `version` prints: a line of it, for example `OpenTofu v1.12.6`, says what it is.
    #[must_use]
    pub fn parse(printed: &str) -> Option<Self> {
        printed.lines().find_map(Self::parse_line)
    }

    fn parse_line(line: &str) -> Option<Self> {
        let (product, full) = line.split_once(" v")?;
        let product = match product {
            "Terraform" => Product::Terraform,
            "OpenTofu" => Product::OpenTofu,
            _ => return None,
        };
        let mut parts = full.split('.').map(str::parse);
        let version = (parts.next()?.ok()?, parts.next()?.ok()?);
        Some(Self { product, version, full: full.to_owned() })
    }

    /// The registry in which it looks for a provider whose address names none.
    #[must_use]
    pub fn registry(&self) -> &'static str {
        match self.product {
            Product::Terraform => "registry.terraform.io",
            Product::OpenTofu => "registry.opentofu.org",
        }
    }
}

impl fmt::Display for Cli {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?} {}", self.product, self.full)
    }
}

/// The program that tests run: `$TF`, or the first of `terraform` and `tofu` that is on the path.
#[must_use]
pub fn terraform() -> PathBuf {
    let chosen = std::env::var_os("TF").filter(|path| !path.is_empty()).map(PathBuf::from);
    let names = chosen.as_ref().map_or(NAMES.map(Path::new).to_vec(), |chosen| vec![chosen]);
    names.iter().find_map(|name| on_path(name)).unwrap_or_else(|| names[0].to_owned())
}

/// The absolute path of a program, so that it can be started in any directory: a name is searched for on the path. `None` if it is
/// not there.
#[must_use]
pub fn on_path(program: &Path) -> Option<PathBuf> {
    let candidates = if program.components().count() > 1 {
        vec![std::path::absolute(program).ok()?]
    } else {
        let path = std::env::var_os("PATH").unwrap_or_default();
        std::env::split_paths(&path).map(|directory| directory.join(program)).collect()
    };
    // On Windows, the name is given without its end.
    let with_end = |candidate: PathBuf| {
        let mut name = candidate.clone().into_os_string();
        name.push(EXE_SUFFIX);
        [candidate, name.into()]
    };
    candidates.into_iter().flat_map(with_end).find(|candidate| candidate.is_file())
}

/// A program that is not yet started, to which no setting of the user's for CLIs is handed on.
pub(crate) fn without_users_settings(program: impl AsRef<OsStr>) -> Command {
    let mut command = Command::new(program);
    remove_variables(&mut command, "TF_");
    command.env("CHECKPOINT_DISABLE", "1").stdin(Stdio::null());
    command
}

/// Hands no variable on whose name begins so.
pub(crate) fn remove_variables(command: &mut Command, prefix: &str) {
    for (name, _) in std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with(prefix)) {
        command.env_remove(name);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cli_is_known_by_a_line_of_its_version() {
        for (printed, product, version, shown) in [
            ("Terraform v1.11.4\non linux_amd64\n", Product::Terraform, (1, 11), "Terraform 1.11.4"),
            ("Terraform v1.16.0-rc2\n\nYour version of Terraform", Product::Terraform, (1, 16), "Terraform 1.16.0-rc2"),
            (
                "\nWarning: a warning\n\nOpenTofu v1.10.7\non linux_amd64\n",
                Product::OpenTofu,
                (1, 10),
                "OpenTofu 1.10.7",
            ),
        ] {
            let cli = Cli::parse(printed).expect("it is known");
            assert_eq!((cli.product, cli.version, cli.to_string().as_str()), (product, version, shown));
        }
        for unknown in ["", "Terraform", "Terraform vnew", "Another v1.2.3", "on linux_amd64\n"] {
            assert_eq!(Cli::parse(unknown), None, "{unknown:?}");
        }
    }

    #[test]
    fn a_program_is_found_by_its_name_and_by_its_path() {
        // Every machine that runs this has it.
        let cargo = on_path(Path::new("cargo")).expect("cargo is on the path");
        assert!(cargo.is_absolute());
        assert_eq!(on_path(&cargo), Some(cargo));
        assert_eq!(on_path(Path::new("src/cli.rs")), Some(Path::new(env!("CARGO_MANIFEST_DIR")).join("src/cli.rs")));
        assert_eq!([on_path(Path::new("no-such-program")), on_path(Path::new("src/none"))], [None, None]);
    }

    #[test]
    fn a_variable_that_begins_so_is_not_handed_on() {
        let mut command = Command::new("cargo");
        // Cargo sets several of these for every test.
        remove_variables(&mut command, "CARGO_PKG_");
        let removed: Vec<_> = command.get_envs().filter(|(_, value)| value.is_none()).map(|(name, _)| name).collect();
        assert!(removed.contains(&OsStr::new("CARGO_PKG_NAME")), "{removed:?}");
        assert!(removed.iter().all(|name| name.to_string_lossy().starts_with("CARGO_PKG_")), "{removed:?}");
    }

    #[test]
    fn what_is_no_cli_is_an_error_that_names_it() {
        let cargo = on_path(Path::new("cargo")).expect("cargo is on the path");
        for program in [Path::new("/no/such/program"), &cargo] {
            let error = Cli::of(program).expect_err("it is none");
            assert!(error.to_string().starts_with(&program.display().to_string()), "{error}");
        }
    }

    #[test]
    fn each_product_has_a_registry_of_its_own() {
        for (printed, registry) in
            [("Terraform v1.11.4", "registry.terraform.io"), ("OpenTofu v1.11.0", "registry.opentofu.org")]
        {
            assert_eq!(Cli::parse(printed).map(|cli| cli.registry()), Some(registry));
        }
    }
}
