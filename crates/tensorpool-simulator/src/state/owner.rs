//! Who owns an object.

use serde::{Deserialize, Serialize};

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
