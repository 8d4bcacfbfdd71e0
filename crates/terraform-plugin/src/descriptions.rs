//! All descriptions of a provider, as clients get them.

use std::fmt;

use crate::framework::Declared;
use crate::path::AttributePath;
use crate::provider::Provider;
use crate::schema::mistake::Kind;
use crate::schema::{Schema, Signature};

/// One description of a provider: of an object, or of something in it.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Described {
    /// The object, for example `resource example_thing`.
    pub object: String,
    /// The attribute, block or parameter in it; `None` if it is the object itself.
    pub path: Option<AttributePath>,
    /// What the author wrote.
    pub written: String,
    /// The sentences that the framework adds.
    pub sentences: Vec<String>,
    /// The whole, as clients get it.
    pub text: String,
}

impl fmt::Display for Described {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.path {
            Some(path) => write!(f, "{}, {path}: {}", self.object, self.text),
            None => write!(f, "{}: {}", self.object, self.text),
        }
    }
}

/// Everything that a provider says of itself in its schemas: to every client, and in the documentation that is generated
/// from them. A test of the provider can read it, and so can a generator of documentation. Objects of a kind come in the order in
/// which the provider names them.
///
/// ```
/// # use terraform_plugin::{Configure, Diagnostics, Model, Objects, Provider, schema::{Attribute, Schema}};
/// # #[derive(Clone, Model)]
/// # struct Config { url: Option<String> }
/// # struct Example;
/// # #[terraform_plugin::async_trait]
/// # impl Provider for Example {
/// #     type Config = Config;
/// #     type Session = ();
/// #     fn schema(&self) -> Schema {
/// #         let url = Attribute::string("URL of the API.").optional().default_is("the environment variable `URL`");
/// #         Schema::new("An example.").attribute("url", url)
/// #     }
/// #     async fn configure(&self, _: Configure<Config>) -> Result<(), Diagnostics> { Ok(()) }
/// #     fn objects(&self) -> Objects<()> { Objects::new() }
/// # }
/// let texts: Vec<_> = terraform_plugin::descriptions(&Example).iter().map(ToString::to_string).collect();
/// assert_eq!(texts, [
///     "provider: An example.",
///     "provider, url: URL of the API. Default: the environment variable `URL`.",
/// ]);
/// ```
pub fn descriptions<P: Provider>(provider: &P) -> Vec<Described> {
    let objects = provider.objects();
    let mut all = Vec::new();
    of_schema(&provider.schema(), Kind::Provider, "", &mut all);
    if let Some(meta) = provider.meta_schema() {
        of_schema(&meta, Kind::ProviderMeta, "", &mut all);
    }
    let mut of = |declared: &Declared, kind| of_schema(&declared.schema, kind, declared.name, &mut all);
    objects.resources.iter().for_each(|one| of(one.declared(), Kind::Resource));
    objects.data_sources.iter().for_each(|one| of(one.declared(), Kind::DataSource));
    objects.ephemeral_resources.iter().for_each(|one| of(one.declared(), Kind::Ephemeral));
    objects.list_resources.iter().for_each(|one| of(one.declared(), Kind::List));
    objects.actions.iter().for_each(|one| of(one.declared(), Kind::Action));
    objects.functions.iter().for_each(|one| of_function(one.signature(), one.name(), &mut all));
    all
}

fn of_schema(schema: &Schema, kind: Kind, name: &str, all: &mut Vec<Described>) {
    let object = kind.named(name);
    all.extend(schema.descriptions(kind).into_iter().map(|(path, composed)| {
        let text = composed.text();
        Described { object: object.clone(), path, written: composed.written, sentences: composed.sentences, text }
    }));
    for (attribute, described) in schema.identity.iter().flat_map(|identity| &identity.attributes) {
        let path = Some(AttributePath::of(attribute));
        all.push(as_written(format!("identity of {object}"), path, &described.description));
    }
}

fn of_function(signature: &Signature, name: &str, all: &mut Vec<Described>) {
    let object = format!("function {name}");
    all.push(as_written(format!("summary of {object}"), None, &signature.summary));
    let composed = signature.composed_description();
    let text = composed.text();
    let (written, sentences) = (composed.written, composed.sentences);
    all.push(Described { object: object.clone(), path: None, written, sentences, text });
    for parameter in signature.parameters.iter().chain(&signature.variadic) {
        let path = Some(AttributePath::of(&parameter.name));
        all.push(as_written(object.clone(), path, &parameter.description));
    }
}

/// To these the framework adds nothing.
fn as_written(object: String, path: Option<AttributePath>, text: &str) -> Described {
    Described { object, path, written: text.to_owned(), sentences: Vec::new(), text: text.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::least::{Least, all};

    #[test]
    fn every_object_is_described_with_all_that_is_in_it() {
        let described = descriptions(&Least(all));
        let expected = [
            "provider: Keeps things.",
            "resource t_thing: A thing.",
            "resource t_thing, name: Its name.",
            "identity of resource t_thing, name: The name.",
            "data source t_thing: A thing that is there.",
            "data source t_thing, name: Its name.",
            "ephemeral resource t_thing: A thing for a moment. Requires Terraform 1.10 or later.",
            "ephemeral resource t_thing, name: Its name.",
            "list resource t_thing: Things of a name. Requires Terraform 1.14 or later.",
            "list resource t_thing, name: Its name.",
            "action t_thing: Does a thing. Requires Terraform 1.14 or later.",
            "action t_thing, name: Its name.",
            "summary of function same: The same name.",
            "function same: Gives it back. Requires Terraform 1.8 or later.",
            "function same, name: A name.",
        ];
        assert_eq!(described.iter().map(ToString::to_string).collect::<Vec<_>>(), expected);
        for (at, written, sentence) in [
            (6, "A thing for a moment.", "Requires Terraform 1.10 or later."),
            (13, "Gives it back.", "Requires Terraform 1.8 or later."),
        ] {
            assert_eq!(
                (described[at].written.as_str(), described[at].sentences.as_slice()),
                (written, &[sentence.to_owned()][..])
            );
        }
    }
}
