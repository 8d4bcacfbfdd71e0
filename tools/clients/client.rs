//! The workspace of a client: it has the provider as users install it.

use terraform_plugin_testing::{Installation, program_next_to_examples};

use crate::installed::directory;
use crate::problem::Problem;
use crate::session::Session;

/// A session of this name, with the provider that was built, and with copies of these files.
pub fn session(name: &str, files: &[&str]) -> Result<Session, Problem> {
    let program = program_next_to_examples("terraform-provider-tensorpool")?;
    // A mirror, as the clients run `terraform init`.
    let version = env!("CARGO_PKG_VERSION");
    let installation = Installation::Mirror { address: "tensorpool/tensorpool", program: &program, version };
    Session::new(&directory()?.join(format!("{name}-run")), &installation, files)
}
