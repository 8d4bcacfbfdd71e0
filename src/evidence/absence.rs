//! When an object is absent.

use std::fmt;
use std::time::Duration;

use tensorpool::{Completeness, Listing};

use super::account::AccountMatch;

/// How long two reads that find nothing must be apart: reads may lag behind writes, and a gateway may be without a backend
/// for a moment.
pub const READS_APART: Duration = Duration::from_secs(5);

/// What a read of an object found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reading {
    /// The object. One with a node that runs is found, whatever its status says.
    Found,
    /// Nothing: a 404, or a deleted status.
    Missing,
}

/// What a list says of an object that reads do not find.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ListEvidence {
    /// The list returned 200, could be read whole, does not say that there is more, and the object is not in it.
    Lacks,
    /// The API answered 404, as it may for an empty list.
    NotFound,
    /// The list contains the object.
    Contains,
    /// The list is cut off, or could not be read whole, for this reason.
    Incomplete(String),
    /// No list holds objects of this kind.
    None,
}

impl ListEvidence {
    /// What a list says of the object that `is_it` recognises.
    #[must_use]
    pub fn of<T>(listing: &Listing<T>, is_it: impl Fn(&T) -> bool) -> Self {
        match &listing.completeness {
            _ if listing.items.iter().any(is_it) => Self::Contains,
            Completeness::Complete => Self::Lacks,
            Completeness::NotFound => Self::NotFound,
            Completeness::Incomplete(reason) => Self::Incomplete(reason.clone()),
        }
    }
}

/// What is known of an object that a read did not find.
#[derive(Clone, Debug)]
pub struct Evidence {
    /// What the two reads found.
    pub reads: [Reading; 2],
    /// How long the reads were apart.
    pub apart: Duration,
    /// What the list says.
    pub list: ListEvidence,
    /// Why the control request, which every account can send, was not answered with 200; `None` if it was.
    pub control_failure: Option<String>,
    /// Whether this is the account with which the object was last found.
    pub account: AccountMatch,
    /// Whether a create of the object has not ended, as far as is known.
    pub create_unfinished: bool,
    /// Whether the object may have been created so recently that reads do not show it yet.
    pub reads_may_lag: bool,
}

/// Whether an object is absent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It is absent: it may leave the state.
    Absent,
    /// The second read found it after all.
    Found,
    /// It may exist: nothing may be changed.
    Unproved(Doubt),
}

/// What is missing in the proof of an absence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Doubt {
    /// The reads followed one another too quickly.
    ReadsTooClose,
    /// The list still contains it.
    StillListed,
    /// The list was cut off or could not be read whole.
    ListIncomplete(String),
    /// The control request failed, so it may be the API that is absent.
    NoControl(String),
    /// The object was last found with another account's key.
    OtherAccount,
    /// It is not known with which account the object was last found.
    UnknownAccount,
    /// Its create has not ended.
    CreateUnfinished,
    /// It was created so recently that reads may not show it yet.
    ReadsMayLag,
    /// The API refuses to destroy it, so that it speaks of an object that exists.
    Refused,
}

impl Evidence {
    /// The verdict: an object is absent only if everything says so.
    #[must_use]
    pub fn verdict(&self) -> Verdict {
        if self.reads.contains(&Reading::Found) {
            return Verdict::Found;
        }
        let doubt = match (&self.account, &self.list, &self.control_failure) {
            // First what the user can do something about.
            (AccountMatch::Other, ..) => Doubt::OtherAccount,
            (AccountMatch::Unknown, ..) => Doubt::UnknownAccount,
            _ if self.create_unfinished => Doubt::CreateUnfinished,
            _ if self.reads_may_lag => Doubt::ReadsMayLag,
            (_, ListEvidence::Contains, _) => Doubt::StillListed,
            (_, _, Some(failure)) => Doubt::NoControl(failure.clone()),
            (_, ListEvidence::Incomplete(reason), _) => Doubt::ListIncomplete(reason.clone()),
            _ if self.apart < READS_APART => Doubt::ReadsTooClose,
            (AccountMatch::Same, ListEvidence::Lacks | ListEvidence::NotFound | ListEvidence::None, None) => {
                return Verdict::Absent;
            }
        };
        Verdict::Unproved(doubt)
    }
}

