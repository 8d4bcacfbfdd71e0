//! Worlds: ways in which the API, or what surrounds the user, is strange for a whole run.

mod list;
mod rewrites;

use tensorpool_simulator::{Fault, Options};

use crate::operation::Operation;
use crate::rewrite::Rewrite;
use crate::sandbox::Sandbox;
use crate::snapshot;
use crate::subject::Subject;
pub use list::all;
use rewrites::{OTHER_NAMES, VERY_PATIENT};

/// A world.
pub struct World {
    pub name: &'static str,
    /// How configurations are written in it, and before.
    pub rewrite: Rewrite,
    /// It is never left, and everything has to work in it as in a fine one.
    pub is_lasting: bool,
    /// An object of the same name was created outside Terraform. The user then chooses another name, as messages say.
    pub has_twin: bool,
    /// There is one of the same name in another account.
    pub has_namesake: bool,
    options: fn(&mut Options),
    faults: Vec<Fault>,
    enter: fn(&mut Sandbox),
    leave: fn(&mut Sandbox),
    shows_in: fn(&dyn Subject, Operation) -> bool,
}

impl World {
    fn new(name: &'static str) -> Self {
        Self {
            name,
            rewrite: Rewrite::NONE,
            is_lasting: false,
            has_twin: false,
            has_namesake: true,
            options: |_| {},
            faults: Vec::new(),
            enter: |_| {},
            leave: |_| {},
            shows_in: |_, _| true,
        }
    }

    fn options(self, options: fn(&mut Options)) -> Self {
        Self { options, ..self }
    }

    fn faults(self, faults: impl IntoIterator<Item = Fault>) -> Self {
        Self { faults: faults.into_iter().collect(), ..self }
    }

    /// What else is done on the way in and on the way out.
    fn around(self, enter: fn(&mut Sandbox), leave: fn(&mut Sandbox)) -> Self {
        Self { enter, leave, ..self }
    }

    fn rewritten(self, rewrite: Rewrite) -> Self {
        Self { rewrite, ..self }
    }

    fn lasting(self) -> Self {
        Self { is_lasting: true, ..self }
    }

    fn with_twin(self) -> Self {
        Self { has_twin: true, ..self }
    }

    fn without_namesake(self) -> Self {
        Self { has_namesake: false, ..self }
    }

    /// Where it can be noticed; elsewhere it is a fine world.
    fn shown_in(self, shows_in: fn(&dyn Subject, Operation) -> bool) -> Self {
        Self { shows_in, ..self }
    }

    /// Whether an operation can notice it.
    pub fn shows_in(&self, subject: &dyn Subject, operation: Operation) -> bool {
        (self.shows_in)(subject, operation)
    }

    /// Whether its cases are left out of slices, as they wait for minutes.
    pub fn takes_minutes(&self) -> bool {
        self.rewrite == VERY_PATIENT
    }

    /// Makes the cloud and the surroundings strange.
    pub fn enter(&self, sandbox: &mut Sandbox) {
        sandbox.cloud.configure(self.options);
        for fault in &self.faults {
            sandbox.cloud.add_fault(fault.clone());
        }
        (self.enter)(sandbox);
    }

    /// Makes them fine again, unless it lasts.
    pub fn leave(&self, sandbox: &mut Sandbox) {
        if self.is_lasting {
            return;
        }
        sandbox.cloud.clear_faults();
        sandbox.cloud.configure(|now| {
            let Options { listen, api_key, seed, data, .. } = now.clone();
            *now = Options { listen, api_key, seed, data, ..snapshot::options() };
        });
        if self.has_twin {
            sandbox.rewrite = OTHER_NAMES;
        }
        (self.leave)(sandbox);
    }
}
