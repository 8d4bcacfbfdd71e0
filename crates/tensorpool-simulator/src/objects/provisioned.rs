//! What the endpoints of clusters and those of volumes have in common.

use serde_json::{Value, json};

use crate::api::{ApiRequest, ApiResponse};
use crate::clock;
use crate::options::Options;
use crate::state::owner::Owner;
use crate::state::provisioned::{Collection, Provisioned};

/// The words for clusters or for volumes.
pub(super) struct Noun {
    /// The prefix of fields, for example `cluster` of `cluster_id`.
    pub field: &'static str,
    /// The name of the list.
    pub list: &'static str,
    /// At the start of a sentence.
    pub title: &'static str,
    /// Within a sentence.
    pub text: &'static str,
}

pub(super) const CLUSTER: Noun = Noun { field: "cluster", list: "clusters", title: "Cluster", text: "cluster" };
pub(super) const VOLUME: Noun =
    Noun { field: "storage", list: "volumes", title: "Storage volume", text: "storage volume" };

/// Returns the name to store for the one in a create or an edit. Empty if none is wanted.
///
/// # Errors
/// Returns the error of the API if an object other than `except` has the name and names must be unique.
pub(super) fn name<T: Provisioned>(
    options: &Options,
    objects: &Collection<T>,
    wanted: Option<&str>,
    except: Option<&str>,
    noun: &Noun,
) -> Result<String, ApiResponse> {
    let name = options.variants.names.normalize(wanted.unwrap_or_default());
    if options.variants.allow_duplicate_names || !objects.has_name(&name, except) {
        return Ok(name);
    }
    Err(ApiResponse::error(409, &format!("A {} with this name already exists", noun.text)))
}

/// Returns the list of the objects that the user or the organization owns. `describe` returns the text that the official client
/// prints for an object.
pub(super) fn list<T: Provisioned>(
    options: &Options,
    objects: &Collection<T>,
    request: &ApiRequest<'_>,
    noun: &Noun,
    describe: impl Fn(&T) -> String,
    to_json: impl Fn(&T) -> Value,
) -> ApiResponse {
    // The organization's objects are listed instead of the user's own.
    let owner = if request.of_organization() { Owner::Organization } else { Owner::User };
    let is_listed =
        |object: &&T| object.owner() == owner && options.visibility(object.lifetime(), clock::now()).is_returned();
    let listed: Vec<_> = objects.all().filter(is_listed).collect();
    let lines: Vec<_> = listed.iter().map(|object| describe(object)).collect();
    let message = if lines.is_empty() { format!("No {}s", noun.text) } else { lines.join("\n") };
    options.many(noun.list, &message, listed.into_iter().map(to_json).collect())
}

/// Returns the response to a destroy: the request that was started, or why the API rejects it.
pub(super) fn destruction(
    options: &Options,
    id: &str,
    started: Result<String, &'static str>,
    noun: &Noun,
) -> ApiResponse {
    let request = match started {
        Ok(request) => request,
        Err(reason) => return ApiResponse::error(409, reason),
    };
    let mut body = json!({
        "message": format!("{} {id} destruction initiated", noun.title),
        "request_id": options.request_id(&request),
    });
    body[format!("{}_id", noun.field)] = json!(id);
    ApiResponse::json(202, &body)
}
