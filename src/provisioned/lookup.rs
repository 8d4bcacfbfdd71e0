//! Lookups: one object by its id or its name.

use tensorpool::{ApiObject, Completeness, Listing};
use terraform_plugin::schema::{Attribute, ExactlyOneOf};
use terraform_plugin::{Attr, AttributePath, Diagnostic, Diagnostics};
use tokio_util::sync::CancellationToken;

use super::Object;
use crate::errors::{Subject, Verb};
use crate::lookup;
use crate::session::Session;
use crate::timeouts;

/// The attribute `id` of a lookup by id or by name.
pub fn id_attribute() -> Attribute {
    Attribute::string("The id.").optional().computed()
}

/// The attribute `name` of a lookup by id or by name.
pub fn name_attribute() -> Attribute {
    Attribute::string("The name.").optional().computed()
}

/// What the two must be together.
pub const ID_OR_NAME: ExactlyOneOf = ExactlyOneOf(&["id", "name"]);

/// Looks up one object.
///
/// # Errors
/// When there is none or more than one, or the API cannot be asked.
pub async fn one<R: Object>(
    session: &Session,
    stop: &CancellationToken,
    id: Attr<String>,
    name: Attr<String>,
) -> Result<R, Diagnostics> {
    let api = session.api(timeouts::READ, stop)?;
    let objects = api.objects::<R>();
    let (id, name) = (id.into_known(), name.into_known());
    let subject = Subject { verb: Verb::LookUp, noun: R::DESCRIPTOR.noun, name, id };
    let found = match (&subject.id, &subject.name) {
        (Some(id), _) => {
            let one = objects.resolve(id).await;
            one.map(|one| Listing { items: vec![one], completeness: Completeness::Complete })
        }
        (None, name) => objects.find(name.as_deref().unwrap_or_default()).await,
    };
    let key = if subject.id.is_some() { "id" } else { "name" };
    let mut found = found.map_err(|error| lookup::failed(&subject, &error, key))?;
    found.items.retain(|one| !one.is_deleted());
    match (found.items.pop(), found.items.as_slice()) {
        (Some(one), []) => Ok(one),
        (Some(last), others) => Err(ambiguous(&subject, &R::DESCRIPTOR.title(), others, &last).into()),
        (None, _) => Err(not_found(&subject, key, &R::DESCRIPTOR.title(), found.lacks()).into()),
    }
}

/// `lacking` is why the list may lack it.
fn not_found(subject: &Subject, key: &str, title: &str, lacking: Option<&str>) -> Diagnostic {
    let mut detail = format!("There is no {subject} among yours and those of your organization.");
    if let Some(reason) = lacking {
        detail = format!("{detail} The list may lack it, as {reason}.");
    }
    Diagnostic::error(format!("{title} not found"), detail).at(AttributePath::of(key))
}

fn ambiguous<R: Object>(subject: &Subject, title: &str, others: &[R], last: &R) -> Diagnostic {
    let ids: Vec<_> = others.iter().chain([last]).map(ApiObject::id).collect();
    let detail = format!("There is more than one {subject}: {}. Look it up by its id instead.", ids.join(", "));
    Diagnostic::error(format!("{title} name is ambiguous"), detail).at(AttributePath::of("name"))
}
