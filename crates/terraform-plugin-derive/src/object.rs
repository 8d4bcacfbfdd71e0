//! Structs: they stand for objects.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{DataStruct, DeriveInput, Error, Fields, GenericParam, parse_quote};

use super::names;

pub fn expand(input: &DeriveInput, data: &DataStruct) -> Result<TokenStream, Error> {
    let Fields::Named(declared) = &data.fields else {
        return Err(Error::new_spanned(input, "a model needs named fields: they are its attributes"));
    };
    let declared = &declared.named;
    let idents: Vec<_> = declared.iter().filter_map(|field| field.ident.as_ref()).collect();
    let names = declared
        .iter()
        .zip(&idents)
        .map(|(field, ident)| Ok(names::renamed(&field.attrs)?.unwrap_or_else(|| names::plain(ident))))
        .collect::<Result<Vec<_>, Error>>()?;
    names::distinct(idents.iter().copied().zip(&names))?;
    let types: Vec<_> = declared.iter().map(|field| &field.ty).collect();
    let model = &input.ident;
    let mut generics = input.generics.clone();
    for parameter in &mut generics.params {
        if let GenericParam::Type(parameter) = parameter {
            parameter.bounds.push(parse_quote!(::terraform_plugin::Model));
        }
    }
    let (generics, arguments, conditions) = generics.split_for_impl();
    Ok(quote! {
        impl #generics ::terraform_plugin::Model for #model #arguments #conditions {
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

            fn shape() -> ::terraform_plugin::Shape {
                ::terraform_plugin::Shape::object(|| {
                    ::std::vec![#((#names, <#types as ::terraform_plugin::Model>::shape()),)*]
                })
            }
        }
    })
}
