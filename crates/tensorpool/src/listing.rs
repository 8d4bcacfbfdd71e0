//! Lists, and what they prove: whether an object that a list does not contain exists is as good as certain only if the list is
//! complete.

use std::collections::HashSet;

use serde_json::Value;

use crate::api::Api;
use crate::api_request::ApiRequest;
use crate::error::Error;
use crate::lenient;

/// A list of objects, and whether it is complete.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listing<T> {
    /// The objects that could be read.
    pub items: Vec<T>,
    /// Whether an object that is not among them does not exist.
    pub completeness: Completeness,
}

impl<T> Listing<T> {
    /// Why objects may be missing, if they may. The 404 of the API is an empty list here, as it is for who only looks.
    #[must_use]
    pub fn lacks(&self) -> Option<&str> {
        match &self.completeness {
            Completeness::Complete | Completeness::NotFound => None,
            Completeness::Incomplete(reason) => Some(reason),
        }
    }

    /// Joins two lists of objects, without duplicates of an id.
    pub(crate) fn merge(mut self, other: Self, id: impl Fn(&T) -> &str) -> Self {
        let known: HashSet<_> = self.items.iter().map(|object| id(object).to_owned()).collect();
        self.items.extend(other.items.into_iter().filter(|object| !known.contains(id(object))));
        Self { items: self.items, completeness: self.completeness.and(other.completeness) }
    }
}

/// What a list proves about an object that it does not contain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Completeness {
    /// The list is complete: the object does not exist.
    Complete,
    /// The API responded with 404, which may be its response for an empty list.
    NotFound,
    /// The list is not complete, for this reason.
    Incomplete(String),
}

impl Completeness {
    /// Returns the completeness of two lists together, which is the weaker one.
    fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::Incomplete(reason), _) | (_, Self::Incomplete(reason)) => Self::Incomplete(reason),
            (Self::NotFound, _) | (_, Self::NotFound) => Self::NotFound,
            (Self::Complete, Self::Complete) => Self::Complete,
        }
    }
}

/// Requests a list, and reads what `read` can read of it.
pub(crate) async fn fetch<T>(
    api: &Api,
    request: ApiRequest,
    wrappers: &[&str],
    read: impl Fn(&Value) -> Option<T>,
) -> Result<Listing<T>, Error> {
    let operation = request.operation();
    let response = match api.send(request).await {
        Ok(response) => response,
        Err(error) if error.is_not_found() => return Ok(not_found(&error)),
        Err(error) => return Err(error),
    };
    read_list(&response.body, wrappers, read)
        .ok_or_else(|| Error::invalid_response(operation, "the response contains no list"))
}

/// Returns the empty list that a 404 stands for. The API may respond with 404 if there are no objects; so does its router, or a
/// gateway, if there is no such path. Only an error of the API itself may mean an empty list.
fn not_found<T>(error: &Error) -> Listing<T> {
    let completeness = if error.has_message_of_api() {
        Completeness::NotFound
    } else {
        Completeness::Incomplete(format!("the 404 of {} is not an error message of the API", error.operation()))
    };
    Listing { items: Vec::new(), completeness }
}

fn read_list<T>(body: &Value, wrappers: &[&str], read: impl Fn(&Value) -> Option<T>) -> Option<Listing<T>> {
    let values = lenient::items(body, wrappers)?;
    let items: Vec<_> = values.iter().filter_map(read).collect();
    let unreadable = values.len() - items.len();
    let completeness = if unreadable > 0 {
        Completeness::Incomplete(format!("{unreadable} of its {} items cannot be read", values.len()))
    } else if announces_more(body, values.len()) {
        Completeness::Incomplete("it says that there is more".to_owned())
    } else {
        Completeness::Complete
    };
    Some(Listing { items, completeness })
}

/// Fields that say by `true` that a list continues.
const FLAGS: [&str; 6] = ["has_more", "more", "has_next", "has_next_page", "truncated", "is_truncated"];
/// Fields that say where it does, if they have a value.
const NEXT: [&str; 7] = ["next", "next_page", "next_url", "next_cursor", "next_token", "next_page_token", "cursor"];
/// Objects beside the list that may have such fields.
const PAGES: [&str; 5] = ["pagination", "paging", "page_info", "meta", "links"];

/// Whether the response says that the list continues, or that it failed. The API documents no pagination; these are the usual
/// fields.
fn announces_more(body: &Value, items: usize) -> bool {
    let in_pages = || PAGES.iter().filter_map(|name| body.get(name)).any(|fields| continues(fields, items));
    continues(body, items) || in_pages() || lenient::field(body, &["error"]).is_some_and(says_something)
}

/// Whether a value is more than a placeholder.
fn says_something(value: &Value) -> bool {
    match value {
        Value::Null | Value::Bool(false) => false,
        Value::Bool(true) | Value::Number(_) => true,
        Value::String(text) => !text.is_empty(),
        Value::Array(items) => !items.is_empty(),
        Value::Object(fields) => !fields.is_empty(),
    }
}

