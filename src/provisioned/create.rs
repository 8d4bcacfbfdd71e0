//! The create of an object that costs money.
//!
//! It has four phases. *Intent*: the name, and what is asked for. *Adopt or send*: the object that a run which died left in the
//! journal is adopted, or else the create is sent, once. *Record*: from here on the object is in the state, whatever happens
//! next. *Wait*: until it is ready.

use std::collections::HashSet;

use async_trait::async_trait;
use tensorpool::{Api, ApiObject as _, Created, Error, Request};
use terraform_plugin::{Diagnostic, Diagnostics, Private};

use super::create_request::create_request;
use super::journaled::Known;
use super::marks::{FAILED, mark_unfinished};
use super::resume::finish;
use super::{Object, Operation, Provisioned, Target, messages, names, subject};
use crate::create_once::{Candidate, CreateError, Creator, Named, Search, create_once, is_complete, search};
use crate::errors::Verb;
use crate::evidence::ambiguity::{Attempt, NameOwner};
use crate::evidence::memory::Deed;
use crate::evidence::times::{moment, was_asked_for_then};
use crate::evidence::{AccountMark, Presence, Replaced, Spelling};
use crate::journal::{Claim, Entry, Intent, OpenEntry, ensure_not_created};
use crate::timeouts;

/// Creates an object and waits until it is ready.
///
/// # Errors
/// When it cannot be created or does not become ready. What exists by then is in the state.
pub async fn create<P: Provisioned>(operation: &mut Operation<P>, mut planned: P) -> Result<(), Diagnostics> {
    let replaced = Replaced::take(operation.private_mut());
    // A replacement inherits what was kept for the former object.
    *operation.private_mut() = Private::default();

    let is_planned = planned.name().known().is_some();
    let name = planned.name().known().cloned().unwrap_or_else(|| names::generate(&planned));
    let intent = Intent {
        type_name: P::Object::DESCRIPTOR.type_name,
        name: &name,
        generated: operation.config().map_or(!is_planned, |config| config.name().is_null()),
        configuration: &names::requested_config(&planned),
    };
    let session = operation.session();
    if is_planned && intent.generated && session.journal().would_rename(&intent).await {
        return Err(messages::plan_again(&P::Object::DESCRIPTOR).into());
    }
    let Some(_guard) = session.memory().begin_create(P::Object::DESCRIPTOR.type_name, &name) else {
        return Err(messages::name_in_creation(&P::Object::DESCRIPTOR, &name).into());
    };
    let claim = session.journal().claim(&intent, operation.stop()).await;
    // The name of a create that a killed run had sent stays its name.
    let name = match &claim {
        Claim::Adopt(entry, _) => entry.name.clone(),
        Claim::Fresh | Claim::Stop(_) => name.clone(),
    };
    let intent = Intent { name: &name, ..intent };
    *planned.common_mut().name = name.clone().into();
    let target = Target::<P::Object>::open(operation, Verb::Create, &planned)?;

    // A name that stands in a plan may be used by whoever applies that plan.
    let is_secret = intent.generated && !is_planned;
    let phase = AdoptOrSend { target: &target, planned: &planned, intent: &intent, is_secret, replaced };
    let (created, mut open) = phase.run(operation, claim).await?;

    let created_by = created.request_id.clone();
    let mut target = record(operation, target, &mut planned, &created, open.as_mut()).await;
    let mut finished = finish(operation, &target, planned.clone()).await;
    if finished.is_err()
        && let Some(id) = target.namesake(&target.api.detached(timeouts::LAST_READ)).await
    {
        // No object has the id of the answer. The name was free before, so the object that has it now is the one created.
        operation.warn(messages::wrong_id(&P::Object::DESCRIPTOR, &name, &created.id, &id));
        let created = Created { id, ..created };
        target = record(operation, target, &mut planned, &created, open.as_mut()).await;
        finished = finish(operation, &target, planned.clone()).await;
    }
    if planned.is_another(&Spelling::load(operation.private())) && !target.is_created_by(created_by.as_deref()).await {
        return Err(give_back(operation, &target, open).await.into());
    }
    // Terraform marks a create that failed as tainted, which already means that it is replaced.
    operation.private_mut().remove(FAILED);
    if let Some(open) = open {
        // On disk before the answer leaves this process.
        if finished.is_ok() { open.mark_returned().await } else { open.mark_failed().await }
    }
    finished.map(drop)
}

/// From here on the object exists and costs money: it is in the journal and in the state, whatever happens next.
async fn record<P: Provisioned>(
    operation: &mut Operation<P>,
    target: Target<P::Object>,
    state: &mut P,
    created: &Created,
    open: Option<&mut OpenEntry>,
) -> Target<P::Object> {
    if let Some(open) = open {
        open.record(&created.id, created.request_id.as_deref()).await;
    }
    *state.common_mut().id = created.id.clone().into();
    let saved = state.clone().without_unknowns();
    AccountMark::of(&target.api).store(operation.private_mut());
    mark_unfinished(operation.private_mut(), created.request_id.as_deref());
    operation.save(saved.clone());
    target.remember(&saved, Deed::Created);
    *state = saved;
    target.identified(created.id.clone(), subject(Verb::Create, state))
}

