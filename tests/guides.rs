//! The guides: each claim names the test that proves it, in a comment next to it, and each of these tests exists.

use std::fs;
use std::path::{Path, PathBuf};

fn sources(directory: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(directory).expect("it can be listed") {
        let path = entry.expect("it can be read").path();
        if path.is_dir() && !path.ends_with("target") {
            sources(&path, found);
        } else if path.extension().is_some_and(|end| end == "rs") {
            found.push(path);
        }
    }
}

#[test]
fn every_claim_of_the_guides_names_a_test_that_exists() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut files = Vec::new();
    for part in ["src", "tests", "crates"] {
        sources(&root.join(part), &mut files);
    }
    let tests: Vec<_> = files
        .iter()
        .flat_map(|path| {
            let text = fs::read_to_string(path).expect("it can be read");
            let lines: Vec<_> = text.lines().map(|line| line.trim().to_owned()).collect();
            let name = |pair: &[String]| {
                let is_test = pair[0] == "#[test]" || pair[0].starts_with("#[tokio::test");
                let name = pair[1].trim_start_matches("async ").strip_prefix("fn ")?.split('(').next()?;
                is_test.then(|| name.to_owned())
            };
            lines.windows(2).filter_map(name).collect::<Vec<_>>()
        })
        .collect();
    let mut claims = 0;
    for guide in fs::read_dir(root.join("docs/guides")).expect("there are guides") {
        let path = guide.expect("it can be read").path();
        let text = fs::read_to_string(&path).expect("it can be read");
        let header = text.strip_prefix("---\n").and_then(|text| text.split_once("\n---\n")).map(|(header, _)| header);
        let header = header.unwrap_or_default();
        assert!(header.contains("page_title: ") && header.contains("description: "), "{}", path.display());
        for claim in text.split("<!-- test: ").skip(1) {
            let name = claim.split(" -->").next().expect("a comment ends");
            assert!(tests.iter().any(|test| test == name), "{}: there is no test {name}", path.display());
            claims += 1;
        }
    }
    assert!(claims > 20, "{claims}");
}
