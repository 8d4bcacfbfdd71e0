//! Checks a whole provider for mistakes that Terraform would only call a bug.

use std::collections::BTreeSet;

use crate::framework::Declared;
use crate::provider::{Objects, Provider};
use crate::schema::mistake::{Check, Kind, Mistake};

/// Finds the mistakes in everything that a provider declares: schemas that Terraform would reject, models that do not fit
/// their schemas, names that stand twice, lists without their resource. Call it in a test of the provider; a provider with a
/// mistake also reports it to every Terraform that asks for its schema.
///
/// ```
/// # use terraform_plugin::{Configure, Diagnostics, Model, Objects, Provider, schema::Schema};
/// # #[derive(Clone, Model)]
/// # struct Config {}
/// # struct Example;
/// # #[terraform_plugin::async_trait]
/// # impl Provider for Example {
/// #     type Config = Config;
/// #     type Session = ();
/// #     fn schema(&self) -> Schema { Schema::new("An example.") }
/// #     async fn configure(&self, _: Configure<Config>) -> Result<(), Diagnostics> { Ok(()) }
/// #     fn objects(&self) -> Objects<()> { Objects::new() }
/// # }
/// // #[test]
/// fn nothing_is_wrong_with_the_provider() {
///     assert_eq!(terraform_plugin::validate_implementation(&Example), []);
/// }
/// # nothing_is_wrong_with_the_provider();
/// ```
pub fn validate_implementation<P: Provider>(provider: &P) -> Vec<Mistake> {
    mistakes(provider, &provider.objects())
}

pub(crate) fn mistakes<P: Provider>(provider: &P, objects: &Objects<P::Session>) -> Vec<Mistake> {
    let mut mistakes = Vec::new();
    Declared::new("", provider.schema()).check::<P::Config>(Kind::Provider, &mut mistakes);
    if let Some(meta) = provider.meta_schema() {
        Check::of(Kind::ProviderMeta, "", &mut mistakes).schema(&meta);
    }
    objects.resources.iter().for_each(|one| one.check(&mut mistakes));
    objects.data_sources.iter().for_each(|one| one.check(&mut mistakes));
    objects.ephemeral_resources.iter().for_each(|one| one.check(&mut mistakes));
    objects.list_resources.iter().for_each(|one| one.check(&mut mistakes));
    objects.actions.iter().for_each(|one| one.check(&mut mistakes));
    objects.functions.iter().for_each(|one| one.check(&mut mistakes));
    twice("resource", objects.resources.iter().map(|one| one.declared().name), &mut mistakes);
    twice("data source", objects.data_sources.iter().map(|one| one.declared().name), &mut mistakes);
    twice("ephemeral resource", objects.ephemeral_resources.iter().map(|one| one.declared().name), &mut mistakes);
    twice("list resource", objects.list_resources.iter().map(|one| one.declared().name), &mut mistakes);
    twice("action", objects.actions.iter().map(|one| one.declared().name), &mut mistakes);
    twice("function", objects.functions.iter().map(|one| one.name()), &mut mistakes);
    for list in &objects.list_resources {
        let name = list.declared().name;
        let resource = objects.resources.iter().map(|one| one.declared()).find(|one| one.name == name);
        if resource.is_none_or(|resource| resource.identity_type.is_none()) {
            let sentence = "There is no resource of this name with an identity.".to_owned();
            mistakes.push(Mistake { object: format!("list resource {name}"), path: None, sentence });
        }
    }
    mistakes
}

fn twice(kind: &str, names: impl Iterator<Item = &'static str>, mistakes: &mut Vec<Mistake>) {
    let mut seen = BTreeSet::new();
    for name in names.filter(|name| !seen.insert(*name)) {
        let sentence = "There are two of this name.".to_owned();
        mistakes.push(Mistake { object: format!("{kind} {name}"), path: None, sentence });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::least::{Least, Thing, all};

    fn found(objects: fn() -> Objects<()>) -> Vec<String> {
        validate_implementation(&Least(objects)).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn names_that_stand_twice_are_mistakes() {
        let doubled = || {
            let objects = all().resource(Thing).data_source(Thing).ephemeral_resource(Thing);
            objects.list_resource(Thing).action(Thing).function(Thing)
        };
        let twice = ["resource", "data source", "ephemeral resource", "list resource", "action"];
        let mut expected = twice.map(|kind| format!("{kind} t_thing: There are two of this name.")).to_vec();
        expected.push("function same: There are two of this name.".to_owned());
        assert_eq!(found(doubled), expected);
        assert_eq!(found(all), [""; 0]);
    }

    #[test]
    fn a_list_needs_its_resource() {
        let sentence = "list resource t_thing: There is no resource of this name with an identity.";
        assert_eq!(found(|| Objects::new().list_resource(Thing)), [sentence]);
        assert_eq!(found(|| Objects::new().list_resource(Thing).resource(Thing)), [""; 0]);
    }
}
