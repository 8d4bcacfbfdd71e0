//! Descriptions: what the author wrote, and the sentences that the framework adds to it.

use crate::path::AttributePath;

/// What the author wrote of an attribute, a block or an object.
#[derive(Clone, Debug, Default)]
pub(crate) struct Description {
    text: String,
    plain: bool,
    as_written: bool,
}

impl<T: Into<String>> From<T> for Description {
    fn from(text: T) -> Self {
        Self { text: text.into(), ..Self::default() }
    }
}

impl Description {
    /// It is plain text, not Markdown.
    pub fn plain(self) -> Self {
        Self { plain: true, ..self }
    }

    /// Nothing is added to it.
    pub fn verbatim(self) -> Self {
        Self { as_written: true, ..self }
    }

    pub fn is_empty(&self) -> bool {
        self.text.is_empty()
    }

    /// What clients get, with these sentences. They are Markdown; one that is there already is left out.
    pub fn with(&self, sentences: impl IntoIterator<Item = String>) -> Composed {
        let mut composed = Composed { written: self.text.clone(), sentences: Vec::new(), plain: self.plain };
        if self.as_written {
            return composed;
        }
        for sentence in sentences {
            let sentence = if self.plain { without_code_spans(&sentence) } else { sentence };
            let sentence = ended(sentence.trim());
            if !sentence.is_empty() && !composed.sentences.contains(&sentence) {
                composed.sentences.push(sentence);
            }
        }
        composed
    }
}

/// A description as clients get it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Composed {
    pub written: String,
    pub sentences: Vec<String>,
    pub plain: bool,
}

impl Composed {
    /// The whole of it.
    pub fn text(&self) -> String {
        if self.sentences.is_empty() {
            return self.written.clone();
        }
        let (written, added) = (self.written.trim_end(), self.sentences.join(" "));
        if written.is_empty() {
            added
        } else if stands_alone(written) {
            format!("{written}\n\n{added}")
        } else {
            format!("{} {added}", ended(written))
        }
    }

    /// The sentences that the author wrote although the framework adds them.
    pub fn doubled(&self) -> impl Iterator<Item = &str> {
        self.sentences.iter().map(String::as_str).filter(|sentence| self.written.contains(sentence))
    }
}

/// A description in a schema, and where it stands: `None` is the object itself.
pub(crate) type Placed = (Option<AttributePath>, Composed);

/// Whether what follows a text is a paragraph of its own: the text has several, or ends with a list or with code.
fn stands_alone(text: &str) -> bool {
    let last = text.lines().next_back().unwrap_or_default().trim_start();
    let is_item = ["- ", "* ", "+ "].iter().any(|bullet| last.starts_with(bullet))
        || last.split_once(". ").is_some_and(|(number, _)| number.parse::<u32>().is_ok());
    text.contains("\n\n") || is_item || last.starts_with("```") || last.starts_with("~~~")
}

/// A text with a full stop, unless it ends a sentence already.
fn ended(text: &str) -> String {
    let text = match text.strip_suffix("..") {
        // An ellipsis stays.
        Some(rest) if !rest.ends_with('.') => &text[..=rest.len()],
        _ => text,
    };
    let inner = text.trim_end_matches(['`', '"', ')', '*', '_']);
    // A stop in quotes or code belongs to what is quoted; one in brackets or in bold ends the sentence.
    let quoted = text[inner.len()..].contains(['`', '"']);
    let ends = |text: &str| text.ends_with(['.', '!', '?', ':', '…']);
    if text.is_empty() || ends(text) || (!quoted && ends(inner)) { text.to_owned() } else { format!("{text}.") }
}

/// Markdown as plain text, so far as the framework's sentences have it: without the marks of code.
fn without_code_spans(markdown: &str) -> String {
    let (mut plain, mut rest) = (String::new(), markdown);
    while let Some(start) = rest.find('`') {
        let (before, marked) = rest.split_at(start);
        let inner = marked.trim_start_matches('`');
        let mark = &marked[..marked.len() - inner.len()];
        plain.push_str(before);
        if let Some(end) = closing(inner, mark.len()) {
            let code = &inner[..end];
            let padded = code.strip_prefix(' ').and_then(|code| code.strip_suffix(' '));
            plain.push_str(padded.filter(|code| !code.trim().is_empty()).unwrap_or(code));
            rest = &inner[end + mark.len()..];
        } else {
            plain.push_str(mark);
            rest = inner;
        }
    }
    plain + rest
}

