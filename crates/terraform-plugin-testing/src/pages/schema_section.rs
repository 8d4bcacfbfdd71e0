//! The lists of a page that tfplugindocs writes: attributes and blocks, identity attributes, arguments.

use std::collections::BTreeMap;
use std::fmt::{self, Display, Formatter};

/// Where a list stands.
#[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub enum Place {
    /// In the schema, below this path; empty at the top.
    Schema(String),
    /// In the identity of a resource.
    Identity,
    /// In the arguments of a function.
    Arguments,
}

/// Who sets an attribute.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Group {
    Required,
    Optional,
    ReadOnly,
}

/// What stands in a list, or should.
#[derive(Debug)]
pub struct Item {
    pub name: String,
    /// On a page this is everything behind the name.
    pub description: String,
    /// `None` if it does not matter.
    pub group: Option<Group>,
    /// `None` if it does not matter.
    pub is_sensitive: Option<bool>,
}

impl Item {
    pub fn new(name: &str, description: &str) -> Self {
        Self { name: name.to_owned(), description: description.trim().to_owned(), group: None, is_sensitive: None }
    }

    /// What is wrong with how the page says this.
    fn wrong(&self, written: &Self) -> Option<String> {
        if self.description.is_empty() {
            return Some("has no description".to_owned());
        }
        // The type stands first, in parentheses; for what is nested, a link to it stands last.
        let text = written.description.split(" (see [below for nested schema](#").next().unwrap_or_default();
        let (ty, said) = text.split_once(") ").unwrap_or(("", text));
        // Other text may follow a list without a heading.
        if said.strip_prefix(&self.description).is_none_or(|rest| !rest.is_empty() && !rest.starts_with("\n\n")) {
            return Some(format!("is described otherwise. The provider says: {}", self.description));
        }
        if self.group.is_some() && self.group != written.group {
            return Some(format!("stands in the wrong group: it is {:?}", self.group?));
        }
        (self.is_sensitive == Some(!ty.contains("Sensitive")))
            .then(|| "is sensitive on the page or in the schema alone".to_owned())
    }
}

/// The lists that a page has.
pub struct Written(BTreeMap<Place, Vec<Item>>);

impl Written {
    /// Finds them by the headings of tfplugindocs.
    pub fn read(text: &str) -> Self {
        let mut lists: BTreeMap<Place, Vec<Item>> = BTreeMap::new();
        let (mut place, mut group) = (None, None);
        for line in text.lines() {
            if let Some(new) = group_of(line) {
                group = Some(new);
            } else if line.starts_with('#') {
                (place, group) = (place_of(line), None);
            } else if let Some(place) = &place {
                let items = lists.entry(Place::clone(place)).or_default();
                let begin = line.strip_prefix("- `").or_else(|| line.strip_prefix("1. `"));
                match begin.and_then(|rest| rest.split_once("` ")) {
                    Some((name, rest)) => items.push(Item { group, ..Item::new(name, rest) }),
                    None => continued(items, line),
                }
            }
        }
        lists.values_mut().flatten().for_each(|item| item.description.truncate(item.description.trim_end().len()));
        Self(lists)
    }

    /// Compares them with those that there should be.
    pub fn compare(&self, should_be: &BTreeMap<Place, Vec<Item>>, mistake: &mut impl FnMut(String)) {
        let none = Vec::new();
        for (place, items) in should_be {
            let written = self.0.get(place).unwrap_or(&none);
            for item in items {
                match written.iter().find(|written| written.name == item.name) {
                    Some(written) => {
                        if let Some(why) = item.wrong(written) {
                            mistake(format!("{} {why}", place.of(&item.name)));
                        }
                    }
                    None => mistake(format!("{} is missing", place.of(&item.name))),
                }
            }
        }
        for (place, items) in &self.0 {
            let known = should_be.get(place).unwrap_or(&none);
            for item in items.iter().filter(|item| known.iter().all(|known| known.name != item.name)) {
                mistake(format!("{} is described, and the provider has none", place.of(&item.name)));
            }
        }
    }
}

/// What follows belongs to the last item, but for the anchor of the next list, and comments.
fn continued(items: &mut [Item], line: &str) {
    if let Some(item) = items.last_mut().filter(|_| !line.starts_with('<')) {
        item.description.push('\n');
        item.description.push_str(line);
    }
}

fn group_of(line: &str) -> Option<Group> {
    match line.trim_start_matches('#').trim().trim_end_matches(':') {
        "Required" => Some(Group::Required),
        "Optional" => Some(Group::Optional),
        "Read-Only" => Some(Group::ReadOnly),
        _ => None,
    }
}

/// The list that begins at a heading.
fn place_of(heading: &str) -> Option<Place> {
    let nested = heading.strip_prefix("### Nested Schema for `").and_then(|rest| rest.strip_suffix('`'));
    match heading {
        "## Schema" => Some(Place::Schema(String::new())),
        "### Identity Schema" => Some(Place::Identity),
        "## Arguments" => Some(Place::Arguments),
        _ => nested.map(|path| Place::Schema(path.to_owned())),
    }
}

impl Place {
    /// Names something in the list.
    fn of(&self, name: &str) -> String {
        format!("{self}`{name}`")
    }
}

impl Display for Place {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Schema(path) if path.is_empty() => Ok(()),
            Self::Schema(path) => write!(formatter, "in `{path}`, "),
            Self::Identity => formatter.write_str("the identity attribute "),
            Self::Arguments => formatter.write_str("the argument "),
        }
    }
}
