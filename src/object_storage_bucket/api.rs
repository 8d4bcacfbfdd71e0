//! What is asked of the API about one bucket. It has no call for one bucket, so the list is read.

use async_trait::async_trait;
use tensorpool::{Api, Bucket, Created, Error};

use crate::create_once::{Creator, Named};
use crate::evidence::{ListEvidence, Witness};

/// The bucket of a name.
pub(super) struct BucketOfName<'a> {
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

    async fn read(&self, api: &Api) -> Result<Option<Bucket>, Error> {
        Ok(api.object_storage().buckets().await?.items.into_iter().find(|bucket| self.is_it(bucket)))
    }

    async fn list(&self, api: &Api) -> Result<ListEvidence, Error> {
        let listing = api.object_storage().buckets().await?;
        Ok(ListEvidence::of(&listing, |bucket| self.is_it(bucket)))
    }
}

#[async_trait]
impl Creator for BucketOfName<'_> {
    async fn send(&self, api: &Api) -> Result<Created, Error> {
        api.object_storage().create_bucket(self.name).await?;
        Ok(Created::at_once(self.name))
    }

    async fn named(&self, api: &Api) -> Result<Named, Error> {
        let listing = api.object_storage().buckets().await?;
        Ok(Named::of(&listing, |bucket| self.is_it(bucket), |bucket| &bucket.name, api).await)
    }
}
