//! A provider's program that nobody but a person starts.
#![cfg(feature = "serve")]

use std::process::ExitCode;
use std::time::Duration;

use terraform_plugin::schema::Schema;
use terraform_plugin::{Configure, Diagnostics, Model, Objects, Provider, ServeOptions, async_trait, run, serve};

struct Example;

#[derive(Clone, Model)]
struct Config {}

#[async_trait]
impl Provider for Example {
    type Config = Config;
    type Session = ();

    fn schema(&self) -> Schema {
        Schema::new("An example.")
    }

    async fn configure(&self, _: Configure<Config>) -> Result<(), Diagnostics> {
        Ok(())
    }

    fn objects(&self) -> Objects<()> {
        Objects::new()
    }
}

#[test]
fn a_provider_that_terraform_did_not_start_fails() {
    assert_eq!(run(Example, ServeOptions::new("example/example")), ExitCode::FAILURE);
}

#[tokio::test]
async fn in_the_debug_mode_it_waits_for_clients() {
    let serving = serve(Example, ServeOptions::new("example/example").debug(true));
    let ended = tokio::time::timeout(Duration::from_millis(500), serving).await;
    assert!(ended.is_err(), "it ended with {ended:?}");
}
