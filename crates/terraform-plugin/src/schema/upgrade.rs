//! Old versions of a state or an identity, and the steps from each to the next.

use crate::value::{MisfitKind, Type, Value, ValueError};

/// Makes the next version's value of an old one; the error says in a sentence why it cannot.
pub type Upgrade = fn(Value) -> Result<Value, String>;

/// Why a stored value cannot be brought to the present version.
#[derive(Debug, thiserror::Error)]
pub(crate) enum UpgradeError {
    #[error(
        "it was written by a newer version of the provider (schema version {stored}, this one knows {known}). Use that \
         version or a newer one"
    )]
    Newer { stored: i64, known: i64 },
    #[error(
        "it was written with version {0} of its schema, which this version of the provider cannot read. Use a version \
         of the provider that can, or remove the object from the state and import it again"
    )]
    Unsupported(i64),
    #[error("it cannot be read: {0}")]
    Unreadable(#[from] ValueError),
    #[error("{0}")]
    Refused(String),
}

struct Step {
    from: i64,
    ty: Type,
    upgrade: Upgrade,
}

/// The steps from old versions to the present one.
#[derive(Default)]
pub(crate) struct Upgrades(Vec<Step>);

impl Upgrades {
    pub fn add(&mut self, from: i64, ty: Type, upgrade: Upgrade) {
        self.0.push(Step { from, ty, upgrade });
        self.0.sort_by_key(|step| step.from);
    }

    /// The versions that can be read.
    pub fn versions(&self) -> impl Iterator<Item = i64> {
        self.0.iter().map(|step| step.from)
    }

    /// Reads the JSON of a stored value and brings it to the present version and type.
    pub fn run(&self, text: &str, stored: i64, version: i64, ty: &Type) -> Result<Value, UpgradeError> {
        if stored > version {
            return Err(UpgradeError::Newer { stored, known: version });
        }
        if stored == version {
            return Ok(Value::from_json(text, ty)?);
        }
        let step_from = |at: i64| {
            let step = self.0.iter().find(|step| step.from == at);
            step.ok_or(UpgradeError::Unsupported(stored))
        };
        let mut value = Value::from_json(text, &step_from(stored)?.ty)?;
        for at in stored..version {
            value = (step_from(at)?.upgrade)(value).map_err(UpgradeError::Refused)?;
        }
        // An upgrade that does not name a new attribute leaves it null, and one that names an old one loses it; anything
        // else is its mistake.
        let (value, misfits) = value.fit(ty);
        match misfits.iter().find(|misfit| matches!(misfit.kind, MisfitKind::Kind(_) | MisfitKind::Duplicate)) {
            Some(misfit) => Err(UpgradeError::Refused(format!(
                "the upgrade from version {stored} makes a value in which {} {}",
                misfit.path, misfit.kind
            ))),
            None => Ok(value),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Version 0 had a number as text, version 1 had it as `size`, version 2 calls it `size_gb`.
    fn upgrades() -> Upgrades {
        let mut upgrades = Upgrades::default();
        upgrades.add(1, Type::object([("size", Type::Number)]), |value| {
            Ok(Value::object([("size_gb", value.get("size").cloned().unwrap_or(Value::Null))]))
        });
        upgrades.add(0, Type::object([("size", Type::String)]), |value| match value.get("size") {
            Some(Value::String(text)) => {
                let number = text.parse().map_err(|_| format!("{text:?} is no size"))?;
                Ok(Value::object([("size", Value::Number(number))]))
            }
            _ => Err("there is no size".to_owned()),
        });
        upgrades
    }

    fn run(stored: i64, text: &str) -> Result<Value, String> {
        let ty = Type::object([("size_gb", Type::Number), ("name", Type::String)]);
        upgrades().run(text, stored, 2, &ty).map_err(|error| error.to_string())
    }

    #[test]
    fn every_old_version_is_led_to_the_present_one() {
        let expected = Value::object([("size_gb", 100.into()), ("name", Value::Null)]);
        assert_eq!(run(0, r#"{"size": "100"}"#), Ok(expected.clone()));
        assert_eq!(run(1, r#"{"size": 100}"#), Ok(expected.clone()));
        assert_eq!(run(2, r#"{"size_gb": 100, "gone": true}"#), Ok(expected));
    }

    #[test]
    fn what_cannot_be_upgraded_is_told() {
        assert!(run(3, "{}").is_err_and(|text| text.contains("newer version")));
        assert!(run(-1, "{}").is_err_and(|text| text.contains("version -1")));
        assert_eq!(run(0, r#"{"size": "big"}"#), Err("\"big\" is no size".to_owned()));
        assert!(run(1, "[]").is_err_and(|text| text.starts_with("it cannot be read")));
    }
}
