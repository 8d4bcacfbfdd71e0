//! The wording of everything that the journal says.

use terraform_plugin::Diagnostic;

use crate::journal::entry::{Entry, Stage};
use crate::journal::store::Corrupt;
use crate::journal::verdict::Reason;

pub(super) const CORRUPT: &str = "Corrupt journal entry";

/// The object that a message is about.
pub(super) struct Subject<'a> {
    pub type_name: &'static str,
    pub noun: &'static str,
    pub entry: &'a Entry,
}

/// What the API says of an entry's object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Finding {
    /// There is one; if the entry has no id, there may be several of its name.
    Exists(Vec<String>),
    /// There is none of its id, which is proved.
    Absent,
    /// There is none of its name, which proves nothing.
    NotListed,
    /// It could not be determined.
    Unknown,
}

/// A warning about an object that no state may hold. `refusal` says why it would not be adopted. `None` if it would be.
pub(super) fn orphaned(subject: &Subject<'_>, refusal: Option<Reason>, finding: &Finding) -> Diagnostic {
    let mut steps = Vec::new();
    let adopts = match finding {
        Finding::Exists(ids) => ids.len() == 1,
        Finding::Absent | Finding::NotListed | Finding::Unknown => true,
    };
    if refusal.is_none() && adopts {
        steps.push(
            "To keep it: if its block is still in the configuration and unchanged, terraform apply adopts it.".into(),
        );
    }
    steps.extend(subject.steps(refusal, finding));
    let detail = format!("{}\n\n{}", subject.facts(refusal, finding), steps.join("\n"));
    Diagnostic::warning(format!("A {} may be orphaned", subject.noun), detail)
}

/// The error of a create that stops, because of an object that may be the wanted one.
pub(super) fn stopped(subject: &Subject<'_>, reason: Reason, finding: &Finding) -> Diagnostic {
    let noun = subject.noun;
    let facts = subject.facts(Some(reason), finding);
    let mut steps = subject.steps(Some(reason), finding);
    let path = subject.entry.path.display();
    steps.push(match (subject.entry.generated, reason) {
        (true, Reason::OwnerAlive) => {
            format!("To create another {noun} meanwhile: set name in its block, and run terraform apply again.")
        }
        (true, _) => format!(
            "To create another {noun}: set name in its block, or delete the journal entry {path}, and run terraform apply \
             again."
        ),
        (false, _) => {
            format!("To create another {noun}: choose another name in its block, and run terraform apply again.")
        }
    });
    let detail = format!("{facts} No other {noun} was created.\n\n{}", steps.join("\n"));
    Diagnostic::error(format!("A {noun} may have been created already"), detail)
}

/// What is said of an entry that cannot be read.
pub(super) fn corrupt(Corrupt { path, type_name }: &Corrupt) -> String {
    let what = type_name.as_deref().unwrap_or("cluster or volume");
    let path = path.display();
    format!(
        "The journal of creates cannot read {path}: it is damaged, of a newer version of the provider, or of another user. It \
         stands for the create of a {what}, so an object that is billed may be orphaned. Until this is settled, no {what} is \
         created under a generated name.\n\nFirst check TensorPool's web dashboard for an object that is in no state, and \
         import or delete it.\nThen delete {path}, or make it readable."
    )
}

