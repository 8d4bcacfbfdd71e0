//! What an object declares of itself, made once.

use super::contract::{misfit, mistake};
use super::{VALIDATE, attribute_errors, caught, guard, validate};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::model::Model;
use crate::operation::{Call, DeferReason, Operation, Private};
use crate::path::Step;
use crate::schema::Schema;
use crate::schema::check::{Check, Kind, Mistake};
use crate::schema::probes::probes;
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
        check.model(&self.schema, |value| {
            M::from_value(value).map(Model::into_value).map_err(|error| error.to_string())
        });
        for probe in probes(&self.schema) {
            let refused = !attribute_errors(&self.schema, &probe.config).is_empty();
            if !refused && let Err(error) = M::from_value(probe.config) {
                check.tell(
                    Some(&probe.path),
                    format!("Its model cannot hold {}: {error}. {}", probe.what, probe.remedy),
                );
            }
        }
    }

    /// Validates a configuration by the schema's rules and, if it breaks none, by the author's own.
    pub async fn validate<M: Model>(
        &self,
        config: Value,
        write_only_allowed: bool,
        own: impl AsyncFnOnce(M) -> Result<(), Diagnostics>,
    ) -> Diagnostics {
        let mut diagnostics = validate(&self.schema, &config, write_only_allowed);
        // A value that breaks a rule may be one that the model cannot hold, which would only look like a bug in the provider.
        if !diagnostics.has_errors() {
            let own = async { own(super::model(self.name, config)?).await };
            diagnostics.absorb(guard(VALIDATE, self.name, own).await);
        }
        diagnostics
    }

    /// Checks a configuration once more, now that it is planned: what was unknown when it was validated may be known now.
    /// The value of the prior state is never an error, as `ignore_changes` puts it into the configuration.
    ///
    /// # Errors
    /// With every attribute that breaks its rules.
    pub fn recheck(&self, config: &Value, prior: &Value) -> Result<(), Diagnostics> {
        let is_new = |error: &Diagnostic| match error.path.as_ref().and_then(|path| path.steps().first()) {
            Some(Step::Attribute(name)) => prior.get(name).is_none_or(|prior| config.get(name) != Some(prior)),
            _ => true,
        };
        let mut errors = Diagnostics::new();
        errors.extend(attribute_errors(&self.schema, config).into_iter().filter(is_new));
        if errors.is_empty() { Ok(()) } else { Err(errors) }
    }

    /// Reads a configuration that is about to be used. It was validated, but what was unknown then may be known now. The
    /// warnings have been reported already.
    ///
    /// # Errors
    /// With every rule that the configuration breaks.
    pub fn configuration<M: Model>(&self, config: Value) -> Result<M, Diagnostics> {
        let errors = validate(&self.schema, &config, true).errors();
        if errors.is_empty() { super::model(self.name, config) } else { Err(errors) }
    }

    /// Begins an operation that has only a configuration.
    pub fn begin<C, M: Model>(&self, call: Call<C>, config: Value) -> Result<(Operation<C, M>, M), Diagnostics> {
        let operation = Operation::new(call, Private::default(), None)?;
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

    /// The value of a model that the author's code made. A model written by hand may panic.
    pub fn value_of<M: Model>(&self, model: M, diagnostics: &mut Diagnostics) -> Option<Value> {
        caught("write a model of", self.name, || model.into_value()).map_err(|crash| diagnostics.push(crash)).ok()
    }

    /// A value that the author's code made, in the form that Terraform wants. `what` names it, as `in the state after its
    /// create`.
    pub fn made(&self, value: Value, what: &str, diagnostics: &mut Diagnostics) -> Value {
        let (value, misfits) = value.fit(&self.object_type);
        diagnostics.extend(misfits.iter().map(|one| misfit(self.name, what, one)));
        value
    }

    pub fn identity_of(&self, state: &Value) -> Option<Value> {
        self.schema.identity.as_ref()?.of_state(state)
    }

    pub fn mistake(&self, sentence: &str) -> Diagnostic {
        mistake(self.name, sentence)
    }
}
