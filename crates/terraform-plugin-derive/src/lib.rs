//! The derive macro behind `terraform-plugin`'s typed models. Use it through that crate: `terraform_plugin::Model`.
//!
//! # A guided tour of the source
//!
//! 1. [`derive_model`] reads the input and decides by its form.
//! 2. [`names`] gives every field and variant the name that it has in Terraform.
//! 3. [`object`] writes the implementation for a struct, and [`choice`] the one for an enum.

#![allow(rustdoc::private_intra_doc_links, reason = "the tour is for readers of the source, who see what is private")]

mod choice;
mod names;
mod object;
#[cfg(test)]
mod tests;

use proc_macro2::TokenStream;
use syn::{Data, DeriveInput, Error, parse_macro_input};

/// Lets a struct with named fields stand for a Terraform object whose attributes have the fields' names, or an enum without
/// fields for a text that is one of its variants, in `snake_case`. `#[model(rename = "type")]` on a field or a variant gives it
/// another name.
///
/// Every field's type must be a `Model` itself; usually it is an `Attr`.
#[proc_macro_derive(Model, attributes(model))]
pub fn derive_model(input: proc_macro::TokenStream) -> proc_macro::TokenStream {
    let input = parse_macro_input!(input as DeriveInput);
    expand(&input).unwrap_or_else(Error::into_compile_error).into()
}

fn expand(input: &DeriveInput) -> Result<TokenStream, Error> {
    match &input.data {
        Data::Struct(data) => object::expand(input, data),
        Data::Enum(data) => choice::expand(input, data),
        Data::Union(_) => Err(Error::new_spanned(input, "a union cannot be a model")),
    }
}
