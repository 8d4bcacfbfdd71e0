//! The ids in responses, which may be chosen to be wrong.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// The id in a response about one object.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AnswerId {
    /// The id of the object.
    Right,
    /// The id of another object.
    Other,
    /// An empty string.
    Empty,
    /// A number.
    Numeric,
    /// The field is missing.
    Missing,
}

impl AnswerId {
    /// Replaces the correct id in a field of an object.
    pub(crate) fn replace(self, object: &mut Value, field: &str) {
        let Some(fields) = object.as_object_mut() else { return };
        let id = match self {
            Self::Right => return,
            Self::Missing => return drop(fields.remove(field)),
            Self::Other => {
                let correct = fields.get(field).and_then(Value::as_str).unwrap_or_default();
                // It has the same prefix.
                json!(format!("{}other", &correct[..correct.find('-').map_or(0, |end| end + 1)]))
            }
            Self::Empty => json!(""),
            Self::Numeric => json!(4711),
        };
        fields.insert(field.to_owned(), id);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_chosen_id_replaces_the_correct_one() {
        let id = |choice: AnswerId| {
            let mut object = json!({"cluster_id": "c-1", "name": "n"});
            choice.replace(&mut object, "cluster_id");
            object.get("cluster_id").cloned()
        };
        assert_eq!(id(AnswerId::Right), Some(json!("c-1")));
        assert_eq!(id(AnswerId::Other), Some(json!("c-other")));
        assert_eq!(id(AnswerId::Empty), Some(json!("")));
        assert_eq!(id(AnswerId::Numeric), Some(json!(4711)));
        assert_eq!(id(AnswerId::Missing), None);
    }
}
