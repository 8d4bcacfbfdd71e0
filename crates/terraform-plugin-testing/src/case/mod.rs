//! Acceptance tests: a real Terraform works through the steps of a case, and what it plans, stores and reports is checked.
//!
//! ```no_run
//! use std::path::Path;
//!
//! use terraform_plugin_testing::Workspace;
//! use terraform_plugin_testing::case::{Case, Step, plan, state};
//!
//! # fn program() -> &'static Path { Path::new("target/debug/terraform-provider-notes") }
//! # fn notes_of_the_api() -> Vec<String> { Vec::new() }
//! let workspace = Workspace::new("note-life", "example/notes", program());
//! let note = |title: &str| format!("resource \"notes_note\" \"a\" {{\n  title = {title:?}\n}}");
//! let id = state::Remembered::new();
//! Case::new(&workspace)
//!     .step(
//!         Step::config(note("Shopping"))
//!             .expect(plan::creates("notes_note.a"))
//!             .expect(plan::unknown("notes_note.a", "id"))
//!             .check(state::value("notes_note.a", "title", "Shopping"))
//!             .check(id.set_at("notes_note.a", "id")),
//!     )
//!     .step(Step::import("notes_note.a").verify_except(["password"]))
//!     .step(Step::config(note("Errands")).expect(plan::updates("notes_note.a")).check(id.same_at("notes_note.a", "id")))
//!     .step(Step::plan(note("")).error("must not be empty"))
//!     .destroyed(|| notes_of_the_api().is_empty())
//!     .run();
//! ```
//!
//! Unless a step says otherwise, the plan after each apply has to be empty, without a refresh and with one. At the end everything is
//! destroyed, also if a step failed.

mod check;
mod expected;
mod failure;
mod import;
mod needs;
mod path;
pub mod plan;
mod planned;
pub mod query;
mod resources;
mod run;
pub mod state;
mod step;
mod verify;

use std::ops::RangeBounds;

pub use check::{Check, Mismatch};
pub use expected::{Expected, containing, elements, matching, null, of_length, satisfying, set, with_members};
pub use step::Step;

use crate::cli::Cli;
use crate::feature::Feature;
use crate::left_out::{left_out, this_test};
use crate::workspace::Workspace;
use failure::Failure;
use needs::Needs;
use run::Runner;

/// An acceptance test: see the [module](self).
///
/// A case is left out, as by [`requires`](crate::requires()), where the CLI lacks what it [requires](Self::requires).
#[must_use = "a case does nothing before it is run"]
pub struct Case<'a> {
    workspace: &'a Workspace,
    in_front: String,
    steps: Vec<Step<'a>>,
    destroyed: Option<Box<dyn FnOnce() -> bool + 'a>>,
    needs: Needs,
}

impl<'a> Case<'a> {
    /// A case without steps, which works in a workspace of its own.
    pub fn new(workspace: &'a Workspace) -> Self {
        Self { workspace, in_front: String::new(), steps: Vec::new(), destroyed: None, needs: Needs::default() }
    }

    /// What stands in front of the configuration of every step, for example a `provider` block.
    pub fn in_front(mut self, hcl: impl Into<String>) -> Self {
        self.in_front = hcl.into();
        self
    }

    /// Adds a step.
    pub fn step(mut self, step: Step<'a>) -> Self {
        self.steps.push(step);
        self
    }

    /// Adds several steps.
    pub fn steps(mut self, steps: impl IntoIterator<Item = Step<'a>>) -> Self {
        self.steps.extend(steps);
        self
    }

    /// Asks, after everything was destroyed, whether nothing is left outside of Terraform.
    pub fn destroyed(mut self, is_gone: impl FnOnce() -> bool + 'a) -> Self {
        self.destroyed = Some(Box::new(is_gone));
        self
    }

    /// The case is left out where the CLI does not have this.
    pub fn requires(mut self, feature: Feature) -> Self {
        self.needs.feature(feature);
        self
    }

    /// The case is left out with other versions of the CLI, for example all but `(1, 12)..`.
    pub fn versions(mut self, versions: impl RangeBounds<(u64, u64)>) -> Self {
        self.needs.versions(&versions);
        self
    }

    /// Runs the steps, and destroys what is left.
    ///
    /// # Panics
    /// If something is not as expected: with the step, what was expected and found, and what Terraform printed. The directory of the
    /// workspace stays then.
    #[track_caller]
    pub fn run(self) {
        let cli = Cli::at_hand();
        if let Some(why) = self.needs.lacking(cli) {
            crate::feature::note_left_out(&this_test());
            return left_out(&this_test(), &why);
        }
        let Self { workspace, in_front, steps, destroyed, .. } = self;
        let mut runner = Runner::new(workspace, in_front);
        let count = steps.len();
        let mut place = String::new();
        let ended = steps.into_iter().enumerate().try_for_each(|(index, step)| {
            place = format!("step {} of {count}, {}", index + 1, step.name());
            match step.lacking(cli) {
                Some(why) => left_out(&format!("{}, {place}", this_test()), &why),
                None => runner.run(step)?,
            }
            Ok::<_, Failure>(())
        });
        let cleaned = runner.clean_up();
        let kept = || format!("\n\nThe workspace is {}", workspace.directory().display());
        if let Err(failure) = ended {
            let also = cleaned.err().map(|failure| format!("\n\nMoreover, {}", failure.text("the destroy at the end")));
            panic!("{}{}{}", failure.text(&place), also.unwrap_or_default(), kept());
        }
        if let Err(failure) = cleaned {
            panic!("{}{}", failure.text("the destroy at the end"), kept());
        }
        assert!(destroyed.is_none_or(|is_gone| is_gone()), "after the destroy at the end, something is left{}", kept());
    }
}
