//! Values as a configuration writes them.

use std::fmt::Write as _;

use crate::value::Value;

/// A value as a configuration writes it, on one line. Null and unknown values, which say nothing, are none; in an object
/// they are left out.
pub(super) fn literal(value: &Value) -> Option<String> {
    Some(match value {
        Value::Null | Value::Unknown(_) => return None,
        Value::Bool(value) => value.to_string(),
        Value::Number(number) => number.compact(),
        Value::String(text) => quoted(text),
        Value::List(elements) | Value::Set(elements) => {
            let elements: Option<Vec<_>> = elements.iter().map(literal).collect();
            format!("[{}]", elements?.join(", "))
        }
        Value::Map(entries) => {
            let entries: Vec<_> = entries
                .iter()
                .filter_map(|(name, value)| Some(format!("{} = {}", key(name), literal(value)?)))
                .collect();
            if entries.is_empty() { "{}".to_owned() } else { format!("{{ {} }}", entries.join(", ")) }
        }
        Value::Dynamic(_, value) => return literal(value),
    })
}

/// The same as code in Markdown.
pub(super) fn code(literal: &str) -> String {
    let longest = literal.split(|c| c != '`').map(str::len).max().unwrap_or_default();
    if longest == 0 {
        return format!("`{literal}`");
    }
    let mark = "`".repeat(longest + 1);
    format!("{mark} {literal} {mark}")
}

fn key(name: &str) -> String {
    let is_plain = super::mistake::is_name(&name.to_ascii_lowercase());
    if is_plain { name.to_owned() } else { quoted(name) }
}

fn quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '\n' => quoted.push_str("\\n"),
            '\r' => quoted.push_str("\\r"),
            '\t' => quoted.push_str("\\t"),
            // What would begin a template.
            '$' | '%' if letters.peek() == Some(&'{') => {
                quoted.push(letter);
                quoted.push(letter);
            }
            letter if letter.is_control() => {
                let _ = write!(quoted, "\\u{:04x}", u32::from(letter));
            }
            letter => quoted.push(letter),
        }
    }
    quoted.push('"');
    quoted
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::{Entries, Type};

    #[test]
    fn values_are_written_as_in_a_configuration() {
        let object = || Value::object([("size", 1.into()), ("none", Value::Null), ("my key", "x".into())]);
        for (value, expected) in [
            (Value::Null, None),
            (Value::unknown(), None),
            (true.into(), Some("true")),
            (30.into(), Some("30")),
            ("".into(), Some("\"\"")),
            ("a \"b\" \\ \n\r\t\u{1} ${c} %{d} $e".into(), Some(r#""a \"b\" \\ \n\r\t\u0001 $${c} %%{d} $e""#)),
            (Value::List(Vec::new()), Some("[]")),
            (Value::List(vec!["a".into(), "b".into()]), Some("[\"a\", \"b\"]")),
            (Value::List(vec!["a".into(), Value::unknown()]), None),
            (Value::set([1.into()]), Some("[1]")),
            (Value::Map(Entries::new()), Some("{}")),
            (object(), Some("{ \"my key\" = \"x\", size = 1 }")),
            (Value::dynamic(Type::Bool, false.into()), Some("false")),
        ] {
            assert_eq!(literal(&value).as_deref(), expected, "{value:?}");
        }
    }

    #[test]
    fn code_may_hold_backticks() {
        for (text, expected) in [("1", "`1`"), ("a`b", "`` a`b ``"), ("``", "``` `` ```")] {
            assert_eq!(code(text), expected);
        }
    }
}
