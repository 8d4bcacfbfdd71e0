//! The state of the simulated cloud.
//!
//! Nothing runs in the background. The state contains the times at which requests started, and what is true at a moment is
//! computed from them.

use serde::{Deserialize, Serialize};

use crate::account::Account;
use crate::api::{ApiRequest, ApiResponse};
use crate::clock;
use crate::objects::{self, Objects};
use crate::options::Options;

/// All objects, and the options that determine how the API behaves.
pub(crate) struct World {
    pub options: Options,
    /// The objects of the current account: the first one, unless a request of another one is being handled.
    pub objects: Objects,
    /// The accounts in addition to the first.
    pub others: Vec<Account>,
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

/// The owner of an object.
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
        while let Some(request) = self.objects.request.pop_ended(clock::now()) {
            objects::apply(self, &request);
        }
    }

    /// Handles a request to the API.
    pub fn handle(&mut self, request: &ApiRequest<'_>) -> ApiResponse {
        self.settle();
        let response = objects::handle(self, request).unwrap_or_else(ApiResponse::not_found);
        // A request that takes no time takes effect at once.
        self.settle();
        response.shaped(self.options.variants.error_shape)
    }

    pub fn save(&self) -> serde_json::Result<String> {
        // Borrows what `Saved` owns, so that the objects are not cloned for every write.
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
