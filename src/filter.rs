//! Filters of lists: data sources of several objects, and list resources.

use tensorpool::{Api, ApiObject};
use terraform_plugin::schema::Attribute;
use terraform_plugin::{Attr, Diagnostics};

use crate::errors::{Subject, Verb};

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
    /// Lists the objects that pass, in the order of their ids: the API promises no order, and one that varies would show up as
    /// a change. `noun` is what messages call them. Tombstones are left out.
    ///
    /// # Errors
    /// When the API cannot be asked.
    pub async fn list<T: ApiObject>(&self, api: &Api, noun: &'static str) -> Result<Vec<T>, Diagnostics> {
        let objects = api.objects::<T>();
        let found = if self.include_org.is_true() { objects.list_all().await } else { objects.list(false).await };
        let mut found = found.map_err(|error| Subject::new(Verb::LookUp, noun).failed(&error))?;
        let part = self.name_contains.as_str();
        let has_part = |object: &T| part.is_none_or(|part| object.name().is_some_and(|name| name.contains(part)));
        found.retain(|object| !object.is_deleted() && has_part(object));
        found.sort_by(|a, b| a.id().cmp(b.id()));
        Ok(found)
    }
}
