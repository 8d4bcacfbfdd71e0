//! Values that can be spelled in several ways, of which the one that was there stays.

use super::Attribute;
use super::text_rule::TextRule;
use super::validator::of_texts;
use crate::text::TextType;
use crate::value::Value;

impl Attribute {
    /// A text that means something, for example an address or JSON: see [`TextType`] and its module. Another text is an error,
    /// and a text that only spells the former one differently is no change: the spelling that was there stays.
    ///
    /// ```
    /// use terraform_plugin::schema::Attribute;
    /// use terraform_plugin::text::Json;
    ///
    /// // "Who may do what. Must be JSON."
    /// let policy = Attribute::text::<Json>("Who may do what.").required();
    /// ```
    #[must_use]
    pub fn text<T: TextType>(description: impl Into<String>) -> Self {
        Self::string(description).text_type::<T>()
    }

    /// Each text in it is one of a [`TextType`], as in [`Attribute::text`]. For lists, sets and maps of strings, each element of which
    /// keeps its spelling.
    ///
    /// ```
    /// use terraform_plugin::schema::Attribute;
    /// use terraform_plugin::text::Cidr;
    /// use terraform_plugin::value::Type;
    ///
    /// // "Who may connect. Each element must be an IP prefix in CIDR notation, for example "10.0.0.0/16"."
    /// let allowed = Attribute::set(Type::String, "Who may connect.").optional().text_type::<Cidr>();
    /// ```
    #[must_use]
    pub fn text_type<T: TextType>(mut self) -> Self {
        self.texts = Some(TextRule::of::<T>());
        self.validators.push(of_texts::<T>(&self.value_type()));
        self
    }

    /// Values for which `equivalence` is true mean the same: a change from one to the other is no change, and the
    /// spelling that stands in the state stays there.
    #[must_use]
    pub fn equivalent_when(mut self, equivalence: fn(&Value, &Value) -> bool) -> Self {
        self.equivalence = Some(equivalence);
        self
    }

    /// Whether two known values are spellings of the same.
    pub(crate) fn equivalent(&self, a: &Value, b: &Value) -> bool {
        let known = |value: &Value| !value.is_null() && value.is_wholly_known();
        let comparable = self.has_spellings() && known(a) && known(b);
        comparable
            && (self.equivalence.is_some_and(|equivalent| equivalent(a, b))
                || self.texts.is_some_and(|texts| texts.same(a, b)))
    }

    /// Whether values of it can be spelled in several ways.
    pub(crate) fn has_spellings(&self) -> bool {
        self.equivalence.is_some() || self.texts.is_some()
    }

    /// A value of a state with the spellings of a former one, as far as it means the same.
    pub(crate) fn respelled(&self, former: &Value, new: &Value) -> Value {
        match self.texts {
            _ if self.equivalent(former, new) => former.clone(),
            Some(texts) => texts.respelled(former, new),
            None => new.clone(),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::net::IpAddr;

    use super::*;

    #[test]
    fn only_known_values_are_spellings_of_the_same() {
        let (a, b, null, unknown) = (Value::from("a"), Value::from("b"), Value::Null, Value::unknown());
        let list = Value::List(vec![a.clone(), unknown.clone()]);
        let any = Attribute::string("It.").equivalent_when(|_, _| true);
        for (one, other, expected) in [
            (&a, &b, true),
            (&null, &b, false),
            (&a, &null, false),
            (&unknown, &b, false),
            (&a, &unknown, false),
            (&list, &b, false),
            (&a, &list, false),
        ] {
            assert_eq!(any.equivalent(one, other), expected, "{one:?} {other:?}");
        }
    }

    #[test]
    fn an_attribute_has_spellings_if_its_author_says_so() {
        let (plain, address) = (Attribute::string("It."), Attribute::text::<IpAddr>("It."));
        let lower = Attribute::string("It.")
            .equivalent_when(|one, other| one.as_str().map(str::to_lowercase) == other.as_str().map(str::to_lowercase));
        assert_eq!([&plain, &address, &lower].map(Attribute::has_spellings), [false, true, true]);
        for (attribute, one, other, expected) in [
            (&plain, "a", "a", false),
            (&address, "::1", "0::1", true),
            (&address, "::1", "::2", false),
            (&lower, "a", "A", true),
            (&lower, "a", "b", false),
        ] {
            assert_eq!(attribute.equivalent(&one.into(), &other.into()), expected, "{one} {other}");
        }
    }
}