/// The API returned the id of an object that has another name and another type or size than what was asked for. It is not ours, and
/// reaches neither the state nor the journal: a tainted one would be destroyed by the next apply.
async fn give_back<P: Provisioned>(
    operation: &mut Operation<P>,
    target: &Target<P::Object>,
    open: Option<OpenEntry>,
) -> Diagnostic {
    operation.remove();
    *operation.private_mut() = Private::default();
    target.session.memory().forget(P::Object::DESCRIPTOR.type_name, &target.id);
    if let Some(mut open) = open {
        open.take_back().await;
        open.mark_failed().await;
    }
    let name = target.subject.name.clone().unwrap_or_default();
    messages::another(&P::Object::DESCRIPTOR, &target.subject, &name, &target.id)
}

/// The second phase: the object comes from the journal, or from a create that is sent.
struct AdoptOrSend<'a, P: Provisioned> {
    target: &'a Target<P::Object>,
    planned: &'a P,
    intent: &'a Intent<'a>,
    /// No other client knows the name.
    is_secret: bool,
    /// What the create replaces, where Terraform has stored it.
    replaced: Option<Replaced>,
}

/// What became of the object of an entry that this create has adopted.
enum Adopted {
    /// It exists, and is ours.
    Found(Created),
    /// It existed, and its absence is proved.
    Absent,
    /// None is found, and there was never an id: its create may yet have an effect.
    NeverSeen,
}

