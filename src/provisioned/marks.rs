//! What private state holds of creates, destroys and imports that an earlier operation began.

use terraform_plugin::Private;

use crate::evidence::Unfinished;

/// The object was imported, and these attributes of it were never known, as the API does not return them.
pub const IMPORTED: &str = "imported";
/// The request of a create that has not ended.
pub(super) const CLAIM: &str = "claim_request";
/// The create had no request id, and the object was not observed ready.
pub(super) const UNFINISHED: &str = "unfinished";
/// A create that was resumed has failed, so the object has to be replaced.
pub(super) const FAILED: &str = "failed";

/// The request of a destroy that has not ended.
pub(super) const RELEASE: &str = "release_request";

/// Whether private state holds a create that has not ended.
pub(super) fn is_unfinished(private: &Private) -> bool {
    !matches!(unfinished(private), Unfinished::No)
}

/// The create that has not ended, as private state says.
pub(super) fn unfinished(private: &Private) -> Unfinished<'_> {
    match private.text(CLAIM) {
        Some(request) => Unfinished::Request(request),
        None if private.get(UNFINISHED).is_some() => Unfinished::Unknown,
        None => Unfinished::No,
    }
}

/// Notes in private state that a create has not ended.
pub(super) fn mark_unfinished(private: &mut Private, request_id: Option<&str>) {
    match request_id {
        Some(id) => private.set(CLAIM, id),
        None => private.set(UNFINISHED, true),
    }
}

/// Notes in private state that the create has ended.
pub(super) fn mark_finished(private: &mut Private) {
    private.remove(CLAIM);
    private.remove(UNFINISHED);
}
