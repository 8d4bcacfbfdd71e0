//! Where links lead.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use super::page::Page;

/// What links may lead to.
pub struct Links<'a> {
    pub pages: &'a BTreeMap<String, Page>,
    pub registry: Option<&'a str>,
    pub repository: Option<(&'a str, &'a Path)>,
}

impl Links<'_> {
    /// Follows the links of a page as far as that is possible without a network.
    pub fn check(&self, page: &Page, mistakes: &mut Vec<String>) {
        for (line, link) in &page.links {
            if let Some(why) = self.wrong(page, link) {
                mistakes.push(format!("{}, line {line}: the link {link:?} leads nowhere: {why}", page.path));
            }
        }
    }

    fn wrong(&self, page: &Page, link: &str) -> Option<String> {
        let (target, anchor) = split(link);
        if target.is_empty() {
            return anchor.map_or(Some("it is empty".to_owned()), |anchor| page.wrong_anchor(anchor));
        }
        if let Some(path) = self.registry.and_then(|address| target.strip_prefix(address)) {
            let path = path.trim_matches('/');
            let path = if path.is_empty() { "index" } else { path };
            return self.wrong_page(&format!("{path}.md"), anchor);
        }
        if let Some((address, root)) = self.repository
            && let Some(rest) = target.strip_prefix(address)
        {
            return wrong_in_repository(rest, root);
        }
        if target.starts_with("https://") {
            return None;
        }
        if target.contains(':') || target.starts_with('/') {
            return Some("it is neither relative nor https".to_owned());
        }
        match resolve(&page.path, target) {
            Some(path) => self.wrong_page(&path, anchor),
            None => Some("the registry has only the pages".to_owned()),
        }
    }

    fn wrong_page(&self, path: &str, anchor: Option<&str>) -> Option<String> {
        let Some(page) = self.pages.get(path) else {
            return Some(format!("there is no page {path}"));
        };
        anchor.and_then(|anchor| page.wrong_anchor(anchor))
    }
}

/// A link without its anchor, and its anchor.
fn split(link: &str) -> (&str, Option<&str>) {
    link.split_once('#').map_or((link, None), |(target, anchor)| (target, Some(anchor)))
}

/// A relative path, from the directory of a file; `None` if it leads out of all directories.
fn resolve(from: &str, to: &str) -> Option<String> {
    let mut parts: Vec<&str> = from.split('/').collect();
    parts.pop();
    for part in to.split('/') {
        match part {
            "." | "" => {}
            ".." => _ = parts.pop()?,
            part => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

/// `/blob/main/` and `/tree/main/` are followed by a path in the repository; everything else is GitHub's own.
fn wrong_in_repository(rest: &str, root: &Path) -> Option<String> {
    let path = ["/blob/main/", "/tree/main/"].into_iter().find_map(|begin| rest.strip_prefix(begin))?;
    (!root.join(path).exists()).then(|| format!("the repository has no {path}"))
}

/// The links of Markdown files that lead nowhere on GitHub, one sentence each. The paths are those in the repository.
///
/// # Panics
/// If a file cannot be read.
#[must_use]
pub fn dead_links(root: &Path, files: &[&str]) -> Vec<String> {
    let page = |path: &str| {
        let text = fs::read_to_string(root.join(path)).unwrap_or_else(|error| panic!("{path}: {error}"));
        Page::parse(path.to_owned(), &text)
    };
    let wrong = |page_of: &Page, link: &str| {
        let (target, anchor) = split(link);
        if target.contains(':') {
            return (!target.starts_with("https://")).then(|| "it is neither relative nor https".to_owned());
        }
        let path = if target.is_empty() { Some(page_of.path.clone()) } else { resolve(&page_of.path, target) };
        let Some(path) = path.filter(|path| root.join(path).exists()) else {
            return Some("there is no such file".to_owned());
        };
        anchor.and_then(|anchor| page(&path).no_anchor(anchor))
    };
    let mut mistakes = Vec::new();
    for page in files.iter().map(|path| page(path)) {
        for (line, link) in &page.links {
            if let Some(why) = wrong(&page, link) {
                mistakes.push(format!("{}, line {line}: the link {link:?} leads nowhere: {why}", page.path));
            }
        }
    }
    mistakes
}
