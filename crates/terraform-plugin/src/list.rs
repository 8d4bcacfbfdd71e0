//! List resources: what exists already of a resource's kind, for `terraform query`.

use std::sync::Arc;

use async_trait::async_trait;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::model::Model;
use crate::schema::Schema;
use crate::value::Value;

/// What a list operation is given, and what it hands its findings to.
pub struct Listing<C, M> {
    pub(crate) session: Arc<C>,
    pub(crate) stop: CancellationToken,
    pub(crate) limit: usize,
    pub(crate) include_resource: bool,
    pub(crate) found: mpsc::Sender<Found<M>>,
}

/// What a list operation says.
pub(crate) enum Found<M> {
    Object(Listed<M>),
    Warning(Diagnostic),
}

/// An object that a list has found: see [`Listing::found_object`].
///
/// ```
/// use terraform_plugin::{Attr, Diagnostic, Listed, Listing, Model};
///
/// #[derive(Clone, Model)]
/// struct Disk {
///     id: Attr<String>,
/// }
///
/// async fn list(listing: &Listing<(), Disk>, disks: Vec<(String, Result<bool, String>)>) {
///     for (id, read) in disks {
///         match read {
///             Ok(is_old) => {
///                 let mut disk = Listed::new(&id, Disk { id: id.clone().into() });
///                 if is_old {
///                     disk = disk.warn(Diagnostic::warning("Old disk", format!("Disk {id} should be replaced.")));
///                 }
///                 listing.found_object(disk).await;
///             }
///             Err(error) => listing.left_out(id, Diagnostic::error("Disk cannot be read", error)).await,
///         }
///     }
/// }
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Listed<M> {
    pub(crate) display_name: String,
    pub(crate) state: M,
    pub(crate) identity: Option<Value>,
    pub(crate) warnings: Diagnostics,
}

impl<M> Listed<M> {
    /// An object: a name for people, and its state.
    #[must_use]
    pub fn new(display_name: impl Into<String>, state: M) -> Self {
        Self { display_name: display_name.into(), state, identity: None, warnings: Diagnostics::new() }
    }

    /// Hands over what of the object's identity is [not in the state](crate::schema::IdentityAttribute::not_in_state): a model, or a
    /// [`Value`] that is an object.
    #[must_use]
    pub fn identity(self, identity: impl Model) -> Self {
        Self { identity: Some(identity.into_value()), ..self }
    }

    /// Reports something about this object that is not a failure.
    #[must_use]
    pub fn warn(mut self, warning: Diagnostic) -> Self {
        self.warnings.push(warning.into_warning());
        self
    }
}

impl<C, M: Model> Listing<C, M> {
    /// What the provider's `configure` returned.
    #[must_use]
    pub fn session(&self) -> Arc<C> {
        Arc::clone(&self.session)
    }

    /// Cancelled when the user asked Terraform to stop, or the receiver is dropped.
    #[must_use]
    pub fn stop(&self) -> &CancellationToken {
        &self.stop
    }

    /// How many objects are wanted at most. The framework ends the operation once they are found.
    #[must_use]
    pub fn limit(&self) -> usize {
        self.limit
    }

    /// Whether whole states are wanted. If not, the attributes of the identity are enough.
    #[must_use]
    pub fn include_resource(&self) -> bool {
        self.include_resource
    }

    /// Hands over one object: a name for people, and its state. The identity is taken from the state. Waits while the reader
    /// is slower than the finder; the operation ends here when no more objects are wanted.
    pub async fn found(&self, display_name: impl Into<String>, state: M) {
        self.found_object(Listed::new(display_name, state)).await;
    }

    /// Hands over one object of which there is more to say than its state.
    pub async fn found_object(&self, object: Listed<M>) {
        self.send(Found::Object(object)).await;
    }

    /// Reports an object that is there and could not be read, by the name that it would have had, and lets the list go on. The
    /// user sees a warning, whatever `reason` is: Terraform ends a query at its first error, and shows nothing of what follows.
    pub async fn left_out(&self, display_name: impl Into<String>, reason: Diagnostic) {
        let detail = format!("{} is left out of the list. {}", display_name.into(), reason.detail);
        self.send(Found::Warning(Diagnostic { detail, ..reason.into_warning() })).await;
    }

