//! Applies of a resource, as Terraform does them.

use super::plan::{Plan, PlannedAction};
use super::response::{Response, one_error, shown, succeeded, warning};
use super::{Config, ResourceHandle, StoredObject};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::framework::{ApplyInput, Outcome, Stored, unlike_planned};
use crate::provider::Provider;
use crate::value::Value;

/// How an apply ended: the object that is in the state now, and what was planned and reported.
///
/// A failed apply may leave an object, which may be [tainted](StoredObject::is_tainted): see [`object`](Self::object).
#[derive(Clone, Debug)]
#[must_use]
pub struct Applied {
    object: Option<StoredObject>,
    plan: Option<Plan>,
    diagnostics: Diagnostics,
}

impl Applied {
    /// The object, after an apply that succeeded.
    ///
    /// # Panics
    /// If it failed, with everything that was reported.
    #[track_caller]
    #[expect(clippy::must_use_candidate, reason = "many callers only want the check")]
    pub fn ok(self) -> StoredObject {
        succeeded(&self.diagnostics);
        let Self { object, diagnostics, .. } = self;
        object.unwrap_or_else(|| panic!("the apply succeeded, but left no object{}", shown(&diagnostics)))
    }

    /// What the state holds now, also if the apply failed.
    #[must_use]
    pub fn object(&self) -> Option<&StoredObject> {
        self.object.as_ref()
    }

    /// The same, to go on with.
    #[must_use]
    pub fn into_object(self) -> Option<StoredObject> {
        self.object
    }

    /// What was planned; absent if the plan failed already.
    #[must_use]
    pub fn plan(&self) -> Option<&Plan> {
        self.plan.as_ref()
    }

    /// The one error with which the apply failed.
    ///
    /// # Panics
    /// If it did not fail, or with another number of errors, or with one of another summary.
    #[track_caller]
    #[expect(clippy::must_use_candidate, reason = "many callers only want the check")]
    pub fn error(&self, summary: &str) -> &Diagnostic {
        one_error(&self.diagnostics, summary)
    }

    /// A warning that was reported.
    ///
    /// # Panics
    /// If there is none of this summary.
    #[track_caller]
    #[expect(clippy::must_use_candidate, reason = "many callers only want the check")]
    pub fn warning(&self, summary: &str) -> &Diagnostic {
        warning(&self.diagnostics, summary)
    }

    /// Everything that was reported, by the plan as well.
    #[must_use]
    pub fn diagnostics(&self) -> &Diagnostics {
        &self.diagnostics
    }
}

impl<P: Provider> ResourceHandle<P> {
    /// Creates an object: plans it, plans it once more, and applies it.
    pub async fn create(&self, config: impl Into<Config>) -> Applied {
        let planned = self.plan_create(config).await;
        self.applied_if_planned(None, planned).await
    }

    /// Makes of an object what a configuration says: reads it, plans it, and updates or replaces it, or leaves it alone.
    pub async fn apply(&self, object: &StoredObject, config: impl Into<Config>) -> Applied {
        let planned = self.plan(object, config).await;
        self.applied_if_planned(Some(object), planned).await
    }

    /// Destroys an object: reads it, plans the destroy, and deletes it. If it fails, the result is what is left.
    pub async fn destroy(&self, object: &StoredObject) -> Response<Option<StoredObject>> {
        let planned = self.plan_destroy(object).await;
        let deferred = planned.deferred();
        let Applied { object, diagnostics, .. } = self.applied_if_planned(Some(object), planned).await;
        Response::new(Some(object), diagnostics).deferred_by(deferred)
    }

    /// Applies what was planned before.
    pub async fn apply_plan(&self, plan: Plan) -> Applied {
        let config = plan.config.clone();
        self.applied(plan, config, Diagnostics::new()).await
    }

