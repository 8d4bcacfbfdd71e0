//! The pages in `docs/` say what the provider says: `make docs` writes them, and this holds them to the schema without Go.

use std::path::Path;

use terraform_plugin_testing::pages::{Declared, Pages};

#[tokio::test]
async fn every_page_says_what_the_schema_says() {
    let declared = Declared::of("zones", Path::new(env!("CARGO_BIN_EXE_terraform-provider-zones"))).await;
    let mistakes = Pages::new().mistakes(&Path::new(env!("CARGO_MANIFEST_DIR")).join("docs"), &declared);
    assert!(mistakes.is_empty(), "`make docs` writes the pages. Mistakes:\n{}", mistakes.join("\n"));
}
