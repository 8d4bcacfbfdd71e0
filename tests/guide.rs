//! What the framework's guide quotes stands word for word in tests that run.

use std::fs;
use std::path::Path;

use terraform_plugin_testing::files_below;

/// The chapter's part on a real Terraform, whose Rust rustdoc does not run: it needs the program of a provider.
const QUOTING: &str = "crates/terraform-plugin/guide/testing_terraform.md";
const QUOTED: &str = "crates/terraform-plugin/examples/terraform-provider-zones/tests/acceptance";

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The lines, however far they are indented.
fn lines(text: &str) -> Vec<&str> {
    text.lines().map(str::trim).collect()
}

/// The pieces of Rust of a page: what stands between fences without another language.
fn pieces_of_rust(page: &str) -> Vec<Vec<&str>> {
    let parts = page.split("\n```").skip(1).step_by(2);
    parts.filter_map(|part| part.strip_prefix('\n')).map(lines).collect()
}

#[test]
fn what_the_guide_says_of_a_real_terraform_is_quoted_from_tests() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let page = read(&root.join(QUOTING));
    let files = files_below(&root.join(QUOTED)).expect("the tests of the template can be listed");
    let sources: Vec<String> = files.iter().map(|file| read(&root.join(QUOTED).join(file))).collect();
    let sources: Vec<_> = sources.iter().map(|source| lines(source)).collect();
    let pieces = pieces_of_rust(&page);
    assert!(pieces.len() > 5, "there are {} pieces of Rust", pieces.len());
    for piece in pieces {
        let stands_in = |source: &Vec<&str>| source.windows(piece.len()).any(|window| window == piece);
        assert!(sources.iter().any(stands_in), "this stands in no test of the template:\n{}", piece.join("\n"));
    }
}
