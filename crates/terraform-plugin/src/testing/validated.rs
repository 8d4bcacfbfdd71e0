//! What every call with a configuration begins with: the configuration is validated, and most calls wait until all of it is known.

use super::response::Response;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::value::Value;

/// The configuration as the provider sees it, if it could be read and is valid. `ask` has the provider validate it.
pub(super) async fn validated(
    read: Result<Value, Diagnostics>,
    ask: impl AsyncFnOnce(&Value) -> Diagnostics,
) -> Response<Value> {
    match read {
        Ok(config) => {
            let diagnostics = ask(&config).await;
            Response::new((!diagnostics.has_errors()).then_some(config), diagnostics)
        }
        Err(errors) => Response::failed(errors),
    }
}

/// The configuration of a call before which Terraform waits until all of it is known, as it does before it reads, opens or invokes
/// anything; and what was reported so far.
///
/// # Errors
/// With the response to the call, if the configuration is not valid, was put off or is not known.
pub(super) fn known<T>(name: &str, validated: Response<Value>) -> Result<(Value, Diagnostics), Response<T>> {
    let (config, mut reported, deferred) = validated.into_parts();
    match config {
        Some(config) if config.is_wholly_known() => Ok((config, reported)),
        Some(_) => {
            let detail = format!("Terraform would wait with this {name} until all of its configuration is known.");
            reported.push(Diagnostic::error("Configuration is not known yet", detail));
            Err(Response::failed(reported))
        }
        None => Err(Response::failed(reported).deferred_by(deferred)),
    }
}
