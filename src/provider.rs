//! The provider: its configuration, and the list of its objects.

use std::path::{Path, PathBuf};
use std::time::Duration;

use async_trait::async_trait;
use tensorpool::{Client, Cluster, Config, Volume};
use terraform_plugin::schema::Schema;
use terraform_plugin::{Configure, Diagnostics, Objects, Provider};
use tokio_util::sync::CancellationToken;

use crate::cluster::{ClusterDataSource, ClusterModel, ClustersDataSource};
use crate::configuration::{self, ProviderModel};
use crate::credentials::{self, Validation};
use crate::deletion_protection::SetDeletionProtectionAction;
use crate::endpoint::{Endpoint, PLAIN_HTTP_VARIABLE};
use crate::functions::{FormatInstanceType, ParseInstanceType, SshKeyFingerprint};
use crate::instance::{SshCommandDataSource, SshCommandsDataSource};
use crate::job::{CancelJobAction, JobDataSource, JobsDataSource};
use crate::journal::{self, Journal, Origin, Settings};
use crate::object_storage::{CredentialsEphemeral, ObjectStorageDataSource, ObjectStorageResource, RotateKeysAction};
use crate::object_storage_bucket::{BucketList, BucketResource, BucketsDataSource};
use crate::organization::OrganizationDataSource;
use crate::provisioned::{self, List, ProvisionedResource};
use crate::quote::{ClusterQuoteDataSource, StorageQuoteDataSource};
use crate::request::{ClusterOperationsDataSource, RequestDataSource};
use crate::session::Session;
use crate::ssh_key::{SshKeyDataSource, SshKeyList, SshKeyResource, SshKeysDataSource};
use crate::storage::{StorageDataSource, StorageModel, StoragesDataSource};
use crate::storage_attachment::{AttachmentList, AttachmentResource};
use crate::timeouts;
use crate::user::UserDataSource;
use crate::user_preferences::{UserPreferencesDataSource, UserPreferencesResource};

/// The provider's address, in the registry of Terraform as in that of OpenTofu.
pub const ADDRESS: &str = "tensorpool/tensorpool";

const JOURNAL_VARIABLE: &str = "TENSORPOOL_JOURNAL";
const USER_AGENT_VARIABLE: &str = "TF_APPEND_USER_AGENT";

/// The provider. The environment is passed in, so that tests have their own.
pub struct TensorPool {
    environment: fn(&str) -> Option<String>,
}

impl TensorPool {
    /// The provider, with the environment of this process.
    #[must_use]
    pub fn from_process() -> Self {
        Self { environment: |name| std::env::var(name).ok() }
    }

    /// The provider in another environment.
    #[cfg(test)]
    pub(crate) fn in_environment(environment: fn(&str) -> Option<String>) -> Self {
        Self { environment }
    }

    fn variable(&self, name: &str) -> Option<String> {
        (self.environment)(name).filter(|value| !value.is_empty())
    }

    /// The journal of creates. It is in Terraform's data directory, unless the user names another or switches it off.
    fn journal(&self, endpoint: &str, api: &Client) -> Journal {
        let data_directory = self.variable("TF_DATA_DIR").map_or_else(|| PathBuf::from(".terraform"), PathBuf::from);
        let directory = match self.variable(JOURNAL_VARIABLE) {
            Some(value) if value.eq_ignore_ascii_case("off") => return Journal::off(),
            Some(directory) => PathBuf::from(directory),
            None => data_directory.join("tensorpool").join("journal"),
        };
        let workspace = self.variable("TF_WORKSPACE");
        let key = api.key_fingerprint();
        let origin = Origin::read(&data_directory, Path::new("."), workspace.as_deref(), endpoint, &key, None);
        Journal::new(Settings { directory, origin })
    }
}

#[async_trait]
impl Provider for TensorPool {
    type Config = ProviderModel;
    type Session = Session;

    fn schema(&self) -> Schema {
        configuration::schema()
    }

