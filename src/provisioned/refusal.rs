//! What a 409 to a destroy means.
//!
//! The API answers so for a protected object, for one that is not in a status for it, and while a destroy is under way, and
//! does not say which. So the object is read, and what was read decides.

/// What was read after the API refused to destroy an object.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each was read on its own")]
pub struct Observed {
    /// Nothing of it is found, which proves its absence where the API did not just speak of it.
    pub absent: bool,
    /// The API refused with a 409, and so spoke of an object that existed then.
    pub conflict: bool,
    /// It is protected from deletion.
    pub protected: bool,
    /// The request of a destroy of this object that has not ended.
    pub running_delete: Option<String>,
    /// The clusters that use it.
    pub attached_to: Vec<String>,
    /// Its status allows that it is destroyed.
    pub ready: bool,
}

/// Why the API refused to destroy an object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// There is no such object any more.
    Absent,
    /// The API spoke of it and finds it nowhere: it may have been destroyed in between, which the next try shows.
    Contradictory,
    /// It is protected.
    Protected,
    /// This request is destroying it already.
    Deleting(String),
    /// These clusters use it.
    Attached(Vec<String>),
    /// It is not in a status for it, which may pass.
    NotReady,
    /// Nothing explains it.
    Unexplained,
}

impl Observed {
    /// Why the API refused.
    #[must_use]
    pub fn refusal(self) -> Refusal {
        match self {
            Self { absent: true, conflict: false, .. } => Refusal::Absent,
            Self { absent: true, conflict: true, .. } => Refusal::Contradictory,
            Self { protected: true, .. } => Refusal::Protected,
            Self { running_delete: Some(request), .. } => Refusal::Deleting(request),
            Self { ready: false, .. } => Refusal::NotReady,
            Self { attached_to, .. } if !attached_to.is_empty() => Refusal::Attached(attached_to),
            _ => Refusal::Unexplained,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_read_explains_the_refusal() {
        let ready = Observed { ready: true, ..Observed::default() };
        let request = || Some("req_1".to_owned());
        let clusters = vec!["c-1".to_owned()];
        let table = [
            (Observed { absent: true, protected: true, ..ready.clone() }, Refusal::Absent),
            (Observed { absent: true, conflict: true, ..Observed::default() }, Refusal::Contradictory),
            (Observed { protected: true, conflict: true, ..ready.clone() }, Refusal::Protected),
            (Observed { protected: true, running_delete: request(), ..Observed::default() }, Refusal::Protected),
            (Observed { running_delete: request(), ..Observed::default() }, Refusal::Deleting("req_1".to_owned())),
            // While it is busy, what uses it may be changing.
            (Observed { attached_to: clusters.clone(), ..Observed::default() }, Refusal::NotReady),
            (Observed { attached_to: clusters.clone(), ..ready.clone() }, Refusal::Attached(clusters)),
            (Observed::default(), Refusal::NotReady),
            (ready, Refusal::Unexplained),
        ];
        for (observed, expected) in table {
            assert_eq!(observed.clone().refusal(), expected, "{observed:?}");
        }
    }
}
