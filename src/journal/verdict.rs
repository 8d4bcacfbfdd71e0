//! The one decision of the journal: what an entry means for a create.

use serde_json::Value;

use super::entry::{Entry, Intent, Stage};
use super::origin::Origin;
use super::owner::Owner;

/// What an entry means for a create.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// Nothing.
    Unrelated,
    /// Its object is the one to be created, and in no state.
    Adopt,
    /// Its object may be the one to be created, and may not be adopted.
    Stop(Reason),
}

/// Why an object that may be the wanted one is not adopted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Reason {
    /// Its create returned, so it may be in a state.
    Returned,
    /// It was adopted before, so it may be in a state.
    AdoptedBefore,
    /// Its create answered an error together with a state, so it may be tainted in one.
    AnsweredWithError,
    /// The run that created it goes on.
    OwnerAlive,
    /// It cannot be determined whether the run that created it goes on.
    OwnerUnknown,
    /// It belongs to another account.
    OtherAccount,
    /// The entry is of version 1, whose form of the configuration cannot be compared.
    ConfigurationUnknown,
    /// The adoption could not be written down, so that it might happen twice.
    NotWritten,
}

/// Decides what an entry means for a create here. Pure, and the only place that decides it.
pub(crate) fn judge(entry: &Entry, owner: Owner, intent: &Intent<'_>, here: &Origin) -> Verdict {
    if !concerns(entry, intent, here) {
        return Verdict::Unrelated;
    }
    match owner {
        Owner::ThisRun => Verdict::Unrelated,
        Owner::Alive | Owner::Dead | Owner::Unknown => match refusal(entry, owner, here) {
            None => Verdict::Adopt,
            Some(reason) => Verdict::Stop(reason),
        },
    }
}

/// Whether an entry's object may be what is to be created. A name that the user chose is unique; under a generated name the
/// configuration alone says so.
fn concerns(entry: &Entry, intent: &Intent<'_>, here: &Origin) -> bool {
    entry.origin.is_same_place(here)
        && entry.type_name == intent.type_name
        && if intent.generated { entry.generated } else { entry.name == intent.name }
        && entry.configuration.as_ref().is_none_or(|value| asks_for(value) == asks_for(&as_read(intent.configuration)))
}

/// Why an entry's object must not be adopted. `None` if it may be.
pub(crate) fn refusal(entry: &Entry, owner: Owner, here: &Origin) -> Option<Reason> {
    match owner {
        Owner::ThisRun | Owner::Alive => Some(Reason::OwnerAlive),
        Owner::Unknown => Some(Reason::OwnerUnknown),
        Owner::Dead if !entry.origin.is_same_account(here) => Some(Reason::OtherAccount),
        Owner::Dead => match entry.stage {
            Stage::Returned => Some(Reason::Returned),
            Stage::Failed => Some(Reason::AnsweredWithError),
            Stage::Unanswered | Stage::FailedWithoutState if entry.adopted => Some(Reason::AdoptedBefore),
            Stage::Unanswered | Stage::FailedWithoutState if entry.configuration.is_none() => {
                Some(Reason::ConfigurationUnknown)
            }
            Stage::Unanswered | Stage::FailedWithoutState => None,
        },
    }
}

/// Whether an entry's object may be adopted by a create to come, as far as can be known before that create.
pub(crate) fn may_be_adopted(entry: &Entry, owner: Owner) -> bool {
    let is_earlier = owner != Owner::ThisRun;
    is_earlier && !entry.adopted && matches!(entry.stage, Stage::Unanswered | Stage::FailedWithoutState)
}

/// What a run does about an entry whose create returned, before it is known what is in the state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Passing {
    /// It notes in the entry that it passes by: if it finds the object in the state, it removes the entry.
    Note,
    /// Nothing.
    Silent,
    /// It reports the object: another run has passed by and not found it in a state.
    Report,
}

/// Decides what a run does about an entry whose create returned, by the run that passed by before.
pub(crate) fn passing(passed_by: Option<&str>, this_run: Option<&str>, owner: Owner) -> Passing {
    match (passed_by, this_run) {
        (None, Some(_)) if owner == Owner::Dead => Passing::Note,
        (Some(earlier), Some(this)) if earlier != this => Passing::Report,
        _ => Passing::Silent,
    }
}

