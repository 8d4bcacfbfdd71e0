//! The objects of a kind that exist, for `terraform query`.

use std::marker::PhantomData;

use async_trait::async_trait;
use tensorpool::ApiObject as _;
use terraform_plugin::schema::Schema;
use terraform_plugin::{Attr, Diagnostics, ListResource, Listing, Model};

use super::{Object, Provisioned};
use crate::evidence::Spelling;
use crate::filter::{self, Filter};
use crate::incomplete_list;
use crate::session::Session;
use crate::timeouts;

/// The configuration of a list.
#[derive(Clone, Debug, Model)]
pub struct ListConfig {
    include_org: Attr<bool>,
    name_contains: Attr<String>,
}

/// The list resource of a kind of object.
pub struct List<P>(PhantomData<fn() -> P>);

impl<P> List<P> {
    /// The list.
    #[must_use]
    pub const fn new() -> Self {
        Self(PhantomData)
    }
}

#[async_trait]
impl<P: Provisioned> ListResource for List<P> {
    type Session = Session;
    type Config = ListConfig;
    type Model = P;

    fn type_name(&self) -> &'static str {
        P::Object::DESCRIPTOR.type_name
    }

    fn schema(&self) -> Schema {
        Schema::new(format!("Finds your {}.", P::Object::DESCRIPTOR.plural))
            .attribute("include_org", filter::include_org_attribute())
            .attribute("name_contains", filter::name_contains_attribute())
    }

    async fn list(&self, listing: &Listing<Session, P>, config: ListConfig) -> Result<(), Diagnostics> {
        let filter = Filter { include_org: config.include_org, name_contains: config.name_contains };
        let api = listing.session().api(timeouts::READ, listing.stop())?;
        let plural = P::Object::DESCRIPTOR.plural;
        let found = filter.listing::<P::Object>(&api, plural).await?;
        incomplete_list::warn(listing, &found, plural).await;
        for object in found.items {
            let name = object.name().unwrap_or(object.id()).to_owned();
            let state = P::imported(object.id().to_owned()).refreshed(&object, &Spelling::default());
            listing.found(name, state).await;
        }
        Ok(())
    }
}
