//! How the objects of the journal's entries are looked up.

use std::marker::PhantomData;
use std::time::SystemTime;

use async_trait::async_trait;
use tensorpool::{Api, Error, Waited};

use super::Object;
use super::target::ObjectWitness;
use crate::evidence::times::lag_left;
use crate::evidence::{self, AccountMark, Doubt, Presence, Unfinished, Visible};
use crate::incomplete_list;
use crate::journal::{self, Lookup};

/// Looks up what earlier runs created, with the API and within the bounds of an operation.
pub(super) struct Known<'a, O> {
    api: &'a Api,
    /// Whether an object that reads may not show yet is waited for.
    waits: bool,
    object: PhantomData<fn() -> O>,
}

impl<'a, O: Object> Known<'a, O> {
    /// For a report, which waits for nothing.
    pub fn reporting(api: &'a Api) -> Self {
        Self { api, waits: false, object: PhantomData }
    }

    /// For a create, which waits until it is certain.
    pub fn certain(api: &'a Api) -> Self {
        Self { waits: true, ..Self::reporting(api) }
    }

    /// The object of this id, which was created by a time.
    pub async fn object(&self, id: &str, created_by: Option<SystemTime>) -> Result<Presence<O>, Error> {
        let witness = ObjectWitness::<O>::new(id);
        // The journal asks only for what this account wrote, so that the mark is that of now.
        let mark = AccountMark::of(self.api);
        let left = lag_left(created_by, SystemTime::now());
        if left.is_zero() {
            return evidence::presence(&witness, Some(&mark), Unfinished::No, self.api).await;
        }
        if !self.waits {
            return evidence::presence(&witness, Some(&mark), Unfinished::Recent, self.api).await;
        }
        let name = "searching for what an earlier run created";
        let visible = Visible { name, pending: "not found yet", witness: &witness, api: self.api };
        match self.api.within(left).wait_until_deadline(&visible).await? {
            Waited::Done(object) => Ok(Presence::Found(object)),
            // The whole operation has no more time, and a doubt is not dispelled.
            Waited::TimedOut { .. } if self.api.scope().remaining().is_zero() => {
                Ok(Presence::Unproved(Doubt::ReadsMayLag))
            }
            Waited::TimedOut { .. } => evidence::presence(&witness, Some(&mark), Unfinished::No, self.api).await,
        }
    }
}

#[async_trait]
impl<O: Object> Lookup for Known<'_, O> {
    const TYPE_NAME: &'static str = O::DESCRIPTOR.type_name;
    const NOUN: &'static str = O::DESCRIPTOR.noun;

    async fn presence(&self, id: &str, created_by: Option<SystemTime>) -> Result<journal::Presence, Error> {
        Ok(match self.object(id, created_by).await? {
            Presence::Found(_) => journal::Presence::Found,
            Presence::Absent => journal::Presence::Absent,
            Presence::Unproved(_) => journal::Presence::Unproved,
        })
    }

    async fn ids_of_name(&self, name: &str) -> Result<Vec<String>, Error> {
        let found = self.api.objects::<O>().find(name).await?;
        if found.items.is_empty() {
            incomplete_list::ensure_complete(&found, self.api, O::DESCRIPTOR.plural).await?;
        }
        Ok(found.items.iter().map(|object| object.id().to_owned()).collect())
    }
}
