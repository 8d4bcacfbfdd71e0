//! Forms. Each stands for an admin request, and is translated in one place to the request and to the `curl` line that sends it.
//!
//! `_method` and `_path` of a form are those of the request. The name of every other field ends in its type, for example
//! `num_nodes:number`; the rest is the name in the body.

use serde_json::{Map, Value};

/// An admin request.
#[derive(Debug, PartialEq)]
pub(super) struct AdminCall {
    pub method: String,
    /// The path after `/_simulator/`.
    pub path: String,
    pub body: Value,
}

impl AdminCall {
    /// Translates a form in the encoding of URLs. Fields that are left empty are left out, except those of the type `nullable`,
    /// which are null.
    ///
    /// # Errors
    /// Returns a sentence for the person if a field cannot be translated.
    pub fn of_form(form: &[u8]) -> Result<Self, String> {
        let (mut method, mut path, mut body) = (String::new(), String::new(), Map::new());
        for (name, value) in url::form_urlencoded::parse(form) {
            match (name.as_ref(), name.rsplit_once(':')) {
                ("_method", _) => method = value.into_owned(),
                ("_path", _) => path = value.into_owned(),
                (_, Some((field, kind))) => {
                    if let Some(value) = typed(field, kind, &value)? {
                        body.insert(field.to_owned(), value);
                    }
                }
                _ => return Err(format!("The form has an unknown field: {name}")),
            }
        }
        if method.is_empty() || path.is_empty() {
            return Err("The form names no admin request.".to_owned());
        }
        let body = if body.is_empty() { Value::Null } else { Value::Object(body) };
        Ok(Self { method, path, body })
    }

    /// Returns the command that sends the request.
    pub fn curl(&self, url: &str) -> String {
        let method = if self.method == "GET" { String::new() } else { format!("-X {} ", self.method) };
        let body = if self.body.is_null() { String::new() } else { format!(" -d {}", quoted(&self.body.to_string())) };
        let address = format!("{url}/_simulator/{}", self.path);
        let is_plain = |c: char| c.is_ascii_alphanumeric() || "/:.-_[]".contains(c);
        let address = if address.chars().all(is_plain) { address } else { quoted(&address) };
        format!("curl {method}{address}{body}")
    }
}

/// Returns the value of a field. `None` if it is left out.
fn typed(field: &str, kind: &str, text: &str) -> Result<Option<Value>, String> {
    Ok(match (kind, text) {
        ("nullable", "") => Some(Value::Null),
        (_, "") => None,
        ("text" | "nullable", text) => Some(Value::from(text)),
        ("flag", text) => Some(Value::from(text == "true")),
        ("number", text) => match serde_json::from_str(text.trim()) {
            Ok(Value::Number(number)) => Some(Value::Number(number)),
            _ => return Err(format!("{field} must be a number, not {text}")),
        },
        // What is not valid JSON is a string, like with --set.
        ("json", text) => Some(serde_json::from_str(text).unwrap_or_else(|_| Value::from(text))),
        _ => return Err(format!("The form has a field of an unknown type: {field}")),
    })
}

/// Quotes a word for a shell.
fn quoted(word: &str) -> String {
    format!("'{}'", word.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_form_is_translated_to_a_request_and_its_curl_line() {
        for (form, curl) in [
            ("_method=DELETE&_path=faults/1", "curl -X DELETE http://s/_simulator/faults/1"),
            (
                "_method=PATCH&_path=clusters/c-1&instance_status:nullable=&name:text=",
                r#"curl -X PATCH http://s/_simulator/clusters/c-1 -d '{"instance_status":null}'"#,
            ),
            (
                "_method=PATCH&_path=volumes/s-1&deletion_protection%3Aflag=false&size_gb:number=20",
                r#"curl -X PATCH http://s/_simulator/volumes/s-1 -d '{"deletion_protection":false,"size_gb":20}'"#,
            ),
            (
                "_method=PATCH&_path=options&error_shape:json=html&gone:json=%7B%22shown_for_ms%22%3A%209%7D",
                r#"curl -X PATCH http://s/_simulator/options -d '{"error_shape":"html","gone":{"shown_for_ms":9}}'"#,
            ),
            (
                "_method=PATCH&_path=clusters/c-1&name:text=it's+%24HOME",
                r#"curl -X PATCH http://s/_simulator/clusters/c-1 -d '{"name":"it'\''s $HOME"}'"#,
            ),
            ("_method=DELETE&_path=x%27;rm%20-r%20~", r"curl -X DELETE 'http://s/_simulator/x'\'';rm -r ~'"),
        ] {
            let call = AdminCall::of_form(form.as_bytes()).expect("it is a form");
            assert_eq!(call.curl("http://s"), curl);
        }
        let call = AdminCall::of_form(b"_method=POST&_path=clusters&num_nodes:number=2").expect("it is a form");
        assert_eq!(call.body, json!({"num_nodes": 2}));
    }

    #[test]
    fn a_form_that_cannot_be_translated_is_refused_with_a_sentence() {
        for (form, reason) in [
            ("_method=POST&_path=faults&times:number=two", "times must be a number, not two"),
            ("_method=POST&_path=faults&times:number=%22two%22", "times must be a number"),
            ("_method=POST&_path=faults&times=2", "unknown field: times"),
            ("_method=POST&_path=faults&times:poem=2", "unknown type: times"),
            ("_method=POST", "no admin request"),
            ("", "no admin request"),
        ] {
            let error = AdminCall::of_form(form.as_bytes()).expect_err("it is wrong");
            assert!(error.contains(reason), "{error}");
        }
    }
}
