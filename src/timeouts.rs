//! How long an operation may take where the user does not say.

use std::time::Duration;

/// A create.
pub const CREATE: Duration = Duration::from_hours(1);
/// A read, of a resource or a data source.
pub const READ: Duration = Duration::from_mins(5);
/// A change in place.
pub const UPDATE: Duration = Duration::from_mins(20);
/// A delete.
pub const DELETE: Duration = Duration::from_hours(1);
/// The last read after the user's interrupt: Terraform should end within seconds.
pub const LAST_READ: Duration = Duration::from_secs(2);
/// What the journal asks the API while the provider is configured or a plan is computed.
pub const LOOK_UP: Duration = Duration::from_secs(30);
/// What an operation can do without.
pub const QUICK: Duration = Duration::from_secs(10);