/// What a configuration asks for. An argument that is null and one that an older version did not know ask for the same.
fn asks_for(configuration: &Value) -> Value {
    match configuration {
        Value::Object(arguments) => arguments
            .iter()
            .filter(|(_, value)| !value.is_null())
            .map(|(name, value)| (name.clone(), value.clone()))
            .collect(),
        other => other.clone(),
    }
}

/// A value as it comes back from a file, where a number may have lost its last digits.
fn as_read(value: &Value) -> Value {
    serde_json::from_str(&value.to_string()).unwrap_or_else(|_| value.clone())
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use serde_json::json;

    use super::*;
    use crate::journal::store::format;
    use crate::journal::tests::key_fingerprint;
    use tensorpool::fingerprint;

    const TYPE: &str = "tensorpool_cluster";

    fn origin(workspace: &str, endpoint: &str, key: &str) -> Origin {
        let nowhere = Path::new("/nowhere");
        Origin::read(nowhere, nowhere, Some(workspace), endpoint, &key_fingerprint(key), None)
    }

    fn here() -> Origin {
        origin("default", "https://a", "key")
    }

    /// An entry of a run that died before its answer, under a generated name.
    fn left() -> Entry {
        let configuration = json!({"size": 8});
        let intent = Intent { type_name: TYPE, name: "tf-a", generated: true, configuration: &configuration };
        Entry { locked: true, ..Entry::new(&intent, here(), None) }
    }

    fn of_version_1() -> Entry {
        let text = json!({
            "version": 1, "type": TYPE, "name": "tf-a", "generated_name": true, "configuration": "0",
            "endpoint": fingerprint("https://a"), "workspace": "default", "account": key_fingerprint("key"),
        });
        format::read(&text.to_string(), Path::new("a-b.jsonl")).expect("it is an entry")
    }

    /// What an entry means, by name and origin, before anything is asked about its owner.
    #[test]
    fn an_entry_concerns_the_create_of_the_same_object_from_the_same_place() {
        let named = Entry { name: "train".to_owned(), generated: false, ..left() };
        let (same, other) = (json!({"size": 8}), json!({"size": 9}));
        let newer = json!({"size": 8, "argument_of_a_newer_version": null});
        let unnamed = |configuration| Intent { type_name: TYPE, name: "tf-b", generated: true, configuration };
        let of_name = |name, configuration| Intent { type_name: TYPE, name, generated: false, configuration };
        let from = |origin| Entry { origin, ..left() };
        let (adopt, unrelated) = (Verdict::Adopt, Verdict::Unrelated);
        let cases = [
            ("the same, generated", left(), unnamed(&same), adopt),
            ("the same with an argument that is not set", left(), unnamed(&newer), adopt),
            ("another configuration, generated", left(), unnamed(&other), unrelated),
            ("another type", left(), Intent { type_name: "t", ..unnamed(&same) }, unrelated),
            ("a name of the user's when one is generated", named.clone(), unnamed(&same), unrelated),
            ("the same name", named.clone(), of_name("train", &same), adopt),
            ("another name", named.clone(), of_name("other", &same), unrelated),
            ("the same name, another configuration", named, of_name("train", &other), unrelated),
            ("another endpoint", from(origin("default", "https://b", "key")), unnamed(&same), unrelated),
            ("another workspace", from(origin("staging", "https://a", "key")), unnamed(&same), unrelated),
            (
                "the endpoint spelled differently",
                from(origin("default", "HTTPS://A:443/", "key")),
                unnamed(&same),
                adopt,
            ),
        ];
        for (case, entry, intent, verdict) in cases {
            assert_eq!(judge(&entry, Owner::Dead, &intent, &here()), verdict, "{case}");
        }
    }

    #[test]
    fn what_may_still_be_adopted_leaves_a_generated_name_open() {
        let at = |stage| Entry { stage, ..left() };
        let table = [
            (at(Stage::Unanswered), Owner::Dead, true),
            (at(Stage::Unanswered), Owner::Alive, true),
            (at(Stage::FailedWithoutState), Owner::Unknown, true),
            (at(Stage::Unanswered), Owner::ThisRun, false),
            (at(Stage::Returned), Owner::Dead, false),
            (at(Stage::Failed), Owner::Dead, false),
            (Entry { adopted: true, ..left() }, Owner::Dead, false),
        ];
        for (entry, owner, expected) in table {
            assert_eq!(may_be_adopted(&entry, owner), expected, "{:?} {owner:?}", entry.stage);
        }
    }

    /// What an entry that concerns the create means, by its owner and how far it came.
    #[test]
    fn an_entry_is_adopted_only_if_its_object_is_provably_in_no_state() {
        use Reason::{
            AdoptedBefore, AnsweredWithError, ConfigurationUnknown, OtherAccount, OwnerAlive, OwnerUnknown, Returned,
        };
        let at = |stage| Entry { stage, ..left() };
        let adopted = |stage| Entry { adopted: true, ..at(stage) };
        let other_account = |stage| Entry { origin: origin("default", "https://a", "another"), ..at(stage) };
        let (adopt, unrelated, stop) = (Verdict::Adopt, Verdict::Unrelated, Verdict::Stop);
        let cases = [
            (at(Stage::Unanswered), Owner::Dead, adopt),
            (at(Stage::FailedWithoutState), Owner::Dead, adopt),
            (at(Stage::Failed), Owner::Dead, stop(AnsweredWithError)),
            (at(Stage::Returned), Owner::Dead, stop(Returned)),
            (adopted(Stage::Unanswered), Owner::Dead, stop(AdoptedBefore)),
            (adopted(Stage::FailedWithoutState), Owner::Dead, stop(AdoptedBefore)),
            (adopted(Stage::Failed), Owner::Dead, stop(AnsweredWithError)),
            (adopted(Stage::Returned), Owner::Dead, stop(Returned)),
            (other_account(Stage::Unanswered), Owner::Dead, stop(OtherAccount)),
            (other_account(Stage::Returned), Owner::Dead, stop(OtherAccount)),
            (of_version_1(), Owner::Dead, stop(ConfigurationUnknown)),
            (Entry { stage: Stage::Returned, ..of_version_1() }, Owner::Dead, stop(Returned)),
            (at(Stage::Unanswered), Owner::ThisRun, unrelated),
            (at(Stage::Returned), Owner::ThisRun, unrelated),
            (at(Stage::Unanswered), Owner::Alive, stop(OwnerAlive)),
            (at(Stage::Returned), Owner::Alive, stop(OwnerAlive)),
            (other_account(Stage::Unanswered), Owner::Alive, stop(OwnerAlive)),
            (at(Stage::Unanswered), Owner::Unknown, stop(OwnerUnknown)),
            (at(Stage::Returned), Owner::Unknown, stop(OwnerUnknown)),
        ];
        let configuration = json!({"size": 8});
        let intent = Intent { type_name: TYPE, name: "tf-b", generated: true, configuration: &configuration };
        for (entry, owner, verdict) in cases {
            let case = (entry.stage, entry.adopted, owner);
            assert_eq!(judge(&entry, owner, &intent, &here()), verdict, "{case:?}");
        }
    }

    #[test]
    fn what_returned_is_reported_by_the_second_run_that_does_not_find_it() {
        let (one, other) = (Some("run 1"), Some("run 2"));
        let cases = [
            (None, one, Owner::Dead, Passing::Note),
            (one, one, Owner::Dead, Passing::Silent),
            (one, other, Owner::Dead, Passing::Report),
            // The file of a run that may live is not touched.
            (None, one, Owner::Unknown, Passing::Silent),
            // Two runs that cannot be identified may be one.
            (None, None, Owner::Dead, Passing::Silent),
        ];
        for (passed_by, this, owner, expected) in cases {
            assert_eq!(passing(passed_by, this, owner), expected, "{passed_by:?} {this:?} {owner:?}");
        }
    }

    #[test]
    fn a_number_that_loses_digits_in_a_file_is_still_the_same() {
        let configuration = json!({"rate": 0.1 + 0.2, "large": 1.234_567_890_123_456_7e300});
        let intent = Intent { type_name: TYPE, name: "n", generated: false, configuration: &configuration };
        let text = format::to_text(&Entry::new(&intent, here(), None));
        let entry = format::read(&text, Path::new("a-b.json")).expect("it is an entry");
        assert_eq!(judge(&entry, Owner::Dead, &intent, &here()), Verdict::Adopt);
    }
}
