//! The pages as HTML, as a reader of the registry sees them: with navigation, anchors and callouts.

mod code;
mod markdown;
mod navigation;

use std::path::{Path, PathBuf};

use terraform_plugin_testing::pages::FrontMatter;

use crate::pages::{self, Pages};
use crate::problem::Problem;
use markdown::Rendered;
use navigation::Navigation;

const STYLE: &str = include_str!("style.css");

/// A page that is to be shown.
pub struct Page {
    /// Its path without an extension, for example `resources/cluster`.
    path: String,
    front_matter: FrontMatter,
    text: String,
}

impl Page {
    fn parse(path: &Path, file: &str) -> Self {
        let (front_matter, text) = FrontMatter::split(file);
        let path = path.with_extension("").to_string_lossy().into_owned();
        Self { path, front_matter, text: text.to_owned() }
    }

    /// The way from this page to the directory of all.
    fn up(&self) -> String {
        "../".repeat(self.path.matches('/').count())
    }
}

/// Writes the pages into a directory, and returns the first.
pub fn write(sources: &Pages, directory: &Path) -> Result<PathBuf, Problem> {
    let sources = sources.iter().filter(|(path, _)| path.extension().is_some_and(|extension| extension == "md"));
    let found: Vec<Page> = sources.map(|(path, file)| Page::parse(path, file)).collect();
    let navigation = Navigation::of(&found);
    let mut files: Pages =
        found.iter().map(|page| (PathBuf::from(format!("{}.html", page.path)), html(page, &navigation))).collect();
    files.insert(PathBuf::from("style.css"), STYLE.to_owned());
    pages::write(&files, directory)?;
    Ok(directory.join("index.html"))
}

fn html(page: &Page, navigation: &Navigation) -> String {
    let Rendered { html, headings } = markdown::render(&page.text);
    let (up, title) = (page.up(), markdown::escape(page.front_matter.get("page_title")));
    let description = markdown::escape(page.front_matter.get("description"));
    let contents = headings.iter().fold(String::new(), |list, heading| {
        format!("{list}<li class=\"level{}\"><a href=\"#{}\">{}</a></li>\n", heading.level, heading.id, heading.html)
    });
    format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"description\" content=\"{description}\">\n<title>{title}</title>\n\
         <link rel=\"stylesheet\" href=\"{up}style.css\">\n</head>\n<body>\n\
         <header><a href=\"{up}index.html\">Documentation</a><span>{title}</span></header>\n\
         <div class=\"columns\">\n<nav>\n{}</nav>\n<main>\n{html}</main>\n\
         <aside>\n<h2>On this page</h2>\n<ul>\n{contents}</ul>\n</aside>\n</div>\n</body>\n</html>\n",
        navigation.html(page)
    )
}
