//! What follows from the answer to a create, so that none is sent twice on a guess.

use std::time::Duration;

/// How long an object is searched for by its name after an ambiguous answer: reads may lag behind writes.
pub const SEARCH_LIMIT: Duration = Duration::from_mins(1);

/// An answer to a create.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// Accepted, with the id of an object that was not listed before.
    Created,
    /// Accepted, with the id of an object that was listed before: not one that this create created.
    CreatedBefore,
    /// Refused for certain.
    Rejected,
    /// 409: there is one of that name.
    Conflict,
    /// It may have been accepted: the answer was lost or cannot be read.
    Ambiguous,
    /// The operation ended while the create was under way, so it may have been accepted.
    Ended,
}

/// Which try of the create was answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Attempt {
    /// The first.
    First,
    /// The second, after an ambiguous first one and a search that found nothing.
    Second,
}

/// Whose an object of the name can be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum NameOwner {
    /// Only ours: the name is generated, or the journal holds it.
    Ours,
    /// Anybody's: the user chose the name.
    Anybody,
}

/// What to do next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Next {
    /// The object is ours: go on with it.
    Accept,
    /// Nothing was created: say why.
    Reject,
    /// The API gave an object that existed before: touch nothing, and say so.
    RejectForeign,
    /// Search for the object by its name for up to [`SEARCH_LIMIT`]; if there is none, send the create again.
    SearchThenSend,
    /// Search for the object by its name; if there is none, the outcome stays ambiguous.
    SearchThenGiveUp,
    /// Look once more, quickly, as the operation is ending; if there is none, the outcome stays ambiguous.
    GlanceThenGiveUp,
}

/// What follows from an answer.
#[must_use]
pub fn next(attempt: Attempt, answer: Answer, owner: NameOwner) -> Next {
    match (attempt, answer, owner) {
        (_, Answer::Created, _) => Next::Accept,
        (_, Answer::CreatedBefore, _) => Next::RejectForeign,
        (_, Answer::Ended, _) => Next::GlanceThenGiveUp,
        (Attempt::First, Answer::Ambiguous, _) => Next::SearchThenSend,
        (Attempt::First, Answer::Rejected, _) | (Attempt::First, Answer::Conflict, NameOwner::Anybody) => Next::Reject,
        // A conflict is with what an earlier create of this name created. And a refusal of the second create says nothing of
        // what the first one did.
        (Attempt::First, Answer::Conflict, NameOwner::Ours)
        | (Attempt::Second, Answer::Conflict | Answer::Ambiguous | Answer::Rejected, _) => Next::SearchThenGiveUp,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_create_is_sent_again_only_after_an_ambiguous_first_answer_and_a_search() {
        use {Answer::*, Attempt::*, NameOwner::*, Next::*};
        let table = [
            (First, Created, Anybody, Accept),
            (First, CreatedBefore, Ours, RejectForeign),
            (First, Rejected, Anybody, Reject),
            (First, Rejected, Ours, Reject),
            (First, Conflict, Anybody, Reject),
            (First, Conflict, Ours, SearchThenGiveUp),
            (First, Ambiguous, Anybody, SearchThenSend),
            (First, Ambiguous, Ours, SearchThenSend),
            (First, Ended, Ours, GlanceThenGiveUp),
            (Second, Created, Anybody, Accept),
            (Second, CreatedBefore, Anybody, RejectForeign),
            (Second, Rejected, Anybody, SearchThenGiveUp),
            (Second, Conflict, Anybody, SearchThenGiveUp),
            (Second, Conflict, Ours, SearchThenGiveUp),
            (Second, Ambiguous, Anybody, SearchThenGiveUp),
            (Second, Ended, Anybody, GlanceThenGiveUp),
        ];
        for (attempt, answer, owner, expected) in table {
            assert_eq!(next(attempt, answer, owner), expected, "{attempt:?} {answer:?} {owner:?}");
        }
    }
}
