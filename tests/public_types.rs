//! What the framework offers to authors of providers can grow: a public enum can get a variant, and a public struct a field,
//! without breaking the providers that are written for it.

use std::fs;
use std::path::Path;

use syn::visit::{self, Visit};
use syn::{Attribute, Fields, ItemEnum, ItemStruct, Visibility};
use terraform_plugin_testing::files_below;

/// What authors are meant to match or build whole: Terraform's language has these and no more. What is known of an unknown value is
/// built with the rest of its default.
const CLOSED: [&str; 5] = ["Attr", "Given", "Refinements", "Type", "Value"];

/// The public types of a file that cannot grow.
#[derive(Default)]
struct Closed(Vec<String>);

impl Closed {
    fn note(&mut self, visibility: &Visibility, attributes: &[Attribute], name: &syn::Ident) {
        let is_public = matches!(visibility, Visibility::Public(_));
        if is_public && !attributes.iter().any(|attribute| attribute.path().is_ident("non_exhaustive")) {
            self.0.push(name.to_string());
        }
    }
}

impl<'ast> Visit<'ast> for Closed {
    fn visit_item_enum(&mut self, item: &'ast ItemEnum) {
        self.note(&item.vis, &item.attrs, &item.ident);
        visit::visit_item_enum(self, item);
    }

    fn visit_item_struct(&mut self, item: &'ast ItemStruct) {
        // A private field keeps others from building it; a tuple has its fields as its arguments.
        let named = if let Fields::Named(fields) = &item.fields { Some(&fields.named) } else { None };
        if named.is_some_and(|fields| fields.iter().all(|field| matches!(field.vis, Visibility::Public(_)))) {
            self.note(&item.vis, &item.attrs, &item.ident);
        }
        visit::visit_item_struct(self, item);
    }
}

fn closed(source: &str) -> Vec<String> {
    let mut closed = Closed::default();
    closed.visit_file(&syn::parse_file(source).expect("it is Rust"));
    closed.0
}

#[test]
fn public_types_of_the_framework_can_grow() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("crates/terraform-plugin/src");
    let files = files_below(&root).expect("the folder can be read");
    let sources = files.iter().filter(|path| path.extension().is_some_and(|extension| extension == "rs"));
    let mut found: Vec<_> = sources
        .flat_map(|path| closed(&fs::read_to_string(root.join(path)).expect("a source file can be read")))
        .collect();
    found.sort();
    assert_eq!(found, CLOSED);
}

#[test]
fn a_type_that_cannot_grow_is_found() {
    for (source, expected) in [
        ("pub enum Kind { A }", &["Kind"][..]),
        ("#[non_exhaustive] pub enum Kind { A }", &[]),
        ("enum Kind { A }", &[]),
        ("pub(crate) enum Kind { A }", &[]),
        ("pub struct Point { pub x: i64 }", &["Point"]),
        ("#[non_exhaustive] pub struct Point { pub x: i64 }", &[]),
        ("pub struct Point { pub x: i64, y: i64 }", &[]),
        ("pub struct Point(pub i64);", &[]),
        ("mod inner { pub struct Empty {} }", &["Empty"]),
    ] {
        assert_eq!(closed(source), expected, "{source}");
    }
}
