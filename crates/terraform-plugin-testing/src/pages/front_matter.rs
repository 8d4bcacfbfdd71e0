//! What stands at the head of a page.

use std::collections::BTreeMap;

/// What the registry reads.
const KEYS: [&str; 3] = ["page_title", "subcategory", "description"];

/// The head of a page: YAML, of which only what is quoted, or a block, is let through, so that no colon changes what it says.
#[derive(Clone, Debug, Default)]
pub struct FrontMatter {
    values: BTreeMap<String, String>,
    mistakes: Vec<String>,
}

impl FrontMatter {
    /// Takes the head off a page: what it says, and the rest.
    #[must_use]
    pub fn split(text: &str) -> (Self, &str) {
        let parts = text.strip_prefix("---\n").and_then(|text| text.split_once("\n---\n"));
        let Some((head, rest)) = parts else {
            let mistakes = vec!["does not begin with front matter".to_owned()];
            return (Self { mistakes, ..Self::default() }, text);
        };
        (Self::parse(head), rest)
    }

    fn parse(head: &str) -> Self {
        let mut front_matter = Self::default();
        let mut block = None;
        for line in head.lines().filter(|line| !line.starts_with('#')) {
            match (line.strip_prefix("  "), &block) {
                (Some(text), Some(key)) => {
                    let value: &mut String = front_matter.values.entry(String::clone(key)).or_default();
                    if !value.is_empty() {
                        value.push('\n');
                    }
                    value.push_str(text);
                }
                _ => block = front_matter.key(line),
            }
        }
        front_matter
    }

    /// Reads a line with a key. The key of a block is given back.
    fn key(&mut self, line: &str) -> Option<String> {
        let Some((key, value)) = line.split_once(": ").filter(|(key, _)| KEYS.contains(key)) else {
            self.mistakes.push(format!("the registry reads no {line:?} in front matter"));
            return None;
        };
        if value == "|-" {
            return Some(key.to_owned());
        }
        match value.strip_prefix('"').and_then(|value| value.strip_suffix('"')) {
            Some(text) => _ = self.values.insert(key.to_owned(), text.to_owned()),
            None => self.mistakes.push(format!("the {key} in the front matter is not quoted")),
        }
        None
    }

    /// What stands at a key; empty if there is nothing.
    #[must_use]
    pub fn get(&self, key: &str) -> &str {
        self.values.get(key).map_or("", String::as_str)
    }

    /// What is wrong with it. An object has one of the subcategories, and other pages may have what they like.
    pub(super) fn check(&self, subcategories: Option<&[&str]>, mistake: &mut impl FnMut(String)) {
        self.mistakes.iter().cloned().for_each(&mut *mistake);
        if self.get("page_title").is_empty() {
            mistake("has no page_title".to_owned());
        }
        let description = self.get("description");
        if !is_sentence(description) {
            mistake(format!("the description is not one sentence: {description:?}"));
        }
        let subcategory = self.get("subcategory");
        if let Some(names) = subcategories.filter(|names| !names.contains(&subcategory)) {
            mistake(format!("the subcategory {subcategory:?} is none of {}", names.join(", ")));
        }
    }
}

/// Whether it is one sentence on one line. tfplugindocs' own templates take it from the schema, where the framework adds which
/// Terraform is needed.
fn is_sentence(text: &str) -> bool {
    let text = text.split_once(" Requires Terraform ").map_or(text, |(sentence, _)| sentence);
    let inner = text.strip_suffix('.').unwrap_or_default();
    !inner.is_empty() && !inner.contains(['\n', '!', '?']) && !inner.contains(". ") && !inner.ends_with('.')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mistakes(head: &str, subcategories: Option<&[&str]>) -> Vec<String> {
        let mut found = Vec::new();
        FrontMatter::split(head).0.check(subcategories, &mut |sentence| found.push(sentence));
        found
    }

    const GOOD: &str =
        "---\npage_title: \"A page\"\nsubcategory: \"Books\"\ndescription: |-\n  About a page.\n---\n\n# A";

    #[test]
    fn what_the_registry_reads_is_let_through() {
        let (front_matter, rest) = FrontMatter::split(GOOD);
        assert_eq!(front_matter.get("description"), "About a page.");
        assert_eq!(rest, "\n# A");
        assert_eq!(mistakes(GOOD, Some(&["Books", "Shelves"])), [""; 0]);
    }

    #[test]
    fn what_is_missing_or_wrong_is_said() {
        assert_eq!(mistakes("# A", None)[0], "does not begin with front matter");
        assert_eq!(mistakes(GOOD, Some(&["Shelves"])), ["the subcategory \"Books\" is none of Shelves"]);
        let two = GOOD.replace("a page.", "a page. It is long.");
        assert_eq!(mistakes(&two, None), ["the description is not one sentence: \"About a page. It is long.\""]);
        for no_sentence in ["", "About a page", ".", "About a page..", "About a page! More."] {
            let page = GOOD.replace("About a page.", no_sentence);
            assert_eq!(mistakes(&page, None), [format!("the description is not one sentence: {no_sentence:?}")]);
        }
        let version = GOOD.replace("a page.", "a page. Requires Terraform 1.14 or later.");
        assert_eq!(mistakes(&version, None), [""; 0]);
        let unquoted = GOOD.replace("\"A page\"", "A page: the first");
        assert_eq!(mistakes(&unquoted, None)[0], "the page_title in the front matter is not quoted");
        let layout = GOOD.replace("subcategory: \"Books\"", "layout: \"books\"");
        assert_eq!(mistakes(&layout, None), ["the registry reads no \"layout: \\\"books\\\"\" in front matter"]);
    }
}
