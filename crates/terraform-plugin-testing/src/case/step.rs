//! One step of a case.

use std::ops::RangeBounds;

use regex::Regex;
use serde_json::Value;

use super::check::Check;
use super::failure::ExpectedError;
use super::needs::Needs;
use super::plan;
use crate::cli::Cli;
use crate::feature::Feature;

/// One step of a [`Case`](super::Case): something that a user does, and what has to come of it.
///
/// A step is skipped where the CLI lacks what it [requires](Self::requires).
#[must_use]
pub struct Step<'a> {
    pub(super) kind: Kind<'a>,
    pub(super) before: Option<Box<dyn FnOnce() + 'a>>,
    pub(super) after: Option<Box<dyn FnOnce() + 'a>>,
    pub(super) error: Option<ExpectedError>,
    pub(super) warnings: Vec<String>,
    /// Of the plan, or of what was found by a query.
    pub(super) expectations: Vec<Check<'a>>,
    /// Of the state.
    pub(super) checks: Vec<Check<'a>>,
    /// Of the plan that follows.
    pub(super) next: Vec<Check<'a>>,
    pub(super) files: Vec<(String, String)>,
    pub(super) arguments: Vec<String>,
    pub(super) plan_only: bool,
    needs: Needs,
}

/// What a step does.
pub(super) enum Kind<'a> {
    Config(String),
    Import(Import<'a>),
    Query(String),
    Refresh,
    Destroy,
}

/// An import.
pub(super) struct Import<'a> {
    pub address: String,
    pub by: By<'a>,
    /// By an `import` block, and not by the command.
    pub block: bool,
    pub verifies: bool,
    pub ignored: Vec<String>,
    pub keeps: bool,
    pub config: Option<String>,
}

/// What an import finds its object by.
pub(super) enum By<'a> {
    /// The attribute of the state at this path.
    Attribute(String),
    Id(Box<dyn FnOnce() -> String + 'a>),
    /// The identity in the state.
    StoredIdentity,
    Identity(Value),
}

impl<'a> Step<'a> {
    fn of(kind: Kind<'a>) -> Self {
        Self {
            kind,
            before: None,
            after: None,
            error: None,
            warnings: Vec::new(),
            expectations: Vec::new(),
            checks: Vec::new(),
            next: Vec::new(),
            files: Vec::new(),
            arguments: Vec::new(),
            plan_only: false,
            needs: Needs::default(),
        }
    }

    /// Plans and applies a configuration. Afterwards the plan has to be empty, without a refresh and with one.
    ///
    /// It is the whole configuration, but for the requirement of the provider and what the case
    /// [puts in front](super::Case::in_front). If it has a block `required_providers` itself, nothing is added.
    pub fn config(hcl: impl Into<String>) -> Self {
        Self::of(Kind::Config(hcl.into()))
    }

    /// Plans a configuration, and does not apply it.
    pub fn plan(hcl: impl Into<String>) -> Self {
        Self { plan_only: true, ..Self::config(hcl) }
    }

    /// Imports an object that an earlier step created into an empty state, and puts the state back. It is found by its attribute
    /// `id`; see [`by_id`](Self::by_id) and the methods after it for others.
    pub fn import(address: impl Into<String>) -> Self {
        Self::of(Kind::Import(Import {
            address: address.into(),
            by: By::Attribute("id".to_owned()),
            block: false,
            verifies: false,
            ignored: Vec::new(),
            keeps: false,
            config: None,
        }))
    }

    /// Runs a query, the text of a `.tfquery.hcl`, with the configuration of the step before.
    pub fn query(hcl: impl Into<String>) -> Self {
        Self::of(Kind::Query(hcl.into())).requires(Feature::Queries)
    }

    /// Reads all objects into the state, as by `terraform apply -refresh-only`. Afterwards the plan has to be empty.
    pub fn refresh() -> Self {
        Self::of(Kind::Refresh)
    }

    /// Destroys everything, with the configuration of the step before.
    pub fn destroy() -> Self {
        Self::of(Kind::Destroy)
    }

    /// What happens before the step, for example a change of an object outside of Terraform.
    pub fn before(mut self, act: impl FnOnce() + 'a) -> Self {
        self.before = Some(Box::new(act));
        self
    }

    /// What happens after the step, for example an assertion about the API.
    pub fn after(mut self, act: impl FnOnce() + 'a) -> Self {
        self.after = Some(Box::new(act));
        self
    }

    /// A check of the plan, from [`plan`], or of what a query found, from [`query`](super::query).
    pub fn expect(mut self, check: Check<'a>) -> Self {
        self.expectations.push(check);
        self
    }

    /// A check of the state after the apply, from [`state`](super::state).
    pub fn check(mut self, check: Check<'a>) -> Self {
        self.checks.push(check);
        self
    }

    /// A check of the plan that follows the apply, which is otherwise expected to be empty.
    pub fn expect_next(mut self, check: Check<'a>) -> Self {
        self.next.push(check);
        self
    }

    /// The plan that follows is not empty. For an import by a block: what is imported is changed at once.
    pub fn changes_again(self) -> Self {
        self.expect_next(plan::is_not_empty())
    }

    /// The step fails, with an error whose summary or detail contains this. What comes after the error does not happen.
    pub fn error(mut self, text: impl Into<String>) -> Self {
        self.error = Some(ExpectedError::Containing(text.into()));
        self
    }

