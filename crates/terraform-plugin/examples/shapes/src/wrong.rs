//! What a careless user writes: values that are refused with a message at their attribute.

use std::collections::BTreeMap;

use fastrand::Rng;

use crate::case::Case;
use crate::expression::{Expression, Given, Style};

/// The resource, the attribute, and what is wrong there.
const WRONG: [(&str, &str, &str); 24] = [
    ("shapes_plain", "integer", "1.5"),
    ("shapes_plain", "integer", "9223372036854775808"),
    ("shapes_plain", "integer", "log(10, 3)"),
    ("shapes_plain", "integer", "\"many\""),
    ("shapes_plain", "small", "256"),
    ("shapes_plain", "small", "-1"),
    ("shapes_plain", "float", "1e400"),
    ("shapes_plain", "level", "\"huge\""),
    ("shapes_plain", "level", "\"\""),
    ("shapes_plain", "given", "[\"a\", null]"),
    ("shapes_plain", "flag", "\"maybe\""),
    ("shapes_plain", "matrix", "[[1], [\"x\"]]"),
    ("shapes_plain", "matrix", "[[1e400]]"),
    ("shapes_plain", "limits", "{ a = 0.5 }"),
    ("shapes_plain", "name", "null"),
    ("shapes_nested", "disks", "[null]"),
    ("shapes_nested", "disks", "[{ size = 1 }]"),
    ("shapes_nested", "links", "[{ to = \"a\", weight = 1.5 }]"),
    ("shapes_nested", "one", "{ size = 0.5 }"),
    ("shapes_nested", "by_name", "{ a = { numbers = [1, 2.5] } }"),
    ("shapes_nested", "several", "[{ text = \"a\", inner = { items = { b = { value = 1e400 } } } }]"),
    ("shapes_nested", "several", "[{ text = null }]"),
    ("shapes_nested", "name", "null"),
    ("shapes_block", "name", "null"),
];

/// Puts something wrong into a round of a case. Known at once, or in the apply only.
pub fn spoil(rng: &mut Rng, case: &mut Case, round: usize) -> String {
    let possible: Vec<_> = WRONG.iter().filter(|(resource, ..)| *resource == case.kind().name).collect();
    let Some((_, name, text)) = rng.choice(possible) else { return String::new() };
    let style = *rng
        .choice(&[Style::Literal, Style::Literal, Style::Local, Style::Conditional, Style::Late])
        .unwrap_or(&Style::Literal);
    let wrong = Expression { value: Given::Wrong(text), style };
    if let Some(Given::Object(entries)) = case.rounds[round].values_mut().next().map(|one| &mut one.value) {
        let entries: &mut BTreeMap<_, _> = entries;
        entries.insert((*name).to_owned(), wrong);
    }
    format!("{name} = {text}, {style:?}")
}
