//! Values that Terraform's types allow and a model does not.

use super::shape::{Kind, Shape};
use crate::value::Value;
use crate::value::path::AttributePath;

/// What must not be: where, and what must be instead, for example `must not be null`. It does not show the value, which may be secret.
pub(crate) struct Refusal {
    pub path: AttributePath,
    pub must: String,
}

/// Every value in an object that its model cannot hold.
pub(crate) fn refused(model: &Shape, object: &Value) -> Vec<Refusal> {
    let mut refused = Vec::new();
    collect(model, object, &AttributePath::root(), &mut refused);
    refused
}

fn collect(model: &Shape, value: &Value, path: &AttributePath, refusals: &mut Vec<Refusal>) {
    let mut refuse = |what: &str| refusals.push(Refusal { path: path.clone(), must: format!("must {what}") });
    match (&model.kind, value) {
        _ if value.is_null() && !model.null => refuse("not be null"),
        (Kind::Limited { whole, least, most }, Value::Number(number)) => {
            if *whole && !number.is_integer() {
                refuse("be a whole number");
            } else if number < least {
                refuse(&format!("be at least {}", least.compact()));
            } else if number > most {
                refuse(&format!("be at most {}", most.compact()));
            }
        }
        (Kind::Choice(texts), Value::String(text)) if !texts.contains(&text.as_str()) => {
            refuse(&format!("be one of \"{}\"", texts.join("\", \"")));
        }
        (Kind::Checked(must, passes), Value::String(text)) if !passes(text) => {
            refusals.push(Refusal { path: path.clone(), must: must() });
        }
        (Kind::List(element), Value::List(values)) => {
            for (index, value) in values.iter().enumerate() {
                collect(element, value, &path.clone().index(index), refusals);
            }
        }
        (Kind::List(element) | Kind::Set(element), Value::Set(values)) => {
            for value in values {
                collect(element, value, &path.clone().element(value.clone()), refusals);
            }
        }
        (Kind::Map(element), Value::Map(values)) => {
            for (key, value) in values {
                collect(element, value, &path.clone().key(key), refusals);
            }
        }
        (Kind::Object(fields), Value::Map(values)) => {
            for (name, shape) in fields() {
                if let Some(value) = values.get(name) {
                    collect(&shape, value, &path.clone().attribute(name), refusals);
                }
            }
        }
        _ => {}
    }
}
