//! What an object declares of itself, read once.

use super::bug_report::{misfit, mistake};
use super::guard::{VALIDATE, caught, guard};
use super::keep::keep;
use super::refusal::{refusals, unless_reported, without_wrong};
use super::typed::model;
use super::validation::{errors as errors_of, validate};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::mask;
use crate::model::Model;
use crate::operation::{About, Call, DeferReason, Operation, Private};
use crate::path::Step;
use crate::schema::Schema;
use crate::schema::mistake::{Check, Kind, Mistake};
use crate::value::{Type, Value};

/// The name and the schema of an object, and the types that follow from it.
pub(crate) struct Declared {
    pub name: &'static str,
    pub schema: Schema,
    pub object_type: Type,
    pub identity_type: Option<Type>,
}

impl Declared {
    pub fn new(name: &'static str, schema: Schema) -> Self {
        let identity_type = schema.identity.as_ref().map(crate::schema::IdentitySchema::object_type);
        Self { name, object_type: schema.object_type(), identity_type, schema }
    }

    /// Finds the mistakes in the schema, and between it and its model.
    pub fn check<M: Model>(&self, kind: Kind, mistakes: &mut Vec<Mistake>) {
        let mut check = Check::of(kind, self.name, mistakes);
        if kind != Kind::Provider {
            check.name_of_object(self.name);
        }
        check.schema(&self.schema);
        check.model(&self.schema, &M::shape());
    }

    /// Validates a configuration by the schema's validators and by the author's own code. The latter sees what is wrong
    /// already as not known yet.
    pub async fn validate<M: Model>(
        &self,
        config: Value,
        write_only_allowed: bool,
        own: impl AsyncFnOnce(M) -> Result<(), Diagnostics>,
    ) -> Diagnostics {
        self.mask_secrets(&config);
        let mut diagnostics = validate(&self.schema, &config, write_only_allowed);
        diagnostics.extend(unless_reported(refusals(&M::shape(), &config), &diagnostics));
        let own = async {
            match model(self.name, without_wrong(&config, &diagnostics)) {
                Ok(config) => own(config).await,
                // The model may have no place for what is not known: the errors say what is wrong.
                Err(_) if diagnostics.has_errors() => Ok(()),
                Err(mistake) => Err(mistake),
            }
        };
        let own = guard(VALIDATE, self.name, own).await;
        diagnostics.absorb(own);
        diagnostics
    }

    /// Checks a configuration once more, now that it is planned: what was unknown when it was validated may be known now.
    /// The value of the prior state is never an error, for example `ignore_changes` puts it into the configuration; nor is, for the same
    /// reason, its relation to others.
    ///
    /// # Errors
    /// With everything that is wrong with it.
    pub fn recheck<M: Model>(&self, config: &Value, prior: &Value) -> Result<(), Diagnostics> {
        let is_new = |error: &Diagnostic| match error.path.as_ref().and_then(|path| path.steps().first()) {
            Some(Step::Attribute(name)) => prior.get(name).is_none_or(|prior| config.get(name) != Some(prior)),
            _ => true,
        };
        let relations = prior.is_null();
        let mut errors = Diagnostics::new();
        errors.extend(errors_of(&self.schema, config, relations).into_iter().filter(is_new));
        errors.extend(unless_reported(refusals(&M::shape(), config), &errors).into_iter().filter(is_new));
        if errors.is_empty() { Ok(()) } else { Err(errors) }
    }

    /// Reads a configuration that is about to be used. It was validated, but what was unknown then may be known now. The
    /// warnings have been reported already.
    ///
    /// # Errors
    /// With everything that is wrong with it.
    pub fn configuration<M: Model>(&self, config: Value) -> Result<M, Diagnostics> {
        self.mask_secrets(&config);
        let mut errors = validate(&self.schema, &config, true).errors();
        errors.extend(unless_reported(refusals(&M::shape(), &config), &errors));
        if errors.is_empty() { model(self.name, config) } else { Err(errors) }
    }

    /// An operation on one of the objects, for its log.
    pub fn about(&self, verb: &'static str) -> About {
        About { object: self.name, verb }
    }

    /// Keeps what is sensitive or write-only in a value out of the log. It costs a walk through the value, which reading it from
    /// its message has cost already, and nothing where there is no log.
    pub fn mask_secrets(&self, value: &Value) {
        if mask::is_wanted() {
            self.schema.secret_texts(value, &mut |secret| mask::mask(secret));
        }
    }

    /// Begins an operation that has only a configuration.
    pub fn begin<C, M: Model>(
        &self,
        verb: &'static str,
        call: Call<C>,
        config: Value,
    ) -> Result<(Operation<C, M>, M), Diagnostics> {
        let operation = Operation::new(self.about(verb), call, Private::default(), None)?;
        Ok((operation, self.configuration(config)?))
    }

    /// Whether an operation was put off. That Terraform did not allow it is a mistake.
    pub fn deferral<C, M>(&self, operation: &mut Operation<C, M>) -> Option<DeferReason> {
        let reason = operation.deferred.take()?;
        if operation.may_defer() {
            return Some(reason);
        }
        operation.warn(self.mistake("it put an operation off, which this Terraform does not allow."));
        None
    }

    /// The value of a model that the author's code returned. A model written by hand may panic.
    pub fn value_of<M: Model>(&self, model: M, diagnostics: &mut Diagnostics) -> Option<Value> {
        caught("write a model of", self.name, || model.into_value()).map_err(|crash| diagnostics.push(crash)).ok()
    }

    /// A value that the author's code returned, in the form that Terraform wants. `what` names it, for example `in the state after its
    /// create`.
    pub fn fitted(&self, value: Value, what: &str, diagnostics: &mut Diagnostics) -> Value {
        let (value, misfits) = value.fit(&self.object_type);
        self.mask_secrets(&value);
        diagnostics.extend(misfits.iter().map(|one| misfit(self.name, what, one)));
        value
    }

    /// The same, of a model that began as `sent`: what the author's code did not touch is as Terraform sent it.
    pub fn changed<M: Model>(&self, sent: &Value, returned: Value, what: &str, diagnostics: &mut Diagnostics) -> Value {
        let fitted = self.fitted(returned, what, diagnostics);
        caught("write a model of", self.name, || keep::<M>(sent, fitted.clone(), &self.object_type)).unwrap_or_else(
            |crash| {
                diagnostics.push(crash);
                fitted
            },
        )
    }

    pub fn mistake(&self, sentence: &str) -> Diagnostic {
        mistake(self.name, sentence)
    }
}

#[cfg(test)]
mod tests;
