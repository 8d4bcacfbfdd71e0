//! The packages whose end-to-end tests are run with every CLI.

/// The directories of these packages below the root. The provider itself is first.
pub const PACKAGES: [&str; 3] =
    ["", "crates/terraform-plugin/examples/terraform-provider-notes", "crates/terraform-plugin/examples/shapes"];
