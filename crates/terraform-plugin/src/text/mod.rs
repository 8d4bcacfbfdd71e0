//! Texts that mean something: addresses, times, JSON. Several spellings of one are the same to an API, which often answers with
//! another one than it was sent.
//!
//! A [`TextType`] says which texts it has and which of them mean the same. [`Attribute::text`](crate::schema::Attribute::text)
//! and [`text_type`](crate::schema::Attribute::text_type) declare it in a schema: other texts are errors, and the spelling that
//! the user wrote stays. [`Text`] holds one in a model, with what it means.
//!
//! | Type | Texts | The same |
//! |---|---|---|
//! | [`Json`] | JSON | with other blanks, another order of members, numbers of the same value such as `1` and `1.0` |
//! | [`IpAddr`](std::net::IpAddr), [`Ipv4Addr`](std::net::Ipv4Addr), [`Ipv6Addr`](std::net::Ipv6Addr) | IP addresses | `2001:DB8:0::1` and `2001:db8::1` |
//! | [`Cidr`] of an address | prefixes such as `10.0.0.0/16` | the address spelled otherwise; `10.0.0.1/16` is another one |
//! | [`jiff::Timestamp`] | times of RFC 3339 | the same moment in another zone |
//! | [`jiff::SignedDuration`] | durations such as `1h30m`, as in Go | `90m` and `1h30m` |
//! | [`std::time::Duration`] | the same, not negative | `90m` and `1h30m` |
//! | [`url::Url`](::url::Url) | absolute URLs | `HTTPS://a.example:443` and `https://a.example/` |
//!
//! ```
//! use std::net::IpAddr;
//!
//! use terraform_plugin::schema::{Attribute, Schema};
//! use terraform_plugin::text::{Cidr, Json, Text};
//! use terraform_plugin::value::Type;
//! use terraform_plugin::{Attr, Given, Model};
//!
//! let schema = Schema::new("A gateway.")
//!     .attribute("address", Attribute::text::<IpAddr>("The address.").required())
//!     .attribute("policy", Attribute::text::<Json>("Who may use it.").optional())
//!     .attribute("networks", Attribute::set(Type::String, "What it leads to.").optional().text_type::<Cidr>());
//!
//! #[derive(Clone, Model)]
//! struct Gateway {
//!     address: Attr<Text<IpAddr>>,
//!     policy: Attr<Text<Json>>,
//!     networks: Attr<Vec<Given<Text<Cidr>>>>,
//! }
//!
//! fn is_local(gateway: &Gateway) -> bool {
//!     gateway.address.known().is_some_and(|address| address.get().is_loopback())
//! }
//! ```

mod address;
mod cidr;
mod duration;
mod json;
mod timestamp;
mod typed;
mod url;

pub use cidr::{Address, Cidr};
pub use json::Json;
pub use typed::{NotOfType, Text};

/// A type of Rust that texts stand for.
///
/// Authors write their own:
///
/// ```
/// use terraform_plugin::schema::Attribute;
/// use terraform_plugin::text::{Text, TextType};
///
/// /// The address of a network card.
/// #[derive(Clone, Copy)]
/// struct MacAddress([u8; 6]);
///
/// impl TextType for MacAddress {
///     fn requirement() -> String {
///         "must be a MAC address, for example \"00:00:5e:00:53:01\"".to_owned()
///     }
///
///     fn parse(text: &str) -> Option<Self> {
///         let mut bytes = text.split([':', '-']).map(|byte| u8::from_str_radix(byte, 16).ok());
///         let address = [(); 6].map(|()| bytes.next().flatten());
///         let [Some(a), Some(b), Some(c), Some(d), Some(e), Some(f)] = address else { return None };
///         bytes.next().is_none().then_some(Self([a, b, c, d, e, f]))
///     }
///
///     fn to_text(&self) -> String {
///         self.0.map(|byte| format!("{byte:02x}")).join(":")
///     }
/// }
///
/// // "The card. Must be a MAC address, for example "00:00:5e:00:53:01"."
/// let card = Attribute::text::<MacAddress>("The card.").required();
///
/// let [written, answered] =
///     ["00-00-5E-00-53-01", "00:00:5e:00:53:01"].map(|text| text.parse::<Text<MacAddress>>().unwrap());
/// assert!(written.means(&answered) && written.as_str() == "00-00-5E-00-53-01");
/// ```
pub trait TextType: Clone + Send + Sync + 'static {
    /// What a text must be, beginning with `must`: for messages and descriptions, for example `must be an IP address`.
    fn requirement() -> String;

    /// What a text stands for; `None` if it is none of this type.
    fn parse(text: &str) -> Option<Self>;

    /// A text for the value: one that [`parse`](Self::parse) reads, and the same one for what means the same.
    fn to_text(&self) -> String;

    /// The one spelling of all texts that mean the same as this one; `None` if it is none of this type. Two texts mean the same
    /// if their canonical spellings are equal.
    #[must_use]
    fn canonical(text: &str) -> Option<String> {
        Self::parse(text).map(|value| value.to_text())
    }

    /// Why a text is none of this type, where a message is better with the reason than with the text: because the text is long,
    /// for example `expected value at line 1 column 1`. It is not shown of a sensitive value.
    #[must_use]
    fn reason(text: &str) -> Option<String> {
        let _ = text;
        None
    }
}

#[cfg(test)]
mod testing {
    use super::TextType;

    /// Checks which texts are of a type, which of them mean the same, and that each survives in its canonical spelling. Texts of
    /// two groups mean different things.
    #[track_caller]
    pub fn check<T: TextType>(groups: &[&[&str]], none: &[&str]) {
        let mut spellings = Vec::new();
        for group in groups {
            let canonical: Vec<_> = group.iter().map(|text| T::canonical(text)).collect();
            for (text, spelling) in group.iter().zip(&canonical) {
                let spelling = spelling.as_ref().unwrap_or_else(|| panic!("`{text}` is refused"));
                assert_eq!(Some(spelling), canonical[0].as_ref(), "`{text}` means the same as `{}`", group[0]);
                assert_eq!(T::canonical(spelling).as_ref(), Some(spelling), "the canonical spelling of `{text}`");
                let written = T::parse(text).expect("it has a canonical spelling").to_text();
                assert_eq!(T::canonical(&written).as_ref(), Some(spelling), "`{text}` as it is written");
            }
            spellings.extend(canonical.into_iter().next());
        }
        let all = spellings.len();
        spellings.sort();
        spellings.dedup();
        assert_eq!(spellings.len(), all, "of two groups");
        for text in none {
            assert_eq!(T::canonical(text), None, "`{text}`");
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use ::url::Url;
    use jiff::{SignedDuration, Timestamp};

    use super::*;

    #[test]
    fn each_type_says_what_its_texts_must_be() {
        for (requirement, expected) in [
            (Json::requirement(), "must be JSON"),
            (Url::requirement(), "must be a URL"),
            (Timestamp::requirement(), "must be a time of RFC 3339, for example \"2030-01-31T12:00:00Z\""),
            (SignedDuration::requirement(), "must be a duration, for example \"30m\" or \"1h30m\""),
            (Duration::requirement(), "must be a duration that is not negative, for example \"30m\" or \"1h30m\""),
        ] {
            assert_eq!(requirement, expected);
        }
    }
}
