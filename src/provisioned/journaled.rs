//! How the objects of the journal's entries are looked up.

use std::marker::PhantomData;
use std::time::SystemTime;

use async_trait::async_trait;
use tensorpool::{Client, Error, ErrorKind, Progress, Scope, Tolerance};

use super::Object;
use super::target::ObjectWitness;
use crate::evidence::times::lag_left;
use crate::evidence::{self, AccountMark, Doubt, Presence, Unfinished, Witness as _};
use crate::journal::{self, Lookup};

/// Looks up what earlier runs created, with the API and within the bounds of an operation.
pub(super) struct Known<'a, O> {
    api: &'a Client,
    scope: &'a Scope,
    /// Whether an object that reads may not show yet is waited for.
    waits: bool,
    object: PhantomData<fn() -> O>,
}

impl<'a, O: Object> Known<'a, O> {
    /// For a report, which waits for nothing.
    pub fn reporting(api: &'a Client, scope: &'a Scope) -> Self {
        Self { api, scope, waits: false, object: PhantomData }
    }

    /// For a create, which waits until it is certain.
    pub fn certain(api: &'a Client, scope: &'a Scope) -> Self {
        Self { waits: true, ..Self::reporting(api, scope) }
    }

    /// The object of this id, which was created by a time.
    pub async fn object(&self, id: &str, created_by: Option<SystemTime>) -> Result<Presence<O>, Error> {
        let witness = ObjectWitness::<O>::new(self.api, id);
        // The journal asks only for what this account wrote, so that the mark is that of now.
        let mark = AccountMark::of(self.api);
        let left = lag_left(created_by, SystemTime::now());
        if left.is_zero() {
            return evidence::presence(&witness, Some(&mark), Unfinished::No, self.scope).await;
        }
        if !self.waits {
            return evidence::presence(&witness, Some(&mark), Unfinished::Recent, self.scope).await;
        }
        let check = || async {
            let found = witness.read(self.scope).await?;
            Ok(found.map_or_else(|| Progress::Pending("not found yet".to_owned()), Progress::Done))
        };
        let limit = self.scope.within(left);
        match tensorpool::wait_until("searching for what an earlier run created", Tolerance::NONE, &limit, check).await
        {
            Ok(object) => Ok(Presence::Found(object)),
            Err(error) if error.kind() != ErrorKind::Deadline => Err(error),
            // The whole operation has no more time, and a doubt is not dispelled.
            Err(_) if self.scope.remaining().is_zero() => Ok(Presence::Unproved(Doubt::ReadsMayLag)),
            Err(_) => evidence::presence(&witness, Some(&mark), Unfinished::No, self.scope).await,
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
        let found = O::find(self.api, name, self.scope).await?;
        Ok(found.iter().map(|object| object.id().to_owned()).collect())
    }
}
