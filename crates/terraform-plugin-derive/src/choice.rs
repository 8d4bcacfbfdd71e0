//! Enums without fields: they stand for one of several texts.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{DataEnum, DeriveInput, Error, Fields};

use super::names;

pub fn expand(input: &DeriveInput, data: &DataEnum) -> Result<TokenStream, Error> {
    if data.variants.is_empty() {
        return Err(Error::new_spanned(input, "an enum needs a variant to be a model"));
    }
    if let Some(variant) = data.variants.iter().find(|variant| !matches!(variant.fields, Fields::Unit)) {
        return Err(Error::new_spanned(variant, "a variant of a model holds nothing: it stands for a text"));
    }
    let idents: Vec<_> = data.variants.iter().map(|variant| &variant.ident).collect();
    let names = data
        .variants
        .iter()
        .map(|variant| Ok(names::renamed(&variant.attrs)?.unwrap_or_else(|| names::snake(&variant.ident))))
        .collect::<Result<Vec<_>, Error>>()?;
    names::distinct(idents.iter().copied().zip(&names))?;
    let model = &input.ident;
    Ok(quote! {
        impl ::terraform_plugin::Model for #model {
            fn from_value(
                value: ::terraform_plugin::value::Value,
            ) -> ::std::result::Result<Self, ::terraform_plugin::ModelError> {
                match &value {
                    ::terraform_plugin::value::Value::String(text) => match text.as_str() {
                        #(#names => return ::std::result::Result::Ok(Self::#idents),)*
                        _ => {}
                    },
                    _ => {}
                }
                ::std::result::Result::Err(::terraform_plugin::ModelError::new("one of the texts of an enum", &value))
            }

            fn into_value(self) -> ::terraform_plugin::value::Value {
                ::terraform_plugin::value::Value::from(match self {
                    #(Self::#idents => #names,)*
                })
            }

            fn shape() -> ::terraform_plugin::Shape {
                ::terraform_plugin::Shape::choice(&[#(#names),*])
            }
        }
    })
}
