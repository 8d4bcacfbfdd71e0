//! A model of the cloud, of Terraform, of this provider and of its user, checked over every order of events.
//!
//! The provider's decisions are not modelled: the product's own functions are called (see `decisions`). Modelled is what lies
//! between them: the steps of an operation as `src/provisioned` takes them, between any two of which a run may be killed,
//! another run or a person may act, and the API may do what it does on bad days.
//!
//! # Bounds
//! One resource block, in two states at most (another `-state` file of the directory, or another backend); two runs alive, and
//! at most one for a state, as Terraform locks it; three clusters; and, as each [`Scenario`](check::Scenario) says, a few runs, faults (of the
//! API, or a kill) and actions (of a user by hand).
//!
//! # Assumptions
//! - Reads and lists lag less than the search for a lost create lasts.
//! - When only the clusters' part of the API answers 404, that is over within five seconds and does not come back; when
//!   everything does, it may last. One such spell at most.
//! - When reads find nothing for longer while writes take effect, that begins after the state was read: the evidence would
//!   believe such reads, and only the refusal of a write contradicts them.
//! - No cluster of a name is created by hand between the list before a create of that name and its answer.
//! - A create of which the API has the request but which it carries out after the search has ended happens only where it keeps
//!   names unique.
//!
//! # Reading order
//! `cloud`, `records`, `run` and `world` are what there is, and `events` what can happen; `check` is what is explored, with the
//! `rules` and `scenarios`. `steps` is how a run goes on: `reconcile`, `refresh`, `plan`, `destroy`, `create` with `send` and
//! `search`; they read by `read` and decide by `decisions`. `actions` are the user's. `exploration` puts it together, and
//! `invariants` says what must never happen.

mod actions;
mod api;
mod check;
mod cloud;
mod create;
mod decisions;
mod destroy;
mod entries;
mod events;
mod exploration;
mod invariants;
mod plan;
mod read;
mod reconcile;
mod records;
mod refresh;
mod rules;
mod run;
mod scenarios;
mod search;
mod send;
mod steps;
mod tests;
mod world;
