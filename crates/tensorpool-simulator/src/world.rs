//! The simulated cloud: what exists in it, and the options that determine how the API behaves.
//!
//! Nothing runs in the background. The state contains the times at which requests started, and what is true at a moment is
//! computed from them.

use serde::{Deserialize, Serialize};

use crate::account::{Account, AccountIndex, Accounts};
use crate::clock;
use crate::options::Options;
use crate::state::Objects;

/// All objects, and the options.
pub(crate) struct World {
    pub options: Options,
    /// The objects of the current account: the first one, except within [`Self::with_account`].
    pub objects: Objects,
    pub accounts: Accounts,
    /// How often clusters were read.
    pub reads: usize,
    random: fastrand::Rng,
}

/// What is stored in the data file.
#[derive(Serialize, Deserialize)]
pub(crate) struct Saved {
    objects: Objects,
    #[serde(default)]
    accounts: Vec<Account>,
    /// The state of the random number generator, so that no id is generated twice.
    random: u64,
}

impl World {
    pub fn new(options: Options) -> Self {
        let (random, accounts) = (fastrand::Rng::with_seed(options.seed), Accounts::new(options.api_key.clone()));
        Self { options, objects: Objects::default(), accounts, reads: 0, random }
    }

    /// Generates an id.
    pub fn new_id(&mut self, prefix: &str) -> String {
        format!("{prefix}{}", self.random_letters(10).to_ascii_lowercase())
    }

    /// Generates random letters and digits.
    pub fn random_letters(&mut self, count: usize) -> String {
        std::iter::repeat_with(|| self.random.alphanumeric()).take(count).collect()
    }

    /// Applies the effects of all requests that have ended.
    pub fn settle(&mut self) {
        self.objects.settle(clock::now());
    }

    /// Runs `work` on the objects of an account.
    pub fn with_account<T>(&mut self, account: AccountIndex, work: impl FnOnce(&mut Self) -> T) -> T {
        self.accounts.swap(account, &mut self.objects);
        let result = work(self);
        self.accounts.swap(account, &mut self.objects);
        result
    }

    pub fn save(&self) -> serde_json::Result<String> {
        // Borrows what `Saved` owns, so that the objects are not cloned for every write.
        #[derive(Serialize)]
        struct Borrowed<'a> {
            objects: &'a Objects,
            accounts: &'a [Account],
            random: u64,
        }
        let Self { objects, accounts, random, .. } = self;
        serde_json::to_string_pretty(&Borrowed { objects, accounts: accounts.others(), random: random.get_seed() })
    }

    pub fn restore(&mut self, saved: Saved) {
        self.objects = saved.objects;
        self.accounts.restore(saved.accounts);
        self.random.seed(saved.random);
    }
}
