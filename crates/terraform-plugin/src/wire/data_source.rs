//! The RPCs of data sources.

use std::sync::Arc;

use tokio_util::sync::CancellationToken;

use super::convert;
use super::generated::tfplugin6 as pb;
use super::served::{Served, find};
use crate::diagnostic::Diagnostics;
use crate::framework::{AnyDataSource, Outcome};
use crate::provider::Provider;

impl<P: Provider> Served<P> {
    fn data_source(&self, name: &str) -> Result<&dyn AnyDataSource<P::Session>, Diagnostics> {
        find(&self.data_sources, "data source", name)
    }

    pub(super) async fn validate_data_resource_config(
        self: Arc<Self>,
        request: pb::validate_data_resource_config::Request,
        _: CancellationToken,
    ) -> pb::validate_data_resource_config::Response {
        let validated = async {
            let source = self.data_source(&request.type_name)?;
            let config = convert::read("configuration", request.config.as_ref(), &source.declared().object_type)?;
            Ok(source.validate(config).await)
        };
        pb::validate_data_resource_config::Response { diagnostics: convert::validated(validated.await) }
    }

    pub(super) async fn read_data_source(
        self: Arc<Self>,
        request: pb::read_data_source::Request,
        stop: CancellationToken,
    ) -> pb::read_data_source::Response {
        let read = async {
            let source = self.data_source(&request.type_name)?;
            let ty = &source.declared().object_type;
            let config = convert::read("configuration", request.config.as_ref(), ty)?;
            let call = self.call_with_meta(stop, request.client_capabilities, request.provider_meta.as_ref())?;
            Ok((source.read(call, config).await, ty))
        };
        match read.await {
            Ok((Outcome { state, mut diagnostics, deferred, .. }, ty)) => pb::read_data_source::Response {
                state: Some(convert::write("result", &state, ty, &mut diagnostics)),
                diagnostics: convert::diagnostics(diagnostics),
                deferred: deferred.map(convert::deferred),
            },
            Err(diagnostics) => {
                pb::read_data_source::Response { diagnostics: convert::diagnostics(diagnostics), ..Default::default() }
            }
        }
    }
}
