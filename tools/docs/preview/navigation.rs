//! The navigation: the guides, then the objects by subcategory and kind, as in the registry.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::Page;
use super::markdown::escape;

/// The directories of the objects, and what the registry calls them.
const KINDS: [(&str, &str); 6] = [
    ("resources", "Resources"),
    ("data-sources", "Data Sources"),
    ("ephemeral-resources", "Ephemeral Resources"),
    ("list-resources", "List Resources"),
    ("actions", "Actions"),
    ("functions", "Functions"),
];

/// A page, and what the navigation calls it.
type Entry = (String, String);

/// The navigation of all pages.
pub struct Navigation {
    guides: Vec<Entry>,
    /// By subcategory, and by the place of the kind in [`KINDS`].
    objects: BTreeMap<String, BTreeMap<usize, Vec<Entry>>>,
}

impl Navigation {
    /// Sorts pages in.
    pub fn of(pages: &[Page]) -> Self {
        let mut navigation = Self { guides: Vec::new(), objects: BTreeMap::new() };
        for page in pages {
            let Some((directory, _)) = page.path.split_once('/') else { continue };
            let title = page.front_matter.get("page_title");
            match KINDS.iter().position(|(kind, _)| *kind == directory) {
                Some(kind) => {
                    let kinds = navigation.objects.entry(page.front_matter.get("subcategory").to_owned()).or_default();
                    let name = title.split(' ').next().unwrap_or_default();
                    kinds.entry(kind).or_default().push((page.path.clone(), name.to_owned()));
                }
                None => navigation.guides.push((page.path.clone(), title.to_owned())),
            }
        }
        navigation
    }

    /// As a page shows it.
    pub fn html(&self, page: &Page) -> String {
        let mut html = String::new();
        list(&mut html, &[("index".to_owned(), "Overview".to_owned())], page);
        if !self.guides.is_empty() {
            html.push_str("<h2>Guides</h2>\n");
            list(&mut html, &self.guides, page);
        }
        for (subcategory, kinds) in &self.objects {
            let subcategory = if subcategory.is_empty() { "Objects" } else { subcategory };
            _ = writeln!(html, "<h2>{}</h2>", escape(subcategory));
            for (kind, entries) in kinds {
                _ = writeln!(html, "<h3>{}</h3>", KINDS[*kind].1);
                list(&mut html, entries, page);
            }
        }
        html
    }
}

fn list(html: &mut String, entries: &[Entry], page: &Page) {
    html.push_str("<ul>\n");
    for (path, name) in entries {
        let current = if *path == page.path { " aria-current=\"page\"" } else { "" };
        _ = writeln!(html, "<li><a href=\"{}{path}.html\"{current}>{}</a></li>", page.up(), escape(name));
    }
    html.push_str("</ul>\n");
}
