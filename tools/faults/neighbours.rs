//! Objects next to that of a case that are not Terraform's: created by hand, in the same account or in another one.

use tensorpool_simulator::Simulator;

use crate::sandbox::{OTHER_KEY, Sandbox};
use crate::subject::{Object, Subject};

/// What another object of the account is called.
const NAME: &str = "neighbour";

/// An object that is not Terraform's.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Neighbour {
    is_in_other_account: bool,
    object: Object,
}

/// All of them.
#[derive(Default)]
pub struct Neighbours(Vec<Neighbour>);

impl Neighbours {
    /// Creates one in the account, with `twin` one of the same name in the account, and with `namesake` one of the same name in
    /// another account.
    pub fn create(subject: &dyn Subject, cloud: &Simulator, twin: bool, namesake: bool) -> Self {
        cloud.add_account(OTHER_KEY);
        let before = all(subject, cloud);
        if subject.is_one_of_many() {
            _ = subject.create_outside(cloud, NAME);
        }
        if twin {
            _ = subject.create_outside(cloud, subject.name());
        }
        if subject.is_created() {
            cloud.for_account(OTHER_KEY, |cloud| {
                subject.set_up(cloud);
                if namesake {
                    _ = subject.create_outside(cloud, subject.name());
                }
            });
        }
        Self(all(subject, cloud).into_iter().filter(|one| !before.contains(one)).collect())
    }

    /// What exists and is none of them.
    pub fn others(&self, subject: &dyn Subject, cloud: &Simulator) -> Vec<Object> {
        all(subject, cloud).into_iter().filter(|one| !self.has(one)).map(|one| one.object).collect()
    }

    fn has(&self, one: &Neighbour) -> bool {
        self.0
            .iter()
            .any(|known| (known.is_in_other_account, &known.object.id) == (one.is_in_other_account, &one.object.id))
    }

    /// An error if one of them is deleted, or has another name.
    pub fn check_untouched(&self, subject: &dyn Subject, cloud: &Simulator) -> Result<(), String> {
        let now = all(subject, cloud);
        match self.0.iter().find(|one| !now.contains(one)) {
            Some(one) => Err(format!("destroyed although healthy: what is not ours is deleted or changed: {one:?}")),
            None => Ok(()),
        }
    }

    /// An error if one of them is in the state, but was not before. Where a create adopts what exists, such a one is no
    /// neighbour any more.
    pub fn check_not_adopted(&mut self, subject: &dyn Subject, sandbox: &Sandbox, before: &str) -> Result<(), String> {
        let (state, ours) = (sandbox.state(), self.others(subject, &sandbox.cloud));
        // The names of buckets are their ids, so that there may be the same in two accounts.
        let is_ours = |id: &str| holds(before, id) || ours.iter().any(|object| object.id == id);
        let is_adopted = |one: &Neighbour| holds(&state, &one.object.id) && !is_ours(&one.object.id);
        if subject.is_adopted() {
            self.0.retain(|one| !is_adopted(one));
        }
        match self.0.iter().find(|one| is_adopted(one)) {
            Some(one) => Err(format!("adopted what is not ours: {one:?}")),
            None => Ok(()),
        }
    }

    /// Whether the state holds something of another account.
    pub fn is_state_elsewhere(&self, subject: &dyn Subject, sandbox: &Sandbox) -> bool {
        let state = sandbox.state();
        let mut elsewhere = all(subject, &sandbox.cloud).into_iter().filter(|one| one.is_in_other_account);
        elsewhere.any(|one| !self.has(&one) && holds(&state, &one.object.id))
    }
}

/// Whether a state holds an id as a whole: one can be the beginning of another.
fn holds(state: &str, id: &str) -> bool {
    state.contains(&format!("\"{id}\""))
}

/// What exists in all accounts.
fn all(subject: &dyn Subject, cloud: &Simulator) -> Vec<Neighbour> {
    let place = |is_in_other_account: bool| move |object| Neighbour { is_in_other_account, object };
    let other = cloud.for_account(OTHER_KEY, |cloud| subject.truth(cloud)).unwrap_or_default();
    subject.truth(cloud).into_iter().map(place(false)).chain(other.into_iter().map(place(true))).collect()
}