impl<P: Provisioned> AdoptOrSend<'_, P> {
    async fn run(
        &self,
        operation: &mut Operation<P>,
        claim: Claim,
    ) -> Result<(Created, Option<OpenEntry>), Diagnostics> {
        let session = operation.session();
        let (held, attempt) = match claim {
            Claim::Fresh => (None, Attempt::First),
            Claim::Stop(stops) => {
                ensure_not_created(session.journal(), &self.known(), stops).await?;
                (None, Attempt::First)
            }
            Claim::Adopt(entry, open) => match self.adopt(&entry).await? {
                Adopted::Found(created) => {
                    operation.warn(messages::adopted(&P::Object::DESCRIPTOR, &entry.name, &created.id));
                    return Ok((created, Some(open)));
                }
                Adopted::Absent => {
                    open.discard().await;
                    (None, Attempt::First)
                }
                // The create is sent under the entry and the name of the killed one.
                Adopted::NeverSeen => (Some(open), Attempt::Second),
            },
        };
        let before = self.listed_before().await?;
        let open = match held {
            Some(open) => Some(open),
            None => session.journal().begin(self.intent).await.unwrap_or_else(|(directory, error)| {
                operation.warn(messages::no_journal(&P::Object::DESCRIPTOR, &directory, &error));
                None
            }),
        };
        if open.as_ref().is_some_and(OpenEntry::is_abandoned) {
            if let (Some(open), Attempt::First) = (open, attempt) {
                open.discard().await;
            }
            return Err(messages::abandoned(&P::Object::DESCRIPTOR, &self.target.subject).into());
        }
        self.send(operation, &before, attempt, open).await
    }

    fn known(&self) -> Known<'_, P::Object> {
        Known::certain(&self.target.api)
    }

    /// Searches for the object of an entry of a run that died before its answer.
    async fn adopt(&self, entry: &Entry) -> Result<Adopted, Diagnostics> {
        let (descriptor, subject) = (P::Object::DESCRIPTOR, &self.target.subject);
        let Some(id) = &entry.id else { return self.adopt_by_name(entry).await };
        let found = self.known().object(id, entry.recorded_at).await;
        match found.map_err(|error| subject.failed(&error))? {
            Presence::Found(_) => {
                let request_id = match entry.request_id.clone() {
                    None => self.request_of(id).await.map(|request| request.request_id),
                    known => known,
                };
                Ok(Adopted::Found(Created { id: id.clone(), request_id }))
            }
            Presence::Absent => Ok(Adopted::Absent),
            Presence::Unproved(doubt) => Err(messages::interrupted_unproved(&descriptor, subject, id, &doubt).into()),
        }
    }

    /// The same for an entry without an id. What may still become visible is waited for, as after any ambiguous answer.
    async fn adopt_by_name(&self, entry: &Entry) -> Result<Adopted, Diagnostics> {
        let (descriptor, subject) = (P::Object::DESCRIPTOR, &self.target.subject);
        let id = match search(self, &self.known_ids(), &self.target.api).await {
            Search::Found(id) => id,
            Search::Nothing => return Ok(Adopted::NeverSeen),
            Search::Ambiguous(ids) => {
                return Err(messages::interrupted_ambiguous(&descriptor, subject, self.intent.name, &ids).into());
            }
        };
        let request = self.request_of(&id).await;
        let received = request.as_ref().and_then(|request| moment(request.created_at.as_deref()?));
        // No other client knows a generated name. One that the user chose may have been used again by hand since.
        if entry.generated || was_asked_for_then(received, entry.begun_at) {
            return Ok(Adopted::Found(Created { id, request_id: request.map(|request| request.request_id) }));
        }
        Err(messages::perhaps_ours(&descriptor, subject, self.intent.name, &id).into())
    }

    /// The ids of the objects that other resources have, and of those that were removed.
    fn known_ids(&self) -> HashSet<String> {
        self.target.session.memory().ids(P::Object::DESCRIPTOR.type_name)
    }

    /// The ids of all objects that exist before the create, as far as the list shows them or this process knows them.
    ///
    /// # Errors
    /// When the name is taken, or the list cannot be read.
    async fn listed_before(&self) -> Result<HashSet<String>, Diagnostics> {
        let listing = self.target.api.objects::<P::Object>().listing().await;
        let listing = listing.map_err(|error| self.target.subject.failed(&error))?;
        let name = self.intent.name.trim();
        let is_taken =
            |object: &&P::Object| !object.is_deleted() && object.name().is_some_and(|other| other.trim() == name);
        if let Some(taken) = listing.items.iter().find(is_taken) {
            let descriptor = P::Object::DESCRIPTOR;
            let id = taken.id();
            let remembered = self.target.session.memory().of(descriptor.type_name, id);
            let message = match &self.replaced {
                // A destroy that came first would have ended with the proof that the object is absent.
                Some(replaced) if replaced.id == id => messages::name_of_replaced(&descriptor, name, id),
                _ if remembered.is_some() => messages::name_twice(&descriptor, name, id),
                _ => messages::name_taken(&descriptor, name, id),
            };
            return Err(message.into());
        }
        // A name that a part of the list lacks may be taken, and its object may be what a search finds.
        if !is_complete(&listing.completeness, &self.target.api).await {
            return Err(messages::list_incomplete(&P::Object::DESCRIPTOR, &self.target.subject).into());
        }
        let listed = listing.items.iter().map(|object| object.id().to_owned());
        Ok(listed.chain(self.known_ids()).collect())
    }

    async fn send(
        &self,
        operation: &mut Operation<P>,
        before: &HashSet<String>,
        attempt: Attempt,
        open: Option<OpenEntry>,
    ) -> Result<(Created, Option<OpenEntry>), Diagnostics> {
        let (descriptor, subject) = (P::Object::DESCRIPTOR, &self.target.subject);
        let is_ours = self.is_secret || attempt == Attempt::Second;
        let owner = if is_ours { NameOwner::Ours } else { NameOwner::Anybody };
        match create_once(self, before, owner, attempt, &self.target.api).await {
            Ok(outcome) => {
                if !outcome.others.is_empty() {
                    operation.warn(messages::others_of_the_name(
                        &descriptor,
                        self.intent.name,
                        &outcome.created.id,
                        &outcome.others,
                    ));
                }
                let created = outcome.created;
                if outcome.found_by_name {
                    let request_id = self.request_of(&created.id).await.map(|request| request.request_id);
                    return Ok((Created { request_id, ..created }, open));
                }
                Ok((created, open))
            }
            Err(CreateError::Rejected(error)) => {
                if let Some(open) = open {
                    open.discard().await;
                }
                Err(subject.refused(&error, descriptor.api_names))
            }
            Err(CreateError::Foreign(id)) => {
                if let Some(open) = open {
                    open.mark_failed().await;
                }
                Err(messages::foreign(&descriptor, subject, self.intent.name, &id).into())
            }
            Err(CreateError::Ambiguous(error, ids)) => {
                if let Some(open) = open {
                    open.mark_failed().await;
                }
                Err(messages::ambiguous(&descriptor, subject, self.intent.name, &error, &ids).into())
            }
        }
    }

    /// The request that creates an object, when the answer that named it was lost. Without it the object itself shows when it
    /// is ready.
    async fn request_of(&self, id: &str) -> Option<Request> {
        let create = create_request::<P::Object>(&self.target.api, id).await;
        create.filter(|request| !request.request_id.is_empty())
    }
}

#[async_trait]
impl<P: Provisioned> Creator for AdoptOrSend<'_, P> {
    async fn send(&self, api: &Api) -> Result<Created, Error> {
        self.planned.send_create(api, self.intent.name).await
    }

    async fn named(&self, api: &Api) -> Result<Named, Error> {
        let listing = api.objects::<P::Object>().listing().await?;
        let name = self.intent.name.trim();
        let has_name = |object: &&P::Object| {
            !object.is_deleted() && object.name().is_some_and(|other| other.trim().eq_ignore_ascii_case(name))
        };
        let candidates = listing
            .items
            .iter()
            .filter(has_name)
            .map(|object| Candidate { id: object.id().to_owned(), fits: self.planned.may_be(object) });
        let complete = is_complete(&listing.completeness, api).await;
        Ok(Named { candidates: candidates.collect(), complete })
    }
}
