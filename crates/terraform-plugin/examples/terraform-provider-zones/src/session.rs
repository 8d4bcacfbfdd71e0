//! What every operation of the provider works with.

use terraform_plugin::{CancellationToken, Diagnostic, Diagnostics};

use crate::client::Client;

/// The client, unless the provider's configuration is not known yet: while Terraform plans, the token may come from a resource that
/// does not exist yet. That is an error of what needs the API in the plan, and of nothing else.
pub struct Session(Option<Client>);

impl Session {
    pub fn new(client: Client) -> Self {
        Self(Some(client))
    }

    pub fn not_known_yet() -> Self {
        Self(None)
    }

    /// The client for one operation.
    pub fn client(&self, stop: &CancellationToken) -> Result<Client, Diagnostics> {
        let client = self.0.as_ref().map(|client| client.until(stop));
        client.ok_or_else(|| {
            let detail = "The endpoint or the token of the provider is made by a resource that is not applied yet. Apply that \
                          resource first, with terraform apply -target.";
            Diagnostic::error("Provider configuration not known yet", detail).into()
        })
    }
}
