//! A text in a model, with what it means.

use std::fmt;
use std::marker::PhantomData;
use std::str::FromStr;

use super::TextType;
use crate::model::{Attr, Model, ModelError, Shape};
use crate::value::Value;

/// A text of a [`TextType`]: as it was written, and what it means.
///
/// It travels to Terraform as it was written. It equals another one that is written the same;
/// [`means`](Self::means) compares what they mean.
///
/// ```
/// use std::net::IpAddr;
///
/// use terraform_plugin::Attr;
/// use terraform_plugin::text::Text;
///
/// let written: Text<IpAddr> = "2001:DB8::1".parse()?;
/// assert_eq!(written.as_str(), "2001:DB8::1");
/// assert!(written.get().is_ipv6());
///
/// // What an API client has parsed already.
/// let address: IpAddr = "2001:db8::1".parse().unwrap();
/// assert!(written.means(&Text::from(address)));
/// let attribute: Attr<Text<IpAddr>> = address.into();
/// # Ok::<(), terraform_plugin::text::NotOfType<IpAddr>>(())
/// ```
#[derive(Clone, Debug)]
pub struct Text<T> {
    text: String,
    value: T,
}

impl<T> Text<T> {
    /// What it means.
    pub fn get(&self) -> &T {
        &self.value
    }

    /// What it means.
    pub fn into_inner(self) -> T {
        self.value
    }

    /// As it was written.
    pub fn as_str(&self) -> &str {
        &self.text
    }
}

impl<T: TextType> Text<T> {
    /// Whether both mean the same, in whatever spelling.
    #[must_use]
    pub fn means(&self, other: &Self) -> bool {
        self.text == other.text || T::canonical(&self.text) == T::canonical(&other.text)
    }
}

impl<T: TextType> From<T> for Text<T> {
    fn from(value: T) -> Self {
        Self { text: value.to_text(), value }
    }
}

impl<T: TextType> FromStr for Text<T> {
    type Err = NotOfType<T>;

    fn from_str(text: &str) -> Result<Self, NotOfType<T>> {
        let value = T::parse(text).ok_or(NotOfType(PhantomData))?;
        Ok(Self { text: text.to_owned(), value })
    }
}

/// A text is none of a [`TextType`]. It does not show the text, which may be secret.
pub struct NotOfType<T>(PhantomData<fn() -> T>);

impl<T> fmt::Debug for NotOfType<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("NotOfType")
    }
}

impl<T: TextType> fmt::Display for NotOfType<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the text {}", T::requirement())
    }
}

impl<T: TextType> std::error::Error for NotOfType<T> {}

impl<T> fmt::Display for Text<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl<T> PartialEq for Text<T> {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl<T> Eq for Text<T> {}

impl<T> PartialOrd for Text<T> {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl<T> Ord for Text<T> {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.text.cmp(&other.text)
    }
}

impl<T> std::hash::Hash for Text<T> {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.text.hash(state);
    }
}

impl<T: TextType> From<T> for Attr<Text<T>> {
    fn from(value: T) -> Self {
        Self::Known(value.into())
    }
}

impl<T: TextType> From<Option<T>> for Attr<Text<T>> {
    fn from(value: Option<T>) -> Self {
        value.map(Text::from).into()
    }
}

/// A text in a configuration that is none of the type is the user's error at the attribute, whether or not its schema declares
/// the type. One in a state can only be left from another version of the provider.
impl<T: TextType> Model for Text<T> {
    fn from_value(value: Value) -> Result<Self, ModelError> {
        let Value::String(text) = value else { return Err(ModelError::new("a string", &value)) };
        match T::parse(&text) {
            Some(value) => Ok(Self { text, value }),
            None => Err(ModelError::new("a string of the model's type", &Value::String(text))),
        }
    }

    fn into_value(self) -> Value {
        self.text.into()
    }

    fn shape() -> Shape {
        Shape::text_that(T::requirement, |text| T::parse(text).is_some())
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::hash::{DefaultHasher, Hash as _, Hasher as _};
    use std::net::IpAddr;

    use super::*;
    use crate::model::{Given, refused};

    #[derive(Clone, Model)]
    struct Host {
        address: Attr<Text<IpAddr>>,
        others: Attr<BTreeSet<Given<Text<IpAddr>>>>,
    }

    fn host(address: Value, others: &[&str]) -> Value {
        let others = Value::set(others.iter().map(|text| Value::from(*text)));
        Value::object([("address", address), ("others", others)])
    }

    #[test]
    fn a_model_holds_a_text_as_it_was_written_and_what_it_means() {
        let value = host("2001:DB8::1".into(), &["::1", "0::1"]);
        let model = Host::from_value(value.clone()).expect("they are addresses");
        let meaning: IpAddr = "2001:db8::1".parse().expect("it is an address");
        assert_eq!(model.address.known().map(Text::get), Some(&meaning));
        assert_eq!(model.others.known_elements().count(), 2, "spellings are kept apart");
        assert_eq!(model.into_value(), value);
        for absent in [Value::Null, Value::unknown()] {
            let model = Host::from_value(host(absent.clone(), &[])).expect("an attribute may be absent");
            assert_eq!(model.into_value(), host(absent, &[]));
        }
    }

    #[test]
    fn a_value_has_its_own_spelling() {
        let meaning: IpAddr = "2001:DB8::1".parse().expect("it is an address");
        assert_eq!(Attr::from(Text::from(meaning)).into_value(), "2001:db8::1".into());
        assert_eq!(Attr::<Text<IpAddr>>::from(meaning).into_value(), "2001:db8::1".into());
        assert_eq!(Attr::<Text<IpAddr>>::from(None::<IpAddr>), Attr::Null);
        assert_eq!(Attr::<Text<IpAddr>>::from(Some(meaning)), Attr::Known(meaning.into()));
    }

    #[test]
    fn another_text_is_the_users_error() {
        let errors = |value: &Value| {
            let refused = refused(&Host::shape(), value).into_iter();
            refused.map(|one| format!("{} {}", one.path, one.must)).collect::<Vec<_>>()
        };
        assert_eq!(errors(&host("::1".into(), &["127.0.0.1"])), [""; 0]);
        let must = "must be an IP address";
        let expected = [format!("address {must}"), format!("others[element] {must}")];
        assert_eq!(errors(&host("here".into(), &["::1", "there"])), expected);
        let mistake = Text::<IpAddr>::from_value("here".into()).expect_err("it is no address").to_string();
        assert!(mistake.ends_with("expected a string of the model's type, found a string"), "{mistake}");
        let error = "here".parse::<Text<IpAddr>>().expect_err("it is none");
        assert_eq!((error.to_string(), format!("{error:?}")), (format!("the text {must}"), "NotOfType".to_owned()));
    }

    #[test]
    fn texts_mean_the_same_in_every_spelling() {
        let text = |text: &str| text.parse::<Text<IpAddr>>().expect("it is an address");
        assert!(text("::1").means(&text("0:0::1")) && text("::1") != text("0:0::1"));
        assert!(!text("::1").means(&text("::2")));
    }

    #[test]
    fn texts_are_equal_and_in_order_as_they_are_written() {
        let text = |text: &str| text.parse::<Text<IpAddr>>().expect("it is an address");
        let hash = |spelling| {
            let mut hasher = DefaultHasher::new();
            text(spelling).hash(&mut hasher);
            hasher.finish()
        };
        assert_eq!((text("::1"), hash("::1")), (text("::1"), hash("::1")));
        assert_ne!(hash("::1"), hash("0::1"));
        assert!(text("0::1") < text("::1") && text("::2") > text("::1"));
    }
}
