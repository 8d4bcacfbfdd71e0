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
/// The look after the user's interrupt: Terraform should end within seconds.
pub const LAST_LOOK: Duration = Duration::from_secs(2);
/// The look for something whose create was not answered. Worth some time, as it may cost money.
pub const LOOK_UP: Duration = Duration::from_secs(30);
/// The same, where the operation has the time.
pub const LONGEST_LOOK_UP: Duration = Duration::from_mins(5);
