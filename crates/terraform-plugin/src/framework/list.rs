//! Serves a list resource: drives the author's search and passes on what it finds, until enough is found or the receiver is dropped.

use async_trait::async_trait;
use tokio::sync::mpsc;

use super::declared::Declared;
use super::guard::guard;
use super::identified::Identified;
use super::objects::AnyList;
use super::outcome::{ListEvent, ListInput, ListedObject};
use crate::diagnostic::Diagnostics;
use crate::list::{Found, ListResource, Listed, Listing};
use crate::operation::Call;
use crate::schema::mistake::{Kind, Mistake};
use crate::value::Value;

/// A search runs at most this far ahead of its reader.
const AHEAD: usize = 16;

/// A list resource and what it declares.
pub(crate) struct ListServer<L> {
    list: L,
    declared: Declared,
}

impl<L: ListResource> ListServer<L> {
    pub(crate) fn new(list: L) -> Self {
        let declared = Declared::new(list.type_name(), list.schema());
        Self { list, declared }
    }

    fn event(&self, found: Found<L::Model>, include_resource: bool, resource: &Declared) -> ListEvent {
        let Listed { display_name, state, identity, warnings: mut diagnostics } = match found {
            Found::Object(object) => object,
            Found::Warning(warning) => return Diagnostics::from(warning).into(),
        };
        let Some(state) = self.declared.value_of(state, &mut diagnostics) else { return diagnostics.into() };
        let state = resource.fitted(state, "in a state that it listed", &mut diagnostics);
        let what = "in what it listed";
        let identified = Identified { saved: identity, before: None };
        let identity = resource.identity_after(&state, identified, what, &mut diagnostics);
        resource.require_identity(identity.as_ref(), what, &mut diagnostics);
        let Some(identity) = identity else {
            diagnostics.push(self.declared.mistake("it listed an object without its identity."));
            return diagnostics.into();
        };
        if diagnostics.has_errors() {
            return diagnostics.into();
        }
        let found = ListedObject { display_name, identity, state: include_resource.then_some(state) };
        ListEvent { found: Some(found), diagnostics }
    }
}

#[async_trait]
impl<L: ListResource> AnyList<L::Session> for ListServer<L> {
    fn declared(&self) -> &Declared {
        &self.declared
    }

    fn check(&self, mistakes: &mut Vec<Mistake>) {
        self.declared.check::<L::Config>(Kind::List, mistakes);
    }

    async fn validate(&self, config: Value) -> Diagnostics {
        self.declared.validate(config, false, async |config| self.list.validate(config).await).await
    }

    async fn list(
        &self,
        call: Call<L::Session>,
        input: ListInput,
        resource: &Declared,
        events: mpsc::Sender<ListEvent>,
    ) {
        let name = self.declared.name;
        let ListInput { config, include_resource, limit } = input;
        let began = call.configured().and_then(|session| Ok((session, self.declared.configuration(config)?)));
        let (session, config) = match began {
            Ok(both) => both,
            Err(diagnostics) => return drop(events.send(diagnostics.into()).await),
        };
        let (sender, mut found) = mpsc::channel(AHEAD);
        let listing = Listing { session, stop: call.stop, limit, include_resource, found: sender };
        let search = guard("list", name, self.list.list(&listing, config));
        tokio::pin!(search);
        let mut count = 0;
        let mut ended = None;
        while count < limit {
            let next = if ended.is_some() {
                // The search is over; what it found before is still to be passed on.
                found.try_recv().ok()
            } else {
                tokio::select! {
                    biased;
                    () = events.closed() => return,
                    next = found.recv() => next,
                    result = &mut search => {
                        ended = Some(result);
                        continue;
                    }
                }
            };
            let Some(next) = next else { break };
            let event = self.event(next, include_resource, resource);
            count += usize::from(event.found.is_some());
            if events.send(event).await.is_err() {
                return;
            }
        }
        if let Some(Err(diagnostics)) = ended {
            // That the receiver is dropped is no failure of the search.
            _ = events.send(diagnostics.into()).await;
        }
    }
}
