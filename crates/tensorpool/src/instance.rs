//! SSH access to the nodes of clusters.

use serde_json::Value;

use crate::api::Api;
use crate::api_request::ApiRequest;
use crate::error::Error;
use crate::lenient;

/// A command that opens a shell on a node.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SshCommand {
    /// The command, quoted for a shell.
    pub command: String,
    /// The message that the API returns in addition.
    pub message: Option<String>,
}

impl SshCommand {
    fn read(body: &Value) -> Option<Self> {
        Some(Self {
            command: lenient::text(body, &["command", "ssh_command"])?,
            message: lenient::text(body, &["message"]),
        })
    }
}

/// The operations on the nodes of clusters.
pub struct Instances<'a>(&'a Api);

impl Api {
    /// Returns the operations on the nodes of clusters.
    #[must_use]
    pub fn instances(&self) -> Instances<'_> {
        Instances(self)
    }
}

impl Instances<'_> {
    /// Returns the command that opens a shell on a node from a machine with the operating system `linux`, `darwin` or
    /// `windows`.
    ///
    /// # Errors
    /// Returns an error if the node does not exist, or the API cannot be reached.
    pub async fn ssh_command(&self, id: &str, system: &str) -> Result<SshCommand, Error> {
        // The official client uses both spellings; whether the API is case-sensitive is not known.
        let request = ApiRequest::get(&["ssh", id]).query("system", system.to_ascii_lowercase());
        let operation = request.operation();
        let response = self.0.send(request).await?;
        SshCommand::read(&response.body)
            .ok_or_else(|| Error::invalid_response(operation, "the response contains no command"))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_command_is_read_with_and_without_a_message() {
        let read = SshCommand::read(&json!({"command": "ssh ubuntu@203.0.113.1", "message": "m"}));
        assert_eq!(read.and_then(|command| command.message).as_deref(), Some("m"));
        assert!(SshCommand::read(&json!({"command": "ssh a"})).is_some_and(|command| command.message.is_none()));
        assert_eq!(SshCommand::read(&json!({"message": "m"})), None);
    }
}
