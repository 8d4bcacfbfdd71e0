//! What came and what is answered, apart from HTTP.

use serde_json::{Value, json};

use crate::options::{ErrorShape, IdName, NameField, Options};

/// What came.
pub(crate) struct Call<'a> {
    pub method: &'a str,
    /// The segments of the path.
    pub path: &'a [&'a str],
    pub query: &'a str,
    pub body: &'a Value,
}

impl<'a> Call<'a> {
    /// The method and the path, to be matched.
    pub fn route(&self) -> (&'a str, &'a [&'a str]) {
        (self.method, self.path)
    }

    /// A text of the body; an empty one is none.
    pub fn text(&self, name: &str) -> Option<&'a str> {
        self.body.get(name).and_then(Value::as_str).filter(|text| !text.is_empty())
    }

    pub fn flag(&self, name: &str) -> Option<bool> {
        self.body.get(name).and_then(Value::as_bool)
    }

    /// A parameter of the query.
    pub fn parameter(&self, name: &str) -> Option<String> {
        let found = url::form_urlencoded::parse(self.query.as_bytes()).find(|(key, _)| key == name);
        found.map(|(_, value)| value.into_owned())
    }

    /// Whether the organization's objects are asked for. The official client writes `True`.
    pub fn of_organization(&self) -> bool {
        self.parameter("include_org").is_some_and(|value| value.eq_ignore_ascii_case("true"))
    }
}

/// An answer.
#[derive(Debug)]
pub(crate) struct Reply {
    pub status: u16,
    pub body: String,
    pub headers: Vec<(String, String)>,
    /// The text of a refusal that is still to be brought into a shape.
    refusal: Option<String>,
}

impl Reply {
    pub fn json(status: u16, body: &Value) -> Self {
        let headers = vec![("content-type".to_owned(), "application/json".to_owned())];
        Self { status, body: body.to_string(), headers, refusal: None }
    }

    /// An answer whose bytes were ordered.
    pub fn raw(status: u16, body: String, headers: Vec<(String, String)>) -> Self {
        Self { status, body, headers, refusal: None }
    }

    pub fn empty(status: u16) -> Self {
        Self::raw(status, String::new(), Vec::new())
    }

    /// What the API's framework says of a path that does not exist.
    pub fn not_found() -> Self {
        Self::json(404, &json!({"detail": "Not Found"}))
    }

    /// A refusal, in the shape that the options ask for.
    pub fn refuse(status: u16, text: &str) -> Self {
        Self { refusal: Some(text.to_owned()), ..Self::json(status, &Value::Null) }
    }

    /// The `HTTPValidationError` of the API's OpenAPI document.
    pub fn invalid(location: &Value, message: &str) -> Self {
        Self::json(422, &json!({"detail": [{"loc": location, "msg": message, "type": "value_error"}]}))
    }

    pub fn with_header(mut self, name: &str, value: String) -> Self {
        self.headers.push((name.to_owned(), value));
        self
    }

    /// Adds a text to the messages of an error, or of a request that failed. An answer without a text stays so.
    pub fn with_added(mut self, added: &str) -> Self {
        if added.is_empty() || self.body.is_empty() {
            return self;
        }
        let Ok(mut body) = serde_json::from_str::<Value>(&self.body) else {
            if self.status >= 400 {
                self.body.push_str(added);
            }
            return self;
        };
        let failed = body["status"].as_str().is_some_and(|status| status.eq_ignore_ascii_case("FAILED"));
        if self.status < 400 && !failed {
            return self;
        }
        let add = |text: Option<&mut Value>| {
            if let Some(Value::String(text)) = text {
                text.push_str(added);
            }
        };
        for name in ["message", "error", "detail", "external_message"] {
            add(body.get_mut(name));
        }
        for complaint in body.get_mut("detail").and_then(Value::as_array_mut).into_iter().flatten() {
            add(complaint.get_mut("msg"));
        }
        self.body = body.to_string();
        self
    }

    /// Brings a refusal into its shape; other answers stay as they are.
    pub fn shaped(mut self, shape: ErrorShape) -> Self {
        let Some(text) = self.refusal.take() else { return self };
        let (kind, body) = match shape {
            ErrorShape::Message => ("application/json", json!({"message": text}).to_string()),
            ErrorShape::Error => ("application/json", json!({"error": text}).to_string()),
            ErrorShape::Detail => ("application/json", json!({"detail": text}).to_string()),
            ErrorShape::ExternalMessage => ("application/json", json!({"external_message": text}).to_string()),
            ErrorShape::Text => ("text/plain", text),
            ErrorShape::Html => ("text/html", format!("<html><body><h1>Error {}</h1></body></html>", self.status)),
            ErrorShape::Empty => ("text/plain", String::new()),
        };
        self.headers.retain(|(name, _)| name != "content-type");
        self.body = body;
        self.with_header("content-type", kind.to_owned())
    }
}

