//! Pages of an invented provider, each wrong in one way.

use super::*;
use crate::proto::tfplugin6 as pb;

const INDEX: &str = "---
page_title: \"books Provider\"
description: |-
  Keeps books.
---

# books Provider

Keeps books. See [the book](resources/book.md#nestedblock--cover) and [its schema](resources/book.md#schema).

## Schema

### Optional

- `token` (String, Sensitive) The token.
";

const BOOK: &str = "---
page_title: \"books_book Resource - books\"
subcategory: \"Shelf\"
description: |-
  A book.
---

# books_book (Resource)

A book.

## Schema

### Required

- `isbn` (String) The number.

### Optional

- `cover` (Block, Optional) The cover. (see [below for nested schema](#nestedblock--cover))

<a id=\"nestedblock--cover\"></a>
### Nested Schema for `cover`

Read-Only:

- `color` (String) The color.

More than one paragraph.

## Import

### Identity Schema

#### Required

- `isbn` (String) The number.

By the command.
";

const ISBN: &str = "---
page_title: \"isbn function - books\"
subcategory: \"Shelf\"
description: |-
  The number of a book.
---

# isbn (function)

Finds the number.

## Arguments

1. `title` (String) The title.
";

fn attribute(name: &str, description: &str) -> pb::schema::Attribute {
    pb::schema::Attribute { name: name.to_owned(), description: description.to_owned(), ..Default::default() }
}

fn block(description: &str, attributes: Vec<pb::schema::Attribute>) -> pb::schema::Block {
    pb::schema::Block { description: description.to_owned(), attributes, ..Default::default() }
}

fn declared() -> Declared {
    let color =
        pb::schema::Attribute { computed: true, ..attribute("color", "The color.\n\nMore than one paragraph.") };
    let cover = pb::schema::NestedBlock {
        type_name: "cover".to_owned(),
        block: Some(block("The cover.", vec![color])),
        ..Default::default()
    };
    let isbn = pb::schema::Attribute { required: true, ..attribute("isbn", "The number.") };
    let book = pb::schema::Block { block_types: vec![cover], ..block("A book.", vec![isbn]) };
    let token = pb::schema::Attribute { optional: true, sensitive: true, ..attribute("token", "The token.") };
    let schema = |block| pb::Schema { version: 0, block: Some(block) };
    let number = pb::resource_identity_schema::IdentityAttribute {
        name: "isbn".to_owned(),
        description: "The number.".to_owned(),
        ..Default::default()
    };
    let identity = pb::ResourceIdentitySchema { version: 0, identity_attributes: vec![number] };
    let title = pb::function::Parameter {
        name: "title".to_owned(),
        description: "The title.".to_owned(),
        ..Default::default()
    };
    let function =
        pb::Function { parameters: vec![title], description: "Finds the number.".to_owned(), ..Default::default() };
    Declared {
        name: "books".to_owned(),
        schemas: pb::get_provider_schema::Response {
            provider: Some(schema(block("Keeps books.", vec![token]))),
            resource_schemas: [("books_book".to_owned(), schema(book))].into(),
            functions: [("isbn".to_owned(), function)].into(),
            ..Default::default()
        },
        identities: pb::get_resource_identity_schemas::Response {
            identity_schemas: [("books_book".to_owned(), identity)].into(),
            diagnostics: Vec::new(),
        },
    }
}

/// What is wrong with these pages.
fn mistakes(files: &[(&str, String)]) -> Vec<String> {
    let directory = tempdir();
    for (path, text) in files {
        let path = directory.join(path);
        fs::create_dir_all(path.parent().expect("it is in a directory")).expect("it can be created");
        fs::write(path, text).expect("it can be written");
    }
    let pages = Pages::new()
        .subcategories(&["Shelf"])
        .registry("https://registry.example/books/latest/docs")
        .repository("https://github.example/books", Path::new(env!("CARGO_MANIFEST_DIR")));
    let mistakes = pages.mistakes(&directory, &declared());
    fs::remove_dir_all(directory).expect("it can be removed");
    mistakes
}

fn tempdir() -> std::path::PathBuf {
    let thread = std::thread::current();
    let name = thread.name().unwrap_or_default().replace("::", "-");
    std::env::temp_dir().join(format!("pages-{name}-{}", std::process::id()))
}

/// What is wrong when this is replaced in one of the pages.
fn with(path: &str, from: &str, to: &str) -> Vec<String> {
    let files = [("index.md", INDEX), ("resources/book.md", BOOK), ("functions/isbn.md", ISBN)];
    let files = files.map(|(name, text)| {
        assert!(name != path || text.contains(from), "{from:?} is in the page");
        (name, if name == path { text.replace(from, to) } else { text.to_owned() })
    });
    mistakes(&files)
}

#[test]
fn pages_that_say_what_the_schema_says_are_right() {
    assert_eq!(with("index.md", "", ""), [""; 0]);
}

#[test]
fn an_object_without_a_page_and_a_page_without_an_object_are_found() {
    let files = [("index.md", INDEX.to_owned()), ("resources/shelf.md", BOOK.to_owned())];
    let found = mistakes(&files);
    assert!(found.contains(&"functions/isbn.md: there is no page of the function isbn".to_owned()), "{found:#?}");
    assert!(found.contains(&"resources/book.md: there is no page of the resource books_book".to_owned()), "{found:#?}");
    assert!(found.contains(&"resources/shelf.md: the provider has no such object".to_owned()), "{found:#?}");
}

#[test]
fn what_is_described_otherwise_is_found() {
    let page = "resources/book.md";
    assert_eq!(
        with(page, "Required\n\n- `isbn` (String) The number.", "Required\n\n- `isbn` (String) The name."),
        [
            "resources/book.md: `isbn` is described otherwise. The provider says: The number.",
            "resources/book.md: the identity attribute `isbn` is described otherwise. The provider says: The number."
        ]
    );
    assert_eq!(
        with(page, "The color.", "The colour."),
        [
            "resources/book.md: in `cover`, `color` is described otherwise. The provider says: The color.\n\nMore than one paragraph."
        ]
    );
    assert_eq!(
        with(page, "Optional) The cover.", "Optional) The cover. It is thick."),
        ["resources/book.md: `cover` is described otherwise. The provider says: The cover."]
    );
    assert_eq!(
        with("functions/isbn.md", "The title.", "A title."),
        ["functions/isbn.md: the argument `title` is described otherwise. The provider says: The title."]
    );
    assert_eq!(
        with("functions/isbn.md", "Finds the", "Gives the"),
        ["functions/isbn.md: lacks the description of the function isbn: Finds the number."]
    );
    assert_eq!(
        with("index.md", ", Sensitive", ""),
        ["index.md: `token` is sensitive on the page or in the schema alone"]
    );
    assert_eq!(
        with("index.md", "### Optional", "### Required"),
        ["index.md: `token` stands in the wrong group: it is Optional"]
    );
}

#[test]
fn what_is_missing_or_more_than_there_is_is_found() {
    assert_eq!(
        with("index.md", "- `token` (String, Sensitive) The token.", "- `key` (String) A key."),
        ["index.md: `token` is missing", "index.md: `key` is described, and the provider has none"]
    );
}

#[test]
fn titles_and_headings_are_those_of_the_object() {
    assert_eq!(
        with("functions/isbn.md", "isbn function", "The function"),
        ["functions/isbn.md: the page_title is \"The function - books\", and should be \"isbn function - books\""]
    );
    assert_eq!(
        with("functions/isbn.md", "# isbn (function)", "# A function"),
        ["functions/isbn.md: the heading is \"A function\", and should be \"isbn (function)\""]
    );
    assert_eq!(
        with("functions/isbn.md", "subcategory: \"Shelf\"", "subcategory: \"\""),
        ["functions/isbn.md: the subcategory \"\" is none of Shelf"]
    );
}

#[test]
fn links_that_lead_nowhere_are_found() {
    let wrong = |link: &str| with("index.md", "resources/book.md#schema", link).join("\n");
    let found = |link: &str, why: &str| {
        let sentence = format!("index.md, line 9: the link {link:?} leads nowhere: {why}");
        assert_eq!(wrong(link), sentence);
    };
    found("resources/books.md", "there is no page resources/books.md");
    found("resources/book", "there is no page resources/book");
    found("resources/book.md#schemas", "resources/book.md has no anchor \"schemas\"");
    found("#schemas", "index.md has no anchor \"schemas\"");
    found("../README.md", "the registry has only the pages");
    found("/resources/book.md", "it is neither relative nor https");
    found("http://example.com", "it is neither relative nor https");
    found("https://registry.example/books/latest/docs/resources/books", "there is no page resources/books.md");
    found("https://github.example/books/blob/main/src/book.rs", "the repository has no src/book.rs");
    for right in [
        "#schema",
        "./resources/book.md",
        "https://example.com",
        "https://registry.example/books/latest/docs/resources/book#schema",
        "https://registry.example/books/latest/docs",
        "https://github.example/books/blob/main/src/lib.rs",
        "https://github.example/books/issues",
    ] {
        assert_eq!(wrong(right), "", "{right}");
    }
}

#[test]
fn anchors_that_differ_between_github_and_the_registry_are_no_targets() {
    let with_heading = |heading: &str, anchor: &str| {
        let link = format!("(#{anchor}).\n\n## {heading}\n\n## Schema");
        with("index.md", "(resources/book.md#schema).\n\n## Schema", &link).join("\n")
    };
    assert_eq!(with_heading("A `book` more", "a-book-more"), "");
    let differs = "whose anchor is another in the registry";
    assert!(with_heading("What is it (short)?", "what-is-it-short").ends_with(differs));
    assert!(with_heading("Attributes", "attributes").ends_with(differs));
    let twice = with_heading("Twice\n\n## Twice", "twice");
    assert!(twice.ends_with("index.md has more than one heading with the anchor \"twice\""), "{twice}");
}

#[test]
fn what_no_page_may_have_is_found() {
    let found = |text: &str| with("index.md", "## Schema", &format!("{text}\n\n## Schema")).join("\n");
    assert_eq!(
        found("<!-- test: a_claim_is_true -->"),
        "index.md, line 11: pages have no HTML: <!-- test: a_claim_is_true -->"
    );
    assert_eq!(found("{{ .Name }}"), "index.md, line 11: a part of a template is left");
    assert_eq!(found("Write `${{ secrets.KEY }}` there."), "");
    assert_eq!(found("![a cluster](cluster.png)"), "index.md, line 11: pages have no images");
    assert_eq!(found("# Another"), "index.md, line 1: a page begins with its only heading of the first level");
    let mut files = vec![("index.md", INDEX.to_owned() + &"x".repeat(LARGEST))];
    files.push(("cluster.png", "PNG".to_owned()));
    let found = mistakes(&files);
    assert!(found.iter().any(|one| one.starts_with("index.md: has 500")), "{found:#?}");
    assert!(found.contains(&"cluster.png: is no page".to_owned()), "{found:#?}");
}

#[test]
fn links_between_files_of_a_repository_are_followed() {
    let root = tempdir();
    fs::create_dir_all(root.join("docs")).expect("it can be created");
    fs::write(root.join("docs/a.md"), "# A\n\n## Part\n\n[up](../README.md#there)").expect("it can be written");
    let readme =
        "# R\n\n## There\n\n[a](docs/a.md#part) [b](docs/b.md) [c](docs/a.md#c) [d](docs) [e](http://e.example)";
    fs::write(root.join("README.md"), readme).expect("it can be written");
    assert_eq!(
        dead_links(&root, &["README.md", "docs/a.md"]),
        [
            "README.md, line 5: the link \"docs/b.md\" leads nowhere: there is no such file",
            "README.md, line 5: the link \"docs/a.md#c\" leads nowhere: docs/a.md has no anchor \"c\"",
            "README.md, line 5: the link \"http://e.example\" leads nowhere: it is neither relative nor https",
        ]
    );
    fs::remove_dir_all(root).expect("it can be removed");
}