impl Subject<'_> {
    /// What happened, what exists, and where it may be.
    fn facts(&self, refusal: Option<Reason>, finding: &Finding) -> String {
        let Self { noun, entry, .. } = self;
        let exists = match finding {
            Finding::Exists(ids) if ids.len() > 1 => {
                format!("These {noun}s exist and are billed, and which of them it is cannot be determined.")
            }
            Finding::Exists(_) => format!("The {noun} exists and is billed."),
            Finding::Absent => format!("This API key finds no such {noun}."),
            Finding::NotListed => {
                format!("No {noun} of that name is listed, which does not prove that it was not created.")
            }
            Finding::Unknown => "It could not be determined whether it exists.".to_owned(),
        };
        let another = "It may belong to another state (another -state file, backend or workspace directory), so first check \
                       that.";
        let place = match refusal {
            Some(Reason::OwnerAlive) => "It is for that run to save it.".to_owned(),
            Some(Reason::AnsweredWithError) => format!(
                "Most likely it is in this state as tainted. Then the plan shows it, the next apply destroys and recreates it \
                 unless terraform untaint is run before, and there is nothing else to do. {another}"
            ),
            Some(Reason::AdoptedBefore) => format!("A {noun} is adopted only once. {another}"),
            Some(Reason::OwnerUnknown) => format!(
                "The lock of that run cannot be tested: files cannot be locked there, or they belong to another user. \
                 {another}"
            ),
            Some(Reason::OtherAccount) => {
                format!("It was created with another API key, so it is not adopted with this one. {another}")
            }
            Some(Reason::ConfigurationUnknown) => format!(
                "The entry is of an older version of the provider, so it cannot be compared with the configuration. {another}"
            ),
            Some(Reason::NotWritten) => {
                format!("It was not adopted because the journal entry {} cannot be written.", entry.path.display())
            }
            Some(Reason::Returned) => another.to_owned(),
            None if matches!(finding, Finding::Exists(ids) if ids.len() > 1) => {
                "The others may belong to a state, so first check that.".to_owned()
            }
            None => "It is in no state, unless it was imported since.".to_owned(),
        };
        format!("{} {exists} {place}", self.story(refusal, finding))
    }

    /// What happened. Only a run that ended before its answer was killed.
    fn story(&self, refusal: Option<Reason>, finding: &Finding) -> String {
        let Self { noun, entry, .. } = self;
        let ids = match finding {
            Finding::Exists(ids) => ids.clone(),
            Finding::Absent | Finding::NotListed | Finding::Unknown => entry.id.iter().cloned().collect(),
        };
        let ids = if ids.is_empty() { String::new() } else { format!(" ({})", ids.join(", ")) };
        let object = format!("{noun} {:?}{ids}", entry.name);
        match (refusal, entry.stage) {
            (Some(Reason::OwnerAlive), Stage::Unanswered) => {
                format!("Another run, which has not ended, is creating {object}.")
            }
            (Some(Reason::OwnerAlive), _) => format!("Another run, which has not ended, began to create {object}."),
            (Some(Reason::OwnerUnknown), _) => {
                format!("Another run began to create {object}, and it cannot be determined whether that run has ended.")
            }
            (_, Stage::Returned) => {
                format!("An earlier run created {object}, and no read has found it in a state since.")
            }
            (_, Stage::Failed | Stage::FailedWithoutState) => {
                format!("The create of {object} in an earlier run ended with an error.")
            }
            (_, Stage::Unanswered) if entry.adopted => {
                format!(
                    "An earlier run was killed while it adopted {object}, which a run before it had begun to create."
                )
            }
            (_, Stage::Unanswered) => format!("An earlier run was killed while it created {object}."),
        }
    }

    /// What the user can do, each on its own line.
    fn steps(&self, refusal: Option<Reason>, finding: &Finding) -> Vec<String> {
        let Self { type_name, noun, entry } = self;
        let path = entry.path.display();
        if refusal == Some(Reason::OwnerAlive) {
            return vec![
                "Wait until that run has ended, then run terraform apply again.".to_owned(),
                "If its process hangs, end it first.".to_owned(),
            ];
        }
        let mut steps: Vec<_> = first_step(refusal).into_iter().map(str::to_owned).collect();
        if *finding == Finding::Unknown {
            steps.push("To ask again: run terraform again, or check TensorPool's web dashboard.".to_owned());
        }
        let ids = match finding {
            Finding::Exists(ids) => ids.clone(),
            Finding::Unknown => entry.id.iter().cloned().collect(),
            Finding::Absent | Finding::NotListed => Vec::new(),
        };
        if ids.is_empty() && *finding != Finding::Absent {
            steps.push(format!(
                "If TensorPool's web dashboard shows a {noun} named {:?}, import it: terraform import {type_name}.<name of the \
                 block> <id of the {noun}>",
                entry.name
            ));
        }
        let command = type_name.trim_start_matches("tensorpool_");
        let block = format!("{type_name}.<name of the block>");
        for id in ids {
            steps.push(format!("To import it: terraform import {block} {id}"));
            steps.push(format!(
                "To delete it: tp {command} destroy {id}, or import it and run terraform destroy -target={block}"
            ));
        }
        if !matches!(finding, Finding::Exists(_)) || refusal == Some(Reason::OtherAccount) {
            steps.push(format!("If it does not exist: delete the journal entry {path}"));
        } else if entry.id.is_none() {
            steps.push(format!("If it is another one: delete the journal entry {path}"));
        }
        steps
    }
}

/// What comes before anything else, depending on why the object was not adopted.
fn first_step(refusal: Option<Reason>) -> Option<&'static str> {
    match refusal? {
        Reason::OwnerUnknown => Some("First make sure that no other run of Terraform goes on."),
        Reason::OtherAccount => Some("To go on with that key: configure it, and run terraform again."),
        Reason::NotWritten => Some("To adopt it: make the journal entry writable, and run terraform apply again."),
        Reason::Returned | Reason::AnsweredWithError | Reason::AdoptedBefore | Reason::ConfigurationUnknown => Some(
            "If it is in this state (see terraform state list): run terraform plan without -target and -refresh=false, \
             which reads it.",
        ),
        Reason::OwnerAlive => None,
    }
}

#[cfg(test)]
mod tests {
    use std::path::{Path, PathBuf};

    use serde_json::json;

    use super::*;
    use crate::journal::{Intent, Origin};

    const CLUSTER: (&str, &str) = ("tensorpool_cluster", "cluster");
    const VOLUME: (&str, &str) = ("tensorpool_storage", "storage volume");

