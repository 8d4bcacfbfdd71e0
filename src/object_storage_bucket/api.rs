//! What is asked of the API about one bucket. It has no call for one bucket, so the list is read.

use async_trait::async_trait;
use tensorpool::{Bucket, Client, Error, Scope};

use crate::create_once::{Created, Creator, Named};
use crate::evidence::{AccountMark, ListEvidence, Witness};

/// The bucket of a name.
pub(super) struct BucketOfName<'a> {
    pub api: &'a Client,
    pub name: &'a str,
}

impl BucketOfName<'_> {
    fn is_it(&self, bucket: &Bucket) -> bool {
        bucket.name == self.name
    }
}

#[async_trait]
impl Witness for BucketOfName<'_> {
    type Object = Bucket;

    async fn read(&self, scope: &Scope) -> Result<Option<Bucket>, Error> {
        Ok(self.api.object_storage().buckets(scope).await?.into_iter().find(|bucket| self.is_it(bucket)))
    }

    async fn list(&self, scope: &Scope) -> Result<ListEvidence, Error> {
        let listing = self.api.object_storage().bucket_listing(scope).await?;
        Ok(ListEvidence::of(&listing, |bucket| self.is_it(bucket)))
    }

    async fn control(&self, scope: &Scope) -> Result<AccountMark, Error> {
        AccountMark::control(self.api, scope).await
    }
}

#[async_trait]
impl Creator for BucketOfName<'_> {
    async fn send(&self, scope: &Scope) -> Result<Created, Error> {
        self.api.object_storage().create_bucket(self.name, scope).await?;
        Ok(Created { id: self.name.to_owned(), request_id: None })
    }

    async fn named(&self, scope: &Scope) -> Result<Named, Error> {
        let listing = self.api.object_storage().bucket_listing(scope).await?;
        Ok(Named::of(&listing, |bucket| self.is_it(bucket), |bucket| &bucket.name, self.api, scope).await)
    }
}
