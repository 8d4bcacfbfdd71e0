//! The derive macro behind `terraform-plugin`'s typed models. Use it through that crate, as
//! `terraform_plugin::Model`.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{Data, DeriveInput, Error, Fields, parse_macro_input};

/// Makes a struct with named fields stand for a Terraform object whose attributes have the fields' names.
///
/// Every field's type must be a `Model` itself; usually it is an `Attr`.
#[proc_macro_derive(Model)]
pub fn derive_model(input: proc_macro::TokenStream) -> proc_macro::TokenStream {
    let input = parse_macro_input!(input as DeriveInput);
    expand(&input).unwrap_or_else(Error::into_compile_error).into()
}

fn expand(input: &DeriveInput) -> Result<TokenStream, Error> {
    let declared = match &input.data {
        Data::Struct(data) => match &data.fields {
            Fields::Named(fields) => &fields.named,
            _ => return Err(Error::new_spanned(input, "a model needs named fields: they are its attributes")),
        },
        _ => return Err(Error::new_spanned(input, "only a struct can be a model: it stands for an object")),
    };
    let idents: Vec<_> = declared.iter().filter_map(|field| field.ident.as_ref()).collect();
    let names: Vec<_> = idents
        .iter()
        .map(|ident| {
            let name = ident.to_string();
            // A field whose attribute has the name of a Rust keyword is written as r#name.
            name.strip_prefix("r#").map_or(name.clone(), str::to_owned)
        })
        .collect();
    let types = declared.iter().map(|field| &field.ty);
    let model = &input.ident;
    Ok(quote! {
        impl ::terraform_plugin::Model for #model {
            fn from_value(
                value: ::terraform_plugin::value::Value,
            ) -> ::std::result::Result<Self, ::terraform_plugin::ModelError> {
                let mut attributes = match value {
                    ::terraform_plugin::value::Value::Map(attributes) => attributes,
                    other => return ::std::result::Result::Err(::terraform_plugin::ModelError::new("an object", &other)),
                };
                ::std::result::Result::Ok(Self {
                    #(
                        #idents: <#types as ::terraform_plugin::Model>::from_value(
                            attributes.remove(#names).unwrap_or(::terraform_plugin::value::Value::Null),
                        )
                        .map_err(|error| {
                            error.inside(::terraform_plugin::path::Step::Attribute(#names.to_owned()))
                        })?,
                    )*
                })
            }

            fn into_value(self) -> ::terraform_plugin::value::Value {
                ::terraform_plugin::value::Value::object::<&str>([
                    #((#names, ::terraform_plugin::Model::into_value(self.#idents)),)*
                ])
            }
        }
    })
}
