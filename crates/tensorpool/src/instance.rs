//! How to reach a node of a cluster.

use http::Method;
use serde_json::Value;

use crate::body;
use crate::client::{Call, Client};
use crate::error::{Error, ErrorKind};
use crate::scope::Scope;

/// A command that opens a shell on a node.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SshCommand {
    /// The command, quoted for a shell.
    pub command: String,
    /// What the API says beside it.
    pub message: Option<String>,
}

impl SshCommand {
    fn read(body: &Value) -> Option<Self> {
        Some(Self { command: body::text(body, &["command", "ssh_command"])?, message: body::text(body, &["message"]) })
    }
}

/// The calls on the nodes of clusters.
pub struct Instances<'a>(&'a Client);

impl Client {
    /// The calls on the nodes of clusters.
    #[must_use]
    pub fn instances(&self) -> Instances<'_> {
        Instances(self)
    }
}

impl Instances<'_> {
    /// The command that opens a shell on a node from a machine of an operating system: `linux`, `darwin` or `windows`.
    ///
    /// # Errors
    /// When there is no such node, or the API cannot be asked.
    pub async fn ssh_command(&self, id: &str, system: &str, scope: &Scope) -> Result<SshCommand, Error> {
        // The official client writes the names both ways; whether case matters is not known.
        let call = Call::new(Method::GET, &["ssh", id]).query("system", system.to_ascii_lowercase());
        let name = call.name();
        let answer = self.0.send(call, scope).await?;
        SshCommand::read(&answer.body).ok_or_else(|| {
            Error::new(ErrorKind::InvalidResponse, name).with_message(Some("the answer holds no command".to_owned()))
        })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_command_may_come_with_a_message() {
        let read = SshCommand::read(&json!({"command": "ssh ubuntu@203.0.113.1", "message": "m"}));
        assert_eq!(read.and_then(|command| command.message).as_deref(), Some("m"));
        assert!(SshCommand::read(&json!({"command": "ssh a"})).is_some_and(|command| command.message.is_none()));
        assert_eq!(SshCommand::read(&json!({"message": "m"})), None);
    }
}
