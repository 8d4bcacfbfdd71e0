//! Validators: what a configured value must be.
//!
//! A [`Validator`] sees one value of an attribute or block, or the whole configuration, and reports what is wrong. The
//! library has validators of strings, numbers and collections, some that relate a value to others, and some that compose
//! others.

mod collection;
mod compose;
mod duration;
mod number;
mod predicate;
mod relation;
mod request;
mod string;
mod text;
mod undescribed;

pub use collection::{EachElement, EachKey, SizeAtLeast, SizeAtMost, SizeBetween, Unique};
pub use compose::{AllOf, AnyOf, Not, Warn};
pub use duration::IsDuration;
pub(crate) use number::Whole;
pub use number::{AtLeast, AtMost, Between, Bound, GreaterThan, LessThan, MultipleOf};
pub use predicate::{Predicate, predicate};
pub use relation::{AlsoRequires, ConflictsWith, IsRequired};
pub use request::ValidateRequest;
pub(crate) use request::{Noun, sentence};
pub use string::{IsTrimmed, IsUrl, LengthAtLeast, LengthAtMost, LengthBetween, Matches, OneOf, OneOfCaseInsensitive};
pub use text::IsText;
pub(crate) use text::of_texts;
pub use undescribed::Undescribed;

use crate::diagnostic::Diagnostics;
use crate::value::{Type, Value};

/// What the configured value of an attribute or block must be: see [`Attribute::validate`](super::Attribute::validate) and
/// [`Block::validate`](super::Block::validate).
///
/// ```
/// use terraform_plugin::Diagnostics;
/// use terraform_plugin::schema::{Attribute, ValidateRequest, Validator};
/// use terraform_plugin::value::{Type, Value};
///
/// struct IsEven;
///
/// impl Validator for IsEven {
///     fn validate(&self, request: &ValidateRequest<'_>, diagnostics: &mut Diagnostics) {
///         if request.value.as_i64().is_some_and(|number| number % 2 != 0) {
///             diagnostics.push(request.invalid("must be even"));
///         }
///     }
///
///     fn description(&self) -> Option<String> {
///         Some("Must be even.".to_owned())
///     }
///
///     fn applies_to(&self, ty: &Type) -> bool {
///         *ty == Type::Number
///     }
/// }
///
/// let pairs = Attribute::integer("How many socks.").required().validate(IsEven);
/// ```
pub trait Validator: Send + Sync + 'static {
    /// Adds a diagnostic for everything that is wrong with the value: an error, or a warning. If
    /// [`sensitive`](ValidateRequest::sensitive) is set, none may show the value.
    fn validate(&self, request: &ValidateRequest<'_>, diagnostics: &mut Diagnostics);

    /// What it demands, in one sentence of Markdown, which clients get as part of the description, for example `Must be at
    /// least 1.`
    fn description(&self) -> Option<String> {
        None
    }

    /// The validators that it is composed of. Unless it says otherwise, it is called for what they are called for, applies to
    /// what they all apply to, and has their paths and mistakes.
    fn parts(&self) -> Vec<&dyn Validator> {
        Vec::new()
    }

    /// Which values it is called for.
    fn called_for(&self) -> CalledFor {
        self.parts().into_iter().map(Validator::called_for).max().unwrap_or(CalledFor::Known)
    }

    /// Whether it has a meaning for values of this type. [`validate_implementation`](crate::validate_implementation()) reports a
    /// validator where it has none.
    fn applies_to(&self, ty: &Type) -> bool {
        self.parts().into_iter().all(|part| part.applies_to(ty))
    }

    /// The [path expressions](super::PathExpression) of the other attributes that it reads, seen from the object that holds the
    /// attribute. [`validate_implementation`](crate::validate_implementation()) reports those that lead to nothing.
    fn paths(&self) -> Vec<&str> {
        self.parts().into_iter().flat_map(Validator::paths).collect()
    }

    /// What is wrong with the validator itself, for example a pattern that cannot be read, in one sentence each. For
    /// [`validate_implementation`](crate::validate_implementation()).
    fn mistakes(&self) -> Vec<String> {
        self.parts().into_iter().flat_map(Validator::mistakes).collect()
    }
}

/// Which values a [`Validator`] is called for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum CalledFor {
    /// Those that are set and wholly known.
    Known,
    /// Those that are set, also if something inside of them is unknown.
    Set,
    /// All: also null and unknown ones.
    Any,
}

impl CalledFor {
    fn includes(self, value: &Value) -> bool {
        match self {
            Self::Known => !value.is_null() && value.is_wholly_known(),
            Self::Set => !value.is_null() && !value.is_unknown(),
            Self::Any => true,
        }
    }
}

/// Calls a validator, if it is one for such a value.
pub(crate) fn ask(validator: &dyn Validator, request: &ValidateRequest<'_>, diagnostics: &mut Diagnostics) {
    if validator.called_for().includes(request.value) {
        validator.validate(request, diagnostics);
    }
}

impl<V: Validator + ?Sized> Validator for Box<V> {
    fn validate(&self, request: &ValidateRequest<'_>, diagnostics: &mut Diagnostics) {
        (**self).validate(request, diagnostics);
    }

