//! What the API answers to something that it will do later.

use serde_json::Value;

use crate::body;

/// An accepted change or destroy.
#[derive(Clone, Debug)]
pub struct Accepted {
    /// The request to wait for. Without one, the object itself tells when it is done.
    pub request_id: Option<String>,
}

impl Accepted {
    pub(crate) fn read(answer: &Value) -> Self {
        Self { request_id: body::text(answer, &["request_id"]).filter(|id| !id.is_empty()) }
    }
}

/// Every request id in an answer: attaching tells a list of them, anything else one or none.
pub(crate) fn request_ids(answer: &Value) -> Vec<String> {
    let mut ids = body::ids(answer, &["request_ids"], &["request_id", "id"]);
    if let Some(id) = Accepted::read(answer).request_id
        && !ids.contains(&id)
    {
        ids.push(id);
    }
    ids
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn request_ids_come_as_a_list_as_one_or_not_at_all() {
        assert_eq!(request_ids(&json!({"request_ids": ["r-1", "r-2"]})), ["r-1", "r-2"]);
        assert_eq!(request_ids(&json!({"request_ids": ["r-1"], "request_id": "r-1"})), ["r-1"]);
        assert_eq!(request_ids(&json!({"request_ids": [], "request_id": "r-3"})), ["r-3"]);
        assert!(request_ids(&json!({"request_ids": null, "request_id": null})).is_empty());
        for none in [json!({"message": "m"}), json!({"request_id": null}), json!({"request_id": ""}), json!(null)] {
            assert_eq!(Accepted::read(&none).request_id, None, "{none}");
        }
    }
}
