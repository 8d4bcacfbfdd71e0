//! The ids in answers, which may be wrong.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// The id in an answer about one object.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AnswerId {
    /// That of the object.
    Right,
    /// That of another one.
    Other,
    /// An empty text.
    Empty,
    /// A number.
    Numeric,
    /// None: the field is not there.
    Missing,
}

impl AnswerId {
    /// Puts it in place of the right one, which a field of an object holds.
    pub(crate) fn put(self, object: &mut Value, field: &str) {
        let Some(fields) = object.as_object_mut() else { return };
        let id = match self {
            Self::Right => return,
            Self::Missing => return drop(fields.remove(field)),
            Self::Other => {
                let right = fields.get(field).and_then(Value::as_str).unwrap_or_default();
                // Another id of the same kind.
                json!(format!("{}other", &right[..right.find('-').map_or(0, |end| end + 1)]))
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
    fn the_id_is_replaced_as_is_chosen() {
        let id = |choice: AnswerId| {
            let mut object = json!({"cluster_id": "c-1", "name": "n"});
            choice.put(&mut object, "cluster_id");
            object.get("cluster_id").cloned()
        };
        assert_eq!(id(AnswerId::Right), Some(json!("c-1")));
        assert_eq!(id(AnswerId::Other), Some(json!("c-other")));
        assert_eq!(id(AnswerId::Empty), Some(json!("")));
        assert_eq!(id(AnswerId::Numeric), Some(json!(4711)));
        assert_eq!(id(AnswerId::Missing), None);
    }
}
