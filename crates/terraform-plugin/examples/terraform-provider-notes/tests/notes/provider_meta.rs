//! What a module says of itself.

use super::*;

#[test]
fn a_module_identifies_itself_to_the_provider() {
    let notes = Notes::new("meta");
    notes.write_with_meta("  provider_meta \"notes\" {\n    module = \"shop\"\n  }\n", SHOPPING);
    notes.apply().ok();
    assert_eq!(notes.note("shopping-list")["module"], "shop");
    notes.expect_empty_plan();
}
