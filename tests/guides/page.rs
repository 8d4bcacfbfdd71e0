//! The pages: the README and the sources of the guides, which are Go templates.

use std::fs;
use std::path::{Path, PathBuf};

/// The beginning and the end of a comment in the README.
const HTML: (&str, &str) = ("<!--", "-->");
/// The beginning and the end of a comment in a guide. The dash takes the line break or the space before it away.
const TEMPLATE: (&str, &str) = ("{{- /*", "*/}}");

/// The directory of the root package.
pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// A file of the repository, as text.
pub fn file(path: impl AsRef<Path>) -> String {
    let path = root().join(path);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// A page that people read.
pub struct Page {
    /// What it is called in the tests: `README`, or the name of the guide.
    pub name: String,
    /// What is written in the repository.
    pub source: String,
    comment: (&'static str, &'static str),
}

/// A comment of a page.
pub struct Comment<'a> {
    /// Its words, without the white space around them.
    pub text: &'a str,
    /// Where it begins.
    pub begin: usize,
    /// Where it ends.
    pub end: usize,
}

impl Page {
    /// The page of this name.
    pub fn read(name: &str) -> Self {
        let (path, comment) = match name {
            "README" => (PathBuf::from("README.md"), HTML),
            guide => (source_of(guide), TEMPLATE),
        };
        Self { name: name.to_owned(), source: file(path), comment }
    }

    /// The names of all guides.
    pub fn guides() -> Vec<String> {
        let directory = fs::read_dir(root().join("templates/guides")).expect("there are guides");
        let mut names: Vec<_> = directory
            .map(|entry| {
                let name = entry.expect("it can be read").file_name().into_string().expect("it is text");
                name.strip_suffix(".md.tmpl").unwrap_or_else(|| panic!("{name} is no source of a guide")).to_owned()
            })
            .collect();
        names.sort();
        names
    }

    /// All comments, in their order.
    pub fn comments(&self) -> Vec<Comment<'_>> {
        let (opening, closing) = self.comment;
        let mut comments = Vec::new();
        let mut at = 0;
        while let Some(found) = self.source[at..].find(opening) {
            let begin = at + found;
            let inside = begin + opening.len();
            let length = self.source[inside..].find(closing).expect("a comment ends");
            let end = inside + length + closing.len();
            comments.push(Comment { text: self.source[inside..inside + length].trim(), begin, end });
            at = end;
        }
        comments
    }

    /// The tests that its comments name.
    pub fn tests(&self) -> Vec<&str> {
        self.comments().into_iter().filter_map(|comment| comment.text.strip_prefix("test: ")).collect()
    }

    /// What `tfplugindocs` makes of a guide: a comment goes, with the white space before it, and a text in quotes is written
    /// as it is.
    pub fn rendered(&self) -> String {
        let mut rendered = String::new();
        let mut at = 0;
        for comment in self.comments() {
            rendered.push_str(self.source[at..comment.begin].trim_end());
            at = comment.end;
        }
        rendered.push_str(&self.source[at..]);
        let mut parts = rendered.split("{{ \"");
        let mut text = parts.next().unwrap_or_default().to_owned();
        for part in parts {
            let (quoted, rest) = part.split_once("\" }}").expect("a text in quotes ends");
            text.push_str(quoted);
            text.push_str(rest);
        }
        text
    }

    /// The front matter of a guide, line by line.
    pub fn front_matter(&self) -> Vec<(&str, &str)> {
        let header =
            self.source.strip_prefix("---\n").and_then(|text| text.split_once("\n---\n")).map(|(head, _)| head);
        header.unwrap_or_default().lines().filter_map(|line| line.split_once(": ")).collect()
    }
}

/// Where the source of a guide is.
fn source_of(guide: &str) -> PathBuf {
    PathBuf::from(format!("templates/guides/{guide}.md.tmpl"))
}
