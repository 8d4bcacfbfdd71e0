//! The sentences that the framework adds to descriptions: what it knows of an attribute, a block or an object.
//!
//! Their order is always the same: what a value must be, how it relates to others, its default, what a change of it does, and
//! the version of Terraform that it needs. What schemas say by themselves (that an attribute is required, computed or
//! sensitive) is no sentence. Neither is [`equivalent_when`](Attribute::equivalent_when), as only the author knows which values
//! mean the same, nor a [`predicate`](super::predicate) of which its author says nothing.
//!
//! A rule about several attributes of an object stands at each of them, where editors show it and readers find it. One that
//! leads further in or out stands in the description of the object.

use super::description::{Composed, Placed};
use super::literal::{code, literal};
use super::mistake::{Kind, is_name};
use super::secrecy::{holds_secret, is_secret};
use super::{Attribute, Block, ConfigValidator, ModifierTarget, Schema, Shape, Validator};
use crate::path::AttributePath;

/// What an attribute or a block stands in, as far as its description depends on it.
#[derive(Clone, Copy)]
pub(crate) struct Surroundings<'s> {
    kind: Kind,
    noun: &'s str,
    /// Of the object.
    rules: &'s [Box<dyn ConfigValidator>],
    /// Whether something around is sensitive.
    secret: bool,
    /// Whether a configuration can set what is around.
    configurable: bool,
}

/// What needs this version of Terraform.
fn requires(version: &str) -> String {
    format!("Requires Terraform {version} or later.")
}

/// The sentence of every function.
pub(crate) fn of_function() -> String {
    requires("1.8")
}

/// Whether a rule reads something of another object.
fn leads_elsewhere(rule: &dyn ConfigValidator) -> bool {
    let paths = rule.paths();
    paths.is_empty() || paths.iter().any(|path| !is_name(path))
}

/// What the rules of an object say of it as a whole.
fn of_whole(rules: &[Box<dyn ConfigValidator>]) -> impl Iterator<Item = String> {
    rules.iter().filter(|rule| leads_elsewhere(&***rule)).filter_map(|rule| rule.description())
}

/// What a value must be, or how it relates to others.
fn demanded(validators: &[Box<dyn Validator>], relations: bool) -> impl Iterator<Item = String> {
    validators
        .iter()
        .filter(move |validator| validator.paths().is_empty() != relations)
        .filter_map(Validator::description)
}

/// One sentence of an integer in place of two, where that is English.
fn joined(mut demanded: Vec<String>) -> Vec<String> {
    if let [whole, next, ..] = &*demanded
        && let Some(rest) = next.strip_prefix("Must be ")
        && !rest.contains(" must ")
    {
        let adjective = ["between ", "greater than ", "less than "].iter().any(|words| rest.starts_with(words));
        let sentence = format!("{}{}{rest}", whole.trim_end_matches('.'), if adjective { " " } else { " and " });
        demanded.splice(..2, [sentence]);
    }
    demanded
}

/// How often a block must and may stand.
fn repetition((least, most): (i64, i64)) -> Option<String> {
    Some(match (least, most) {
        (0, 0) => return None,
        (1, 0 | 1) => "Must be set.".to_owned(),
        (least, 0) => format!("Must be set at least {least} times."),
        (0, 1) => "May be set only once.".to_owned(),
        (0, most) => format!("May be set at most {most} times."),
        (least, most) if least == most => format!("Must be set exactly {least} times."),
        (least, most) => format!("Must be set {least} to {most} times."),
    })
}

impl<'s> Surroundings<'s> {
    /// What the rules of the object say of one of its attributes or blocks.
    fn rules_of(&self, name: &str) -> impl Iterator<Item = String> {
        self.rules.iter().filter(move |rule| rule.paths().contains(&name)).filter_map(|rule| rule.description())
    }

    fn inside(self, rules: &'s [Box<dyn ConfigValidator>], secret: bool, configurable: bool) -> Self {
        Self { rules, secret: self.secret || secret, configurable: self.configurable && configurable, ..self }
    }
}

impl Kind {
    /// The first Terraform that has such objects, if it is later than what every provider of protocol 6 needs.
    fn first_terraform(self) -> Option<&'static str> {
        match self {
            Self::Provider | Self::ProviderMeta | Self::Resource | Self::DataSource => None,
            Self::Ephemeral => Some("1.10"),
            Self::List | Self::Action => Some("1.14"),
        }
    }
}

