//! How long an operation may take where the user does not say.

use std::time::Duration;

/// A create.
pub const CREATE: Duration = Duration::from_hours(1);
/// A read, of a resource or a data source.
pub const READ: Duration = Duration::from_mins(5);
/// A change in place.
pub const UPDATE: Duration = Duration::from_mins(20);