    fn description(&self) -> Option<String> {
        (**self).description()
    }

    fn parts(&self) -> Vec<&dyn Validator> {
        (**self).parts()
    }

    fn called_for(&self) -> CalledFor {
        (**self).called_for()
    }

    fn applies_to(&self, ty: &Type) -> bool {
        (**self).applies_to(ty)
    }

    fn paths(&self) -> Vec<&str> {
        (**self).paths()
    }

    fn mistakes(&self) -> Vec<String> {
        (**self).mistakes()
    }
}

/// What the validators of single values have in common.
trait Requirement {
    /// What the value must be, beginning with `must`.
    fn requirement(&self) -> String;

    /// Whether it has a meaning for values of this type.
    fn concerns(ty: &Type) -> bool;

    /// What is wrong with a value, if it is of the type.
    fn violation(&self, value: &Value) -> Option<Violation>;

    fn misuse(&self) -> Vec<String> {
        Vec::new()
    }

    fn called_for(&self) -> CalledFor {
        CalledFor::Known
    }
}

/// What a message shows of a value that breaks a [`Requirement`].
enum Violation {
    Value,
    Instead(String),
    Nothing,
}

impl Violation {
    /// The value is shown.
    fn unless(kept: bool) -> Option<Self> {
        (!kept).then_some(Self::Value)
    }
}

/// Makes a [`Requirement`] a [`Validator`].
macro_rules! validators {
    ($($name:ident $(<$bound:ident>)?),* $(,)?) => {$(
        impl $(<$bound: Bound>)? $crate::schema::Validator for $name $(<$bound>)? {
            fn validate(
                &self,
                request: &$crate::schema::ValidateRequest<'_>,
                diagnostics: &mut $crate::diagnostic::Diagnostics,
            ) {
                let requirement = || super::Requirement::requirement(self);
                diagnostics.extend(super::Requirement::violation(self, request.value).map(|violation| match violation {
                    super::Violation::Value => request.invalid(&requirement()),
                    super::Violation::Instead(got) => request.invalid_got(&requirement(), &got),
                    super::Violation::Nothing => request.invalid_without(&requirement()),
                }));
            }

            fn description(&self) -> Option<String> {
                Some(super::sentence(&super::Requirement::requirement(self)))
            }

            fn called_for(&self) -> $crate::schema::CalledFor {
                super::Requirement::called_for(self)
            }

            fn applies_to(&self, ty: &$crate::value::Type) -> bool {
                <Self as super::Requirement>::concerns(ty)
            }

            fn mistakes(&self) -> Vec<String> {
                super::Requirement::misuse(self)
            }
        }
    )*};
}

use validators;

/// `1 character`, `2 characters`.
fn counted(count: usize, singular: &str) -> String {
    if count == 1 { format!("1 {singular}") } else { format!("{count} {singular}s") }
}

/// The bounds of a length or a size.
#[derive(Clone, Copy)]
enum Amount {
    AtLeast(usize),
    AtMost(usize),
    Between(usize, usize),
}

impl Amount {
    fn requirement(self, unit: &str) -> String {
        match self {
            Self::AtLeast(1) => "must not be empty".to_owned(),
            Self::AtLeast(least) => format!("must have at least {}", counted(least, unit)),
            Self::AtMost(0) | Self::Between(0, 0) => "must be empty".to_owned(),
            Self::AtMost(most) => format!("must have at most {}", counted(most, unit)),
            Self::Between(least, most) if least == most => format!("must have exactly {}", counted(least, unit)),
            Self::Between(least, most) => format!("must have {least} to {}", counted(most, unit)),
        }
    }

    fn violation(self, count: usize) -> Option<Violation> {
        let (least, most) = match self {
            Self::AtLeast(least) => (least, usize::MAX),
            Self::AtMost(most) => (0, most),
            Self::Between(least, most) => (least, most),
        };
        let got = if count == 0 { Violation::Nothing } else { Violation::Instead(count.to_string()) };
        (count < least || count > most).then_some(got)
    }

    fn misuse(self) -> Vec<String> {
        match self {
            Self::AtLeast(0) => vec!["There is nothing that has less than 0 of it.".to_owned()],
            Self::Between(least, most) if least > most => vec![format!("Nothing has {least} to {most} of it.")],
            _ => Vec::new(),
        }
    }
}

#[cfg(test)]
mod testing;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_validator_is_all_that_its_parts_are_also_in_a_box() {
        let composed = || AllOf::new(ConflictsWith(&["a", "b"])).and(Warn(OneOf(&[]))).and(AlsoRequires(&["c"]));
        let boxed: Box<dyn Validator> = Box::new(composed());
        for validator in [&composed() as &dyn Validator, &boxed] {
            assert_eq!(validator.parts().len(), 3);
            assert_eq!(validator.paths(), ["a", "b", "c"]);
            assert_eq!(validator.mistakes(), ["It leaves no choice."]);
            assert_eq!(validator.called_for(), CalledFor::Set);
            assert!(validator.applies_to(&Type::String) && !validator.applies_to(&Type::Number));
        }
    }
}