    /// Applies what was planned before, with a configuration in which everything is known by now.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/src/testing/books.rs"));
    /// use serde_json::json;
    /// use terraform_plugin::testing::{Config, InProcess, UNKNOWN};
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() {
    /// let provider = InProcess::new(Books).configure(Config::empty()).await.unwrap();
    /// let book = provider.resource("books_book");
    /// let plan = book.plan_create(json!({ "isbn": UNKNOWN, "title": "C" })).await.ok();
    /// let created = book.apply_plan_with(plan, json!({ "isbn": "9780131103627", "title": "C" })).await.ok();
    /// assert_eq!(created["isbn"], "9780131103627".into());
    /// # }
    /// ```
    pub async fn apply_plan_with(&self, plan: Plan, config: impl Into<Config>) -> Applied {
        match self.validate(config).await {
            validated if validated.has_failed() => {
                let object = plan.prior.clone();
                Applied { object, plan: Some(plan), diagnostics: validated.diagnostics().clone() }
            }
            validated => {
                let reported = validated.diagnostics().clone();
                let config = validated.into_result().unwrap_or(Value::Null);
                self.applied(plan, config, reported).await
            }
        }
    }

    async fn applied_if_planned(&self, object: Option<&StoredObject>, planned: Response<Plan>) -> Applied {
        let mut reported = planned.diagnostics().clone();
        if let Some(reason) = planned.deferred() {
            let detail = format!("The plan was put off, so there was nothing to apply: {reason:?}.");
            reported.push(Diagnostic::error("Apply of a deferred plan", detail));
        }
        match planned.into_result() {
            Some(plan) => {
                let config = plan.config.clone();
                self.applied(plan, config, reported).await
            }
            None => Applied { object: object.cloned(), plan: None, diagnostics: reported },
        }
    }

    async fn applied(&self, plan: Plan, config: Value, mut reported: Diagnostics) -> Applied {
        let object = match plan.action {
            PlannedAction::NoOp => plan.prior.clone(),
            PlannedAction::Destroy => self.deleted(&plan, &mut reported).await,
            PlannedAction::Create | PlannedAction::Update => {
                self.changed(&plan, plan.prior.clone(), config, &mut reported).await
            }
            PlannedAction::Replace => match self.deleted(&plan, &mut reported).await {
                Some(left) => Some(left),
                None => self.changed(&plan, None, config, &mut reported).await,
            },
        };
        Applied { object, plan: Some(plan), diagnostics: reported }
    }

    /// Deletes the object of a plan, and returns what is left of it.
    async fn deleted(&self, plan: &Plan, reported: &mut Diagnostics) -> Option<StoredObject> {
        let object = plan.prior.as_ref()?;
        // Also the destroy of a replacement gets the private data of the plan, and not of the state. What is planned has no identity.
        let prior = Stored { state: object.state().clone(), private: plan.private.clone(), identity: None };
        let input = ApplyInput { prior, planned: Value::Null, config: Value::Null };
        self.ended(input, Some(object), false, reported).await
    }

    /// Plans a create or an update once more, compares the plans, and applies the second.
    async fn changed(
        &self,
        plan: &Plan,
        current: Option<StoredObject>,
        config: Value,
        reported: &mut Diagnostics,
    ) -> Option<StoredObject> {
        let earlier = plan.private.clone();
        let again = self.planned(current.clone(), config.clone(), Some(earlier), Diagnostics::new()).await;
        // What it warns of, the first one has warned of.
        if again.has_failed() {
            reported.extend(again.diagnostics().clone());
            return current;
        }
        let Some(again) = again.into_result() else {
            let detail = "The plan before the apply was put off, and the first one was not.";
            reported.push(Diagnostic::error("Resource deferred during apply, but not during plan", detail));
            return current;
        };
        reported.extend(inconsistencies(self.name, plan, &again));
        if reported.has_errors() || again.action == PlannedAction::NoOp {
            return current;
        }
        let is_create = current.is_none();
        let before = current.as_ref();
        let prior = Stored {
            state: before.map_or(Value::Null, |object| object.state().clone()),
            private: again.private,
            identity: again.identity,
        };
        let input = ApplyInput { prior, planned: again.planned, config };
        self.ended(input, before, is_create, reported).await
    }

    /// Applies a change, and returns the object that Terraform keeps.
    async fn ended(
        &self,
        input: ApplyInput,
        before: Option<&StoredObject>,
        is_create: bool,
        reported: &mut Diagnostics,
    ) -> Option<StoredObject> {
        let applied = self.provider.local.apply_resource(self.name, input, self.provider.client()).await;
        let Outcome { state, private, identity, diagnostics, .. } = applied;
        let failed = diagnostics.has_errors();
        reported.extend(diagnostics);
        if state.is_null() {
            // What failed and left nothing is believed to have changed nothing.
            return before.filter(|_| failed).cloned();
        }
        let object = self.kept(state, private, identity);
        let tainted = failed && (is_create || before.is_some_and(StoredObject::is_tainted));
        Some(if tainted { object.tainted() } else { object })
    }
}

/// Where the plan before the apply is another one than the first.
fn inconsistencies(name: &str, plan: &Plan, again: &Plan) -> Diagnostics {
    let mut errors = Diagnostics::new();
    let mut report = |what: &str| {
        let detail = format!("The plan of a {name} before its apply differs from the first one: {what}.");
        errors.push(Diagnostic::error("Provider produced inconsistent final plan", detail));
    };
    let action = match (plan.action, again.action) {
        // The delete of a replacement has been done by now.
        (PlannedAction::Replace, PlannedAction::Create) => PlannedAction::Replace,
        // What has become known may be what was there before.
        (PlannedAction::Update, PlannedAction::NoOp) => PlannedAction::Update,
        (_, action) => action,
    };
    if action != plan.action {
        report(&format!("it is {action:?}, and was {:?}", plan.action));
    }
    for path in unlike_planned(&plan.planned, &again.planned) {
        report(&format!("{path} is not what was planned"));
    }
    errors
}
