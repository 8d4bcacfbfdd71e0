//! What a provider says about itself.

use std::path::Path;

use crate::plugin::Plugin;
use crate::proto::tfplugin6 as pb;

/// What a provider says about itself: its schemas, functions and identities, as every client gets them.
#[derive(Clone, Debug, Default)]
pub struct Declared {
    /// The name of the provider, with which the names of its objects begin.
    pub name: String,
    /// The schemas of its objects.
    pub schemas: pb::get_provider_schema::Response,
    /// The identities of its resources.
    pub identities: pb::get_resource_identity_schemas::Response,
}

impl Declared {
    /// Starts the program of a provider, and asks it.
    ///
    /// # Panics
    /// If it does not answer, or says that its schemas are wrong.
    pub async fn of(name: &str, program: &Path) -> Self {
        let plugin = Plugin::start(program).await;
        let mut client = plugin.client().await;
        let schemas = client.get_provider_schema(pb::get_provider_schema::Request {}).await;
        let schemas = schemas.expect("it answers with its schemas").into_inner();
        assert!(schemas.diagnostics.is_empty(), "{:?}", schemas.diagnostics);
        let identities = client.get_resource_identity_schemas(pb::get_resource_identity_schemas::Request {}).await;
        let identities = identities.expect("it answers with its identities").into_inner();
        Self { name: name.to_owned(), schemas, identities }
    }
}
