//! Old versions of a state or an identity, and the steps from each to the next.

use std::any::{Any, TypeId};
use std::future::ready;
use std::sync::Arc;

use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use tokio_util::sync::CancellationToken;

use crate::diagnostic::Diagnostics;
use crate::model::{Model, Shape};
use crate::value::{MisfitKind, Type, Value, ValueError};

/// Makes the next version's value of an old one; the error says in a sentence why it cannot.
pub type Upgrade = fn(Value) -> Result<Value, String>;

/// Why a stored value cannot be brought to the present version.
#[derive(Debug, thiserror::Error)]
pub(crate) enum UpgradeError {
    #[error(
        "it was written by a newer version of the provider (schema version {stored}, this one knows {known}). Use that \
         version or a newer one"
    )]
    Newer { stored: i64, known: i64 },
    #[error(
        "it was written with version {0} of its schema, which this version of the provider cannot read. Use a version \
         of the provider that can, or remove the object from the state and import it again"
    )]
    Unsupported(i64),
    #[error("it cannot be read: {0}")]
    Unreadable(#[from] ValueError),
    #[error("{0}")]
    Refused(String),
    /// What the author's upgrade says itself.
    #[error("its upgrade failed")]
    Reported(Diagnostics),
}

/// An old state that is to be brought to the next version of its schema: see
/// [`Schema::upgrade_model`](super::Schema::upgrade_model).
pub struct Upgrading<C, M> {
    /// The state.
    pub state: M,
    session: Option<Arc<C>>,
    stop: CancellationToken,
}

impl<C, M> Upgrading<C, M> {
    pub(crate) fn new(state: M, session: Option<Arc<C>>, stop: CancellationToken) -> Self {
        Self { state, session, stop }
    }

    /// What the provider's `configure` returned; absent when the provider is not configured yet.
    #[must_use]
    pub fn session(&self) -> Option<Arc<C>> {
        self.session.clone()
    }

    /// Cancelled when the user asked Terraform to stop.
    #[must_use]
    pub fn stop(&self) -> &CancellationToken {
        &self.stop
    }
}

/// What a step may need in addition to the value. The type of the session is not known here.
#[derive(Clone)]
pub(crate) struct Means {
    pub session: Option<Arc<dyn Any + Send + Sync>>,
    pub stop: CancellationToken,
}

type Run = Box<dyn Fn(Value, Means) -> BoxFuture<'static, Result<Value, UpgradeError>> + Send + Sync>;

/// What a step is typed with.
pub(crate) struct Models {
    pub old: Shape,
    pub new: Shape,
    pub session: TypeId,
}

pub(crate) struct Step {
    pub from: i64,
    pub ty: Type,
    pub models: Option<Models>,
    run: Run,
}

/// The steps from old versions to the present one.
#[derive(Default)]
pub(crate) struct Upgrades(Vec<Step>);

impl Upgrades {
    pub fn add(&mut self, from: i64, ty: Type, upgrade: Upgrade) {
        let run = move |value, _| ready(upgrade(value).map_err(UpgradeError::Refused)).boxed();
        self.push(Step { from, ty, models: None, run: Box::new(run) });
    }

    pub fn add_model<C, Old, New, F>(
        &mut self,
        from: i64,
        ty: Type,
        upgrade: impl Fn(Upgrading<C, Old>) -> F + Send + Sync + 'static,
    ) where
        C: Send + Sync + 'static,
        Old: Model,
        New: Model,
        F: Future<Output = Result<New, Diagnostics>> + Send + 'static,
    {
        let models = Models { old: Old::shape(), new: New::shape(), session: TypeId::of::<C>() };
        let run = move |value: Value, means: Means| {
            let state = match Old::from_value(value.plain()) {
                Ok(state) => state,
                Err(error) => return ready(Err(UpgradeError::Refused(error.to_string()))).boxed(),
            };
            let session = means.session.and_then(|session| session.downcast().ok());
            let upgraded = upgrade(Upgrading::new(state, session, means.stop));
            async { upgraded.await.map(Model::into_value).map_err(UpgradeError::Reported) }.boxed()
        };
        self.push(Step { from, ty, models: Some(models), run: Box::new(run) });
    }

    fn push(&mut self, step: Step) {
        self.0.push(step);
        self.0.sort_by_key(|step| step.from);
    }

    /// The steps, beginning with that of the oldest version.
    pub fn steps(&self) -> &[Step] {
        &self.0
    }

    /// The versions that can be read.
    pub fn versions(&self) -> impl Iterator<Item = i64> {
        self.0.iter().map(|step| step.from)
    }

