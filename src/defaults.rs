//! What the provider block sets for all objects that cost money, where their own configuration says nothing.

use std::time::Duration;

use terraform_plugin::{Attr, Timeouts};

/// The defaults of clusters and storage volumes.
#[derive(Clone, Debug, Default)]
pub struct Defaults {
    /// Whether they are protected from deletion. Null if the provider block does not say.
    pub deletion_protection: Attr<bool>,
    /// The timeouts of their operations.
    pub timeouts: Timeouts,
}

impl Defaults {
    /// How long an operation may take: as the object's configuration says, or the provider's, or else `last`.
    #[must_use]
    pub fn timeout(&self, own: &Timeouts, operation: &str, last: Duration) -> Duration {
        own.of(operation, self.timeouts.of(operation, last))
    }
}

#[cfg(test)]
mod tests {
    use terraform_plugin::Model;
    use terraform_plugin::value::Value;

    use super::*;

    #[test]
    fn the_timeout_of_an_object_goes_before_the_provider_s() {
        let timeouts = |create: &str| {
            let value = Value::object([("create", Value::from(create))]);
            Timeouts::from_value(value).expect("it is such a block")
        };
        let (minute, last) = (Duration::from_mins(1), Duration::from_secs(1));
        let defaults = Defaults { timeouts: timeouts("2m"), ..Defaults::default() };
        assert_eq!(defaults.timeout(&timeouts("1m"), "create", last), minute);
        assert_eq!(defaults.timeout(&Timeouts::default(), "create", last), minute * 2);
        assert_eq!(defaults.timeout(&Timeouts::default(), "delete", last), last);
    }
}