impl Options {
    /// A status in the case that is asked for.
    pub(crate) fn status(&self, status: &str) -> String {
        if self.variants.lower_case_statuses { status.to_ascii_lowercase() } else { status.to_owned() }
    }

    /// An object whose `id` and `name` go by the names that are asked for. `kind` is as in `cluster_id`.
    pub(crate) fn object(&self, kind: &str, mut object: Value) -> Value {
        if let Some(fields) = object.as_object_mut() {
            let mut rename = |from: &str, to: String| {
                if let Some(value) = fields.remove(from) {
                    fields.insert(to, value);
                }
            };
            if self.variants.id_name == IdName::OfKind {
                rename("id", format!("{kind}_id"));
            }
            match self.variants.name_field {
                NameField::Name => {}
                NameField::OfKind => rename("name", format!("{kind}_name")),
                NameField::TpOfKind => rename("name", format!("tp_{kind}_name")),
            }
        }
        object
    }

    /// The answer to a look at one object, which is in a wrapper unless it shall be bare.
    pub(crate) fn one(&self, wrapper: &str, message: &str, object: &Value) -> Reply {
        if self.variants.bare {
            return Reply::json(200, object);
        }
        Reply::json(200, &json!({"message": message, wrapper: object}))
    }

    /// The answer to a list.
    pub(crate) fn many(&self, wrapper: &str, message: &str, mut objects: Vec<Value>) -> Reply {
        let total = objects.len();
        objects.truncate(self.variants.truncated_lists.unwrap_or(total));
        let has_more = objects.len() < total;
        if self.variants.unreadable_item {
            objects.push(json!({"note": "this item has no id"}));
        }
        if objects.is_empty() && !has_more && self.variants.empty_lists_are_404 {
            return Reply::refuse(404, &format!("No {wrapper} found"));
        }
        if has_more && !self.variants.bare {
            return Reply::json(200, &json!({"message": message, wrapper: objects, "has_more": true}));
        }
        self.one(wrapper, message, &Value::Array(objects))
    }

    /// The answer to an info about one cluster or volume. `kind` is as in `cluster_id`.
    pub(crate) fn info(&self, kind: &str, message: &str, mut object: Value) -> Reply {
        let field = match self.variants.id_name {
            IdName::Id => "id".to_owned(),
            IdName::OfKind => format!("{kind}_id"),
        };
        self.variants.answer_id.put(&mut object, &field);
        self.one(&format!("{kind}_info"), message, &object)
    }

    /// The answer to a create of a cluster or a volume.
    pub(crate) fn created(&self, kind: &str, mut body: Value) -> Reply {
        self.variants.create_id.put(&mut body, &format!("{kind}_id"));
        Reply::json(202, &body)
    }

    /// The answer to an edit.
    pub(crate) fn edited(&self, message: &str, request_id: &str) -> Reply {
        let mut body = json!({"message": message});
        if self.variants.edit_request_ids {
            body["request_id"] = self.request_id(request_id);
        }
        Reply::json(self.variants.edit_status, &body)
    }

    /// A request id, or null where answers shall hold none.
    pub(crate) fn request_id(&self, id: &str) -> Value {
        if self.without_request_ids { Value::Null } else { json!(id) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_takes_the_shape_that_is_asked_for() {
        let body = |shape| Reply::refuse(409, "no").shaped(shape).body;
        assert_eq!(body(ErrorShape::Detail), r#"{"detail":"no"}"#);
        assert_eq!([body(ErrorShape::Text), body(ErrorShape::Empty)], ["no", ""]);
        assert!(body(ErrorShape::Html).starts_with("<html>"));
        let invalid = Reply::invalid(&json!(["body"]), "bad");
        assert!(invalid.shaped(ErrorShape::Empty).body.contains("bad"));
    }

    #[test]
    fn what_is_added_is_in_the_messages_of_errors_only() {
        let added = |reply: Reply| reply.with_added("!").body;
        let refusal = |shape| added(Reply::refuse(409, "no").shaped(shape));
        assert_eq!(refusal(ErrorShape::Detail), r#"{"detail":"no!"}"#);
        assert_eq!([refusal(ErrorShape::Text), refusal(ErrorShape::Empty)], ["no!", ""]);
        assert!(added(Reply::invalid(&json!(["body"]), "bad")).contains("bad!"));
        assert_eq!(added(Reply::json(200, &json!({"message": "good"}))), r#"{"message":"good"}"#);
        let failed = json!({"external_message": "no", "status": "FAILED"});
        assert_eq!(added(Reply::json(200, &failed)), r#"{"external_message":"no!","status":"FAILED"}"#);
    }

    #[test]
    fn parameters_are_decoded() {
        let call = Call { method: "GET", path: &[], query: "include_org=True&name=a%20b", body: &Value::Null };
        assert!(call.of_organization());
        assert_eq!(call.parameter("name").as_deref(), Some("a b"));
        assert_eq!(call.parameter("other"), None);
    }
}
