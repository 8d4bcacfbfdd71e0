//! Validators of numbers.

use super::{Requirement, ValidateRequest, Validator, Violation, validators};
use crate::diagnostic::Diagnostics;
use crate::value::{Number, Type, Value};

/// A number that a validator compares with: an integer, a float, which is taken as its shortest decimal, or a [`Number`].
pub trait Bound: Clone + Send + Sync + 'static {
    /// The number; `None` if it is not finite.
    fn number(&self) -> Option<Number>;
}

macro_rules! bounds {
    ($($integer:ty),*) => {$(
        impl Bound for $integer {
            fn number(&self) -> Option<Number> {
                Some(Number::from(*self))
            }
        }
    )*};
}

bounds!(i32, u32, i64, u64);

impl Bound for f64 {
    fn number(&self) -> Option<Number> {
        Number::try_from(*self).ok()
    }
}

impl Bound for Number {
    fn number(&self) -> Option<Number> {
        Some(self.clone())
    }
}

/// How a message writes a bound.
fn text(bound: &impl Bound) -> String {
    bound.number().map_or_else(|| "a number".to_owned(), |number| number.compact())
}

/// What is wrong with bounds that are to be finite.
fn not_finite(bounds: &[Option<Number>]) -> Vec<String> {
    let wrong = bounds.iter().any(Option::is_none);
    wrong.then(|| "A number that it compares with is not finite.".to_owned()).into_iter().collect()
}

/// A whole number of 64 bits: what an `i64` in a model can hold.
pub(crate) struct Whole;

/// A number that is not smaller than this one.
///
/// ```
/// use terraform_plugin::schema::{AtLeast, Attribute};
///
/// let size = Attribute::integer("The size in GB.").required().validate(AtLeast(1));
/// let weight = Attribute::number("The weight.").optional().validate(AtLeast(0.5));
/// ```
pub struct AtLeast<N>(pub N);

/// A number that is not greater than this one.
pub struct AtMost<N>(pub N);

/// A number that is greater than this one.
pub struct GreaterThan<N>(pub N);

/// A number that is less than this one.
pub struct LessThan<N>(pub N);

/// A number from this one to that one, both included.
pub struct Between<N>(pub N, pub N);

/// A multiple of this number, exactly: 0.3 is one of 0.1.
pub struct MultipleOf<N>(pub N);

validators!(AtLeast<N>, AtMost<N>, GreaterThan<N>, LessThan<N>, Between<N>, MultipleOf<N>);

fn concerns(ty: &Type) -> bool {
    *ty == Type::Number
}

/// What is wrong with a number that has to stand in a relation to a bound.
fn violation(value: &Value, bound: &impl Bound, kept: impl Fn(&Number, &Number) -> bool) -> Option<Violation> {
    Violation::unless(kept(value.as_number()?, &bound.number()?))
}

impl Validator for Whole {
    fn validate(&self, request: &ValidateRequest<'_>, diagnostics: &mut Diagnostics) {
        let Some(number) = request.value.as_number() else { return };
        match (number.is_integer(), number.as_i64()) {
            (true, Some(_)) => {}
            (true, None) => diagnostics.push(request.invalid(&Between(i64::MIN, i64::MAX).requirement())),
            (false, _) => diagnostics.push(request.invalid("must be a whole number")),
        }
    }

    fn description(&self) -> Option<String> {
        Some("Must be a whole number.".to_owned())
    }

    fn applies_to(&self, ty: &Type) -> bool {
        concerns(ty)
    }
}

/// Writes a [`Requirement`] with one bound.
macro_rules! with_one_bound {
    ($($name:ident, $words:literal, $kept:expr;)*) => {$(
        impl<N: Bound> Requirement for $name<N> {
            fn requirement(&self) -> String {
                format!(concat!("must be ", $words, " {}"), text(&self.0))
            }

            fn concerns(ty: &Type) -> bool {
                concerns(ty)
            }

            fn violation(&self, value: &Value) -> Option<Violation> {
                violation(value, &self.0, $kept)
            }

            fn misuse(&self) -> Vec<String> {
                not_finite(&[self.0.number()])
            }
        }
    )*};
}

with_one_bound! {
    AtLeast, "at least", |number, least| number >= least;
    AtMost, "at most", |number, most| number <= most;
    GreaterThan, "greater than", |number, bound| number > bound;
    LessThan, "less than", |number, bound| number < bound;
}

impl<N: Bound> Requirement for Between<N> {
    fn requirement(&self) -> String {
        format!("must be between {} and {}", text(&self.0), text(&self.1))
    }

    fn concerns(ty: &Type) -> bool {
        concerns(ty)
    }

    fn violation(&self, value: &Value) -> Option<Violation> {
        let (least, most) = (self.0.number()?, self.1.number()?);
        Violation::unless((least..=most).contains(value.as_number()?))
    }

    fn misuse(&self) -> Vec<String> {
        let bounds = [self.0.number(), self.1.number()];
        match &bounds {
            [Some(least), Some(most)] if least > most => {
                vec![format!("No number is between {} and {}.", least.compact(), most.compact())]
            }
            bounds => not_finite(bounds),
        }
    }
}

