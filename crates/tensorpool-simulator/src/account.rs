//! Accounts. Each has a key and its own objects, and cannot access those of another account.

use serde::{Deserialize, Serialize};

use crate::state::Objects;

/// An account in addition to the first one.
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

/// The keys of all accounts, and the objects of all but the current one.
pub(crate) struct Accounts {
    first_key: String,
    others: Vec<Account>,
}

impl Accounts {
    pub fn new(first_key: String) -> Self {
        Self { first_key, others: Vec::new() }
    }

    /// Returns the accounts in addition to the first.
    pub fn others(&self) -> &[Account] {
        &self.others
    }

    /// Replaces the accounts in addition to the first.
    pub fn restore(&mut self, others: Vec<Account>) {
        self.others = others;
    }

    /// Returns the keys of all accounts.
    pub fn keys(&self) -> impl Iterator<Item = &str> {
        std::iter::once(self.first_key.as_str()).chain(self.others.iter().map(|account| account.key.as_str()))
    }

    /// Returns the account of a key.
    pub fn of_key(&self, key: &str) -> Option<AccountIndex> {
        self.keys().position(|known| known == key).map(AccountIndex)
    }

    /// Adds an account. `None` if the key is empty or in use.
    pub fn add(&mut self, key: &str) -> Option<AccountIndex> {
        if key.is_empty() || self.of_key(key).is_some() {
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
        if new.is_empty() || self.of_key(new).is_some() {
            return None;
        }
        let index = self.of_key(old)?;
        let key = self.other(index).map(|account| &mut account.key);
        match key {
            Some(key) => new.clone_into(key),
            None => new.clone_into(&mut self.first_key),
        }
        Some(index)
    }

    /// Exchanges the current objects for those of an account. Does nothing for the first account.
    pub fn swap(&mut self, account: AccountIndex, current: &mut Objects) {
        if let Some(account) = self.other(account) {
            std::mem::swap(current, &mut account.objects);
        }
    }

    /// Returns an account. `None` for the first one.
    fn other(&mut self, account: AccountIndex) -> Option<&mut Account> {
        self.others.get_mut(account.0.checked_sub(1)?)
    }
}
