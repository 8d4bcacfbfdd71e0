//! The mistakes of providers' authors, and how they are collected.

use std::fmt;

use crate::path::AttributePath;

/// A mistake of a provider's author.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Mistake {
    /// The object, for example `resource example_thing`.
    pub object: String,
    /// The attribute or block in it; `None` if the mistake concerns the whole object.
    pub path: Option<AttributePath>,
    /// What is wrong, in a sentence.
    pub sentence: String,
}

impl fmt::Display for Mistake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.path {
            Some(path) => write!(f, "{}, {path}: {}", self.object, self.sentence),
            None => write!(f, "{}: {}", self.object, self.sentence),
        }
    }
}

/// What a schema describes, as each kind allows something else.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Provider,
    ProviderMeta,
    Resource,
    DataSource,
    Ephemeral,
    List,
    Action,
}

impl Kind {
    /// An object of this kind, as messages call it.
    pub(crate) fn named(self, name: &str) -> String {
        if name.is_empty() { self.noun().to_owned() } else { format!("{} {name}", self.noun()) }
    }

    pub(super) fn noun(self) -> &'static str {
        match self {
            Self::Provider => "provider",
            Self::ProviderMeta => "provider meta",
            Self::Resource => "resource",
            Self::DataSource => "data source",
            Self::Ephemeral => "ephemeral resource",
            Self::List => "list resource",
            Self::Action => "action",
        }
    }

    /// Whether it gives values back to the configuration.
    pub(super) fn has_results(self) -> bool {
        matches!(self, Self::Resource | Self::DataSource | Self::Ephemeral)
    }

    /// Whether Terraform hands over values of write-only attributes, which are the only ones that may be ephemeral.
    pub(super) fn has_write_only(self) -> bool {
        matches!(self, Self::Resource | Self::Action)
    }

    /// The names that Terraform keeps for itself in such a block.
    pub(super) fn reserved(self) -> &'static [&'static str] {
        match self {
            Self::Provider => &["alias", "version"],
            Self::ProviderMeta => &[],
            Self::Resource | Self::DataSource | Self::Ephemeral | Self::Action | Self::List => {
                &["connection", "count", "depends_on", "for_each", "lifecycle", "provider", "provisioner"]
            }
        }
    }
}

/// Collects the mistakes of one object.
pub(crate) struct Check<'a> {
    pub(super) kind: Kind,
    pub(super) object: String,
    pub(super) mistakes: &'a mut Vec<Mistake>,
}

/// What to say of a name that Terraform does not take.
pub(crate) const NAMES: &str =
    "A name is made of lower-case letters, digits and underscores, and begins with no digit.";

/// Whether Terraform takes this as a name.
pub(crate) fn is_name(name: &str) -> bool {
    let mut letters = name.chars();
    letters.next().is_some_and(|first| first.is_ascii_lowercase() || first == '_')
        && letters.all(|letter| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == '_')
}

impl<'a> Check<'a> {
    pub fn of(kind: Kind, name: &str, mistakes: &'a mut Vec<Mistake>) -> Self {
        Self { kind, object: kind.named(name), mistakes }
    }

    /// For a function, which has a signature in place of a schema.
    pub fn of_function(name: &str, mistakes: &'a mut Vec<Mistake>) -> Self {
        Self { kind: Kind::DataSource, object: format!("function {name}"), mistakes }
    }

    pub fn report(&mut self, path: Option<&AttributePath>, sentence: impl Into<String>) {
        let (object, path, sentence) = (self.object.clone(), path.cloned(), sentence.into());
        self.mistakes.push(Mistake { object, path, sentence });
    }

    pub fn name_of_object(&mut self, name: &str) {
        if !is_name(name) {
            self.report(None, NAMES);
        }
    }

    pub(super) fn twice(&mut self, names: &[String], path: &AttributePath) {
        for name in names {
            self.report(Some(&path.clone().attribute(name)), "There are two of this name.");
        }
    }

    pub(super) fn name(&mut self, name: &str, path: &AttributePath) {
        if !is_name(name) {
            self.report(Some(path), NAMES);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_one_that_terraform_takes() {
        for (name, good) in
            [("t_thing", true), ("_a1", true), ("", false), ("1a", false), ("t-thing", false), ("Thing", false)]
        {
            let mut mistakes = Vec::new();
            let mut check = Check::of(Kind::Resource, name, &mut mistakes);
            check.name_of_object(name);
            check.name(name, &AttributePath::of("it"));
            let object = Kind::Resource.named(name);
            let expected = [format!("{object}: {NAMES}"), format!("{object}, it: {NAMES}")];
            let found: Vec<_> = mistakes.iter().map(ToString::to_string).collect();
            assert_eq!(found, if good { &[] } else { &expected[..] }, "{name}");
        }
    }
}
