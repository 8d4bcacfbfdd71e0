//! What a create needs of the API: how it is sent, and which objects have its name.

use async_trait::async_trait;
use tensorpool::{Api, Completeness, Created, Error, Listing};

/// What a create needs of the API.
#[async_trait]
pub trait Creator: Send + Sync {
    /// Sends the create.
    async fn send(&self, api: &Api) -> Result<Created, Error>;
    /// The objects that have the name now, also in a spelling of the API's.
    async fn named(&self, api: &Api) -> Result<Named, Error>;
}

/// An object that a search by name found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// Its id.
    pub id: String,
    /// Whether it can be what was asked for, as far as the API returns it.
    pub fits: bool,
}

/// The objects of a name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Named {
    /// Those that were found.
    pub candidates: Vec<Candidate>,
    /// Whether the list in which they were searched for is complete, so that what is not in it does not exist.
    pub complete: bool,
}

impl Named {
    /// Those of a list that `is_it` recognises, all of which can be what was asked for.
    pub async fn of<T>(listing: &Listing<T>, is_it: impl Fn(&T) -> bool, id: impl Fn(&T) -> &str, api: &Api) -> Self {
        let named = listing.items.iter().filter(|item| is_it(item));
        let candidates = named.map(|item| Candidate { id: id(item).to_owned(), fits: true }).collect();
        Self { candidates, complete: is_complete(&listing.completeness, api).await }
    }
}

/// Whether what is not in a list is not there. A list that answers 404 is an empty one if the API is there at all.
pub async fn is_complete(completeness: &Completeness, api: &Api) -> bool {
    match completeness {
        Completeness::Complete => true,
        Completeness::NotFound => api.account().await.is_ok(),
        Completeness::Incomplete(_) => false,
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use tensorpool::Scope;
    use tensorpool_simulator::{Options, Simulator};

    use super::*;
    use crate::testing::{KEY, client};

    #[tokio::test]
    async fn a_list_that_is_not_found_is_an_empty_one_if_the_api_is_there() {
        let options = Options { listen: ([127, 0, 0, 1], 0).into(), api_key: KEY.to_owned(), ..Options::default() };
        let cloud = Simulator::spawn(options).expect("the simulator starts");
        let api = |url: &str| client(url).scoped(Scope::detached(Duration::from_secs(20)));
        let here = api(&cloud.url());
        let elsewhere = api(&format!("{}/elsewhere", cloud.url()));
        let cut = || Completeness::Incomplete("there is more".to_owned());
        let table = [
            (&here, Completeness::Complete, true),
            (&here, Completeness::NotFound, true),
            (&here, cut(), false),
            (&elsewhere, Completeness::Complete, true),
            (&elsewhere, Completeness::NotFound, false),
            (&elsewhere, cut(), false),
        ];
        for (api, completeness, expected) in table {
            assert_eq!(is_complete(&completeness, api).await, expected, "{completeness:?}");
            let listing = Listing { items: vec![1, 2], completeness };
            let named = Named::of(&listing, |item| *item == 2, |_| "c-2", api).await;
            let candidates = vec![Candidate { id: "c-2".to_owned(), fits: true }];
            assert_eq!(named, Named { candidates, complete: expected });
        }
    }
}
