//! The RPCs of functions.

use std::collections::HashMap;
use std::sync::Arc;

use tokio_util::sync::CancellationToken;

use super::generated::tfplugin6 as pb;
use super::served::Served;
use super::{convert, schema};
use crate::diagnostic::Diagnostics;
use crate::framework::CallError;
use crate::provider::Provider;
use crate::value::Value;

/// The texts of diagnostics: an answer to a call carries one text.
pub(super) fn failed(diagnostics: Diagnostics, argument: Option<usize>) -> CallError {
    let text = diagnostics.into_iter().map(|one| one.detail).collect::<Vec<_>>().join("\n");
    CallError { text, argument }
}

impl<P: Provider> Served<P> {
    pub(super) fn signatures(&self) -> HashMap<String, pb::Function> {
        self.functions.values().map(|one| (one.name().to_owned(), schema::function(one.signature()))).collect()
    }

    pub(super) fn get_functions(&self) -> pb::get_functions::Response {
        pb::get_functions::Response { functions: self.signatures(), diagnostics: Vec::new() }
    }

    async fn called(
        &self,
        request: pb::call_function::Request,
        stop: CancellationToken,
    ) -> Result<pb::DynamicValue, CallError> {
        let function = self.functions.get(request.name.as_str()).ok_or_else(|| {
            let text = format!("The provider has no function {}. A newer version of it may have one.", request.name);
            CallError { text, argument: None }
        })?;
        let read = |(position, argument)| match function.parameter_type(position) {
            Some(ty) => {
                let value = convert::read("function argument", Some(argument), ty);
                value.map_err(|diagnostics| failed(diagnostics, Some(position)))
            }
            // The function itself says that there are too many.
            None => Ok(Value::Null),
        };
        let arguments = request.arguments.iter().enumerate().map(read).collect::<Result<_, _>>()?;
        let result = function.call(stop, arguments).await?;
        let mut diagnostics = Diagnostics::new();
        let result = convert::write("result", &result, &function.signature().returns, &mut diagnostics);
        if diagnostics.is_empty() { Ok(result) } else { Err(failed(diagnostics, None)) }
    }

    pub(super) async fn call_function(
        self: Arc<Self>,
        request: pb::call_function::Request,
        stop: CancellationToken,
    ) -> pb::call_function::Response {
        match self.called(request, stop).await {
            Ok(result) => pb::call_function::Response { result: Some(result), error: None },
            Err(CallError { text, argument }) => {
                let function_argument = argument.and_then(|position| position.try_into().ok());
                pb::call_function::Response { result: None, error: Some(pb::FunctionError { text, function_argument }) }
            }
        }
    }
}
