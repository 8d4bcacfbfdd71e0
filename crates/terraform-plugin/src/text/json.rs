//! JSON.

use std::collections::BTreeMap;

use serde_json::value::RawValue;

use super::TextType;
use crate::value::Number;

/// JSON of any kind. What it is deserialized into keeps neither blanks nor the order of members; the
/// [`Text`](super::Text) does.
pub type Json = serde_json::Value;

/// Two mean the same if they have the same members in any order, and numbers of the same value, which are compared with all
/// their digits. Of a member that stands there twice, the last one counts. (The type of Go's framework compares numbers as
/// they are written.)
impl TextType for Json {
    fn requirement() -> String {
        "must be JSON".to_owned()
    }

    fn parse(text: &str) -> Option<Self> {
        serde_json::from_str(text).ok()
    }

    fn to_text(&self) -> String {
        self.to_string()
    }

    fn canonical(text: &str) -> Option<String> {
        // It also bounds how deeply the text is nested.
        Self::parse(text)?;
        let mut canonical = String::with_capacity(text.len());
        write(text, &mut canonical).ok()?;
        Some(canonical)
    }

    fn reason(text: &str) -> Option<String> {
        serde_json::from_str::<Self>(text).err().map(|error| error.to_string())
    }
}

/// Writes JSON without blanks, with its members in order. It reads text rather than a tree of JSON values, as those hold numbers
/// as floats and lose digits.
fn write(text: &str, canonical: &mut String) -> serde_json::Result<()> {
    let text = text.trim();
    match text.as_bytes().first() {
        Some(b'{') => {
            let members: BTreeMap<String, &RawValue> = serde_json::from_str(text)?;
            canonical.push('{');
            for (position, (name, member)) in members.iter().enumerate() {
                canonical.push_str(if position == 0 { "" } else { "," });
                canonical.push_str(&serde_json::to_string(name)?);
                canonical.push(':');
                write(member.get(), canonical)?;
            }
            canonical.push('}');
        }
        Some(b'[') => {
            let elements: Vec<&RawValue> = serde_json::from_str(text)?;
            canonical.push('[');
            for (position, element) in elements.iter().enumerate() {
                canonical.push_str(if position == 0 { "" } else { "," });
                write(element.get(), canonical)?;
            }
            canonical.push(']');
        }
        Some(b'"') => canonical.push_str(&serde_json::to_string(&serde_json::from_str::<String>(text)?)?),
        // A bool, null, or a number. One that is too long for Terraform equals only itself.
        _ => canonical.push_str(&text.parse().map_or_else(|_| text.to_owned(), |number: Number| number.to_string())),
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::super::testing::check;
    use super::*;

    #[test]
    fn json_is_compared_by_what_it_says() {
        check::<Json>(
            &[
                &[
                    r#"{"a":1,"b":[true,null]}"#,
                    " { \"b\" : [true,\tnull],\n\"a\" : 1 }\r\n",
                    r#"{"a":2,"b":[true,null],"a":1}"#,
                ],
                &[r#"{"b":[null,true],"a":1}"#],
                &["1", "1.0", "1e0", "10E-1", "0.1e1"],
                &["-1"],
                &["0", "-0", "0.0", "0e5"],
                &["100", "1e2", "1E+2"],
                &[r#""1""#],
                &[r#""a/é\n""#, r#""a\/\u00E9\u000a""#, "\"a/\u{e9}\\n\""],
                &["{}"],
                &["[]"],
                &["null"],
                &["true"],
            ],
            &["", " ", "{", "{\"a\":1,}", "{a: 1}", "'a'", "01", "1 2", "NaN", "nul", "\u{a0}1", "1e999"],
        );
        let exact = ["0.10000000000000000001", "0.1", "12345678901234567890123", "12345678901234567890124"];
        let canonical = exact.map(|text| Json::canonical(text).expect("it is JSON"));
        assert_eq!(canonical, exact, "digits that a float loses count");
    }

    #[test]
    fn what_is_nested_too_deeply_is_refused() {
        let nested = |depth| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
        assert!(Json::canonical(&nested(100)).is_some() && Json::canonical(&nested(100_000)).is_none());
    }

    #[test]
    fn a_reason_says_where_it_is_wrong() {
        assert_eq!(Json::reason("{\"a\": x}").as_deref(), Some("expected value at line 1 column 7"));
        assert_eq!(Json::reason("{}"), None);
    }

    fn trees() -> impl Strategy<Value = Json> {
        let leaf = prop_oneof![
            Just(Json::Null),
            any::<bool>().prop_map(Json::from),
            any::<i64>().prop_map(Json::from),
            any::<f64>().prop_map(Json::from),
            ".{0,4}".prop_map(Json::from),
        ];
        leaf.prop_recursive(3, 20, 4, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..4).prop_map(Json::from),
                prop::collection::vec((".{0,2}", inner), 0..4).prop_map(|members| members.into_iter().collect()),
            ]
        })
    }

    /// The same with its members in another order, blanks, and numbers with an exponent.
    fn respelled(tree: &Json) -> String {
        let join = |parts: Vec<String>| parts.join(" ,\n");
        match tree {
            Json::Object(members) => {
                let member = |(name, member): (&String, &Json)| format!("{} : {}", json!(name), respelled(member));
                format!("{{ {} }}", join(members.iter().rev().map(member).collect()))
            }
            Json::Array(elements) => format!("[ {}\t]", join(elements.iter().map(respelled).collect())),
            Json::Number(number) if !number.to_string().contains('e') => format!("{number}e+00"),
            other => other.to_string(),
        }
    }

    /// The same with floats for all numbers, as a tree holds 1 and 1.0 for two.
    fn with_floats(tree: Json) -> Json {
        match tree {
            Json::Object(members) => members.into_iter().map(|(name, member)| (name, with_floats(member))).collect(),
            Json::Array(elements) => elements.into_iter().map(with_floats).collect(),
            Json::Number(number) => number.as_f64().into(),
            other => other,
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn every_spelling_means_the_same(tree in trees()) {
            let canonical = Json::canonical(&tree.to_text());
            prop_assert!(canonical.is_some());
            prop_assert_eq!(&canonical, &Json::canonical(&respelled(&tree)));
            prop_assert_eq!(&canonical, &Json::canonical(&serde_json::to_string_pretty(&tree).expect("it is JSON")));
            let again = canonical.as_deref().and_then(Json::canonical);
            prop_assert_eq!(again, canonical);
        }

        #[test]
        fn the_canonical_spelling_says_what_was_said(tree in trees()) {
            let canonical = Json::canonical(&tree.to_text()).expect("it is JSON");
            prop_assert_eq!(Json::parse(&canonical).map(with_floats), Some(with_floats(tree)));
        }
    }
}
