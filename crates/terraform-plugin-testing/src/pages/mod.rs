//! Whether the pages of a provider's documentation say what its schema says.
//!
//! The pages are those of the registry, as tfplugindocs writes them: `index.md`, `resources/cluster.md` and so on. Nothing is
//! generated here, so a test that compares needs neither Go nor Terraform.
//!
//! ```no_run
//! use std::path::Path;
//!
//! use terraform_plugin_testing::pages::{Declared, Pages};
//!
//! # async fn test() {
//! let declared = Declared::of("books", Path::new("target/debug/terraform-provider-books")).await;
//! let pages = Pages::new().subcategories(&["Shelves", "Books"]);
//! assert_eq!(pages.mistakes(Path::new("docs"), &declared), [""; 0]);
//! # }
//! ```

mod anchor;
mod declared;
mod front_matter;
mod links;
mod object;
mod page;
mod schema_section;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

pub use anchor::of_heading as heading_anchor;
pub use declared::Declared;
pub use front_matter::FrontMatter;
pub use links::dead_links;
pub use page::extensions;

use links::Links;
use object::Object;
use page::Page;

use crate::files::files_below;

/// What the registry takes of one file, in bytes.
const LARGEST: usize = 500_000;
/// How many files the registry takes.
const MOST: usize = 2_000;

/// What the pages of a provider have to be.
#[derive(Clone, Debug, Default)]
pub struct Pages<'a> {
    subcategories: &'a [&'a str],
    registry: Option<&'a str>,
    repository: Option<(&'a str, &'a Path)>,
}

impl<'a> Pages<'a> {
    /// Pages without subcategories.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The subcategories, one of which each object has.
    #[must_use]
    pub fn subcategories(self, subcategories: &'a [&'a str]) -> Self {
        Self { subcategories, ..self }
    }

    /// The address of the pages in the registry, so that absolute links to them are followed too.
    #[must_use]
    pub fn registry(self, address: &'a str) -> Self {
        Self { registry: Some(address), ..self }
    }

    /// The address of the repository, and where it lies here, so that absolute links to its files are followed too.
    #[must_use]
    pub fn repository(self, address: &'a str, root: &'a Path) -> Self {
        Self { repository: Some((address, root)), ..self }
    }

    /// What is wrong with the pages in a directory, one sentence each, with the file and the line: an object without its page
    /// and a page without its object; an attribute, block, identity attribute or argument that is missing, more than there is,
    /// or described otherwise; front matter; sizes; links and anchors that lead nowhere, on GitHub or in the registry.
    ///
    /// # Panics
    /// If the directory cannot be read.
    #[must_use]
    pub fn mistakes(&self, directory: &Path, declared: &Declared) -> Vec<String> {
        let (pages, mut mistakes) = read(directory);
        let objects = object::all(declared);
        for object in &objects {
            match pages.get(&object.page) {
                Some(page) => object.compare(page, &mut mistakes),
                None => mistakes.push(format!("{}: there is no page of the {}", object.page, object.what)),
            }
        }
        let known: BTreeSet<_> = objects.iter().map(|object| object.page.as_str()).collect();
        for page in pages.values() {
            self.front_matter(page, &objects, &mut mistakes);
            let is_guide = page.path.starts_with("guides/");
            if !is_guide && !known.contains(page.path.as_str()) {
                mistakes.push(format!("{}: the provider has no such object", page.path));
            }
        }
        let links = Links { pages: &pages, registry: self.registry, repository: self.repository };
        for page in pages.values() {
            links.check(page, &mut mistakes);
        }
        mistakes
    }

    fn front_matter(&self, page: &Page, objects: &[Object], mistakes: &mut Vec<String>) {
        let object = objects.iter().find(|object| object.page == page.path);
        let subcategories = object.filter(|object| object.has_subcategory()).map(|_| self.subcategories);
        page.front_matter.check(subcategories.filter(|names| !names.is_empty()), &mut |sentence| {
            mistakes.push(format!("{}: {sentence}", page.path));
        });
    }
}

/// The pages of a directory by their path in it, and what is wrong with the files as such.
fn read(directory: &Path) -> (BTreeMap<String, Page>, Vec<String>) {
    let (mut pages, mut mistakes) = (BTreeMap::new(), Vec::new());
    let files = files_below(directory).expect("the directory of the pages can be read");
    if files.len() > MOST {
        mistakes.push(format!("{} files are more than the {MOST} that the registry takes", files.len()));
    }
    for path in files {
        let parts: Vec<_> = path.iter().map(|part| part.to_string_lossy()).collect();
        // As links are written, on every system.
        let path = parts.join("/");
        if Path::new(&path).extension().is_none_or(|extension| extension != "md") {
            mistakes.push(format!("{path}: is no page"));
            continue;
        }
        let text = fs::read_to_string(directory.join(&path)).expect("a page can be read");
        if text.len() >= LARGEST {
            mistakes.push(format!("{path}: has {} bytes; the registry takes less than {LARGEST}", text.len()));
        }
        let page = Page::parse(path.clone(), &text);
        mistakes.extend(page.mistakes.iter().map(|(line, sentence)| format!("{path}, line {line}: {sentence}")));
        pages.insert(path, page);
    }
    (pages, mistakes)
}

#[cfg(test)]
mod tests;
