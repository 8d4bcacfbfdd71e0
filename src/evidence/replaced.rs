//! What the create half of a replacement replaces.
//!
//! Terraform plans the destroy half of `-replace` and `replace_triggered_by` without asking the provider: it plans twice,
//! first with the prior state and then as a create, to which it hands the private data of the first plan. So the first plan
//! leaves a mark there.

use serde_json::{Value, json};
use terraform_plugin::Private;

/// Where the mark is kept in a plan's private data.
const KEY: &str = "replaced";

/// The object that a plan began with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Replaced {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: Option<String>,
    /// Whether it is protected from deletion.
    pub protected: bool,
}

impl Replaced {
    /// Leaves the mark of the object in a plan.
    pub fn mark(&self, private: &mut Private) {
        private.set(KEY, json!({"id": self.id, "name": self.name, "protected": self.protected}));
    }

    /// The mark that the first plan left.
    #[must_use]
    pub fn load(private: &Private) -> Option<Self> {
        let value = private.get(KEY)?;
        let text = |name: &str| value.get(name).and_then(Value::as_str).map(str::to_owned);
        let protected = value.get("protected").and_then(Value::as_bool).unwrap_or_default();
        Some(Self { id: text("id")?, name: text("name"), protected })
    }

    /// Takes the mark out of what is kept: it says something of one plan alone.
    pub fn take(private: &mut Private) -> Option<Self> {
        let mark = Self::load(private);
        private.remove(KEY);
        mark
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_mark_is_taken_once() {
        let mark = Replaced { id: "c-1".to_owned(), name: None, protected: true };
        let mut private = Private::default();
        mark.mark(&mut private);
        let mut private = Private::from_bytes(&private.to_bytes());
        assert_eq!(Replaced::load(&private), Some(mark.clone()));
        assert_eq!(Replaced::take(&mut private), Some(mark));
        assert_eq!(Replaced::take(&mut private), None);
    }
}
