//! Where a value stands inside an object: the path from its root, step by step. A step may be a value itself, as the elements
//! of a set have no other name.

use std::fmt;

use super::Value;

/// One step of an [`AttributePath`].
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Step {
    /// Into an attribute or a nested block, by its name.
    Attribute(String),
    /// Into a list or a tuple, by position from 0.
    Index(usize),
    /// Into a map, by key.
    Key(String),
    /// Into a set, by the element itself, as a set has no positions.
    Element(Box<Value>),
}

/// The place of an attribute, or of a value within one, in a configuration, a plan or a state.
///
/// Terraform shows the source line of a diagnostic whose path it can find in the configuration.
///
/// ```
/// use terraform_plugin::AttributePath;
///
/// let path = AttributePath::root().attribute("instances").index(0).attribute("id");
/// assert_eq!(path.to_string(), "instances[0].id");
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
pub struct AttributePath(Vec<Step>);

impl AttributePath {
    /// The path of the whole object.
    #[must_use]
    pub fn root() -> Self {
        Self::default()
    }

    /// The path of a top-level attribute.
    #[must_use]
    pub fn of(name: impl Into<String>) -> Self {
        Self::root().attribute(name)
    }

    /// This path and then an attribute of the value that it names.
    #[must_use]
    pub fn attribute(self, name: impl Into<String>) -> Self {
        self.then(Step::Attribute(name.into()))
    }

    /// This path and then an element of the list that it names.
    #[must_use]
    pub fn index(self, index: usize) -> Self {
        self.then(Step::Index(index))
    }

    /// This path and then an element of the map that it names.
    #[must_use]
    pub fn key(self, key: impl Into<String>) -> Self {
        self.then(Step::Key(key.into()))
    }

    /// This path and then an element of the set that it names.
    #[must_use]
    pub fn element(self, element: Value) -> Self {
        self.then(Step::Element(Box::new(element)))
    }

    /// This path and then one more step.
    #[must_use]
    pub fn then(mut self, step: Step) -> Self {
        self.0.push(step);
        self
    }

    /// The steps from the root.
    #[must_use]
    pub fn steps(&self) -> &[Step] {
        &self.0
    }

    /// Whether this is the path of the whole object.
    #[must_use]
    pub fn is_root(&self) -> bool {
        self.0.is_empty()
    }

    /// The name of the top-level attribute that this path leads into.
    #[must_use]
    pub fn first_attribute(&self) -> Option<&str> {
        match self.0.first() {
            Some(Step::Attribute(name)) => Some(name),
            _ => None,
        }
    }
}

impl AttributePath {
    /// The path as a text in which the keys after the first `steps` are left out, as they are secret.
    pub(crate) fn shown(&self, steps: usize) -> String {
        Shown { path: self, steps }.to_string()
    }
}

impl fmt::Display for AttributePath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Shown { path: self, steps: usize::MAX }.fmt(f)
    }
}

/// A path, as far as it may be shown.
struct Shown<'a> {
    path: &'a AttributePath,
    steps: usize,
}

impl fmt::Display for Shown<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.path.0.is_empty() {
            return f.write_str("(root)");
        }
        for (position, step) in self.path.0.iter().enumerate() {
            match step {
                Step::Attribute(name) if position == 0 => write!(f, "{name}")?,
                Step::Attribute(name) => write!(f, ".{name}")?,
                Step::Index(index) => write!(f, "[{index}]")?,
                Step::Key(key) if position < self.steps => write!(f, "[{key:?}]")?,
                Step::Key(_) => f.write_str("[key]")?,
                // The element may hold a secret, so it is not printed.
                Step::Element(_) => f.write_str("[element]")?,
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_leads_into_the_attribute_that_it_begins_with() {
        assert_eq!(AttributePath::of("a").attribute("b").first_attribute(), Some("a"));
        assert_eq!(AttributePath::root().first_attribute(), None);
        assert_eq!(AttributePath::root().key("k").first_attribute(), None);
    }

    #[test]
    fn keys_are_shown_as_far_as_they_may_be() {
        let path = AttributePath::of("a").key("k").attribute("b").key("secret").index(0).element("secret".into());
        assert_eq!(path.to_string(), "a[\"k\"].b[\"secret\"][0][element]");
        assert_eq!(path.shown(3), "a[\"k\"].b[key][0][element]");
        assert_eq!(path.shown(1), "a[key].b[key][0][element]");
        assert_eq!(AttributePath::root().shown(0), "(root)");
    }
}