impl Schema {
    /// What its attributes and blocks stand in.
    pub(crate) fn surroundings(&self, kind: Kind) -> Surroundings<'_> {
        let noun = self.noun.as_deref().unwrap_or("resource");
        Surroundings { kind, noun, rules: &self.config_validators, secret: false, configurable: true }
    }

    /// Its own description.
    pub(crate) fn composed_description(&self, kind: Kind) -> Composed {
        self.description.with(of_whole(&self.config_validators).chain(kind.first_terraform().map(requires)))
    }

    /// All descriptions in it.
    pub(crate) fn descriptions(&self, kind: Kind) -> Vec<Placed> {
        let mut all = vec![(None, self.composed_description(kind))];
        let around = self.surroundings(kind);
        for (name, attribute) in &self.attributes {
            attribute.descriptions(name, around, &AttributePath::root(), &mut all);
        }
        for (name, block) in &self.blocks {
            block.descriptions(name, around, &AttributePath::root(), &mut all);
        }
        all
    }
}

impl Attribute {
    fn is_configurable(&self) -> bool {
        self.required || self.optional
    }

    /// What the attributes in it stand in.
    pub(crate) fn surroundings<'s>(&'s self, around: Surroundings<'s>) -> Surroundings<'s> {
        around.inside(&self.config_validators, is_secret(self), self.is_configurable())
    }

    /// Its own description.
    pub(crate) fn composed_description(&self, name: &str, around: Surroundings<'_>) -> Composed {
        let mut sentences = Vec::new();
        if around.configurable && self.is_configurable() {
            let demanded_of_value = demanded(&self.validators, false).collect();
            sentences.extend(if self.whole { joined(demanded_of_value) } else { demanded_of_value });
            sentences.extend(demanded(&self.validators, true));
            sentences.extend(around.rules_of(name));
            sentences.extend(of_whole(&self.config_validators));
            sentences.extend(self.default_sentence(around.secret));
        }
        let target = ModifierTarget { noun: around.noun, ..self.modifier_target() };
        if around.configurable {
            sentences.extend(self.modifiers.iter().filter_map(|modifier| modifier.description(target)));
        }
        // A Terraform that has actions has this as well.
        sentences.extend((self.write_only && around.kind != Kind::Action).then(|| requires("1.11")));
        self.description.with(sentences)
    }

    /// A default that is secret is shown only in the words of its author.
    fn default_sentence(&self, secret: bool) -> Option<String> {
        if let Some(words) = &self.default_words {
            return Some(format!("Default: {}.", words.trim_end_matches('.')));
        }
        if self.generator.is_some() {
            return Some("Generated if it is not set.".to_owned());
        }
        let default = self.default.as_ref().filter(|_| !secret && !is_secret(self) && !holds_secret(self))?;
        literal(default).map(|default| format!("Default: {}.", code(&default)))
    }

    fn descriptions(&self, name: &str, around: Surroundings<'_>, path: &AttributePath, all: &mut Vec<Placed>) {
        let path = path.clone().attribute(name);
        all.push((Some(path.clone()), self.composed_description(name, around)));
        if let Shape::Nested(_, nested) = &self.shape {
            for (name, attribute) in nested {
                attribute.descriptions(name, self.surroundings(around), &path, all);
            }
        }
    }
}

impl Block {
    /// What the attributes and blocks in it stand in.
    pub(crate) fn surroundings<'s>(&'s self, around: Surroundings<'s>) -> Surroundings<'s> {
        around.inside(&self.config_validators, false, true)
    }

    /// Its own description.
    pub(crate) fn composed_description(&self, name: &str, around: Surroundings<'_>) -> Composed {
        let mut sentences: Vec<_> = repetition(self.items).into_iter().collect();
        sentences.extend(demanded(&self.validators, false));
        sentences.extend(demanded(&self.validators, true));
        sentences.extend(around.rules_of(name));
        sentences.extend(of_whole(&self.config_validators));
        let target = ModifierTarget { noun: around.noun, ..Self::modifier_target() };
        sentences.extend(self.modifiers.iter().filter_map(|modifier| modifier.description(target)));
        sentences.extend(self.keeps.and_then(|_| target.kept()));
        sentences.extend(self.computed.then(|| "Leaving it out requires Terraform 1.16 or later.".to_owned()));
        self.description.with(sentences)
    }

    fn descriptions(&self, name: &str, around: Surroundings<'_>, path: &AttributePath, all: &mut Vec<Placed>) {
        let path = path.clone().attribute(name);
        all.push((Some(path.clone()), self.composed_description(name, around)));
        let inside = self.surroundings(around);
        for (name, attribute) in &self.attributes {
            attribute.descriptions(name, inside, &path, all);
        }
        for (name, block) in &self.blocks {
            block.descriptions(name, inside, &path, all);
        }
    }
}

#[cfg(test)]
mod tests;