    /// The same, with an error that a regular expression matches. The summary and the detail stand in one line.
    ///
    /// # Panics
    /// If it is no regular expression.
    #[track_caller]
    pub fn error_matching(mut self, regex: &str) -> Self {
        let regex = Regex::new(regex).unwrap_or_else(|error| panic!("{regex:?} is no regular expression: {error}"));
        self.error = Some(ExpectedError::Matching(regex));
        self
    }

    /// There is a warning of this summary.
    pub fn warning(mut self, summary: impl Into<String>) -> Self {
        self.warnings.push(summary.into());
        self
    }

    /// Writes another file next to the configuration, for example of a module. It stays for the steps that follow.
    pub fn file(mut self, name: impl Into<String>, text: impl Into<String>) -> Self {
        self.files.push((name.into(), text.into()));
        self
    }

    /// Further arguments for the plan of this step, for example `-replace=notes_note.a` or `-var=size=2`.
    pub fn argument(mut self, argument: impl Into<String>) -> Self {
        self.arguments.push(argument.into());
        self
    }

    /// The step is skipped where the CLI does not have this.
    pub fn requires(mut self, feature: Feature) -> Self {
        self.needs.feature(feature);
        self
    }

    /// The step is skipped with other versions of the CLI, for example all but `(1, 12)..`.
    pub fn versions(mut self, versions: impl RangeBounds<(u64, u64)>) -> Self {
        self.needs.versions(&versions);
        self
    }

    /// What a CLI lacks for this step.
    pub(super) fn lacking(&self, cli: &Cli) -> Option<String> {
        self.needs.lacking(cli)
    }

    /// What it is, in the message of a failure.
    pub(super) fn name(&self) -> String {
        match &self.kind {
            Kind::Config(_) if self.plan_only => "a plan".to_owned(),
            Kind::Config(_) => "a configuration".to_owned(),
            Kind::Import(import) => format!("the import of {}", import.address),
            Kind::Query(_) => "a query".to_owned(),
            Kind::Refresh => "a refresh".to_owned(),
            Kind::Destroy => "a destroy".to_owned(),
        }
    }
}

/// What imports have alone.
impl<'a> Step<'a> {
    fn of_import(mut self, change: impl FnOnce(&mut Import<'a>)) -> Self {
        match &mut self.kind {
            Kind::Import(import) => change(import),
            _ => panic!("this is for an import, and the step is {}", self.name()),
        }
        self
    }

    /// Imports what has this id.
    pub fn by_id(self, id: impl Into<String>) -> Self {
        let id = id.into();
        self.of_import(|import| import.by = By::Id(Box::new(move || id)))
    }

    /// Imports what has an id that is not known before the step runs.
    pub fn by_id_of(self, id: impl FnOnce() -> String + 'a) -> Self {
        self.of_import(|import| import.by = By::Id(Box::new(id)))
    }

    /// Imports what has an id that this attribute of the state holds, for example `name`.
    pub fn by_attribute(self, path: impl Into<String>) -> Self {
        let path = path.into();
        self.of_import(|import| import.by = By::Attribute(path))
    }

    /// Imports by an `import` block, and not by the command. The import has to change nothing.
    pub fn by_block(self) -> Self {
        self.of_import(|import| import.block = true)
    }

    /// Imports by an `import` block with the identity that the state has.
    pub fn by_stored_identity(self) -> Self {
        self.of_import(|import| (import.by, import.block) = (By::StoredIdentity, true)).requires(Feature::Identities)
    }

    /// Imports by an `import` block with this identity.
    pub fn by_identity(self, identity: Value) -> Self {
        self.of_import(|import| (import.by, import.block) = (By::Identity(identity), true))
            .requires(Feature::Identities)
    }

    /// The imported object has to be the one that the state has, attribute by attribute.
    pub fn verify(self) -> Self {
        self.of_import(|import| import.verifies = true)
    }

    /// The same, but for these attributes, with all that is in them. An attribute is named by its path.
    pub fn verify_except<T: Into<String>>(self, ignored: impl IntoIterator<Item = T>) -> Self {
        let ignored: Vec<String> = ignored.into_iter().map(Into::into).collect();
        self.of_import(|import| (import.verifies, import.ignored) = (true, ignored))
    }

    /// Imports into the state of the case, for the steps that follow. Only by the command: an `import` block can stand in a
    /// configuration.
    pub fn keep(self) -> Self {
        self.of_import(|import| import.keeps = true)
    }

    /// Imports with this configuration, and not with that of the step before.
    pub fn with(self, hcl: impl Into<String>) -> Self {
        let hcl = hcl.into();
        self.of_import(|import| import.config = Some(hcl))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_imports_have_is_for_imports() {
        let panic = std::panic::catch_unwind(|| drop(Step::config("").verify())).expect_err("it is no import");
        let text = panic.downcast_ref::<String>().expect("it says why");
        assert_eq!(text, "this is for an import, and the step is a configuration");
        assert_eq!(Step::import("a.b").verify().name(), "the import of a.b");
    }

    #[test]
    fn a_failure_names_what_a_step_does() {
        for (step, name) in [
            (Step::config(""), "a configuration"),
            (Step::plan(""), "a plan"),
            (Step::query(""), "a query"),
            (Step::refresh(), "a refresh"),
            (Step::destroy(), "a destroy"),
        ] {
            assert_eq!(step.name(), name);
        }
    }
}
