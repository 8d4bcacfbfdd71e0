//! What the API returns when it accepts a create, a change or a destroy: the id of the asynchronous request to wait for.

use serde_json::Value;

use crate::error::Error;
use crate::lenient;

/// The response to an accepted change or destroy.
#[derive(Clone, Debug)]
pub struct Accepted {
    /// The request to wait for. If it is `None`, poll the object itself.
    pub request_id: Option<String>,
}

impl Accepted {
    pub(crate) fn read(body: &Value) -> Self {
        Self { request_id: lenient::text(body, &["request_id"]).filter(|id| !id.is_empty()) }
    }
}

/// The response to an accepted create.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Created {
    /// The id of the new object.
    pub id: String,
    /// The request to wait for. If it is `None`, the object itself shows when it is ready.
    pub request_id: Option<String>,
}

impl Created {
    /// An object that is created at once.
    #[must_use]
    pub fn at_once(id: impl Into<String>) -> Self {
        Self { id: id.into(), request_id: None }
    }

    /// Reads the response to a create, of which the caller has read the id.
    ///
    /// # Errors
    /// Returns an ambiguous error if there is no id: the object exists, and it is not known which one it is.
    pub(crate) fn read(operation: String, body: &Value, noun: &str, id: Option<String>) -> Result<Self, Error> {
        let id = id.ok_or_else(|| {
            Error::invalid_response(operation, &format!("the response contains no {noun} id")).ambiguous(true)
        })?;
        Ok(Self { id, request_id: Accepted::read(body).request_id })
    }
}

/// Returns all request ids in a response. The response to an attach contains a list of them, any other at most one.
pub(crate) fn request_ids(body: &Value) -> Vec<String> {
    let mut ids = lenient::ids(body, &["request_ids"], &["request_id", "id"]);
    if let Some(id) = Accepted::read(body).request_id
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
    fn request_ids_are_read_from_a_list_or_a_single_field() {
        assert_eq!(request_ids(&json!({"request_ids": ["r-1", "r-2"]})), ["r-1", "r-2"]);
        assert_eq!(request_ids(&json!({"request_ids": ["r-1"], "request_id": "r-1"})), ["r-1"]);
        assert_eq!(request_ids(&json!({"request_ids": [], "request_id": "r-3"})), ["r-3"]);
        assert!(request_ids(&json!({"request_ids": null, "request_id": null})).is_empty());
        for none in [json!({"message": "m"}), json!({"request_id": null}), json!({"request_id": ""}), json!(null)] {
            assert_eq!(Accepted::read(&none).request_id, None, "{none}");
        }
    }

    #[test]
    fn a_create_without_an_id_is_ambiguous() {
        let body = json!({"request_id": "r-1"});
        let read = |id: Option<&str>| Created::read("POST /x".to_owned(), &body, "thing", id.map(str::to_owned));
        let created = read(Some("t-1")).expect("it has an id");
        assert_eq!(created, Created { id: "t-1".to_owned(), request_id: Some("r-1".to_owned()) });
        let error = read(None).expect_err("it has none");
        assert!(error.is_ambiguous());
        assert_eq!(error.message(), Some("the response contains no thing id"));
    }
}
