//! Everything that exists in the simulated cloud.
//!
//! Nothing runs in the background: what is true at a moment follows from when things began.

use serde::{Deserialize, Serialize};

use crate::account::Account;
use crate::clock;
use crate::objects::{self, Objects};
use crate::options::Options;
use crate::reply::{Call, Reply};

/// Everything that exists, and how it behaves.
pub(crate) struct World {
    pub options: Options,
    /// The objects of the account that is in place: the first one's, unless a call of another is being answered.
    pub objects: Objects,
    /// The accounts beyond the first.
    pub others: Vec<Account>,
    /// How often clusters were shown.
    pub reads: usize,
    random: fastrand::Rng,
}

/// What is kept over a restart.
#[derive(Serialize, Deserialize)]
pub(crate) struct Saved {
    objects: Objects,
    #[serde(default)]
    accounts: Vec<Account>,
    /// Where the source of ids stands, so that no id comes twice.
    random: u64,
}

/// To whom an object belongs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Owner {
    /// The user.
    #[default]
    User,
    /// The user's organization.
    Organization,
}

impl World {
    pub fn new(options: Options) -> Self {
        let random = fastrand::Rng::with_seed(options.seed);
        Self { random, options, objects: Objects::default(), others: Vec::new(), reads: 0 }
    }

    /// A new id.
    pub fn id(&mut self, prefix: &str) -> String {
        format!("{prefix}{}", self.letters(10).to_ascii_lowercase())
    }

    /// Random letters and digits.
    pub fn letters(&mut self, count: usize) -> String {
        std::iter::repeat_with(|| self.random.alphanumeric()).take(count).collect()
    }

    /// Lets everything take effect that has come to its end.
    pub fn settle(&mut self) {
        while let Some(request) = self.objects.request.take_ended(clock::now()) {
            objects::ended(self, &request);
        }
    }

    /// Answers a call of the API.
    pub fn answer(&mut self, call: &Call<'_>) -> Reply {
        self.settle();
        let reply = objects::answer(self, call).unwrap_or_else(Reply::not_found);
        // What takes no time shows at once.
        self.settle();
        reply.shaped(self.options.variants.error_shape)
    }

    pub fn save(&self) -> serde_json::Result<String> {
        // The borrowed twin of `Saved`, as objects are not cloned for every write.
        #[derive(Serialize)]
        struct Borrowed<'a> {
            objects: &'a Objects,
            accounts: &'a [Account],
            random: u64,
        }
        let Self { objects, others: accounts, random, .. } = self;
        serde_json::to_string_pretty(&Borrowed { objects, accounts, random: random.get_seed() })
    }

    pub fn restore(&mut self, saved: Saved) {
        self.objects = saved.objects;
        self.others = saved.accounts;
        self.random.seed(saved.random);
    }
}
