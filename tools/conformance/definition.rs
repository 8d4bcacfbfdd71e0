//! What the definitions in `proto/` define.

use std::collections::BTreeSet;
use std::path::Path;

use crate::Problem;

/// The definition of the provider protocol. Its first line says its version.
const PROVIDER: &str = "tfplugin6.proto";
/// The services of go-plugin.
const PLUGIN: [&str; 3] = ["grpc_stdio.proto", "grpc_broker.proto", "grpc_controller.proto"];

/// An RPC.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Method {
    /// The service, for example `Provider`.
    pub service: String,
    /// Its name.
    pub name: String,
    /// Whether requests come as a stream.
    pub takes_stream: bool,
    /// Whether answers go as a stream.
    pub gives_stream: bool,
}

/// What is defined.
#[derive(Debug, Default)]
pub struct Definition {
    /// The minor version of protocol 6.
    pub minor: u64,
    /// Every RPC, in the order of the definitions.
    pub methods: Vec<Method>,
    /// Every field as `Message.Nested.field`.
    pub fields: BTreeSet<String>,
}

impl Definition {
    /// Compiles the definitions of a directory.
    ///
    /// # Errors
    /// In words, if a file is missing or is no definition.
    pub fn read(directory: &Path) -> Result<Self, Problem> {
        let first =
            std::fs::read_to_string(directory.join(PROVIDER)).map_err(|error| format!("{PROVIDER}: {error}"))?;
        let minor = minor(&first).ok_or_else(|| format!("the first line of {PROVIDER} does not say its version"))?;
        let files = std::iter::once(PROVIDER).chain(PLUGIN);
        let compiled = protox::compile(files, [directory]).map_err(|error| error.to_string())?;
        let mut definition = Self { minor, ..Self::default() };
        // The files are in the order of their imports, which is none that a reader knows.
        for wanted in std::iter::once(PROVIDER).chain(PLUGIN) {
            for file in compiled.file.iter().filter(|file| file.name() == wanted) {
                for service in &file.service {
                    definition.methods.extend(service.method.iter().map(|method| Method {
                        service: service.name().to_owned(),
                        name: method.name().to_owned(),
                        takes_stream: method.client_streaming(),
                        gives_stream: method.server_streaming(),
                    }));
                }
                // A message, and the path to it.
                let mut messages: Vec<_> = file.message_type.iter().map(|one| (one.name().to_owned(), one)).collect();
                while let Some((path, message)) = messages.pop() {
                    definition.fields.extend(message.field.iter().map(|field| format!("{path}.{}", field.name())));
                    messages.extend(message.nested_type.iter().map(|one| (format!("{path}.{}", one.name()), one)));
                }
            }
        }
        Ok(definition)
    }

    /// The capabilities of both sides, which are fields of two messages.
    pub fn capabilities(&self) -> impl Iterator<Item = &str> {
        let of_both =
            |field: &&str| field.starts_with("ServerCapabilities.") || field.starts_with("ClientCapabilities.");
        self.fields.iter().map(String::as_str).filter(of_both)
    }
}

/// The minor version that the first line of a definition says: `version 6.11.`
fn minor(text: &str) -> Option<u64> {
    text.lines().next()?.split_once("version 6.")?.1.trim_end_matches('.').parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_line_says_the_version() {
        assert_eq!(minor("// Terraform's plugin protocol, version 6.11.\n// More.\n"), Some(11));
        for other in ["", "// Terraform's plugin protocol, version 5.9.", "syntax = \"proto3\";\n// version 6.11."] {
            assert_eq!(minor(other), None, "{other}");
        }
    }

    #[test]
    fn every_rpc_and_field_is_found_with_its_place() {
        let definition = Definition::read(&crate::root().join("proto")).expect("the definitions are correct");
        let streams: Vec<_> = definition.methods.iter().filter(|one| one.takes_stream || one.gives_stream).collect();
        let expected = [
            ("ListResource", false, true),
            ("InvokeAction", false, true),
            ("ReadStateBytes", false, true),
            ("WriteStateBytes", true, false),
            ("StreamStdio", false, true),
            ("StartStream", true, true),
        ];
        let found = streams.iter().map(|one| (one.name.as_str(), one.takes_stream, one.gives_stream));
        assert_eq!(found.collect::<Vec<_>>(), expected);
        assert_eq!(definition.methods[0].service, "Provider");
        assert!(definition.fields.contains("InvokeAction.Event.Completed.diagnostics"));
        assert!(definition.capabilities().any(|one| one == "ClientCapabilities.deferral_allowed"));
    }
}