/// In a sentence, for the user.
impl fmt::Display for Doubt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::ReadsTooClose => f.write_str("There was no time for a second read, which proves more than one."),
            Self::StillListed => f.write_str("A read does not find it, but the list still contains it."),
            Self::ListIncomplete(reason) => write!(f, "The list that must not contain it is incomplete: {reason}."),
            Self::NoControl(failure) => write!(
                f,
                "A request that the API answers for every account failed too, so it may be the API that is unreachable: \
                 {failure}"
            ),
            Self::OtherAccount => f.write_str(
                "It was last found with another account's API key or at another endpoint, and may exist there.",
            ),
            Self::UnknownAccount => f.write_str("The state does not say with which account it was last found."),
            Self::CreateUnfinished => f.write_str("Its create has not ended, so it may still appear."),
            Self::Refused => f.write_str("But it refuses to destroy it with a 409, as it does only for what exists."),
            Self::ReadsMayLag => {
                f.write_str("It was created within the last minute, so it may still appear: reads lag behind writes.")
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn complete() -> Evidence {
        Evidence {
            reads: [Reading::Missing, Reading::Missing],
            apart: READS_APART,
            list: ListEvidence::Lacks,
            control_failure: None,
            account: AccountMatch::Same,
            create_unfinished: false,
            reads_may_lag: false,
        }
    }

    #[test]
    fn everything_together_proves_an_absence() {
        for list in [ListEvidence::Lacks, ListEvidence::NotFound, ListEvidence::None] {
            assert_eq!(Evidence { list, ..complete() }.verdict(), Verdict::Absent);
        }
    }

    #[test]
    fn each_condition_that_is_missing_alone_means_that_the_object_is_kept() {
        let failure = "GET /me returned 404".to_owned();
        let table = [
            (Evidence { reads: [Reading::Missing, Reading::Found], ..complete() }, Verdict::Found),
            (Evidence { reads: [Reading::Found, Reading::Missing], ..complete() }, Verdict::Found),
            (
                Evidence { apart: READS_APART.saturating_sub(Duration::from_millis(1)), ..complete() },
                Verdict::Unproved(Doubt::ReadsTooClose),
            ),
            (Evidence { list: ListEvidence::Contains, ..complete() }, Verdict::Unproved(Doubt::StillListed)),
            (
                Evidence { list: ListEvidence::Incomplete("more".to_owned()), ..complete() },
                Verdict::Unproved(Doubt::ListIncomplete("more".to_owned())),
            ),
            (
                Evidence { control_failure: Some(failure.clone()), ..complete() },
                Verdict::Unproved(Doubt::NoControl(failure.clone())),
            ),
            // A list that answers 404 counts only together with the control request.
            (
                Evidence { list: ListEvidence::NotFound, control_failure: Some(failure.clone()), ..complete() },
                Verdict::Unproved(Doubt::NoControl(failure)),
            ),
            (Evidence { account: AccountMatch::Other, ..complete() }, Verdict::Unproved(Doubt::OtherAccount)),
            (Evidence { account: AccountMatch::Unknown, ..complete() }, Verdict::Unproved(Doubt::UnknownAccount)),
            (Evidence { create_unfinished: true, ..complete() }, Verdict::Unproved(Doubt::CreateUnfinished)),
            (Evidence { reads_may_lag: true, ..complete() }, Verdict::Unproved(Doubt::ReadsMayLag)),
        ];
        for (evidence, expected) in table {
            assert_eq!(evidence.verdict(), expected, "{evidence:?}");
        }
    }

    #[test]
    fn an_object_in_the_list_is_listed_also_if_the_list_is_incomplete() {
        let listing = |items: &[u8], completeness| Listing { items: items.to_vec(), completeness };
        let evidence = |items: &[u8], completeness| ListEvidence::of(&listing(items, completeness), |item| *item == 1);
        let cut = || Completeness::Incomplete("cut".to_owned());
        assert_eq!(evidence(&[1], cut()), ListEvidence::Contains);
        assert_eq!(evidence(&[2], cut()), ListEvidence::Incomplete("cut".to_owned()));
        assert_eq!(evidence(&[2], Completeness::Complete), ListEvidence::Lacks);
        assert_eq!(evidence(&[], Completeness::NotFound), ListEvidence::NotFound);
    }
}
