//! Paths of attributes as validators name them: from where the validator stands, or from the root of the configuration.

use std::fmt;
use std::str::FromStr;

/// Where one or several attributes stand, seen from an object of the configuration. Validators take it as a text:
///
/// | Text | The attributes |
/// |---|---|
/// | `size` | `size` in the object itself |
/// | `disk.size` | `size` in its single object `disk` |
/// | `disk[*].size` | `size` in every element of the list, set or map `disk` |
/// | `disk[0].size` | `size` in the first element of the list `disk` |
/// | `owners["team"].name` | `name` in one element of the map `owners` |
/// | `../size` | `size` in the object that this one stands in |
/// | `/size` | `size` at the root of the configuration |
///
/// ```
/// use terraform_plugin::schema::PathExpression;
///
/// assert!("../disk[*].size".parse::<PathExpression>().is_ok());
/// assert!("disk[".parse::<PathExpression>().is_err());
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct PathExpression {
    pub(super) start: Start,
    pub(super) steps: Vec<Selector>,
}

/// Where an expression begins.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Start {
    Root,
    /// So many objects outwards.
    Outwards(usize),
}

/// One step into a value.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Selector {
    Attribute(String),
    Index(usize),
    Key(String),
    /// Every element of a list, a set or a map.
    Any,
}

/// A text that is no path expression.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[error("`{text}` is not a path expression: {reason}")]
pub struct PathExpressionError {
    text: String,
    reason: &'static str,
}

impl FromStr for PathExpression {
    type Err = PathExpressionError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let error = |reason| PathExpressionError { text: text.to_owned(), reason };
        let (start, mut rest) = if let Some(rest) = text.strip_prefix('/') {
            (Start::Root, rest)
        } else {
            let (mut outwards, mut rest) = (0, text);
            while let Some(outer) = rest.strip_prefix("../") {
                (outwards, rest) = (outwards + 1, outer);
            }
            (Start::Outwards(outwards), rest)
        };
        let mut steps = Vec::new();
        loop {
            let end = rest.find(['.', '[']).unwrap_or(rest.len());
            let (name, after) = rest.split_at(end);
            if name.is_empty() || name.contains(|c: char| !c.is_ascii_alphanumeric() && c != '_') {
                return Err(error("it needs the name of an attribute or a block at each step"));
            }
            steps.push(Selector::Attribute(name.to_owned()));
            rest = after;
            while let Some(inside) = rest.strip_prefix('[') {
                let (selector, after) =
                    element(inside).ok_or_else(|| error("brackets hold `*`, a number or a text in quotes"))?;
                steps.push(selector);
                rest = after;
            }
            match rest.strip_prefix('.') {
                Some(after) => rest = after,
                None if rest.is_empty() => return Ok(Self { start, steps }),
                None => return Err(error("after a bracket come a dot and a name")),
            }
        }
    }
}

/// What stands in brackets, and what follows them.
fn element(inside: &str) -> Option<(Selector, &str)> {
    if let Some(after) = inside.strip_prefix("*]") {
        return Some((Selector::Any, after));
    }
    if let Some(quoted) = inside.strip_prefix('"') {
        let (key, after) = quoted.split_once("\"]")?;
        return Some((Selector::Key(key.to_owned()), after));
    }
    let (index, after) = inside.split_once(']')?;
    Some((Selector::Index(index.parse().ok()?), after))
}

impl fmt::Display for PathExpression {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.start {
            Start::Root => f.write_str("/")?,
            Start::Outwards(outwards) => f.write_str(&"../".repeat(outwards))?,
        }
        for (position, step) in self.steps.iter().enumerate() {
            match step {
                Selector::Attribute(name) if position == 0 => f.write_str(name)?,
                Selector::Attribute(name) => write!(f, ".{name}")?,
                Selector::Index(index) => write!(f, "[{index}]")?,
                Selector::Key(key) => write!(f, "[\"{key}\"]")?,
                Selector::Any => f.write_str("[*]")?,
            }
        }
        Ok(())
    }
}

impl PathExpression {
    /// The object that it begins at, of those on the way to where it stands, each of which stands in the one before.
    pub(super) fn origin<'o, T>(&self, objects: &'o [T]) -> Option<&'o T> {
        match self.start {
            Start::Root => objects.first(),
            Start::Outwards(outwards) => objects.len().checked_sub(outwards + 1).and_then(|at| objects.get(at)),
        }
    }

    /// Whether it leads to one value, seen from the root, and not to every element of something.
    pub(super) fn leads_to_one(&self) -> bool {
        matches!(self.start, Start::Root | Start::Outwards(0)) && !self.steps.contains(&Selector::Any)
    }

    /// How messages name it: with the place of the object that it is seen from.
    pub(crate) fn shown(&self, object: &str) -> String {
        match self.start {
            Start::Outwards(0) if !object.is_empty() => format!("{object}.{self}"),
            Start::Root => self.to_string()[1..].to_owned(),
            Start::Outwards(_) => self.to_string(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(text: &str) -> PathExpression {
        text.parse().expect("it is an expression")
    }

    #[test]
    fn expressions_are_written_as_they_are_read() {
        for text in ["size", "a.b", "a[*].b", "a[0][1].b", "a[\"k.x\"].b", "../a", "../../a[*]", "/a.b"] {
            assert_eq!(parsed(text).to_string(), text);
        }
    }

    #[test]
    fn what_is_no_expression_says_why() {
        let name = "it needs the name of an attribute or a block at each step";
        let bracket = "brackets hold `*`, a number or a text in quotes";
        for (text, reason) in [
            ("", name),
            ("/", name),
            ("..", name),
            ("../", name),
            ("a..b", name),
            ("a.", name),
            ("a b", name),
            ("[0]", name),
            ("a[", bracket),
            ("a[]", bracket),
            ("a[x]", bracket),
            ("a[-1]", bracket),
            ("a[\"x]", bracket),
            ("a[0]b", "after a bracket come a dot and a name"),
        ] {
            let error = text.parse::<PathExpression>().expect_err(text);
            assert_eq!(error.to_string(), format!("`{text}` is not a path expression: {reason}"));
        }
    }
}
