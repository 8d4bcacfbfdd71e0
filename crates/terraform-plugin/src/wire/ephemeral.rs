//! The RPCs of ephemeral resources.

use std::sync::Arc;

use tokio_util::sync::CancellationToken;

use super::convert;
use super::generated::tfplugin6 as pb;
use super::served::{Served, find};
use crate::diagnostic::Diagnostics;
use crate::framework::{AnyEphemeral, Lease, OpenOutcome};
use crate::operation::Private;
use crate::provider::Provider;

impl<P: Provider> Served<P> {
    fn ephemeral_resource(&self, name: &str) -> Result<&dyn AnyEphemeral<P::Session>, Diagnostics> {
        find(&self.ephemeral_resources, "ephemeral resource", name)
    }

    pub(super) async fn validate_ephemeral_resource_config(
        self: Arc<Self>,
        request: pb::validate_ephemeral_resource_config::Request,
        _: CancellationToken,
    ) -> pb::validate_ephemeral_resource_config::Response {
        let validated = async {
            let ephemeral = self.ephemeral_resource(&request.type_name)?;
            let config = convert::read("configuration", request.config.as_ref(), &ephemeral.declared().object_type)?;
            Ok(ephemeral.validate(config).await)
        };
        pb::validate_ephemeral_resource_config::Response { diagnostics: convert::validated(validated.await) }
    }

    pub(super) async fn open_ephemeral_resource(
        self: Arc<Self>,
        request: pb::open_ephemeral_resource::Request,
        stop: CancellationToken,
    ) -> pb::open_ephemeral_resource::Response {
        let opened = async {
            let ephemeral = self.ephemeral_resource(&request.type_name)?;
            let ty = &ephemeral.declared().object_type;
            let config = convert::read("configuration", request.config.as_ref(), ty)?;
            Ok((ephemeral.open(self.call(stop, request.client_capabilities), config).await, ty))
        };
        match opened.await {
            Ok((OpenOutcome { result, lease, deferred }, ty)) => {
                let Lease { renew_at, private, mut diagnostics } = lease;
                pb::open_ephemeral_resource::Response {
                    result: Some(convert::write("result", &result, ty, &mut diagnostics)),
                    renew_at: renew_at.map(Into::into),
                    private: Some(private.to_bytes()),
                    deferred: deferred.map(convert::deferred),
                    diagnostics: convert::diagnostics(diagnostics),
                }
            }
            Err(diagnostics) => pb::open_ephemeral_resource::Response {
                diagnostics: convert::diagnostics(diagnostics),
                ..Default::default()
            },
        }
    }

    pub(super) async fn renew_ephemeral_resource(
        self: Arc<Self>,
        request: pb::renew_ephemeral_resource::Request,
        stop: CancellationToken,
    ) -> pb::renew_ephemeral_resource::Response {
        let private = Private::from_bytes(&request.private.unwrap_or_default());
        let lease = match self.ephemeral_resource(&request.type_name) {
            Ok(ephemeral) => ephemeral.renew(self.call(stop, None), private).await,
            Err(diagnostics) => Lease { renew_at: None, private, diagnostics },
        };
        pb::renew_ephemeral_resource::Response {
            renew_at: lease.renew_at.map(Into::into),
            private: Some(lease.private.to_bytes()),
            diagnostics: convert::diagnostics(lease.diagnostics),
        }
    }

    pub(super) async fn close_ephemeral_resource(
        self: Arc<Self>,
        request: pb::close_ephemeral_resource::Request,
        stop: CancellationToken,
    ) -> pb::close_ephemeral_resource::Response {
        let private = Private::from_bytes(&request.private.unwrap_or_default());
        let diagnostics = match self.ephemeral_resource(&request.type_name) {
            Ok(ephemeral) => ephemeral.close(self.call(stop, None), private).await,
            Err(diagnostics) => diagnostics,
        };
        pb::close_ephemeral_resource::Response { diagnostics: convert::diagnostics(diagnostics) }
    }
}
