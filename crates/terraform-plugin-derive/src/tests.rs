//! What the macro writes and what it refuses. That what it writes compiles, and works, the tests of `terraform-plugin` show.

use proc_macro2::TokenTree;

use super::*;

fn expanded(source: &str) -> Result<TokenStream, String> {
    let input = syn::parse_str(source).unwrap_or_else(|error| panic!("{source}: {error}"));
    expand(&input).map_err(|error| error.to_string())
}

/// The tokens behind `fn into_value`: its arguments, what it returns, and its body.
fn into_value(code: TokenStream) -> String {
    let TokenTree::Group(body) = code.into_iter().last().expect("there is an implementation") else {
        panic!("an implementation ends in its body");
    };
    let tokens = body.stream().to_string();
    let (_, begin) = tokens.split_once("fn into_value").expect("a model becomes a value");
    begin.split("fn shape").next().unwrap_or_default().to_owned()
}

/// The names in Terraform that a model's parts have, in their order.
fn names_of(source: &str) -> Vec<String> {
    let code = into_value(expanded(source).expect("it is a model"));
    code.split('"').skip(1).step_by(2).map(str::to_owned).collect()
}

#[test]
fn every_field_and_variant_has_its_name_in_terraform() {
    let cases: [(&str, &[&str]); 8] = [
        ("struct A { id: String, num_nodes: i64 }", &["id", "num_nodes"]),
        ("struct A { r#type: String }", &["type"]),
        ("struct A { #[model(rename = \"type\")] kind: String, id: String }", &["type", "id"]),
        ("struct A { #[doc = \"rename\"] id: String }", &["id"]),
        ("struct A<T> { inner: T }", &["inner"]),
        ("enum A { Ready, InUse, B200 }", &["ready", "in_use", "b200"]),
        ("enum A { #[model(rename = \"8xH100\")] Eight, One }", &["8xH100", "one"]),
        ("struct A {}", &[]),
    ];
    for (source, names) in cases {
        assert_eq!(names_of(source), names, "{source}");
    }
}

#[test]
fn what_cannot_be_a_model_is_refused_in_words() {
    let cases = [
        ("union A { a: u8 }", "a union cannot be a model"),
        ("struct A(String);", "a model needs named fields: they are its attributes"),
        ("struct A;", "a model needs named fields: they are its attributes"),
        ("enum A {}", "an enum needs a variant to be a model"),
        ("enum A { B, C(String) }", "a variant of a model holds nothing: it stands for a text"),
        ("struct A { #[model(name = \"b\")] a: String }", "there is only `rename`"),
        ("struct A { #[model(rename = \"b\")] a: String, b: String }", "\"b\" stands there twice"),
        ("enum A { InUse, #[model(rename = \"in_use\")] Used }", "\"in_use\" stands there twice"),
    ];
    for (source, error) in cases {
        assert_eq!(expanded(source).map(|code| code.to_string()), Err(error.to_owned()), "{source}");
    }
}