    /// Reports something to the user that is not a failure.
    pub async fn warn(&self, warning: Diagnostic) {
        self.send(Found::Warning(warning)).await;
    }

    async fn send(&self, found: Found<M>) {
        if self.found.send(found).await.is_err() {
            // The receiver is dropped, and the framework is about to drop this operation.
            std::future::pending::<()>().await;
        }
    }
}

/// A way to find the existing objects of a resource's kind. Needs Terraform 1.14: older ones do not know lists, and everything
/// else of the provider works with them. Needs a resource of the same name with an
/// [identity](Schema::identity).
#[async_trait]
pub trait ListResource: Send + Sync + 'static {
    /// What the provider's `configure` returned.
    type Session: Send + Sync + 'static;
    /// The struct that stands for the configuration of the list.
    type Config: Model;
    /// The model of the resource.
    type Model: Model;

    /// The full name of the resource, for example `example_cluster`.
    fn type_name(&self) -> &'static str;

    /// The attributes and blocks of the list's `config` block. Asked once, when the provider starts.
    fn schema(&self) -> Schema;

    /// Checks rules that concern several attributes. Values may be unknown.
    ///
    /// # Errors
    /// With what is wrong with the configuration.
    async fn validate(&self, config: Self::Config) -> Result<(), Diagnostics> {
        let _ = config;
        Ok(())
    }

    /// Finds the objects and hands over one after the other.
    ///
    /// # Errors
    /// With what failed. What was found before is shown all the same.
    async fn list(
        &self,
        listing: &Listing<Self::Session, Self::Model>,
        config: Self::Config,
    ) -> Result<(), Diagnostics>;
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A search for texts, and what is found.
    fn listing(include_resource: bool) -> (Listing<u8, String>, mpsc::Receiver<Found<String>>) {
        let (found, received) = mpsc::channel(4);
        let (session, stop) = (Arc::new(7), CancellationToken::new());
        (Listing { session, stop, limit: 5, include_resource, found }, received)
    }

    #[test]
    fn a_search_knows_what_is_wanted() {
        for include_resource in [true, false] {
            let (listing, _found) = listing(include_resource);
            let wanted = (*listing.session(), listing.limit(), listing.include_resource());
            assert_eq!(wanted, (7, 5, include_resource));
            assert!(!listing.stop().is_cancelled());
            listing.stop.cancel();
            assert!(listing.stop().is_cancelled());
        }
    }

    #[tokio::test]
    async fn what_is_found_may_have_an_identity_and_a_warning_of_its_own() {
        let (listing, mut found) = listing(true);
        let identity = Value::object([("account", Value::from("1"))]);
        let old = || Diagnostic::error("Old disk", "It should be replaced.");
        let disk = Listed::new("disk 1", "a".to_owned()).identity(identity.clone()).warn(old());
        listing.found_object(disk).await;
        let Some(Found::Object(disk)) = found.recv().await else { panic!("an object is found") };
        assert_eq!((disk.display_name.as_str(), disk.state.as_str()), ("disk 1", "a"));
        assert_eq!((disk.identity, disk.warnings), (Some(identity), old().into_warning().into()));
    }

    #[tokio::test]
    async fn what_is_left_out_is_a_warning_that_names_it() {
        let (listing, mut found) = listing(true);
        listing.left_out("disk 2", Diagnostic::error("Disk cannot be read", "It is gone.")).await;
        listing.warn(Diagnostic::warning("Slow", "It takes long.")).await;
        for (summary, detail) in
            [("Disk cannot be read", "disk 2 is left out of the list. It is gone."), ("Slow", "It takes long.")]
        {
            let Some(Found::Warning(warning)) = found.recv().await else { panic!("something is reported") };
            assert_eq!(warning, Diagnostic::warning(summary, detail));
        }
    }
}
