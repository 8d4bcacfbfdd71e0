//! Validators of texts that mean something.

use std::marker::PhantomData;

use super::string::concerns;
use super::{EachElement, ValidateRequest, Validator, sentence};
use crate::diagnostic::Diagnostics;
use crate::text::TextType;
use crate::value::Type;

/// A string that is a text of a [`TextType`]. An attribute that is declared with
/// [`Attribute::text`](crate::schema::Attribute::text) has it already; this is for what keeps no spelling, such as the keys of a
/// map.
///
/// ```
/// use std::net::IpAddr;
///
/// use terraform_plugin::schema::{Attribute, EachKey, IsText};
/// use terraform_plugin::value::Type;
///
/// // "Names by address. Each key must be an IP address."
/// let names = Attribute::map(Type::String, "Names by address.").optional().validate(EachKey(IsText::<IpAddr>::new()));
/// ```
pub struct IsText<T>(PhantomData<fn() -> T>);

impl<T: TextType> IsText<T> {
    /// The validator.
    #[must_use]
    pub fn new() -> Self {
        Self(PhantomData)
    }
}

impl<T: TextType> Default for IsText<T> {
    fn default() -> Self {
        Self::new()
    }
}

impl<T: TextType> Validator for IsText<T> {
    fn validate(&self, request: &ValidateRequest<'_>, diagnostics: &mut Diagnostics) {
        let Some(text) = request.value.as_str().filter(|text| T::parse(text).is_none()) else { return };
        let requirement = T::requirement();
        diagnostics.push(match T::reason(text).filter(|_| !request.sensitive) {
            Some(reason) => request.invalid_without(&format!("{requirement}: {}", reason.trim_end_matches('.'))),
            None => request.invalid(&requirement),
        });
    }

    fn description(&self) -> Option<String> {
        Some(sentence(&T::requirement()))
    }

    fn applies_to(&self, ty: &Type) -> bool {
        concerns(ty)
    }
}

/// A validator of all texts in a value of this type.
pub(crate) fn of_texts<T: TextType>(ty: &Type) -> Box<dyn Validator> {
    match ty {
        Type::List(element) | Type::Set(element) | Type::Map(element) => Box::new(EachElement(of_texts::<T>(element))),
        _ => Box::new(IsText::<T>::new()),
    }
}

#[cfg(test)]
mod tests {
    use std::net::IpAddr;

    use super::super::EachKey;
    use super::super::testing::{detail, detail_of_secret, details};
    use super::*;
    use crate::text::Json;
    use crate::value::Value;

    #[test]
    fn a_text_is_one_of_its_type() {
        let is_address = IsText::<IpAddr>::new();
        assert_eq!(detail(&is_address, "::1".into()), None);
        let expected = "Attribute it must be an IP address, got: \"here\".";
        assert_eq!(detail(&is_address, "here".into()).as_deref(), Some(expected));
        assert_eq!(
            detail_of_secret(&is_address, "here".into()).as_deref(),
            Some("Attribute it must be an IP address.")
        );
        assert_eq!(is_address.description().as_deref(), Some("Must be an IP address."));
        for other in [Value::Null, Value::unknown(), 1.into()] {
            assert_eq!(detail(&is_address, other), None);
        }
        assert!(is_address.applies_to(&Type::String) && !is_address.applies_to(&Type::Number));
        let key = "Key \"here\" of attribute it must be an IP address.";
        assert_eq!(details(&EachKey(is_address), Value::object([("here", "a".into())])), [key]);
    }

    #[test]
    fn a_reason_stands_in_place_of_the_text() {
        let expected = "Attribute it must be JSON: expected value at line 1 column 7.";
        assert_eq!(detail(&IsText::<Json>::new(), "{\"a\": x}".into()).as_deref(), Some(expected));
        let hidden = "Attribute it must be JSON.";
        assert_eq!(detail_of_secret(&IsText::<Json>::new(), "{\"a\": x}".into()).as_deref(), Some(hidden));
    }

    #[test]
    fn each_text_of_a_collection_is_validated() {
        let ty = Type::List(Box::new(Type::Map(Box::new(Type::String))));
        let validator = of_texts::<IpAddr>(&ty);
        let value = Value::List(vec![Value::object([("a", "::1".into()), ("b", "here".into())]), Value::unknown()]);
        assert_eq!(details(&validator, value), ["Attribute it[0][\"b\"] must be an IP address, got: \"here\"."]);
        assert!(validator.applies_to(&ty) && !validator.applies_to(&Type::String));
    }
}
