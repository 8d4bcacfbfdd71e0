//! A create as the API carries it out.

use super::check::Check;
use super::cloud::{Cluster, Creator, Landed, Late, Status};
use super::invariants::note_if_twice;
use super::world::World;

/// A create that reaches the API.
pub struct Asked {
    pub name: u8,
    pub account: u8,
    pub run: u8,
    pub state: u8,
    pub protected: bool,
    pub visible: bool,
}

/// What the API does with it.
pub enum Answer {
    New(u8),
    Taken,
}

/// The create takes effect; `None` if the model has no room for that.
pub fn land(check: &Check, world: &mut World, asked: &Asked) -> Option<Answer> {
    let new = Cluster {
        name: asked.name,
        account: asked.account,
        creator: Creator::Run(asked.run),
        of_state: Some(asked.state),
        protected: asked.protected,
        status: Status::Creating,
        visible: asked.visible,
        known: false,
    };
    match world.cloud.create(new, check.scenario.unique_names) {
        Landed::New(id) => Some(Answer::New(id)),
        Landed::Taken => Some(Answer::Taken),
        Landed::Full => None,
    }
}

/// The API carries out a create whose answer was lost long ago.
pub fn land_late(check: &Check, world: &mut World) -> Option<()> {
    let Late { name, account, run, state, protected } = world.cloud.late.take()?;
    land(check, world, &Asked { name, account, run, state, protected, visible: true }).map(|landed| {
        if let Answer::New(id) = landed {
            note_if_twice(check, world, id);
        }
    })
}
