//! The RPCs of list resources.

use std::sync::Arc;

use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use super::convert;
use super::generated::tfplugin6 as pb;
use super::served::{Served, find};
use crate::diagnostic::Diagnostics;
use crate::framework::{AnyList, Declared, ListEvent, ListInput, ListedObject};
use crate::provider::Provider;

impl<P: Provider> Served<P> {
    fn list_resource_of(&self, name: &str) -> Result<&dyn AnyList<P::Session>, Diagnostics> {
        find(&self.list_resources, "list resource", name)
    }

    pub(super) async fn validate_list_resource_config(
        self: Arc<Self>,
        request: pb::validate_list_resource_config::Request,
        _: CancellationToken,
    ) -> pb::validate_list_resource_config::Response {
        let validated = async {
            let list = self.list_resource_of(&request.type_name)?;
            let config = convert::read("configuration", request.config.as_ref(), &list.declared().object_type)?;
            Ok(list.validate(config).await)
        };
        pb::validate_list_resource_config::Response { diagnostics: convert::validated(validated.await) }
    }

    pub(super) async fn list_resource(
        self: Arc<Self>,
        request: pb::list_resource::Request,
        stop: CancellationToken,
        answers: mpsc::Sender<pb::list_resource::Event>,
    ) {
        // One event is under way to the client while the next is being found.
        let (events, mut found) = mpsc::channel(1);
        let began = (|| {
            let list = self.list_resource_of(&request.type_name)?;
            let resource = find(&self.resources, "resource", &request.type_name)?.declared();
            let config = convert::read("configuration", request.config.as_ref(), &list.declared().object_type)?;
            // Terraform always sets a limit; none means no limit.
            let limit = usize::try_from(request.limit).ok().filter(|limit| *limit > 0).unwrap_or(usize::MAX);
            let input = ListInput { config, include_resource: request.include_resource_object, limit };
            Ok((list, resource, input))
        })();
        let (list, resource, input) = match began {
            Ok(all) => all,
            Err(diagnostics) => {
                let diagnostic = convert::diagnostics(diagnostics);
                return drop(answers.send(pb::list_resource::Event { diagnostic, ..Default::default() }).await);
            }
        };
        let search = list.list(self.call(stop, None), input, resource, events);
        let forward = async {
            while let Some(event) = found.recv().await {
                if answers.send(message(event, resource)).await.is_err() {
                    break;
                }
            }
            // That the receiver is dropped here stops the search.
            drop(found);
        };
        tokio::join!(search, forward);
    }
}

fn message(event: ListEvent, resource: &Declared) -> pb::list_resource::Event {
    let ListEvent { found, mut diagnostics } = event;
    let Some(ListedObject { display_name, identity, state }) = found else {
        return pb::list_resource::Event { diagnostic: convert::diagnostics(diagnostics), ..Default::default() };
    };
    let identity = convert::write_identity(Some(&identity), resource.identity_type.as_ref(), &mut diagnostics);
    let ty = &resource.object_type;
    pb::list_resource::Event {
        identity,
        display_name,
        resource_object: state.map(|state| convert::write("state", &state, ty, &mut diagnostics)),
        diagnostic: convert::diagnostics(diagnostics),
    }
}
