//! When an object exists.

use serde::{Deserialize, Serialize};

use crate::clock::{self, Moment};

/// The time in which an object exists.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Lifetime {
    pub created_at: Moment,
    #[serde(default, alias = "gone_at")]
    pub deleted_at: Option<Moment>,
}

impl Lifetime {
    pub fn starting_now() -> Self {
        Self { created_at: clock::now(), deleted_at: None }
    }

    /// Whether the object exists, whatever reads find.
    pub fn is_current(self) -> bool {
        self.deleted_at.is_none()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_former_name_of_a_field_in_a_data_file_is_read() {
        #[derive(Deserialize)]
        struct Object {
            #[serde(flatten)]
            lifetime: Lifetime,
        }
        let read = |json| serde_json::from_str::<Object>(json).expect("it is a lifetime").lifetime;
        let expected = Lifetime { created_at: 1, deleted_at: Some(2) };
        assert_eq!(read(r#"{"id": "c-1", "created_at": 1, "gone_at": 2}"#), expected);
        assert_eq!(read(r#"{"id": "c-1", "created_at": 1, "deleted_at": 2}"#), expected);
        assert_eq!(read(r#"{"id": "c-1", "created_at": 1}"#), Lifetime { deleted_at: None, ..expected });
    }
}