    fn entry(stage: Stage, id: Option<&str>) -> Entry {
        let nowhere = Path::new("/nowhere");
        let configuration = json!({});
        let intent = Intent { type_name: CLUSTER.0, name: "train", generated: true, configuration: &configuration };
        let origin = Origin::read(nowhere, nowhere, None, "https://a", "k", None);
        let path = PathBuf::from("journal/a-b.json");
        Entry { path, stage, id: id.map(str::to_owned), ..Entry::new(&intent, origin, None) }
    }

    fn subject<'a>((type_name, noun): (&'static str, &'static str), entry: &'a Entry) -> Subject<'a> {
        Subject { type_name, noun, entry }
    }

    fn exists(ids: &[&str]) -> Finding {
        Finding::Exists(ids.iter().map(|id| (*id).to_owned()).collect())
    }

    fn text(messages: impl IntoIterator<Item = Diagnostic>) -> String {
        let mut text = String::new();
        for Diagnostic { summary, detail, .. } in messages {
            text.extend(["## ", &summary, "\n\n", &detail, "\n\n"]);
        }
        text
    }

    #[test]
    fn every_warning_is_worded() {
        use Stage::{Failed, FailedWithoutState, Returned, Unanswered};
        let (one, found) = (Some("c-1"), exists(&["c-1"]));
        let adopted = Entry { adopted: true, ..entry(Unanswered, one) };
        let text = text([
            orphaned(&subject(CLUSTER, &entry(Unanswered, one)), None, &found),
            orphaned(&subject(CLUSTER, &entry(Unanswered, None)), None, &exists(&["c-1", "c-2"])),
            orphaned(&subject(CLUSTER, &entry(Unanswered, one)), None, &Finding::Unknown),
            orphaned(&subject(CLUSTER, &entry(Unanswered, None)), None, &Finding::Unknown),
            orphaned(&subject(VOLUME, &entry(FailedWithoutState, None)), None, &exists(&["s-1"])),
            orphaned(&subject(CLUSTER, &entry(Failed, one)), Some(Reason::AnsweredWithError), &found),
            orphaned(&subject(CLUSTER, &entry(Returned, one)), Some(Reason::Returned), &found),
            orphaned(&subject(CLUSTER, &adopted), Some(Reason::AdoptedBefore), &found),
            orphaned(&subject(CLUSTER, &entry(Unanswered, one)), Some(Reason::OtherAccount), &Finding::Absent),
            orphaned(&subject(CLUSTER, &entry(Unanswered, one)), Some(Reason::OwnerUnknown), &found),
            orphaned(&subject(CLUSTER, &entry(Unanswered, one)), Some(Reason::ConfigurationUnknown), &found),
        ]);
        insta::assert_snapshot!("every_warning", text);
    }

    #[test]
    fn every_error_is_worded() {
        use Stage::{Failed, Returned, Unanswered};
        let (one, found) = (Some("c-1"), exists(&["c-1"]));
        let named = Entry { generated: false, ..entry(Returned, one) };
        let adopted = Entry { adopted: true, ..entry(Unanswered, None) };
        let text = text([
            stopped(&subject(CLUSTER, &entry(Returned, one)), Reason::Returned, &found),
            stopped(&subject(CLUSTER, &named), Reason::Returned, &found),
            stopped(&subject(CLUSTER, &entry(Returned, one)), Reason::Returned, &Finding::Unknown),
            stopped(&subject(CLUSTER, &entry(Failed, one)), Reason::AnsweredWithError, &found),
            stopped(&subject(CLUSTER, &adopted), Reason::AdoptedBefore, &Finding::NotListed),
            stopped(&subject(CLUSTER, &entry(Unanswered, None)), Reason::OwnerAlive, &Finding::NotListed),
            stopped(&subject(CLUSTER, &entry(Returned, one)), Reason::OwnerAlive, &found),
            stopped(&subject(CLUSTER, &entry(Unanswered, one)), Reason::OwnerUnknown, &found),
            stopped(&subject(CLUSTER, &entry(Unanswered, one)), Reason::OtherAccount, &Finding::Absent),
            stopped(&subject(CLUSTER, &entry(Unanswered, one)), Reason::ConfigurationUnknown, &found),
            stopped(&subject(CLUSTER, &entry(Unanswered, one)), Reason::NotWritten, &found),
        ]);
        insta::assert_snapshot!("every_error", text);
    }

    #[test]
    fn an_entry_that_cannot_be_read_is_worded() {
        let path = PathBuf::from("journal/a-b.json");
        let unknown = Corrupt { path: path.clone(), type_name: None };
        let known = Corrupt { path, type_name: Some("tensorpool_cluster".to_owned()) };
        let text = format!("{}\n\n---\n\n{}", corrupt(&unknown), corrupt(&known));
        insta::assert_snapshot!("corrupt", text);
    }
}