impl<N: Bound> Requirement for MultipleOf<N> {
    fn requirement(&self) -> String {
        format!("must be a multiple of {}", text(&self.0))
    }

    fn concerns(ty: &Type) -> bool {
        concerns(ty)
    }

    fn violation(&self, value: &Value) -> Option<Violation> {
        violation(value, &self.0, Number::is_multiple_of)
    }

    fn misuse(&self) -> Vec<String> {
        match self.0.number() {
            Some(number) if number == Number::from(0) => vec!["Only 0 is a multiple of 0.".to_owned()],
            number => not_finite(&[number]),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{Case, detail, detail_of_secret};
    use super::*;

    fn number(text: &str) -> Value {
        Value::Number(text.parse().expect("it is a number"))
    }

    #[test]
    fn a_whole_number_of_64_bits_is_all_that_an_integer_takes() {
        let range = "between -9223372036854775808 and 9223372036854775807";
        for (text, wanted) in [
            ("0", None),
            ("-3.0", None),
            ("9223372036854775807", None),
            ("-9223372036854775808", None),
            ("1.5", Some(("a whole number", "1.5"))),
            ("-0.25", Some(("a whole number", "-0.25"))),
            ("1e-30", Some(("a whole number", "1e-30"))),
            ("9223372036854775808", Some((range, "9223372036854775808"))),
            ("-9223372036854775809", Some((range, "-9223372036854775809"))),
            ("99999999999999999999", Some((range, "99999999999999999999"))),
            ("1e30", Some((range, "1e30"))),
            ("-12e40", Some((range, "-12e40"))),
            ("1e400", Some((range, "1e400"))),
        ] {
            let expected = wanted.map(|(wanted, got)| format!("Attribute it must be {wanted}, got: {got}."));
            assert_eq!(detail(&Whole, number(text)), expected, "{text}");
        }
        assert!(Whole.applies_to(&Type::Number) && !Whole.applies_to(&Type::String));
    }

    #[test]
    fn a_number_is_compared_exactly() {
        let half = Number::try_from(0.5).expect("it is finite");
        let cases: [Case<'_>; 10] = [
            (&AtLeast(1), "at least 1", &["1", "1e400"], &["0.999", "-1"]),
            (&AtLeast(0.1), "at least 0.1", &["0.1", "0.11"], &["0.0999999999999999999999999999999"]),
            (&AtMost(half), "at most 0.5", &["0.5", "-1e400"], &["0.50000000000000000000000000001"]),
            (&GreaterThan(0), "greater than 0", &["1e-30", "1"], &["0", "-1"]),
            (&LessThan(10u64), "less than 10", &["9.999", "-1"], &["10", "11"]),
            (&Between(1, 64), "between 1 and 64", &["1", "64", "1.5"], &["0", "65", "1e400"]),
            (&Between(2, 2), "between 2 and 2", &["2"], &["1", "3"]),
            (&MultipleOf(0.1), "a multiple of 0.1", &["0.3", "0", "-1.1", "1e400"], &["0.35", "1e-2"]),
            (&MultipleOf(3), "a multiple of 3", &["9", "-3", "0"], &["10", "1.5", "-4"]),
            (&MultipleOf(-2), "a multiple of -2", &["4", "-4"], &["3"]),
        ];
        for (validator, words, good, bad) in cases {
            assert_eq!(validator.description(), Some(format!("Must be {words}.")));
            for text in good {
                assert_eq!(detail(validator, number(text)), None, "{words}: {text}");
            }
            for text in bad {
                let got = text.parse::<Number>().expect("it is a number").compact();
                let expected = format!("Attribute it must be {words}, got: {got}.");
                assert_eq!(detail(validator, number(text)), Some(expected), "{words}: {text}");
                assert_eq!(detail_of_secret(validator, number(text)), Some(format!("Attribute it must be {words}.")));
            }
            for other in [Value::Null, Value::unknown(), "1".into(), true.into(), Value::List(Vec::new())] {
                assert_eq!(detail(validator, other.clone()), None, "{words}: {other:?}");
            }
            assert!(validator.applies_to(&Type::Number) && !validator.applies_to(&Type::String));
            assert_eq!(validator.mistakes(), [""; 0]);
        }
    }

    #[test]
    fn bounds_that_mean_nothing_are_mistakes() {
        let cases: [(&dyn Validator, &str); 5] = [
            (&AtLeast(f64::NAN), "A number that it compares with is not finite."),
            (&AtMost(f64::INFINITY), "A number that it compares with is not finite."),
            (&Between(0.0, f64::INFINITY), "A number that it compares with is not finite."),
            (&Between(2, 1), "No number is between 2 and 1."),
            (&MultipleOf(0), "Only 0 is a multiple of 0."),
        ];
        for (validator, mistake) in cases {
            assert_eq!(validator.mistakes(), [mistake]);
            assert!(detail(validator, number("0")).is_none() || mistake.starts_with("No number"));
        }
    }
}
