//! The objects of an account that the API lists, for example clusters, and what can be asked about all of them: one by its id or
//! its name, and lists. What is particular to a kind, for example its create, is in the file of the kind.

use std::marker::PhantomData;
use std::sync::Arc;
use std::time::Duration;

use serde_json::Value;

use crate::api::Api;
use crate::api_request::ApiRequest;
use crate::bulk::Item;
use crate::error::{Error, ErrorKind};
use crate::listing::{Listing, fetch};

/// How long a list rests for each of its objects before it is asked for again, so that reading lists takes a small part of the time
/// however many objects there are.
const REST_FOR_EACH: Duration = Duration::from_millis(1);
/// The longest rest.
const LONGEST_REST: Duration = Duration::from_secs(3);

/// An object of an account. Only this crate implements it, because only this crate knows how the API writes its objects.
pub trait ApiObject: Decode + Clone + PartialEq + Send + Sync + 'static {
    /// Returns the id.
    fn id(&self) -> &str;

    /// Returns the name if the API reports it.
    fn name(&self) -> Option<&str>;

    /// Whether this is the tombstone of a destroyed object, which the API may return for a while.
    fn is_deleted(&self) -> bool {
        false
    }
}

/// Where the API has the objects of a kind, and how they are read. The module is private, which seals [`ApiObject`].
pub trait Decode: Sized {
    /// The path segments of the list.
    const LIST: &'static [&'static str];
    /// The path segments before the id of a single object. `None` if the API has no request for a single object.
    const INFO: Option<&'static [&'static str]>;
    /// The names of the field that may contain the list.
    const WRAPPERS: &'static [&'static str];

    /// Reads an object. `None` if it has no id.
    fn read(item: &Value) -> Option<Self>;

    /// Whether the organization has a list of its own. Then that of the user lacks its objects.
    const HAS_ORGANIZATION_LIST: bool = true;

    /// Replaces the id.
    #[must_use]
    fn with_id(self, id: String) -> Self;

    /// Returns every field that a list may lack although a read of one object has it, and whether the API reported it with a value.
    /// None for a kind that is only listed.
    fn fields(&self) -> Vec<(&'static str, bool)> {
        Vec::new()
    }
}

/// Only its lists show an object of a kind that has no request for a single one.
impl<T: ApiObject> Item for T {
    const LIST: &'static [&'static str] = <T as Decode>::LIST;
    const IS_READ_ALONE: bool = T::INFO.is_some();

    fn id(&self) -> &str {
        ApiObject::id(self)
    }

    fn is_deleted(&self) -> bool {
        ApiObject::is_deleted(self)
    }

    fn fields(&self) -> Vec<(&'static str, bool)> {
        Decode::fields(self)
    }
}

/// The operations on the objects of a kind.
pub struct Objects<'a, T> {
    pub(crate) api: &'a Api,
    kind: PhantomData<fn() -> T>,
}

impl Api {
    /// Returns the operations on the objects of a kind.
    #[must_use]
    pub fn objects<T: ApiObject>(&self) -> Objects<'_, T> {
        Objects { api: self, kind: PhantomData }
    }
}