/// Where the run of exactly so many backticks begins that closes the code.
fn closing(text: &str, length: usize) -> Option<usize> {
    let mut from = 0;
    while let Some(start) = text[from..].find('`').map(|found| from + found) {
        let run = text[start..].bytes().take_while(|byte| *byte == b'`').count();
        if run == length {
            return Some(start);
        }
        from = start + run;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn composed(description: &Description, sentences: &[&str]) -> String {
        description.with(sentences.iter().map(|sentence| (*sentence).to_owned())).text()
    }

    #[test]
    fn the_sentences_follow_what_the_author_wrote() {
        let default = ["Default: `1`."];
        for (written, expected) in [
            ("", "Default: `1`."),
            ("Number of nodes.", "Number of nodes. Default: `1`."),
            ("Number of nodes", "Number of nodes. Default: `1`."),
            ("Number of nodes..", "Number of nodes. Default: `1`."),
            ("Number of nodes…", "Number of nodes… Default: `1`."),
            ("Number of nodes ...", "Number of nodes ... Default: `1`."),
            ("Number of nodes. ", "Number of nodes. Default: `1`."),
            ("How many?", "How many? Default: `1`."),
            ("Nodes (of the cluster.)", "Nodes (of the cluster.) Default: `1`."),
            ("Nodes (of the cluster)", "Nodes (of the cluster). Default: `1`."),
            ("**Nodes.**", "**Nodes.** Default: `1`."),
            ("Beginning of `a.`", "Beginning of `a.`. Default: `1`."),
            ("Nodes.\n\nThey are paid for.", "Nodes.\n\nThey are paid for.\n\nDefault: `1`."),
            ("Nodes:\n- one\n- two", "Nodes:\n- one\n- two\n\nDefault: `1`."),
            ("Nodes:\n1. one", "Nodes:\n1. one\n\nDefault: `1`."),
            ("Nodes:\n```\na\n```", "Nodes:\n```\na\n```\n\nDefault: `1`."),
        ] {
            assert_eq!(composed(&written.into(), &default), expected, "{written}");
        }
        for written in ["Without a stop", "", "Two.. "] {
            assert_eq!(composed(&written.into(), &[]), written, "nothing is added, so nothing is changed");
        }
    }

    #[test]
    fn every_sentence_has_one_stop_and_stands_once() {
        let sentences = ["Must be even", "Must be even.", "", "Must be odd..", "Must be `a.b`"];
        assert_eq!(composed(&"Socks.".into(), &sentences), "Socks. Must be even. Must be odd. Must be `a.b`.");
    }

    #[test]
    fn plain_text_has_no_marks() {
        let plain = |sentence| composed(&Description::from("Text.").plain(), &[sentence]);
        for (sentence, expected) in [
            ("Default: `1`.", "Text. Default: 1."),
            ("Exactly one of `a` and `b` must be set.", "Text. Exactly one of a and b must be set."),
            ("Default: `` \"a`b\" ``.", "Text. Default: \"a`b\"."),
            ("It is `open", "Text. It is `open."),
            ("It is ``.", "Text. It is ``."),
        ] {
            assert_eq!(plain(sentence), expected);
        }
        assert!(Description::from("Text.").plain().with([]).plain);
    }

    #[test]
    fn as_written_is_as_written() {
        let description = Description::from("Text").verbatim();
        assert_eq!(composed(&description, &["Default: `1`."]), "Text");
        assert_eq!(composed(&description.plain(), &["Default: `1`."]), "Text");
    }

    #[test]
    fn what_the_author_wrote_too_is_found() {
        let description = Description::from("Text. Default: `1`. More.");
        let composed = description.with(["Default: `1`.".to_owned(), "Must be even.".to_owned()]);
        assert_eq!(composed.doubled().collect::<Vec<_>>(), ["Default: `1`."]);
    }
}
