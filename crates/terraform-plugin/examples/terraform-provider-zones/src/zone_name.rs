//! The attribute `zone`, which nearly everything here has.

use terraform_plugin::schema::{Attribute, Matches};

/// The name of a zone, which the configuration has to give. What can be checked here is reported with its line, before anything is
/// asked of the API.
pub fn attribute(description: &str) -> Attribute {
    let name = Matches::new("^[a-z0-9-]+([.][a-z0-9-]+)+$");
    Attribute::string(description)
        .required()
        .validate(name.saying("must be a domain in lower case without a dot at its end, for example `example.com`"))
}
