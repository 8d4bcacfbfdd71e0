//! A validator of which descriptions say nothing.

use super::{CalledFor, ValidateRequest, Validator};
use crate::diagnostic::Diagnostics;
use crate::value::Type;

/// The same validator, of which descriptions say nothing: for a limit that nobody reaches, or one of which the author says more.
///
/// ```
/// use terraform_plugin::schema::{AtLeast, AtMost, Attribute, Undescribed};
///
/// // "Number of nodes. Must be a whole number and at least 1."
/// let nodes = Attribute::integer("Number of nodes.").required().validate(AtLeast(1)).validate(Undescribed(AtMost(u32::MAX)));
/// ```
pub struct Undescribed<V>(pub V);

impl<V: Validator> Validator for Undescribed<V> {
    fn validate(&self, request: &ValidateRequest<'_>, diagnostics: &mut Diagnostics) {
        self.0.validate(request, diagnostics);
    }

    fn called_for(&self) -> CalledFor {
        self.0.called_for()
    }

    fn applies_to(&self, ty: &Type) -> bool {
        self.0.applies_to(ty)
    }

    fn paths(&self) -> Vec<&str> {
        self.0.paths()
    }

    fn mistakes(&self) -> Vec<String> {
        self.0.mistakes()
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::detail;
    use super::super::{AtMost, ConflictsWith, IsRequired, OneOf};
    use super::*;
    use crate::value::Value;

    #[test]
    fn it_is_the_same_without_a_sentence() {
        let most = Undescribed(AtMost(3));
        assert_eq!(most.description(), None);
        assert_eq!(detail(&most, 4.into()).as_deref(), Some("Attribute it must be at most 3, got: 4."));
        assert_eq!(detail(&most, 3.into()), None);
        assert!(most.applies_to(&Type::Number) && !most.applies_to(&Type::String));
        assert!(detail(&Undescribed(IsRequired), Value::Null).is_some());
        assert_eq!(Undescribed(ConflictsWith(&["a"])).paths(), ["a"]);
        assert_eq!(Undescribed(OneOf(&[])).mistakes(), ["It leaves no choice."]);
    }
}
