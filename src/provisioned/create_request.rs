//! The request that created an object: it knows what the object itself may not show.

use tensorpool::{Api, Request};

use super::Object;
use crate::timeouts;

/// The request that created an object. That it cannot be had is no failure. An operation that is ending leaves no time to ask.
pub(super) async fn create_request<O: Object>(api: &Api, id: &str) -> Option<Request> {
    let operations = O::operations(&api.within(timeouts::QUICK), id).await.ok()?;
    let is_create =
        |kind: Option<&str>| kind.is_some_and(|kind| kind.eq_ignore_ascii_case(O::DESCRIPTOR.create_request));
    operations.into_iter().find(|request| is_create(request.request_type.as_deref()))
}

/// When an object was created: as it shows itself, or else when its create was received.
pub async fn created_at<O: Object>(api: &Api, object: &O) -> Option<String> {
    match object.created_at() {
        Some(shown) => Some(shown.to_owned()),
        None => create_request::<O>(api, object.id()).await?.created_at,
    }
}
