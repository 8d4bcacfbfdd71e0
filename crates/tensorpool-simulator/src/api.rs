//! A request to the simulator and the response to it, independent of the HTTP library.

use serde_json::{Value, json};

use crate::variants::ErrorShape;

/// A request to the API or the admin API.
pub(crate) struct ApiRequest<'a> {
    pub method: &'a str,
    /// The segments of the path; in the admin API those after `/_simulator/`.
    pub path: &'a [&'a str],
    pub query: &'a str,
    /// The JSON body. Null if there is none.
    pub body: &'a Value,
}

impl<'a> ApiRequest<'a> {
    /// Returns the method and the path, to match on.
    pub fn route(&self) -> (&'a str, &'a [&'a str]) {
        (self.method, self.path)
    }

    /// Returns a string field of the body. `None` if it is missing or empty.
    pub fn text(&self, name: &str) -> Option<&'a str> {
        self.body.get(name).and_then(Value::as_str).filter(|text| !text.is_empty())
    }

    /// Returns a boolean field of the body.
    pub fn flag(&self, name: &str) -> Option<bool> {
        self.body.get(name).and_then(Value::as_bool)
    }

    /// Returns a query parameter.
    pub fn parameter(&self, name: &str) -> Option<String> {
        let found = url::form_urlencoded::parse(self.query.as_bytes()).find(|(key, _)| key == name);
        found.map(|(_, value)| value.into_owned())
    }

    /// Whether the organization's objects are requested. The official client sends `True`.
    pub fn of_organization(&self) -> bool {
        self.parameter("include_org").is_some_and(|value| value.eq_ignore_ascii_case("true"))
    }
}

/// The response to a request.
#[derive(Debug)]
pub(crate) struct ApiResponse {
    pub status: u16,
    pub body: String,
    pub headers: Vec<(String, String)>,
    /// The message of an error whose body is not built yet, because the shape of errors is an option.
    message: Option<String>,
}

impl ApiResponse {
    pub fn json(status: u16, body: &Value) -> Self {
        let headers = vec![("content-type".to_owned(), "application/json".to_owned())];
        Self { status, body: body.to_string(), headers, message: None }
    }

    pub fn raw(status: u16, body: String, headers: Vec<(String, String)>) -> Self {
        Self { status, body, headers, message: None }
    }

    pub fn empty(status: u16) -> Self {
        Self::raw(status, String::new(), Vec::new())
    }

    /// The response of the API's framework to a path that does not exist.
    pub fn not_found() -> Self {
        Self::json(404, &json!({"detail": "Not Found"}))
    }

    /// An error of the API. [`shaped`](Self::shaped) builds its body.
    pub fn error(status: u16, message: &str) -> Self {
        Self { message: Some(message.to_owned()), ..Self::empty(status) }
    }

    /// The `HTTPValidationError` of the API's OpenAPI document.
    pub fn invalid(location: &Value, message: &str) -> Self {
        Self::json(422, &json!({"detail": [{"loc": location, "msg": message, "type": "value_error"}]}))
    }

    /// The response of the admin API to a change.
    pub fn done() -> Self {
        Self::json(200, &json!({}))
    }

    /// The response of the admin API to a body that it cannot use.
    pub fn unusable(reason: &impl ToString) -> Self {
        Self::json(422, &json!({"detail": reason.to_string()}))
    }

    pub fn with_header(mut self, name: &str, value: String) -> Self {
        self.headers.push((name.to_owned(), value));
        self
    }

    /// Appends a text to the messages of an error, or of a request that failed. A response without a message is unchanged.
    pub fn with_suffix(mut self, suffix: &str) -> Self {
        if suffix.is_empty() || self.body.is_empty() {
            return self;
        }
        let Ok(mut body) = serde_json::from_str::<Value>(&self.body) else {
            if self.status >= 400 {
                self.body.push_str(suffix);
            }
            return self;
        };
        let failed = body["status"].as_str().is_some_and(|status| status.eq_ignore_ascii_case("FAILED"));
        if self.status < 400 && !failed {
            return self;
        }
        let append = |text: Option<&mut Value>| {
            if let Some(Value::String(text)) = text {
                text.push_str(suffix);
            }
        };
        for name in ["message", "error", "detail", "external_message"] {
            append(body.get_mut(name));
        }
        for field_error in body.get_mut("detail").and_then(Value::as_array_mut).into_iter().flatten() {
            append(field_error.get_mut("msg"));
        }
        self.body = body.to_string();
        self
    }

    /// Builds the body of an error in a shape. Any other response is unchanged.
    pub fn shaped(mut self, shape: ErrorShape) -> Self {
        let Some(message) = self.message.take() else { return self };
        let (content_type, body) = match shape {
            ErrorShape::Message => ("application/json", json!({"message": message}).to_string()),
            ErrorShape::Error => ("application/json", json!({"error": message}).to_string()),
            ErrorShape::Detail => ("application/json", json!({"detail": message}).to_string()),
            ErrorShape::ExternalMessage => ("application/json", json!({"external_message": message}).to_string()),
            ErrorShape::Text => ("text/plain", message),
            ErrorShape::Html => ("text/html", format!("<html><body><h1>Error {}</h1></body></html>", self.status)),
            ErrorShape::Empty => ("text/plain", String::new()),
        };
        self.body = body;
        self.with_header("content-type", content_type.to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_has_the_chosen_shape() {
        let error = |shape| ApiResponse::error(409, "no").shaped(shape);
        let body = |shape| error(shape).body;
        assert_eq!(body(ErrorShape::Detail), r#"{"detail":"no"}"#);
        assert_eq!([body(ErrorShape::Text), body(ErrorShape::Empty)], ["no", ""]);
        assert!(body(ErrorShape::Html).starts_with("<html>"));
        for (shape, content_type) in [(ErrorShape::Error, "application/json"), (ErrorShape::Text, "text/plain")] {
            assert_eq!(error(shape).headers, [("content-type".to_owned(), content_type.to_owned())]);
        }
        let invalid = ApiResponse::invalid(&json!(["body"]), "bad");
        assert!(invalid.shaped(ErrorShape::Empty).body.contains("bad"));
    }

    #[test]
    fn a_suffix_is_appended_to_the_messages_of_errors_only() {
        let suffixed = |response: ApiResponse| response.with_suffix("!").body;
        let error = |shape| suffixed(ApiResponse::error(400, "no").shaped(shape));
        assert_eq!(error(ErrorShape::Detail), r#"{"detail":"no!"}"#);
        assert_eq!([error(ErrorShape::Text), error(ErrorShape::Empty)], ["no!", ""]);
        assert!(suffixed(ApiResponse::invalid(&json!(["body"]), "bad")).contains("bad!"));
        assert_eq!(suffixed(ApiResponse::json(200, &json!({"message": "good"}))), r#"{"message":"good"}"#);
        let failed = json!({"external_message": "no", "status": "FAILED"});
        assert_eq!(suffixed(ApiResponse::json(200, &failed)), r#"{"external_message":"no!","status":"FAILED"}"#);
    }

    #[test]
    fn parameters_are_decoded() {
        let request = ApiRequest { method: "GET", path: &[], query: "include_org=True&name=a%20b", body: &Value::Null };
        assert!(request.of_organization());
        assert_eq!(request.parameter("name").as_deref(), Some("a b"));
        assert_eq!(request.parameter("other"), None);
    }
}