    async fn configure(&self, request: Configure<ProviderModel>) -> Result<Session, Diagnostics> {
        let config = request.config.clone();
        let defaults = config.defaults();
        // What is unknown must not be replaced by another credential or another host.
        if let Some(attribute) = config.unknown() {
            return Ok(Session::unknown(attribute, defaults));
        }
        let key = credentials::api_key(config.api_key, |name| self.variable(name))?;
        let endpoint = Endpoint::find(config.endpoint, |name| self.variable(name));
        let mut user_agent = format!(
            "Terraform/{} terraform-provider-tensorpool/{}",
            request.terraform_version,
            env!("CARGO_PKG_VERSION")
        );
        if let Some(more) = self.variable(USER_AGENT_VARIABLE) {
            user_agent = format!("{user_agent} {more}");
        }
        let plain_http_host = config.allow_plain_http_host.into_known().or_else(|| self.variable(PLAIN_HTTP_VARIABLE));
        let mut client = Config::with_plain_http_host(key, &endpoint.url, plain_http_host.as_deref())
            .map_err(|error| endpoint.refused(&error))?
            .endpoint_source(&endpoint.source)
            .user_agent(user_agent)
            .client_type("terraform");
        if let Some(seconds) = config.request_timeout.into_known().and_then(|seconds| seconds.try_into().ok()) {
            client = client.request_timeout(Duration::from_secs(seconds));
        }
        if let Some(retries) = config.max_retries.into_known().and_then(|retries| retries.try_into().ok()) {
            client = client.max_retries(retries);
        }
        let client = Client::new(client).map_err(|error| endpoint.refused(&error))?;
        let journal = self.journal(&endpoint.url, &client);
        let validation = Validation::new(config.skip_credentials_validation.is_true());
        let session = Session::new(client, validation, defaults, journal);
        for warning in orphan_warnings(&session, &request.stop).await {
            request.warn(warning);
        }
        Ok(session)
    }

    fn objects(&self) -> Objects<Session> {
        Objects::new()
            // Clusters, their nodes, and what was asked of TensorPool about them.
            .resource(ProvisionedResource::<ClusterModel>::new())
            .data_source(ClusterDataSource)
            .data_source(ClustersDataSource)
            .list_resource(List::<ClusterModel>::new())
            .data_source(ClusterQuoteDataSource)
            .data_source(ClusterOperationsDataSource)
            .data_source(RequestDataSource)
            .data_source(SshCommandDataSource)
            .data_source(SshCommandsDataSource)
            // Storage volumes and their attachments to clusters.
            .resource(ProvisionedResource::<StorageModel>::new())
            .data_source(StorageDataSource)
            .data_source(StoragesDataSource)
            .list_resource(List::<StorageModel>::new())
            .data_source(StorageQuoteDataSource)
            .resource(AttachmentResource)
            .list_resource(AttachmentList)
            // The deletion protection of both.
            .action(SetDeletionProtectionAction)
            // Jobs.
            .data_source(JobDataSource)
            .data_source(JobsDataSource)
            .action(CancelJobAction)
            // SSH keys of the account.
            .resource(SshKeyResource)
            .data_source(SshKeyDataSource)
            .data_source(SshKeysDataSource)
            .list_resource(SshKeyList)
            // Object storage of the organization, and its buckets.
            .resource(ObjectStorageResource)
            .data_source(ObjectStorageDataSource)
            .ephemeral_resource(CredentialsEphemeral)
            .action(RotateKeysAction)
            .resource(BucketResource)
            .data_source(BucketsDataSource)
            .list_resource(BucketList)
            // The user and the organization.
            .data_source(UserDataSource)
            .resource(UserPreferencesResource)
            .data_source(UserPreferencesDataSource)
            .data_source(OrganizationDataSource)
            // Functions, which ask the API nothing.
            .function(ParseInstanceType)
            .function(FormatInstanceType)
            .function(SshKeyFingerprint)
    }
}

