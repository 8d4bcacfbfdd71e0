//! Accounts. Each has a key and its own objects, and cannot access those of another account.
//!
//! The world works on the objects of one account at a time. Those of the other accounts are kept separately, and are swapped
//! in while a request of their account is handled.

use serde::{Deserialize, Serialize};

use crate::objects::Objects;
use crate::server::Simulator;
use crate::world::World;

/// An account in addition to the first one, whose key is in the options.
#[derive(Serialize, Deserialize)]
pub(crate) struct Account {
    key: String,
    objects: Objects,
}

/// The index of an account. 0 is the first account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct AccountIndex(usize);

impl AccountIndex {
    pub const FIRST: Self = Self(0);
}

impl World {
    /// Returns the keys of all accounts.
    pub fn keys(&self) -> impl Iterator<Item = &str> {
        std::iter::once(self.options.api_key.as_str()).chain(self.others.iter().map(|account| account.key.as_str()))
    }

    /// Returns the account of a key.
    pub fn account_of(&self, key: &str) -> Option<AccountIndex> {
        self.keys().position(|known| known == key).map(AccountIndex)
    }

    /// Adds an account. `None` if the key is empty or in use.
    pub fn add_account(&mut self, key: &str) -> Option<AccountIndex> {
        if key.is_empty() || self.account_of(key).is_some() {
            return None;
        }
        let number = self.others.len() + 2;
        let mut objects = Objects::default();
        objects.user.set_number(number);
        self.others.push(Account { key: key.to_owned(), objects });
        Some(AccountIndex(number - 1))
    }

    /// Replaces the key of an account. `None` if there is no such account, or the new key is empty or in use.
    pub fn rotate_key(&mut self, old: &str, new: &str) -> Option<AccountIndex> {
        if new.is_empty() || self.account_of(new).is_some() {
            return None;
        }
        let index = self.account_of(old)?;
        match self.other_account(index) {
            Some(account) => new.clone_into(&mut account.key),
            None => new.clone_into(&mut self.options.api_key),
        }
        Some(index)
    }

    /// Runs `work` on the objects of an account.
    pub fn with_account<T>(&mut self, account: AccountIndex, work: impl FnOnce(&mut Self) -> T) -> T {
        self.swap_objects(account);
        let result = work(self);
        self.swap_objects(account);
        result
    }

    fn swap_objects(&mut self, account: AccountIndex) {
        let index = account.0.checked_sub(1);
        if let Some(account) = index.and_then(|index| self.others.get_mut(index)) {
            std::mem::swap(&mut self.objects, &mut account.objects);
        }
    }

    /// Returns an account. `None` for the first one.
    fn other_account(&mut self, account: AccountIndex) -> Option<&mut Account> {
        self.others.get_mut(account.0.checked_sub(1)?)
    }
}

impl Simulator {
    /// Adds an account with its own objects. Does nothing if the key is empty or in use. All other methods act on the first
    /// account, except within [`Self::for_account`].
    pub fn add_account(&self, key: &str) {
        self.with_world(|world| world.add_account(key));
    }

    /// Runs `work`, during which all methods act on the account of a key. `None` if no account has the key.
    pub fn for_account<T>(&self, key: &str, work: impl FnOnce(&Self) -> T) -> Option<T> {
        {
            let mut state = self.state();
            state.acting_account = state.world.account_of(key)?;
        }
        let result = work(self);
        self.state().acting_account = AccountIndex::FIRST;
        Some(result)
    }

    /// Replaces the key of an account. Does nothing if no account has the old key, or the new one is empty or in use.
    pub fn rotate_key(&self, old: &str, new: &str) {
        self.with_world(|world| world.rotate_key(old, new));
    }
}
