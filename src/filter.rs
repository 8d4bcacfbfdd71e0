//! Filters of lists: data sources of several objects, and list resources.

use std::sync::Arc;

use tensorpool::{Api, ApiObject, Error, Listing};
use terraform_plugin::schema::Attribute;
use terraform_plugin::{Attr, Diagnostics};

use crate::errors::{Subject, Verb};
use crate::incomplete_list;

/// The attribute `include_org` of a list.
pub fn include_org_attribute() -> Attribute {
    Attribute::bool("Whether to list those of your organization too.").default_is("`false`").optional()
}

/// The attribute `name_contains` of a list.
pub fn name_contains_attribute() -> Attribute {
    Attribute::string("Lists only those whose name contains this text. Case matters.").optional()
}

/// What a list is filtered by.
pub struct Filter {
    /// Whether those of the organization are listed too.
    pub include_org: Attr<bool>,
    /// Lists only those whose name contains this.
    pub name_contains: Attr<String>,
}

impl Filter {
    /// All objects that pass, in the order of their ids: the API promises no order, and one that varies would show up as a change.
    /// `noun` is what messages call them. Tombstones are left out.
    ///
    /// # Errors
    /// When the API cannot be asked, or objects may be missing.
    pub async fn all<T: ApiObject>(&self, api: &Api, noun: &'static str) -> Result<Vec<T>, Diagnostics> {
        let listing = self.listing(api, noun).await?;
        Ok(incomplete_list::complete(listing, api, &Subject::new(Verb::LookUp, noun)).await?)
    }

    /// The same, also when objects may be missing.
    ///
    /// # Errors
    /// When the API cannot be asked.
    pub async fn listing<T: ApiObject>(&self, api: &Api, noun: &'static str) -> Result<Listing<T>, Diagnostics> {
        let listing = list::<T>(api, self.include_org.is_true()).await;
        let mut listing = listing.map_err(|error| Subject::new(Verb::LookUp, noun).failed(&error))?;
        let part = self.name_contains.as_str();
        let has_part = |object: &T| part.is_none_or(|part| object.name().is_some_and(|name| name.contains(part)));
        listing.items.retain(|object| !object.is_deleted() && has_part(object));
        listing.items.sort_by(|a, b| a.id().cmp(b.id()));
        Ok(listing)
    }
}

/// Lists the user's own objects, and those of the organization too if they are wanted.
///
/// # Errors
/// When the API cannot be asked.
pub async fn list<T: ApiObject>(api: &Api, include_org: bool) -> Result<Listing<T>, Error> {
    let objects = api.objects::<T>();
    if include_org { objects.listing().await.map(Arc::unwrap_or_clone) } else { objects.list(false).await }
}
