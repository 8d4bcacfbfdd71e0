//! The operating system on which an SSH command is going to be used.

use terraform_plugin::Attr;
use terraform_plugin::schema::{Attribute, OneOf};

/// Not the system of the machine that runs Terraform: the same configuration would give one value on a laptop and another
/// in CI, and every run would change what the other one had stored.
const DEFAULT: &str = "linux";

/// The attribute `system`.
pub(super) fn system_attribute() -> Attribute {
    Attribute::string("The operating system on which the command is used.")
        .default_is(format!(
            "`\"{DEFAULT}\"`, wherever Terraform runs, so that the result is the same on every machine"
        ))
        .optional()
        .computed()
        .validate(OneOf(&["linux", "darwin", "windows"]))
}

/// The system that the configuration names, or the default.
pub(super) fn system_of(configured: &Attr<String>) -> &str {
    configured.as_str().unwrap_or(DEFAULT)
}
