//! The function `ssh_key_fingerprint`.

use async_trait::async_trait;
use tensorpool::PublicKey;
use terraform_plugin::value::Type;
use terraform_plugin::{Function, FunctionError, Model, Parameter, Signature};

/// The function `ssh_key_fingerprint`.
pub struct SshKeyFingerprint;

/// The arguments of `ssh_key_fingerprint`.
#[derive(Clone, Model)]
pub struct Key {
    public_key: String,
}

#[async_trait]
impl Function for SshKeyFingerprint {
    type Arguments = Key;
    type Output = String;

    fn name(&self) -> &'static str {
        "ssh_key_fingerprint"
    }

    fn signature(&self) -> Signature {
        Signature::new("The SHA-256 fingerprint of an SSH public key.", Type::String)
            .description(
                "Returns the fingerprint as `ssh-keygen -l` prints it: `SHA256:` and the hash in base64. The comment and the \
                 spaces of the key do not count, so it shows whether two keys are the same.",
            )
            .parameter(Parameter::string(
                "public_key",
                "The public key in OpenSSH's format, as it stands in `~/.ssh/id_ed25519.pub`.",
            ))
    }

    async fn call(&self, Key { public_key }: Key) -> Result<String, FunctionError> {
        // The text is not repeated: it may be a private key.
        let wrong = |error| FunctionError::new(format!("This is no SSH public key: {error}.")).at("public_key");
        PublicKey::parse(&public_key).map(|key| key.fingerprint()).map_err(wrong)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn what_is_no_key_is_said_at_the_argument_and_not_repeated() {
        let secret = "-----BEGIN OPENSSH PRIVATE KEY-----\nc2VjcmV0\n";
        let called = SshKeyFingerprint.call(Key { public_key: secret.to_owned() });
        let error = called.await.expect_err("it is private");
        assert!(!error.to_string().contains("c2VjcmV0") && error.to_string().contains("private key"), "{error}");
        let empty = FunctionError::new("This is no SSH public key: it is empty.").at("public_key");
        assert_eq!(SshKeyFingerprint.call(Key { public_key: String::new() }).await, Err(empty));
    }
}
