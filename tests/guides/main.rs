//! What people read: each claim of the guides names the test that proves it, and each block of the README and of the guides is
//! applied, run or compared.

#[path = "../support/mod.rs"]
mod support;

mod block;
mod claims;
mod page;
mod run;
mod world;

use std::fs;
use std::path::PathBuf;

use block::{Language, blocks};
use page::{Page, file, root};
use support::Scenario;
use terraform_plugin_testing::files_below;

/// A test for each page, in which all its blocks are applied, run or compared.
macro_rules! pages {
    ($($test:ident: $page:literal),* $(,)?) => {
        $(
            #[test]
            fn $test() {
                run::page($page);
            }
        )*

        const PAGES: &[&str] = &[$($page),*];
    };
}

pages! {
    the_blocks_of_the_readme: "README",
    the_blocks_about_authentication: "authentication",
    the_blocks_about_ci: "ci",
    the_blocks_about_debugging: "debugging",
    the_blocks_about_deletion_protection: "deletion-protection",
    the_blocks_about_getting_started: "getting-started",
    the_blocks_about_interruptions: "interruptions",
    the_blocks_about_migrating: "migrating",
    the_blocks_about_object_storage: "object-storage",
    the_blocks_about_other_clients: "other-clients",
    the_blocks_about_secrets: "secrets",
    the_blocks_about_the_simulator: "simulator",
    the_blocks_about_testing: "testing",
    the_blocks_about_versions: "versions",
}

/// The names of all tests.
fn tests() -> Vec<String> {
    let below = |part| {
        let directory = root().join(part);
        files_below(&directory).expect("it can be listed").into_iter().map(move |path| directory.join(path))
    };
    let files = ["src", "tests", "crates"].into_iter().flat_map(below);
    let names = |path: PathBuf| {
        let text = file(path);
        let lines: Vec<_> = text.lines().map(|line| line.trim().to_owned()).collect();
        let name = |pair: &[String]| {
            let is_test = pair[0] == "#[test]" || pair[0].starts_with("#[tokio::test");
            let name = pair[1].trim_start_matches("async ").strip_prefix("fn ")?.split('(').next()?;
            is_test.then(|| name.to_owned())
        };
        lines.windows(2).filter_map(name).collect::<Vec<_>>()
    };
    files.filter(|path| path.extension().is_some_and(|end| end == "rs")).flat_map(names).collect()
}

#[test]
fn every_claim_of_the_guides_names_a_test_that_exists() {
    let tests = tests();
    let mut claims = 0;
    for guide in Page::guides() {
        let page = Page::read(&guide);
        for name in page.tests() {
            assert!(tests.iter().any(|test| test == name), "{guide}: there is no test {name}");
            claims += 1;
        }
    }
    assert!(claims > 100, "{claims}");
}

#[test]
fn every_page_is_one_whose_blocks_are_tried() {
    let mut pages = Page::guides();
    pages.insert(0, "README".to_owned());
    assert_eq!(pages, PAGES);
}

#[test]
fn every_comment_of_a_guide_is_a_test_or_says_what_is_done_with_a_block() {
    for guide in Page::guides() {
        let page = Page::read(&guide);
        for comment in page.comments() {
            let is_known = ["test: ", "block: "].iter().any(|word| comment.text.starts_with(word));
            assert!(is_known, "{guide}: {:?}", comment.text);
        }
        // What a template does with anything else is not rendered here.
        assert!(!page.rendered().contains("{{") || page.rendered().contains("${{"), "{guide}");
        assert!(!page.source.contains("<!--"), "{guide}: it would be on the page");
    }
}

#[test]
fn every_guide_says_what_it_is_about_in_its_front_matter() {
    for guide in Page::guides() {
        let page = Page::read(&guide);
        let front_matter = page.front_matter();
        let names: Vec<_> = front_matter.iter().map(|(name, _)| *name).collect();
        assert_eq!(names, ["page_title", "subcategory", "description"], "{guide}");
        let description = front_matter[2].1.trim_matches('"');
        assert!(description.ends_with('.') && !description.contains(". "), "{guide}: not one sentence");
    }
}

#[test]
fn the_guides_in_docs_are_what_their_sources_render_to() {
    let update = std::env::var_os("UPDATE_DOCS").is_some();
    for guide in Page::guides() {
        let (path, rendered) = (format!("docs/guides/{guide}.md"), Page::read(&guide).rendered());
        if update {
            fs::write(root().join(&path), &rendered).expect("it can be written");
        }
        assert!(file(&path) == rendered, "{path} is another text: run this test with UPDATE_DOCS=1, or make docs");
    }
    for entry in fs::read_dir(root().join("docs/guides")).expect("there are guides") {
        let name = entry.expect("it can be read").file_name().into_string().expect("it is text");
        assert!(Page::guides().iter().any(|guide| format!("{guide}.md") == name), "{name} has no source");
    }
}

#[test]
fn every_hcl_block_is_formatted() {
    let scenario = Scenario::new("pages-format");
    let mut written = 0;
    for page in PAGES {
        for block in blocks(&Page::read(page)) {
            let name = block.place.replace(':', "-");
            if block.language == Language::Hcl {
                scenario.write_file(&format!("{name}.tf"), &block.text);
                written += 1;
            }
        }
    }
    let run = scenario.run(&["fmt", "-check", "-diff", "-no-color"]);
    assert_eq!(run.code, Some(0), "not formatted:\n{}", run.text);
    assert!(written > 10, "{written}");
}
