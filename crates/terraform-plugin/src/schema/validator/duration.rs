//! Durations as Terraform's users know them from Go: `90s`, `1h30m`.

use jiff::SignedDuration;

use super::string::concerns;
use super::{Requirement, Violation, validators};
use crate::text::TextType;
use crate::value::{Type, Value};

/// A duration in Go's notation: numbers with a unit each (`h`, `m`, `s`, `ms`, `us`, `ns`), for example `90s`, `1.5h` or
/// `1h30m`, or `0`; a sign may stand before it.
///
/// ```
/// use terraform_plugin::schema::{Attribute, IsDuration};
///
/// let interval = Attribute::string("How often to poll, for example `30m`.").optional().validate(IsDuration);
/// ```
pub struct IsDuration;

validators!(IsDuration);

impl Requirement for IsDuration {
    fn requirement(&self) -> String {
        SignedDuration::requirement()
    }

    fn concerns(ty: &Type) -> bool {
        concerns(ty)
    }

    fn violation(&self, value: &Value) -> Option<Violation> {
        Violation::unless(<SignedDuration as TextType>::parse(value.as_str()?).is_some())
    }
}

#[cfg(test)]
mod tests {
    use super::super::Validator as _;
    use super::super::testing::detail;
    use super::*;

    #[test]
    fn a_duration_is_one_of_gos() {
        for good in ["1h30m", "90s", "-5s", "0"] {
            assert_eq!(detail(&IsDuration, good.into()), None, "{good}");
        }
        for wrong in ["soon", "PT1H", "3"] {
            let expected =
                format!("Attribute it must be a duration, for example \"30m\" or \"1h30m\", got: \"{wrong}\".");
            assert_eq!(detail(&IsDuration, wrong.into()), Some(expected));
        }
        assert!(IsDuration.applies_to(&Type::String) && !IsDuration.applies_to(&Type::Number));
    }
}
