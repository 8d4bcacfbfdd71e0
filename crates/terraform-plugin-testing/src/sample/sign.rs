//! An action that is handed a secret.

use async_trait::async_trait;
use terraform_plugin::schema::{Attribute, LengthAtLeast, Schema};
use terraform_plugin::{Action, Attr, Diagnostic, Diagnostics, Invocation, Model};

/// Reports how long its token is.
pub struct Sign;

#[derive(Clone, Model)]
pub struct SignModel {
    token: Attr<String>,
}

#[async_trait]
impl Action for Sign {
    type Session = ();
    type Model = SignModel;

    fn type_name(&self) -> &'static str {
        "sample_sign"
    }

    fn schema(&self) -> Schema {
        let token = Attribute::string("What to sign with.").required().write_only().validate(LengthAtLeast(3));
        Schema::new("Signs.").attribute("token", token)
    }

    async fn invoke(&self, invocation: &mut Invocation<()>, config: SignModel) -> Result<(), Diagnostics> {
        let length = config.token.known().map_or(0, String::len);
        invocation.warn(Diagnostic::warning("Signed", format!("with {length} bytes")));
        Ok(())
    }
}