/// Warnings about the objects of runs that died, and about entries of the journal that cannot be read.
async fn orphan_warnings(session: &Session, stop: &CancellationToken) -> Diagnostics {
    let mut warnings = journal::corrupt(session.journal()).await;
    if let Ok(api) = session.api(timeouts::LOOK_UP, stop) {
        warnings.extend(provisioned::orphan_warnings::<Cluster>(session, &api, stop).await);
        warnings.extend(provisioned::orphan_warnings::<Volume>(session, &api, stop).await);
    }
    warnings
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use serde_json::{Value as Json, json};
    use tensorpool::Secret;
    use terraform_plugin::testing::{InProcess, UNKNOWN};

    use super::*;
    use crate::credentials::KEY_VARIABLE;
    use crate::journal::Intent;

    async fn configure(environment: fn(&str) -> Option<String>, config: Json) -> Result<Arc<Session>, Diagnostics> {
        let configured = InProcess::new(TensorPool { environment }).configure(config).await?;
        Ok(configured.session().expect("it is configured"))
    }

    fn is_ready(session: &Session) -> bool {
        session.api(Duration::from_secs(1), &CancellationToken::new()).is_ok()
    }

    fn path(result: Result<Arc<Session>, Diagnostics>) -> Option<String> {
        let diagnostics = result.err()?;
        diagnostics.iter().next()?.path.as_ref().map(ToString::to_string)
    }

    #[test]
    fn nothing_is_wrong_with_what_the_provider_declares() {
        assert_eq!(terraform_plugin::validate_implementation(&TensorPool::from_process()), []);
    }

    #[tokio::test]
    async fn a_missing_key_is_reported_once_at_its_attribute() {
        assert_eq!(path(configure(|_| None, json!({})).await).as_deref(), Some("api_key"));
    }

    #[tokio::test]
    async fn the_environment_has_the_key() {
        let environment = |name: &str| (name == KEY_VARIABLE).then(|| "k".to_owned());
        assert!(configure(environment, json!({})).await.is_ok_and(|session| is_ready(&session)));
    }

    #[tokio::test]
    async fn an_unknown_key_is_not_replaced_and_fails_only_when_it_is_needed() {
        let config = json!({ "api_key": UNKNOWN });
        let session = configure(|_| Some("k".to_owned()), config).await.expect("not an error yet");
        assert!(!is_ready(&session));
    }

    #[tokio::test]
    async fn plain_http_elsewhere_is_refused_at_the_endpoint() {
        let result = configure(|_| None, json!({ "api_key": "k", "endpoint": "http://example.org" }));
        assert_eq!(path(result.await).as_deref(), Some("endpoint"));
    }

    #[tokio::test]
    async fn plain_http_is_allowed_to_the_host_that_the_environment_names() {
        let environment = |name: &str| (name == PLAIN_HTTP_VARIABLE).then(|| "tp.internal".to_owned());
        let at = |endpoint: &str| json!({ "api_key": "k", "endpoint": endpoint });
        assert!(configure(environment, at("http://tp.internal:8080")).await.is_ok());
        assert!(configure(environment, at("http://example.org")).await.is_err());
    }

    fn directory() -> PathBuf {
        std::env::temp_dir().join(format!("tensorpool-provider-journal-{}", std::process::id()))
    }

    #[tokio::test]
    async fn the_journal_is_kept_where_the_environment_says() {
        let configuration = serde_json::Value::Null;
        let intent = Intent { type_name: "t", name: "n", generated: false, configuration: &configuration };
        let begins = async |environment: fn(&str) -> Option<String>| {
            let config = Config::new(Secret::new("k"), "https://a").expect("it can work");
            let api = Client::new(config).expect("a client can be built");
            let journal = TensorPool { environment }.journal("https://a", &api);
            journal.begin(&intent).await.expect("it can be written").is_some()
        };
        assert!(!begins(|name| (name == JOURNAL_VARIABLE).then(|| "OFF".to_owned())).await);
        let elsewhere = |name: &str| (name == JOURNAL_VARIABLE).then(|| directory().join("a/b").display().to_string());
        assert!(begins(elsewhere).await);
        assert!(
            std::fs::read_dir(directory().join("a/b")).is_ok_and(|files| files.count() == 2),
            "an entry and a lock"
        );
        std::fs::remove_dir_all(directory()).expect("it can be removed");
        let in_data_directory = |name: &str| (name == "TF_DATA_DIR").then(|| directory().display().to_string());
        assert!(begins(in_data_directory).await);
        assert!(directory().join("tensorpool/journal").is_dir());
        std::fs::remove_dir_all(directory()).expect("it can be removed");
    }
}
