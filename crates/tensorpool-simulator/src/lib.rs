//! A simulator of the TensorPool API for demos and tests. It follows the rules of the real API, costs nothing, and injects
//! faults on request.
//!
//! Use it as a library in tests with [`Simulator`], or as the program `tensorpool-simulator`. The admin API under
//! `/_simulator/` returns the log of the requests and what really exists, injects faults, and changes objects as if it
//! happened outside Terraform. The page at `/` does the same for people.
//!
//! # A tour of the code
//!
//! Each step uses only the ones before it.
//!
//! 1. [`api`] is a request and its response as plain data, so that everything but [`server`] can be tested without HTTP.
//! 2. [`options`] and their [`variants`] choose how the API behaves where the real one is not documented; [`answer_id`],
//!    [`normalization`], [`shapes`] and [`visibility`] do what is chosen.
//! 3. [`state`] is what exists: a file for each type of objects, and what an ended [request](state::request) changes in it.
//!    [`account`] keeps it apart for each key.
//! 4. [`world`] joins state and options. Nothing runs in it: it is [settled](world::World::settle) before it is read. [`store`]
//!    writes it to the data file.
//! 5. [`simulator`] is the handle that a test holds, and what it shares with the server: the world, the [faults](fault), the
//!    [log] and the [rate limit](rate_limit).
//! 6. [`objects`] is the API: a file for each type of objects, with its rules, endpoints and admin requests.
//! 7. [`admin`] is the interface for what happens outside the API, and [`help`](mod@help) explains it.
//! 8. [`page`] shows all of it to people, with forms for the admin interface.
//! 9. [`server`] accepts connections, keeps the pages of other sites away, and lets faults delay, replace or break the responses.
#![allow(rustdoc::private_intra_doc_links, reason = "the tour leads through private modules")]

mod account;
mod admin;
mod answer_id;
mod api;
mod clock;
mod fault;
mod help;
mod log;
mod normalization;
mod objects;
mod options;
mod page;
mod rate_limit;
mod server;
mod shapes;
mod simulator;
mod state;
mod store;
mod variants;
mod visibility;
mod world;

pub use answer_id::AnswerId;
pub use fault::{Action, Fault};
pub use help::help;
pub use log::LoggedRequest;
pub use normalization::{Containers, Names};
pub use options::{Options, RetryAfter};
pub use simulator::Simulator;
pub use state::cluster::{ClusterView, NewCluster};
pub use state::job::NewJob;
pub use state::owner::Owner;
pub use state::request::AsynchronousRequest;
pub use state::ssh_key::{NewSshKey, SshKeyView};
pub use state::storage::{NewVolume, VolumeView};
pub use state::user::Preferences;
pub use variants::{ErrorShape, Gone, IdName, NameField, Variants};
