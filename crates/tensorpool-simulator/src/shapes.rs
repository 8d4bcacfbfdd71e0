//! The shapes of responses about objects. The real ones are only partly documented, so the options choose them.

use serde_json::{Value, json};

use crate::api::ApiResponse;
use crate::options::Options;
use crate::variants::{IdName, NameField};

impl Options {
    /// Returns a status in the chosen case.
    pub(crate) fn status(&self, status: &str) -> String {
        if self.variants.lower_case_statuses { status.to_ascii_lowercase() } else { status.to_owned() }
    }

    /// Renames the fields `id` and `name` of an object to the chosen ones. `prefix` is, for example, `cluster` for
    /// `cluster_id`.
    pub(crate) fn object(&self, prefix: &str, mut object: Value) -> Value {
        if let Some(fields) = object.as_object_mut() {
            let mut rename = |from: &str, to: String| {
                if let Some(value) = fields.remove(from) {
                    fields.insert(to, value);
                }
            };
            if self.variants.id_name == IdName::OfKind {
                rename("id", format!("{prefix}_id"));
            }
            match self.variants.name_field {
                NameField::Name => {}
                NameField::OfKind => rename("name", format!("{prefix}_name")),
                NameField::TpOfKind => rename("name", format!("tp_{prefix}_name")),
            }
        }
        object
    }

    /// Returns the response to a read of one object, in a wrapper unless bare ones are chosen.
    pub(crate) fn one(&self, wrapper: &str, message: &str, object: &Value) -> ApiResponse {
        if self.variants.bare {
            return ApiResponse::json(200, object);
        }
        ApiResponse::json(200, &json!({"message": message, wrapper: object}))
    }

    /// Returns the response to a list.
    pub(crate) fn many(&self, wrapper: &str, message: &str, mut objects: Vec<Value>) -> ApiResponse {
        let total = objects.len();
        objects.truncate(self.variants.truncated_lists.unwrap_or(total));
        let has_more = objects.len() < total;
        if self.variants.brief_lists && ["clusters", "volumes"].contains(&wrapper) {
            let is_brief = |field: &str| field == "status" || field.ends_with("id") || field.ends_with("name");
            objects
                .iter_mut()
                .filter_map(Value::as_object_mut)
                .for_each(|object| object.retain(|field, _| is_brief(field)));
        }
        if self.variants.unreadable_item {
            objects.push(json!({"note": "this item has no id"}));
        }
        if objects.is_empty() && !has_more && self.variants.empty_lists_are_404 {
            return ApiResponse::error(404, &format!("No {wrapper} found"));
        }
        if has_more && !self.variants.bare {
            return ApiResponse::json(200, &json!({"message": message, wrapper: objects, "has_more": true}));
        }
        self.one(wrapper, message, &Value::Array(objects))
    }

    /// Returns the response to a read of one cluster or volume, with the chosen id.
    pub(crate) fn info(&self, prefix: &str, message: &str, mut object: Value) -> ApiResponse {
        let field = match self.variants.id_name {
            IdName::Id => "id".to_owned(),
            IdName::OfKind => format!("{prefix}_id"),
        };
        self.variants.answer_id.replace(&mut object, &field);
        self.one(&format!("{prefix}_info"), message, &object)
    }

    /// Returns the response to a create of a cluster or volume, with the chosen id.
    pub(crate) fn created(&self, prefix: &str, mut body: Value) -> ApiResponse {
        self.variants.create_id.replace(&mut body, &format!("{prefix}_id"));
        ApiResponse::json(202, &body)
    }

    /// Returns the response to an edit.
    pub(crate) fn edited(&self, message: &str, request_id: &str) -> ApiResponse {
        let mut body = json!({"message": message});
        if self.variants.edit_request_ids {
            body["request_id"] = self.request_id(request_id);
        }
        ApiResponse::json(self.variants.edit_status, &body)
    }

    /// Returns a request id, or null if responses contain none.
    pub(crate) fn request_id(&self, id: &str) -> Value {
        if self.without_request_ids { Value::Null } else { json!(id) }
    }
}
