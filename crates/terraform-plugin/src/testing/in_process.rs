//! A provider, called as Terraform calls it, in the process of the test.

use std::sync::Arc;

use super::config::{Config, UNKNOWN};
use super::decode::decode;
use super::response::shown;
use super::version::{NEWEST, Version};
use crate::diagnostic::Diagnostics;
use crate::framework::Declared;
use crate::provider::Provider;
use crate::value::Value;
use crate::wire::{Client, Local};

/// A provider that a test calls as Terraform calls it, without a Terraform and without a process of its own.
///
/// Every call is the message that Terraform would send, and goes through all of the framework: configurations are validated, plans
/// computed and checked, states kept whatever happens, panics reported. What Terraform itself does stands between the calls: it reads
/// an object before it plans it, proposes a new state, plans a replacement twice and every change once more before it applies it, and
/// compares what is planned with what was planned.
///
/// Clones are the same provider. All calls of a test are calls of one process, while Terraform starts one for each of its steps.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/src/testing/books.rs"));
/// use serde_json::json;
/// use terraform_plugin::testing::{Config, InProcess, PlannedAction};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() {
/// let provider = InProcess::new(Books).configure(Config::empty()).await.unwrap();
/// let book = provider.resource("books_book");
///
/// let config = json!({ "isbn": "9780131103627", "title": "The C Programming Language" });
/// let created = book.create(config.clone()).await.ok();
/// assert_eq!(created["id"], "book-1".into());
/// assert!(book.plan(&created, config).await.ok().is_empty());
///
/// let config = json!({ "isbn": "9780131103627", "title": "C" });
/// let updated = book.apply(&created, config).await.ok();
/// assert_eq!(updated["id"], "book-1".into());
///
/// let config = json!({ "isbn": "9781593278281", "title": "The Rust Programming Language" });
/// let plan = book.plan(&updated, config).await.ok();
/// assert_eq!(plan.action(), PlannedAction::Replace);
/// assert_eq!(plan.requires_replace()[0].to_string(), "isbn");
/// assert!(plan["id"].is_unknown());
///
/// book.destroy(&updated).await.ok();
/// assert_eq!(book.import("book-1").await.error("No such book").detail, "There is no book book-1.");
/// # }
/// ```
pub struct InProcess<P: Provider> {
    pub(super) local: Arc<Local<P>>,
    version_text: String,
    pub(super) version: Version,
    meta: Value,
    warnings: Diagnostics,
}

impl<P: Provider> Clone for InProcess<P> {
    fn clone(&self) -> Self {
        let Self { local, version_text, version, meta, warnings } = self;
        let (local, version_text, meta) = (Arc::clone(local), version_text.clone(), meta.clone());
        Self { local, version_text, version: *version, meta, warnings: warnings.clone() }
    }
}

impl<P: Provider> InProcess<P> {
    /// A provider that is not configured yet, and a Terraform of the newest version.
    ///
    /// # Panics
    /// If there are mistakes in what the provider declares: Terraform would refuse all of it. See
    /// [`validate_implementation`](crate::validate_implementation()).
    #[must_use]
    #[track_caller]
    pub fn new(provider: P) -> Self {
        let local = Local::new(provider);
        let mistakes: Vec<_> = local.served().mistakes().iter().map(|one| format!("\n  {one}")).collect();
        assert!(mistakes.is_empty(), "the provider has mistakes, and cannot be used:{}", mistakes.concat());
        let version = Version::parse(NEWEST).unwrap_or_else(|| unreachable!("it is a version"));
        let (version_text, warnings) = (NEWEST.to_owned(), Diagnostics::new());
        Self { local: Arc::new(local), version_text, version, meta: Value::Null, warnings }
    }

    /// With a Terraform of this version, for example `1.11.4`: what it cannot do, the provider does not see. It only matters for
    /// what stands behind it, so it comes before [`configure`](Self::configure).
    ///
    /// # Panics
    /// If it is no version.
    #[must_use]
    #[track_caller]
    pub fn terraform(mut self, version: &str) -> Self {
        let deferral = self.version.capabilities.deferral;
        let Some(parsed) = Version::parse(version) else { panic!("{version:?} is no version of Terraform") };
        self.version = parsed;
        self.version.capabilities.deferral = deferral;
        version.clone_into(&mut self.version_text);
        self
    }

    /// With a Terraform that lets calls be put off, as no released one does.
    #[must_use]
    pub fn deferring(mut self) -> Self {
        self.version.capabilities.deferral = true;
        self
    }

    /// The `provider_meta` block of the module, for the calls from here on.
    ///
    /// # Panics
    /// If the provider has none, or this does not fit its schema.
    #[must_use]
    #[track_caller]
    pub fn provider_meta(mut self, meta: impl Into<Config>) -> Self {
        let Some(declared) = &self.local.served().meta else { panic!("the provider has no provider_meta block") };
        self.meta = fitted(declared, meta.into());
        self
    }

    /// Validates a `provider` block, and configures the provider with it, as often as one likes. What it does not mention is null; a
    /// provider without configuration takes [`Config::empty`].
    ///
    /// # Errors
    /// With everything that was reported, if it fails.
    pub async fn configure(mut self, config: impl Into<Config>) -> Result<Self, Diagnostics> {
        let config = decode(&self.local.served().declared.schema, config.into().into_value())?;
        let mut reported = self.local.validate_provider(&config).await;
        if !reported.has_errors() {
            let capabilities = self.version.capabilities;
            reported.extend(self.local.configure(&config, &self.version_text, capabilities).await);
        }
        if reported.has_errors() {
            return Err(reported);
        }
        self.warnings = reported;
        Ok(self)
    }

    /// What the last configuration warned of.
    #[must_use]
    pub fn warnings(&self) -> &Diagnostics {
        &self.warnings
    }

    /// What the provider's `configure` returned; absent before it ran.
    #[must_use]
    pub fn session(&self) -> Option<Arc<P::Session>> {
        self.local.session()
    }

    /// Stops the calls that run, as Terraform does when the user interrupts it: their
    /// [`stop`](crate::Operation::stop) tokens are cancelled. Later calls run.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/src/testing/books.rs"));
    /// use serde_json::json;
    /// use terraform_plugin::testing::{Config, InProcess};
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() {
    /// # let provider = InProcess::new(Books).configure(Config::empty()).await.unwrap();
    /// # let book = provider.resource("books_book");
    /// let config = json!({ "isbn": "9780131103627", "title": "C" });
    /// let (created, ()) = tokio::join!(book.create(config), provider.stop());
    /// # _ = created;
    /// # }
    /// ```
    pub async fn stop(&self) {
        self.local.stop().await;
    }

    /// What the user's Ctrl-C does to the process of the provider, in addition to what Terraform does: calls that only read end,
    /// and later ones do not begin. It cannot be taken back.
    pub fn interrupt(&self) {
        self.local.interrupt();
    }

    pub(super) fn client(&self) -> Client<'_> {
        Client { capabilities: self.version.capabilities, meta: &self.meta }
    }
}

/// A value that a test wrote, as one of the type of a schema.
///
/// # Panics
/// If it does not fit.
#[track_caller]
pub(super) fn fitted(declared: &Declared, written: Config) -> Value {
    let name = declared.name;
    let value = decode(&declared.schema, written.into_value())
        .unwrap_or_else(|errors| panic!("this is no value of {name}{}", shown(&errors)));
    assert!(value.is_wholly_known(), "a value of {name} in a state is known; this one has {UNKNOWN}");
    value
}
