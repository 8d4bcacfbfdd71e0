//! Which values are the same but for the spelling of the texts in them.

use std::collections::BTreeMap;

use crate::text::TextType;
use crate::value::Value;

/// What the texts in an attribute mean: see [`Attribute::text_type`](super::Attribute::text_type).
#[derive(Clone, Copy)]
pub(crate) struct TextRule(fn(&str) -> Option<String>);

impl TextRule {
    pub fn of<T: TextType>() -> Self {
        Self(T::canonical)
    }

    /// Whether two values are the same but for spellings.
    pub fn same(self, a: &Value, b: &Value) -> bool {
        self.canonical(a) == self.canonical(b)
    }

    /// A value with the spellings of a former one: a text keeps that of its index or its key, or else that of any element that
    /// means the same.
    pub fn respelled(self, former: &Value, new: &Value) -> Value {
        match (former, new) {
            (Value::String(_), Value::String(_)) => if self.same(former, new) { former } else { new }.clone(),
            (Value::List(formers), Value::List(elements)) => {
                let spellings = self.spellings(formers);
                let spell = |(index, new)| match formers.get(index) {
                    Some(former) if self.same(former, new) => former.clone(),
                    former => self.found(&spellings, new).unwrap_or_else(|| self.inside(former, new)),
                };
                Value::List(elements.iter().enumerate().map(spell).collect())
            }
            (Value::Set(formers), Value::Set(elements)) => {
                let spellings = self.spellings(formers);
                // Several elements may mean the same, and are as many as before if they stay.
                let spell = |new: &Value| {
                    let stays = formers.contains(new);
                    let found = (!stays).then(|| self.found(&spellings, new)).flatten();
                    found.unwrap_or_else(|| new.clone())
                };
                Value::set(elements.iter().map(spell))
            }
            (Value::Map(formers), Value::Map(entries)) => Value::Map(entries.map_ref(|key, new| {
                formers.get(key).map_or_else(|| new.clone(), |former| self.respelled(former, new))
            })),
            _ => new.clone(),
        }
    }

    fn inside(self, former: Option<&Value>, new: &Value) -> Value {
        former.map_or_else(|| new.clone(), |former| self.respelled(former, new))
    }

    /// These elements by what they mean.
    fn spellings(self, elements: &[Value]) -> BTreeMap<Value, &Value> {
        elements.iter().filter(|element| element.is_wholly_known()).map(|one| (self.canonical(one), one)).collect()
    }

    fn found(self, spellings: &BTreeMap<Value, &Value>, new: &Value) -> Option<Value> {
        spellings.get(&self.canonical(new)).map(|former| (*former).clone())
    }

    /// The value with the canonical spelling of each text. What is no text of the type is equal only to itself.
    fn canonical(self, value: &Value) -> Value {
        match value {
            Value::String(text) => self.0(text).map_or_else(|| value.clone(), Value::from),
            Value::List(elements) => Value::List(elements.iter().map(|one| self.canonical(one)).collect()),
            Value::Set(elements) => Value::set(elements.iter().map(|one| self.canonical(one))),
            Value::Map(entries) => Value::Map(entries.map_ref(|_, one| self.canonical(one))),
            other => other.clone(),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::net::IpAddr;

    use proptest::prelude::*;

    use super::*;

    fn list(texts: &[&str]) -> Value {
        Value::from(texts.to_vec())
    }

    fn set(texts: &[&str]) -> Value {
        Value::set(texts.iter().map(|text| Value::from(*text)))
    }

    fn map(texts: &[(&str, &str)]) -> Value {
        Value::object(texts.iter().map(|(key, text)| (*key, Value::from(*text))))
    }

    #[test]
    fn texts_keep_the_former_spelling_wherever_they_stand() {
        let rule = TextRule::of::<IpAddr>();
        // The former value, the new one, what becomes of it, and whether both are the same.
        for (former, new, expected, same) in [
            ("0::1".into(), "::1".into(), Value::from("0::1"), true),
            ("0::1".into(), "::2".into(), "::2".into(), false),
            ("here".into(), "here".into(), "here".into(), true),
            ("here".into(), "::1".into(), "::1".into(), false),
            (Value::Null, "::1".into(), "::1".into(), false),
            ("0::1".into(), Value::Null, Value::Null, false),
            (Value::unknown(), "::1".into(), "::1".into(), false),
            (list(&["0::1", "::2"]), list(&["::1", "::2"]), list(&["0::1", "::2"]), true),
            (list(&["0::1", "0::2"]), list(&["::1", "::3"]), list(&["0::1", "::3"]), false),
            // An element was added in front.
            (list(&["0::1", "0::2"]), list(&["::3", "::1", "::2"]), list(&["::3", "0::1", "0::2"]), false),
            // The same in two spellings, each at its place.
            (list(&["0::1", "::1"]), list(&["::1", "::1"]), list(&["0::1", "::1"]), true),
            (set(&["0::1", "0::2"]), set(&["::2", "::1"]), set(&["0::1", "0::2"]), true),
            (set(&["0::1", "0::2"]), set(&["::3", "::1"]), set(&["0::1", "::3"]), false),
            (set(&["0::1", "::1", "::2"]), set(&["0::1", "::1"]), set(&["0::1", "::1"]), false),
            (
                map(&[("a", "0::1"), ("b", "::2")]),
                map(&[("a", "::1"), ("b", "::2")]),
                map(&[("a", "0::1"), ("b", "::2")]),
                true,
            ),
            (
                map(&[("a", "0::1"), ("b", "0::2")]),
                map(&[("a", "::1"), ("c", "::2")]),
                map(&[("a", "0::1"), ("c", "::2")]),
                false,
            ),
            (
                Value::List(vec![list(&["0::1"])]),
                Value::List(vec![list(&["::1", "::2"])]),
                Value::List(vec![list(&["0::1", "::2"])]),
                false,
            ),
            (Value::List(vec![Value::unknown(), "0::2".into()]), list(&["::1", "::2"]), list(&["::1", "0::2"]), false),
        ] {
            assert_eq!(rule.same(&former, &new), same, "{former:?} {new:?}");
            assert_eq!(rule.respelled(&former, &new), expected, "{former:?} {new:?}");
        }
    }

    /// Few addresses, in several spellings each.
    fn address() -> impl Strategy<Value = Value> {
        (1..4, prop::sample::select(&["::", "0::", "0:0::", "0000::"]))
            .prop_map(|(host, spelling)| format!("{spelling}{host}").into())
    }

    fn values() -> impl Strategy<Value = [Value; 2]> {
        let elements = || prop::collection::vec(address(), 0..5);
        let keyed = |elements: Vec<Value>| {
            Value::object(elements.into_iter().enumerate().map(|(key, one)| (key.to_string(), one)))
        };
        prop_oneof![
            [elements(), elements()].prop_map(|both| both.map(Value::List)),
            [elements(), elements()].prop_map(|both| both.map(Value::set)),
            [elements(), elements()].prop_map(move |both| both.map(keyed)),
        ]
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn another_spelling_never_changes_what_is_meant([former, new] in values()) {
            let rule = TextRule::of::<IpAddr>();
            let respelled = rule.respelled(&former, &new);
            prop_assert!(rule.same(&respelled, &new));
            prop_assert_eq!(rule.respelled(&former, &respelled), respelled.clone());
            if let (true, Value::List(_) | Value::Map(_)) = (rule.same(&former, &new), &former) {
                prop_assert_eq!(respelled, former);
            }
        }
    }
}