impl<T: ApiObject> Objects<'_, T> {
    /// Reads an object by its id. A response without an id counts as one about the requested object. If the API has no
    /// request for a single object, the lists are searched.
    ///
    /// # Errors
    /// Returns an error if the object does not exist, the API cannot be reached, or the response is about another object
    /// ([`ErrorKind::WrongObject`]).
    pub async fn get(&self, id: &str) -> Result<T, Error> {
        let Some(info) = T::INFO else { return self.get_listed(id).await };
        let (object, operation) = self.read_one(info, id).await?;
        let object = if object.id().is_empty() { object.with_id(id.to_owned()) } else { object };
        if object.id() == id {
            self.take_read(&object);
            return Ok(object);
        }
        let message = format!("the response is about another object ({})", object.id());
        Err(self.api.client().redact(Error::new(ErrorKind::WrongObject, operation).with_message(Some(message))))
    }

    async fn get_listed(&self, id: &str) -> Result<T, Error> {
        let found = self.listing().await?.items.iter().find(|object| object.id() == id).cloned();
        found.ok_or_else(|| Error::new(ErrorKind::NotFound, list_request::<T>().operation()))
    }

    /// Reads an object by its id or its name. The object has the id that the API returns: that in the response or, if it
    /// contains none, that in the list.
    ///
    /// # Errors
    /// Returns an error if the object does not exist, the API cannot be reached, or neither the response nor the list contains
    /// the id.
    pub async fn resolve(&self, id_or_name: &str) -> Result<T, Error> {
        let Some(info) = T::INFO else { return self.get_listed(id_or_name).await };
        let (object, operation) = self.read_one(info, id_or_name).await?;
        if !object.id().is_empty() {
            self.take_read(&object);
            return Ok(object);
        }
        let listing = self.listing().await?;
        let by_id = listing.items.iter().find(|one| one.id() == id_or_name);
        let found = by_id.or_else(|| listing.items.iter().find(|one| one.name() == Some(id_or_name)));
        found.cloned().ok_or_else(|| {
            Error::invalid_response(operation, "neither the response nor the list contains the id of the object")
        })
    }

    /// Lists the user's own objects, or those of the organization instead.
    ///
    /// # Errors
    /// Returns an error if the API cannot be reached or rejects the request.
    pub async fn list(&self, organization: bool) -> Result<Listing<T>, Error> {
        let request = list_request::<T>();
        let request = if organization { request.query("include_org", "true") } else { request };
        fetch(self.api, request, T::WRAPPERS, T::read).await
    }

    /// Lists the user's own objects and those of the organization, without duplicates, and reports whether the list is complete.
    /// Concurrent callers share the two requests, which always start after the call. A long list is not asked for again at once:
    /// a millisecond passes for each of its objects, three seconds at most.
    ///
    /// # Errors
    /// Returns an error if the API cannot be reached or rejects the request.
    pub async fn listing(&self) -> Result<Arc<Listing<T>>, Error> {
        let query = async {
            let own = self.list(false).await?;
            Ok(if T::HAS_ORGANIZATION_LIST { own.merge(self.list(true).await?, T::id) } else { own })
        };
        let operation = list_request::<T>().operation();
        let rest = |listing: &Listing<T>| {
            let objects = u32::try_from(listing.items.len()).unwrap_or(u32::MAX);
            REST_FOR_EACH.saturating_mul(objects).min(LONGEST_REST)
        };
        // Boxed, as it would be a large part of the future of every operation.
        Box::pin(self.api.client().single_flight().run(&operation, self.api.scope(), rest, query)).await
    }

    /// Returns the objects of a name: at most one if names are unique, unless the user and the organization have one each. The
    /// API may trim names. Tombstones are left out.
    ///
    /// # Errors
    /// Returns an error if the API cannot be reached or rejects the request.
    pub async fn find(&self, name: &str) -> Result<Listing<T>, Error> {
        let listing = self.listing().await?;
        let has_name = |object: &&T| object.name().is_some_and(|other| other.trim() == name.trim());
        let items = listing.items.iter().filter(has_name).filter(|object| !object.is_deleted()).cloned().collect();
        Ok(Listing { items, completeness: listing.completeness.clone() })
    }

    /// Notes an object that was read by itself.
    fn take_read(&self, object: &T) {
        self.api.client().bulk().kind::<T>().state().take_read(object);
    }

    /// Reads one object, and returns it with the operation that read it. Its id is empty if the response contains none.
    async fn read_one(&self, info: &[&str], id_or_name: &str) -> Result<(T, String), Error> {
        let request = ApiRequest::get(&[info, &[id_or_name]].concat());
        let operation = request.operation();
        let body = self.api.send(request).await?.body;
        match T::read(&body).or_else(|| read_without_id(&body)) {
            Some(object) => Ok((object, operation)),
            None => Err(Error::invalid_response(operation, "the response contains no object")),
        }
    }
}

pub(crate) fn list_request<T: ApiObject>() -> ApiRequest {
    ApiRequest::get(T::LIST)
}

/// Reads an object without an id. `None` if the response contains no field of such an object, for example only a message or an
/// error.
fn read_without_id<T: ApiObject>(body: &Value) -> Option<T> {
    let id = || ("id".to_owned(), Value::from("-"));
    let nothing = T::read(&Value::from_iter([id()]));
    let read = |inner: &Value| {
        let mut fields = inner.as_object()?.clone();
        fields.retain(|_, value| !value.is_null());
        fields.extend([id()]);
        T::read(&Value::Object(fields)).filter(|object| Some(object) != nothing.as_ref())
    };
    let inner = body.as_object()?.values().filter(|value| value.is_object());
    let object = inner.chain([body]).find_map(read);
    object.map(|object| object.with_id(String::new()))
}

#[cfg(test)]
mod tests;
