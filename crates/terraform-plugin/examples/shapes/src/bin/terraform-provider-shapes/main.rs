//! A provider whose objects have attributes and blocks of every shape that a schema can have.
//!
//! There is nothing behind it: an object is what stands in the state, and what is computed is random or follows from the rest.
//! The example `shapes` writes random configurations for it and has a real Terraform apply them.

mod block;
mod kept;
mod nested;
mod plain;
mod provider;

use std::process::ExitCode;

use terraform_plugin::ServeOptions;

fn main() -> ExitCode {
    terraform_plugin::run(provider::Shapes, ServeOptions::new(provider::ADDRESS))
}

#[cfg(test)]
mod tests {
    #[test]
    fn nothing_is_wrong_with_what_the_provider_declares() {
        assert_eq!(terraform_plugin::validate_implementation(&super::provider::Shapes), []);
    }
}
