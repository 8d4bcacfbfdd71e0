//! Accounts: each has a key and objects of its own, and cannot see those of another.
//!
//! The world works on the objects of one account at a time. Those of the others are kept aside, and are put in place for
//! as long as a call of theirs is answered.

use serde::{Deserialize, Serialize};

use crate::objects::Objects;
use crate::server::Simulator;
use crate::world::World;

/// An account beyond the first one, whose key is in the options.
#[derive(Serialize, Deserialize)]
pub(crate) struct Account {
    key: String,
    objects: Objects,
}

/// Which account: 0 is the first one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Which(usize);

impl Which {
    pub const FIRST: Self = Self(0);
}

impl World {
    /// All keys that are accepted.
    pub fn keys(&self) -> impl Iterator<Item = &str> {
        std::iter::once(self.options.api_key.as_str()).chain(self.others.iter().map(|account| account.key.as_str()))
    }

    /// The account of a key.
    pub fn account_of(&self, key: &str) -> Option<Which> {
        self.keys().position(|known| known == key).map(Which)
    }

    /// Adds an account, unless its key is empty or taken.
    pub fn add_account(&mut self, key: &str) -> Option<Which> {
        if key.is_empty() || self.account_of(key).is_some() {
            return None;
        }
        let number = self.others.len() + 2;
        let mut objects = Objects::default();
        objects.user.set_number(number);
        self.others.push(Account { key: key.to_owned(), objects });
        Some(Which(number - 1))
    }

    /// Gives an account another key, unless there is no such account, or the new key is empty or taken.
    pub fn rotate_key(&mut self, old: &str, new: &str) -> Option<Which> {
        if new.is_empty() || self.account_of(new).is_some() {
            return None;
        }
        let which = self.account_of(old)?;
        match which.0.checked_sub(1).and_then(|index| self.others.get_mut(index)) {
            Some(account) => new.clone_into(&mut account.key),
            None => new.clone_into(&mut self.options.api_key),
        }
        Some(which)
    }

    /// Does something with the objects of an account in place.
    pub fn within<T>(&mut self, which: Which, work: impl FnOnce(&mut Self) -> T) -> T {
        self.exchange(which);
        let result = work(self);
        self.exchange(which);
        result
    }

    fn exchange(&mut self, which: Which) {
        if let Some(account) = which.0.checked_sub(1).and_then(|index| self.others.get_mut(index)) {
            std::mem::swap(&mut self.objects, &mut account.objects);
        }
    }
}

impl Simulator {
    /// Adds an account with objects of its own. Nothing happens when the key is empty or known. The other methods act on
    /// the first account, but for [`Self::for_account`].
    pub fn add_account(&self, key: &str) {
        self.with(|world| world.add_account(key));
    }

    /// Does something with the account of a key: the other methods act on it for as long. None when no account has the key.
    pub fn for_account<T>(&self, key: &str, work: impl FnOnce(&Self) -> T) -> Option<T> {
        {
            let mut state = self.state();
            state.acting = state.world.account_of(key)?;
        }
        let result = work(self);
        self.state().acting = Which::FIRST;
        Some(result)
    }

    /// Gives the account of the first key the second key instead. Nothing happens when no account has the first, or the
    /// second is empty or known.
    pub fn rotate_key(&self, old: &str, new: &str) {
        self.with(|world| world.rotate_key(old, new));
    }
}
