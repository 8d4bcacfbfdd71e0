//! The anchors of headings, as GitHub and the registry make them.

/// Names that mean something to a browser in a page or a form. The registry takes them from headings, for safety, so that a
/// link to `## Attributes` leads nowhere there.
const RESERVED: &str = "action anchors attributes autocomplete body children close content cookie dataset dir doctype domain elements \
    embeds encoding enctype fonts forms head hidden id images implementation inputs lang length links location \
    method name open part plugins prefix referrer reset scripts slot style submit target title write";

/// The anchor that GitHub gives a heading: lower case, without punctuation, with hyphens for spaces.
#[must_use]
pub fn of_heading(text: &str) -> String {
    let letter = |letter: char| match letter {
        ' ' => Some('-'),
        '-' | '_' => Some(letter),
        _ => letter.is_alphanumeric().then_some(letter),
    };
    text.trim().to_lowercase().chars().filter_map(letter).collect()
}

/// Whether the registry gives a heading the same anchor: punctuation is where the two differ.
pub fn is_portable(heading: &str) -> bool {
    let is_plain = |letter: char| letter.is_ascii_alphanumeric() || letter == '-' || letter == '_';
    heading.split(' ').all(|word| !word.is_empty() && word.chars().all(is_plain))
        && !RESERVED.split(' ').any(|name| name == of_heading(heading))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn anchors_are_those_of_github() {
        assert_eq!(of_heading("A create that died"), "a-create-that-died");
        assert_eq!(of_heading("Nested Schema for timeouts"), "nested-schema-for-timeouts");
        assert_eq!(of_heading("What is `x_y`, and why?"), "what-is-x_y-and-why");
        assert_eq!(of_heading("A - b"), "a---b");
    }

    #[test]
    fn only_plain_headings_have_the_same_anchor_everywhere() {
        assert!(is_portable("Nested Schema for timeouts"));
        assert!(is_portable("Read-Only"));
        assert!(!is_portable("Plan (verb)"));
        assert!(!is_portable("S3, and others"));
        assert!(!is_portable("Attributes"));
        assert!(is_portable("Attributes of a cluster"));
    }
}
