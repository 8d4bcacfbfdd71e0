//! The handle through which everything is asked of the API: the shared client, with the scope of one operation.

use std::time::Duration;

use crate::api_request::{ApiRequest, ApiResponse};
use crate::client::Client;
use crate::error::Error;
use crate::scope::Scope;

/// The API within one operation: the shared [`Client`], and the [`Scope`] that limits every request and every wait. Cheap to
/// clone.
///
/// It has a handle for each kind of object, for example [`Api::clusters`].
#[derive(Clone, Debug)]
pub struct Api {
    client: Client,
    scope: Scope,
}

impl Client {
    /// Returns the API within a scope.
    #[must_use]
    pub fn scoped(&self, scope: Scope) -> Api {
        Api { client: self.clone(), scope }
    }
}

impl Api {
    /// Returns the client.
    #[must_use]
    pub fn client(&self) -> &Client {
        &self.client
    }

    /// Returns the scope.
    #[must_use]
    pub fn scope(&self) -> &Scope {
        &self.scope
    }

    /// Returns the API within another scope.
    #[must_use]
    pub fn with_scope(&self, scope: Scope) -> Self {
        self.client.scoped(scope)
    }

    /// Returns the API within a part of the scope, which ends after `limit`, or with the scope if that is earlier.
    #[must_use]
    pub fn within(&self, limit: Duration) -> Self {
        self.with_scope(self.scope.within(limit))
    }

    /// Returns the API within a scope that cannot be cancelled, for example to read an object once more after the user stopped
    /// the operation.
    #[must_use]
    pub fn detached(&self, limit: Duration) -> Self {
        self.with_scope(Scope::detached(limit))
    }

    /// Sends a request until it succeeds, fails permanently, or has been retried as often as configured.
    pub(crate) async fn send(&self, request: ApiRequest) -> Result<ApiResponse, Error> {
        self.client.send(request, &self.scope).await
    }

    /// Sends a request once, for callers that retry in a loop of their own.
    pub(crate) async fn send_once(&self, request: ApiRequest) -> Result<ApiResponse, Error> {
        self.client.send_once(request, &self.scope).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Config;
    use crate::secret::Secret;

    #[tokio::test(start_paused = true)]
    async fn a_part_of_the_api_ends_no_later_and_a_detached_one_has_its_own_end() {
        let config = Config::new(Secret::new("k"), "https://a").expect("it is an https URL");
        let client = Client::new(config).expect("a client can be created");
        let api = client.scoped(Scope::detached(Duration::from_secs(10)));
        assert_eq!(api.within(Duration::from_secs(4)).scope().remaining(), Duration::from_secs(4));
        assert_eq!(api.within(Duration::from_mins(1)).scope().remaining(), Duration::from_secs(10));
        assert_eq!(api.detached(Duration::from_mins(1)).scope().remaining(), Duration::from_mins(1));
    }
}