    /// Reads the JSON of a stored value and brings it to the present version and type.
    pub async fn run(
        &self,
        text: &str,
        stored: i64,
        version: i64,
        ty: &Type,
        means: Means,
    ) -> Result<Value, UpgradeError> {
        if stored > version {
            return Err(UpgradeError::Newer { stored, known: version });
        }
        if stored == version {
            return Ok(Value::from_json(text, ty)?);
        }
        let step_from = |at: i64| {
            let step = self.0.iter().find(|step| step.from == at);
            step.ok_or(UpgradeError::Unsupported(stored))
        };
        let mut value = Value::from_json(text, &step_from(stored)?.ty)?;
        for at in stored..version {
            value = (step_from(at)?.run)(value, means.clone()).await?;
        }
        // An upgrade that does not name a new attribute leaves it null, and one that names an old one loses it; anything
        // else is its mistake.
        let (value, misfits) = value.fit(ty);
        match misfits.iter().find(|misfit| matches!(misfit.kind, MisfitKind::Kind(_) | MisfitKind::Duplicate)) {
            Some(misfit) => Err(UpgradeError::Refused(format!(
                "the upgrade from version {stored} makes a value in which {} {}",
                misfit.path, misfit.kind
            ))),
            None => Ok(value),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::Diagnostic;
    use crate::model::Attr;

    /// Version 0 had a number as text, version 1 had it as `size`, version 2 calls it `size_gb`.
    fn upgrades() -> Upgrades {
        let mut upgrades = Upgrades::default();
        upgrades.add(1, Type::object([("size", Type::Number)]), |value| {
            Ok(Value::object([("size_gb", value.get("size").cloned().unwrap_or(Value::Null))]))
        });
        upgrades.add(0, Type::object([("size", Type::String)]), |value| match value.get("size") {
            Some(Value::String(text)) => {
                let number = text.parse().map_err(|_| format!("{text:?} is no size"))?;
                Ok(Value::object([("size", Value::Number(number))]))
            }
            _ => Err("there is no size".to_owned()),
        });
        upgrades
    }

    fn run(stored: i64, text: &str) -> Result<Value, String> {
        let ty = Type::object([("size_gb", Type::Number), ("name", Type::String)]);
        let means = Means { session: None, stop: CancellationToken::new() };
        let upgrades = upgrades();
        let run = upgrades.run(text, stored, 2, &ty, means);
        run.now_or_never().expect("nothing waits").map_err(|error| error.to_string())
    }

    #[derive(Clone, Model)]
    struct Old {
        size: Option<String>,
    }

    #[derive(Clone, Model)]
    struct New {
        size: Attr<f64>,
        owner: Attr<String>,
    }

    /// The session knows the owner.
    async fn upgraded(old: Upgrading<String, Old>) -> Result<New, Diagnostics> {
        tokio::task::yield_now().await;
        let Some(Ok(size)) = old.state.size.as_deref().map(str::parse) else {
            return Err(Diagnostic::error("No size", "It has none.").into());
        };
        Ok(New { size: Attr::Known(size), owner: old.session().map(|owner| (*owner).clone()).into() })
    }

    #[tokio::test]
    async fn a_typed_upgrade_may_wait_and_ask_the_client() {
        let mut upgrades = Upgrades::default();
        upgrades.add_model(0, Type::object([("size", Type::String)]), upgraded);
        let ty = Type::object([("size", Type::Number), ("owner", Type::String)]);
        let run = async |text: &str, session: Option<&str>| {
            let session = session.map(|name| Arc::new(name.to_owned()) as Arc<dyn Any + Send + Sync>);
            upgrades.run(text, 0, 1, &ty, Means { session, stop: CancellationToken::new() }).await
        };
        let half = || Value::Number("1.5".parse().expect("it is a number"));
        let ours = run(r#"{"size": "1.5"}"#, Some("me")).await.expect("it is a size");
        assert_eq!(ours, Value::object([("size", half()), ("owner", "me".into())]));
        let without_owner = run(r#"{"size": "1.5"}"#, None).await.expect("it is a size");
        assert_eq!(without_owner, Value::object([("size", half()), ("owner", Value::Null)]));
        let reported = run("{}", None).await;
        assert!(
            matches!(reported, Err(UpgradeError::Reported(reported)) if reported == Diagnostic::error("No size", "It has none.").into())
        );
    }

    #[tokio::test]
    async fn a_typed_upgrade_can_be_stopped() {
        async fn stopped(old: Upgrading<(), Old>) -> Result<New, Diagnostics> {
            let owner = if old.stop().is_cancelled() { "stopped" } else { "not stopped" };
            Ok(New { size: Attr::Null, owner: owner.into() })
        }
        let mut upgrades = Upgrades::default();
        upgrades.add_model(0, Type::object([("size", Type::String)]), stopped);
        let ty = Type::object([("size", Type::Number), ("owner", Type::String)]);
        let stop = CancellationToken::new();
        for expected in ["not stopped", "stopped"] {
            let ran = upgrades.run("{}", 0, 1, &ty, Means { session: None, stop: stop.clone() }).await;
            assert_eq!(ran.expect("it can be read").get("owner"), Some(&expected.into()));
            stop.cancel();
        }
    }

    #[test]
    fn every_old_version_is_led_to_the_present_one() {
        let expected = Value::object([("size_gb", 100.into()), ("name", Value::Null)]);
        assert_eq!(run(0, r#"{"size": "100"}"#), Ok(expected.clone()));
        assert_eq!(run(1, r#"{"size": 100}"#), Ok(expected.clone()));
        assert_eq!(run(2, r#"{"size_gb": 100, "gone": true}"#), Ok(expected));
    }

    #[test]
    fn what_cannot_be_upgraded_is_reported() {
        assert!(run(3, "{}").is_err_and(|text| text.contains("newer version")));
        assert!(run(-1, "{}").is_err_and(|text| text.contains("version -1")));
        assert_eq!(run(0, r#"{"size": "big"}"#), Err("\"big\" is no size".to_owned()));
        assert!(run(1, "[]").is_err_and(|text| text.starts_with("it cannot be read")));
    }
}