fn continues(fields: &Value, items: usize) -> bool {
    let flag = FLAGS.iter().any(|name| fields.get(name).and_then(Value::as_bool) == Some(true));
    let next = NEXT.iter().any(|name| fields.get(name).is_some_and(says_something));
    let total: Option<usize> = lenient::whole(fields, &["total", "total_count", "total_items", "count"]);
    // Where the first page is 0, the last one is one less than their number. Without a number that can be read it is the last one.
    let page: Option<u64> = lenient::whole(fields, &["page", "current_page"]);
    let pages: Option<u64> = lenient::whole(fields, &["pages", "total_pages", "last_page"]);
    let is_last = page.zip(pages).is_none_or(|(page, pages)| pages <= page.max(1));
    flag || next || total.is_some_and(|total| total > items) || !is_last
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::error::ErrorKind;
    use crate::error_body::ErrorBody;
    use crate::redact::Redactor;

    #[derive(Clone, Debug, PartialEq)]
    struct Thing(String);

    fn read_thing(item: &Value) -> Option<Thing> {
        lenient::text(item, &["id"]).map(Thing)
    }

    fn read(body: &Value) -> Option<Listing<Thing>> {
        read_list(body, &["things"], read_thing)
    }

    fn things(names: &[&str]) -> Vec<Thing> {
        names.iter().map(|name| Thing((*name).to_owned())).collect()
    }

    #[test]
    fn only_an_incomplete_list_lacks_something() {
        let lacks = |completeness| Listing::<Thing> { items: Vec::new(), completeness }.lacks().map(str::to_owned);
        assert_eq!(lacks(Completeness::Incomplete("it is cut".to_owned())).as_deref(), Some("it is cut"));
        assert_eq!((lacks(Completeness::Complete), lacks(Completeness::NotFound)), (None, None));
    }

    #[test]
    fn a_list_is_read_bare_or_wrapped_and_reports_whether_it_is_complete() {
        let items = json!([{"id": "a"}, {"id": "b"}]);
        let complete = Some(Listing { items: things(&["a", "b"]), completeness: Completeness::Complete });
        assert_eq!(read(&items), complete);
        assert_eq!(read(&json!({"message": "m", "things": items, "next": null, "total": 2})), complete);
        assert_eq!(read(&json!({"message": "m"})), None);
        let broken = read(&json!([{"id": "a"}, {"name": "nameless"}, 7])).expect("it is a list");
        assert_eq!(broken.items, things(&["a"]));
        assert!(matches!(broken.completeness, Completeness::Incomplete(reason) if reason.starts_with("2 of its 3")));
        for last in [
            json!({"page": 3, "pages": 3}),
            json!({"meta": {"total": 2, "page": 1}, "links": {"next": null}}),
            json!({"has_more": false, "pagination": {"next": ""}, "error": null}),
            json!({"error": false, "page": 0, "total_pages": 1}),
            json!({"error": "", "page": "3", "pages": 3, "next": {}}),
        ] {
            let mut body = json!({"things": items});
            body.as_object_mut().expect("it is an object").extend(last.as_object().cloned().expect("it is one"));
            assert_eq!(read(&body), complete, "{body}");
        }
        for more in [
            json!({"has_more": true}),
            json!({"has_more": false, "truncated": true}),
            json!({"next_cursor": "x"}),
            json!({"total": 9}),
            json!({"next": 2}),
            json!({"pagination": {"next": "x"}}),
            json!({"links": {"next": {"href": "x"}}}),
            json!({"meta": {"total": 9}}),
            json!({"page": 1, "pages": 3}),
            json!({"page": 0, "total_pages": 2}),
            json!({"error": "the backend timed out"}),
        ] {
            let mut body = json!({"things": items});
            body.as_object_mut().expect("it is an object").extend(more.as_object().cloned().expect("it is one"));
            let listing = read(&body).expect("it is a list");
            assert!(matches!(listing.completeness, Completeness::Incomplete(_)), "{body}");
        }
    }

    #[test]
    fn merged_lists_have_no_duplicates_and_the_weaker_completeness() {
        let listing = |names: &[&str], completeness| Listing { items: things(names), completeness };
        let merge = |own: Listing<Thing>, other| own.merge(other, |thing| &thing.0);
        let merged = merge(listing(&["a", "b"], Completeness::Complete), listing(&["b", "c"], Completeness::NotFound));
        assert_eq!(merged, listing(&["a", "b", "c"], Completeness::NotFound));
        let cut = Completeness::Incomplete("cut".to_owned());
        assert_eq!(merge(listing(&[], Completeness::NotFound), listing(&[], cut.clone())).completeness, cut);
    }

    #[test]
    fn a_404_means_an_empty_list_only_with_an_error_message_of_the_api() {
        let error = |body: &str| {
            let body = ErrorBody::read(body.as_bytes(), false, &Redactor::default());
            Error::new(ErrorKind::NotFound, "GET /thing/list")
                .status_code(404)
                .with_message(body.message())
                .with_json(body.is_object())
        };
        let is_empty_list = |body: &str| not_found::<Thing>(&error(body)).completeness == Completeness::NotFound;
        assert!(is_empty_list(r#"{"message": "No clusters found"}"#));
        for other in [r#"{"detail": "Not Found"}"#, "default backend - 404", "<html>404</html>", "", "{}"] {
            assert!(!is_empty_list(other), "{other}");
        }
    }
}
