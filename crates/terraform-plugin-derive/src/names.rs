//! The names of attributes and texts.

use std::collections::BTreeSet;

use syn::{Attribute, Error, Ident, LitStr};

/// The name that `#[model(rename = "...")]` gives, if it is there.
pub fn renamed(attributes: &[Attribute]) -> Result<Option<String>, Error> {
    let mut name = None;
    for attribute in attributes.iter().filter(|attribute| attribute.path().is_ident("model")) {
        attribute.parse_nested_meta(|meta| {
            if !meta.path.is_ident("rename") {
                return Err(meta.error("there is only `rename`"));
            }
            name = Some(meta.value()?.parse::<LitStr>()?.value());
            Ok(())
        })?;
    }
    Ok(name)
}

/// The name as it is written, without the `r#` of one that is a keyword of Rust.
pub fn plain(ident: &Ident) -> String {
    let name = ident.to_string();
    name.strip_prefix("r#").map(str::to_owned).unwrap_or(name)
}

/// `InUse` as `in_use`.
pub fn snake(ident: &Ident) -> String {
    let mut snake = String::new();
    for letter in plain(ident).chars() {
        if letter.is_uppercase() && !snake.is_empty() {
            snake.push('_');
        }
        snake.extend(letter.to_lowercase());
    }
    snake
}

/// # Errors
/// When two have the same name.
pub fn distinct<'a>(names: impl IntoIterator<Item = (&'a Ident, &'a String)>) -> Result<(), Error> {
    let mut seen = BTreeSet::new();
    for (ident, name) in names {
        if !seen.insert(name) {
            return Err(Error::new_spanned(ident, format!("{name:?} stands there twice")));
        }
    }
    Ok(())
}
