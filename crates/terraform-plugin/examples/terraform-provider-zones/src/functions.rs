//! The function `fqdn(zone, name)`. Functions ask the API nothing: the same arguments always give the same result.

use terraform_plugin::value::Type;
use terraform_plugin::{Function, FunctionError, Model, Parameter, Signature, async_trait};

/// `fqdn(zone, name)`.
pub struct Fqdn;

/// Its arguments, in their order.
#[derive(Clone, Model)]
pub struct FqdnArguments {
    zone: String,
    name: String,
}

#[async_trait]
impl Function for Fqdn {
    type Arguments = FqdnArguments;
    type Output = String;

    fn name(&self) -> &'static str {
        "fqdn"
    }

    fn signature(&self) -> Signature {
        Signature::new("The whole name of a record.", Type::String)
            .description("The name below the zone, the zone, and a dot at the end, as in `www.example.com.`.")
            .parameter(Parameter::string("zone", "The name of the zone."))
            .parameter(Parameter::string("name", "The name below the zone; the zone itself is `@`."))
    }

    async fn call(&self, FqdnArguments { zone, name }: FqdnArguments) -> Result<String, FunctionError> {
        let zone = zone.trim_end_matches('.');
        if zone.is_empty() {
            return Err(FunctionError::new("A zone has a name.").at("zone"));
        }
        if name.is_empty() || name.ends_with('.') {
            return Err(
                FunctionError::new("A name below the zone has no dot at its end. The zone itself is @.").at("name")
            );
        }
        Ok(if name == "@" { format!("{zone}.") } else { format!("{name}.{zone}.") })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn fqdn(zone: &str, name: &str) -> Option<String> {
        Fqdn.call(FqdnArguments { zone: zone.to_owned(), name: name.to_owned() }).await.ok()
    }

    #[tokio::test]
    async fn a_whole_name_ends_in_the_zone_and_a_dot() {
        for (zone, name, expected) in [
            ("a.example", "www", Some("www.a.example.")),
            ("a.example.", "www", Some("www.a.example.")),
            ("a.example", "@", Some("a.example.")),
            ("a.example", "www.a.example.", None),
            ("a.example", "", None),
            (".", "www", None),
        ] {
            assert_eq!(fqdn(zone, name).await.as_deref(), expected, "{zone:?} {name:?}");
        }
    }
}
