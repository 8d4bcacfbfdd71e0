//! The pages of the documentation say what the provider says, and their links lead somewhere.
//!
//! `make docs` writes the pages; this holds them to the code where there is neither Go nor a Terraform that knows all objects.

use std::path::Path;

use terraform_plugin_testing::pages::{Declared, Pages, dead_links};

const PROGRAM: &str = env!("CARGO_BIN_EXE_terraform-provider-tensorpool");
const SUBCATEGORIES: [&str; 4] = ["Clusters", "Storage", "Object Storage", "Account"];
const REGISTRY: &str = "https://registry.terraform.io/providers/tensorpool/tensorpool/latest/docs";

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

#[tokio::test]
async fn every_page_says_what_the_schema_says() {
    let declared = Declared::of("tensorpool", Path::new(PROGRAM)).await;
    assert!(declared.schemas.resource_schemas.len() > 5 && declared.schemas.action_schemas.len() > 2);
    let pages =
        Pages::new().subcategories(&SUBCATEGORIES).registry(REGISTRY).repository(env!("CARGO_PKG_REPOSITORY"), root());
    let mistakes = pages.mistakes(&root().join("docs"), &declared);
    assert!(
        mistakes.is_empty(),
        "`make docs` writes the pages. Mistakes ({}):\n{}",
        mistakes.len(),
        mistakes.join("\n")
    );
}

#[test]
fn the_links_of_the_other_documents_lead_somewhere() {
    let files = [
        "README.md",
        "CONTRIBUTING.md",
        "ARCHITECTURE.md",
        "CHANGELOG.md",
        "SECURITY.md",
        "examples/stacks/training/README.md",
        "crates/terraform-plugin/README.md",
        "crates/terraform-plugin/CONFORMANCE.md",
    ];
    assert_eq!(dead_links(root(), &files), [""; 0]);
}
