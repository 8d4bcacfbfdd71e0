//! The kinds of objects. Each has a file with its state, its rules, its endpoints and the orders about it; a new kind is
//! one such file, and its name in the list below.

use serde::{Deserialize, Serialize};

use crate::reply::{Call, Reply};
use crate::world::World;

pub(crate) mod attachment;
pub(crate) mod cluster;
pub(crate) mod health;
pub(crate) mod instance;
pub(crate) mod job;
pub(crate) mod object_storage;
pub(crate) mod quote;
pub(crate) mod request;
pub(crate) mod ssh_key;
pub(crate) mod storage;
pub(crate) mod user;

/// A kind of objects. It is implemented by the state of the kind.
pub(crate) trait Kind {
    /// Answers a call of the API, if it concerns this kind.
    fn answer(world: &mut World, call: &Call<'_>) -> Option<Reply>;

    /// Follows an order under `/_simulator/`, if it concerns this kind.
    fn order(_: &mut World, _: &Call<'_>) -> Option<Reply> {
        None
    }

    /// Lets a request that has come to its end take effect.
    fn ended(_: &mut World, _: &request::Request) {}
}

/// Makes of the list of kinds what the rest of the simulator needs of them.
macro_rules! kinds {
    ($($kind:ident)*) => {
        /// The state of every kind.
        #[derive(Default, Serialize, Deserialize)]
        #[serde(default)]
        pub(crate) struct Objects {
            $(pub $kind: $kind::State,)*
        }

        /// Answers a call of the API, if it concerns any kind.
        pub(crate) fn answer(world: &mut World, call: &Call<'_>) -> Option<Reply> {
            None$(.or_else(|| $kind::State::answer(world, call)))*
        }

        /// Follows an order, if it concerns any kind.
        pub(crate) fn order(world: &mut World, call: &Call<'_>) -> Option<Reply> {
            None$(.or_else(|| $kind::State::order(world, call)))*
        }

        /// Lets a request take effect.
        pub(crate) fn ended(world: &mut World, request: &request::Request) {
            $($kind::State::ended(world, request);)*
        }
    };
}

kinds! { attachment cluster health instance job object_storage quote request ssh_key storage user }
