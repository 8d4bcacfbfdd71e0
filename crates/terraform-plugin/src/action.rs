//! Actions: things to do that leave no state, as rotating keys.

use std::sync::Arc;

use async_trait::async_trait;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::model::Model;
use crate::operation::Operation;
use crate::schema::Schema;

/// What the invocation of an action is given.
pub struct Invocation<C> {
    pub(crate) session: Arc<C>,
    pub(crate) stop: CancellationToken,
    pub(crate) progress: mpsc::UnboundedSender<String>,
    pub(crate) diagnostics: Diagnostics,
}

impl<C> Invocation<C> {
    /// What the provider's `configure` returned.
    #[must_use]
    pub fn session(&self) -> Arc<C> {
        Arc::clone(&self.session)
    }

    /// Cancelled when the user asked Terraform to stop, or Terraform has exited.
    #[must_use]
    pub fn stop(&self) -> &CancellationToken {
        &self.stop
    }

    /// Reports to the user at once how far the action is.
    pub fn progress(&self, message: impl Into<String>) {
        // The caller may have disconnected. The action goes on to its end all the same.
        _ = self.progress.send(message.into());
    }

    /// Reports something to the user that is not a failure.
    pub fn warn(&mut self, warning: Diagnostic) {
        self.diagnostics.push(warning);
    }
}

/// A kind of thing to do. Needs Terraform 1.14: older ones do not know actions, and everything else of the provider works with
/// them.
#[async_trait]
pub trait Action: Send + Sync + 'static {
    /// What the provider's `configure` returned.
    type Session: Send + Sync + 'static;
    /// The struct that stands for the schema's object.
    type Model: Model;

    /// The full name in configurations, for example `example_cancel_job`.
    fn type_name(&self) -> &'static str;

    /// The attributes and blocks of the action's `config` block. Asked once, when the provider starts.
    fn schema(&self) -> Schema;

    /// Checks rules that concern several attributes. Values may be unknown.
    ///
    /// # Errors
    /// With what is wrong with the configuration.
    async fn validate(&self, config: Self::Model) -> Result<(), Diagnostics> {
        let _ = config;
        Ok(())
    }

    /// Checks a planned invocation, and may refuse it or warn of it. Values may be unknown.
    ///
    /// # Errors
    /// With why the action cannot be done.
    async fn plan(
        &self,
        operation: &mut Operation<Self::Session, Self::Model>,
        config: Self::Model,
    ) -> Result<(), Diagnostics> {
        let _ = (operation, config);
        Ok(())
    }

    /// Does it.
    ///
    /// # Errors
    /// With what failed.
    async fn invoke(&self, invocation: &mut Invocation<Self::Session>, config: Self::Model) -> Result<(), Diagnostics>;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn an_invocation_can_be_stopped_and_says_how_it_goes() {
        let (progress, mut said) = mpsc::unbounded_channel();
        let (session, stop) = (Arc::new(7), CancellationToken::new());
        let mut invocation = Invocation { session, stop: stop.clone(), progress, diagnostics: Diagnostics::new() };
        assert_eq!((*invocation.session(), invocation.stop().is_cancelled()), (7, false));
        stop.cancel();
        assert!(invocation.stop().is_cancelled());
        invocation.progress("half way");
        assert_eq!(said.recv().await.as_deref(), Some("half way"));
        let warning = Diagnostic::warning("Slow", "It takes long.");
        invocation.warn(warning.clone());
        assert_eq!(invocation.diagnostics, warning.into());
        // Nobody listens any more.
        drop(said);
        invocation.progress("done");
    }
}
